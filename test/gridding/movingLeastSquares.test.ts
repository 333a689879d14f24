import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangleBetween, rectangleLoopField, zeroField } from '../../src/biotSavart/index.js';
import type { Grid } from '../../src/grid.js';
import { movingLeastSquares, toFieldMap } from '../../src/gridding/index.js';
import { random } from '../../src/random.js';
import {
  check,
  convexHull,
  height,
  jittered,
  nodes,
  outside,
  type Points,
  plane,
  scanAt,
  scattered,
  share,
  square,
  turned,
} from './samples.js';

describe('moving least squares', () => {
  const span = { width: 0.06, length: 0.05 };
  const cases = fc.record({ n: fc.integer({ min: 64, max: 600 }), seed: fc.nat() });

  it('reproduces a linear field exactly from random samples', () => {
    const coefficient = fc.double({ min: -1, max: 1, noNaN: true });
    check(fc.record({ a: coefficient, b: coefficient, c: coefficient, of: cases }), ({ a, b, c, of }) => {
      const linear = (x: number, y: number) => a + (b * x) / span.width + (c * y) / span.length;
      const points = scattered(of.n, span.width, span.length, random(of.seed));
      const { map, regridded } = toFieldMap(scanAt(points, linear));
      expect(regridded).toBe(true);
      expect(share(map.components.bz!)).toBeGreaterThan(0.5);
      const at = nodes(map.grid);
      map.components.bz!.forEach((value, p) => {
        if (!Number.isNaN(value)) expect(Math.abs(value - linear(...at[p]))).toBeLessThan(1e-12);
      });
    });
  });

  it('does not extrapolate: every pixel with a value lies in the convex hull of the samples', () => {
    check(cases, ({ n, seed }) => {
      const source = random(seed);
      const points = turned(scattered(n, span.width, span.length, source), 6 * source.uniform());
      const { map } = toFieldMap(scanAt(points, plane));
      const hull = convexHull(points);
      const at = nodes(map.grid);
      // Samples that jitter about a line count as on it, so a pixel may lie outside by a tiny part of its pitch.
      const slack = 0.12 * map.grid.dx;
      map.components.bz!.forEach((value, p) => {
        if (!Number.isNaN(value)) expect(outside(hull, at[p])).toBeLessThan(slack);
      });
    });
  });

  it('is linear in the field and leaves the same pixels empty in all components', () => {
    check(cases, ({ n, seed }) => {
      const source = random(seed);
      const points = scattered(n, span.width, span.length, source);
      const f = Float64Array.from(points, () => source.normal());
      const g = Float64Array.from(points, () => source.normal());
      const both = f.map((value, i) => 2 * value - 3 * g[i]);
      const scan = scanAt(points, plane);
      const { map } = toFieldMap({
        ...scan,
        components: { bx: { values: f }, by: { values: g }, bz: { values: both } },
      });
      const { bx, by, bz } = map.components as Record<string, Float64Array>;
      for (let p = 0; p < bx.length; p++) {
        expect(Number.isNaN(bx[p])).toBe(Number.isNaN(bz[p]));
        if (!Number.isNaN(bx[p])) expect(Math.abs(2 * bx[p] - 3 * by[p] - bz[p])).toBeLessThan(1e-11);
      }
    });
  });

  it('does not depend on the unit of length, nor on a stretch along one axis that the grid shares', () => {
    const source = random(11);
    const points = scattered(400, 20, 20, source);
    const values = Float64Array.from(points, () => source.normal());
    const at = (sx: number, sy: number) =>
      movingLeastSquares(
        { nx: 20, ny: 20, x0: 0.5 * sx, y0: 0.5 * sy, dx: sx, dy: sy },
        Float64Array.from(points, p => p[0] * sx),
        Float64Array.from(points, p => p[1] * sy),
        [values],
      )[0];
    const reference = at(1, 1);
    for (const [sx, sy] of [
      [2 ** -9, 2 ** -9],
      [2 ** -9, 2 ** -7],
    ])
      expect(at(sx, sy)).toEqual(reference);
  });

  it('leaves gaps empty, and pixels with fewer than four neighbours or with all of them on one line', () => {
    const source = random(5);
    const around = jittered(nodes(square(40)), 3e-4, source).filter(([x, y]) => Math.hypot(x - 0.03, y - 0.04) > 0.012);
    const { map, pixelOf } = toFieldMap(scanAt(around, plane));
    const at = nodes(map.grid);
    map.components.bz!.forEach((value, p) => {
      const distance = Math.hypot(at[p][0] - 0.03, at[p][1] - 0.04);
      if (distance < 0.012 - 1.5 * 2e-3) expect(value).toBeNaN();
    });
    expect(share(map.components.bz!)).toBeGreaterThan(0.65);
    expect(pixelOf.filter(p => p < 0).length).toBeLessThan(0.05 * around.length);

    const pixel: Grid = { nx: 1, ny: 1, x0: 0, y0: 0, dx: 1, dy: 1 };
    const single = (points: Points) =>
      movingLeastSquares(
        pixel,
        Float64Array.from(points, p => p[0]),
        Float64Array.from(points, p => p[1]),
        [Float64Array.from(points, () => 1)],
      )[0][0];
    const corners: Points = [
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
    ];
    expect(single(corners)).toBeCloseTo(1, 14);
    expect(single(corners.slice(1))).toBeNaN();
    expect(single(corners.map(([x, y]) => [1.2 * x, 1.2 * y]))).toBeNaN();
    expect(single(corners.map(([x, y]) => [x + 1.2, y]))).toBeNaN();
    expect(
      single([
        [-1, 0],
        [-0.5, 0],
        [0.5, 0],
        [1, 0],
      ]),
    ).toBeNaN();
  });

  it('interpolates the field of a current sheet two pitches below within one part in fifty', () => {
    const points = jittered(nodes({ nx: 48, ny: 40, x0: 0, y0: 0, dx: 2.5e-3, dy: 2.5e-3 }), 6e-4, random(9));
    const field = (at: Points) => {
      const out = zeroField(at.length);
      const positions = {
        x: Float64Array.from(at, p => p[0]),
        y: Float64Array.from(at, p => p[1]),
        z: new Float64Array(at.length).fill(height),
      };
      for (let ring = 0; ring < 30; ring++) {
        const inset = 0.02 + 1e-3 * ring;
        rectangleLoopField(positions, rectangleBetween(inset, inset, 0.12 - inset, 0.1 - inset, 0), 1 / 30, out);
      }
      return out;
    };
    const { bx, by, bz } = field(points);
    const scan = {
      ...scanAt(points, plane),
      components: { bx: { values: bx }, by: { values: by }, bz: { values: bz } },
    };
    const { map } = toFieldMap(scan);
    const truth = field(nodes(map.grid));
    for (const name of ['bx', 'by', 'bz'] as const) {
      let error = 0;
      let size = 0;
      map.components[name]!.forEach((value, p) => {
        if (Number.isNaN(value)) return;
        error += (value - truth[name][p]) ** 2;
        size += truth[name][p] ** 2;
      });
      expect(Math.sqrt(error / size)).toBeLessThan(0.02);
    }
  });
});
