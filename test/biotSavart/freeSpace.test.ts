import { describe, expect, it } from 'vitest';
import {
  circularLoopField,
  dipoleField,
  infiniteStripField,
  polylineField,
  positionsOf,
  rectangleLoopField,
  sheetField,
  stripField,
  type Vector3,
  wireField,
} from '../../src/biotSavart/index.js';
import { divergenceAndCurl, fieldAt, norm, type Source } from './support.js';

const RECTANGLE = { centre: [0.1, -0.1, 0] as Vector3, width_m: 1, height_m: 0.6 };
const STRIP = { from: [-0.4, 0.1, 0.1], to: [0.5, -0.2, 0], width_m: 0.5, normal: [0.2, 0, 1] } as const;

/** Circuits that close: B has neither divergence nor curl away from them. */
const CLOSED: Record<string, Source> = {
  'circular loop': (p, out) => circularLoopField(p, { centre: [0, 0.1, 0], axis: [1, 2, 2], radius_m: 0.6 }, 1, out),
  'rectangular loop': (p, out) => rectangleLoopField(p, RECTANGLE, 1, out),
  'narrow rectangular loop': (p, out) => rectangleLoopField(p, { ...RECTANGLE, height_m: 1e-3 }, 1e3, out),
  'closed path': (p, out) =>
    polylineField(
      p,
      positionsOf([
        [0, 0, 0],
        [1, 0, 0.2],
        [0, 1, -0.1],
        [0, 0, 0],
      ]),
      1,
      out,
    ),
  dipole: (p, out) => dipoleField(p, [0.1, 0, 0], [1, -2, 0.5], out),
  'infinite strip': (p, out) => infiniteStripField(p, STRIP, 1, out),
};

/** Open pieces: each of them has no divergence, only sums that close have no curl. */
const OPEN: Record<string, Source> = {
  wire: (p, out) => wireField(p, STRIP.from, STRIP.to, 1, out),
  strip: (p, out) => stripField(p, STRIP, 1, out),
  sheet: (p, out) => sheetField(p, RECTANGLE, 1, -2, out),
};

/** Above, below, beside, over corners and edges, far. */
const POINTS: Vector3[] = [
  [0.2, 0.1, 0.5],
  [0.6, 0.2, -0.4],
  [1.5, -0.1, 0.2],
  [-0.4, -1.2, 0.05],
  [3, 4, -5],
];

/** Small against the distances, so that the order-8 difference is exact to about 1e-11 of |B| per metre. */
const STEP = 0.003;

describe('every source', () => {
  it.each(Object.entries({ ...CLOSED, ...OPEN }))('has no divergence: %s', (_, source) => {
    for (const p of POINTS) {
      const { div } = divergenceAndCurl(source, p, STEP);
      expect(Math.abs(div), `at ${p}`).toBeLessThan(1e-8 * norm(fieldAt(p, source)));
    }
  });
});

describe('every closed circuit', () => {
  it.each(Object.entries(CLOSED))('has no curl in free space: %s', (_, source) => {
    for (const p of POINTS) {
      const { curl } = divergenceAndCurl(source, p, STEP);
      expect(norm(curl), `at ${p}`).toBeLessThan(1e-8 * norm(fieldAt(p, source)));
    }
  });
});
