import { describe, expect, it } from 'vitest';
import type { Grid } from '../../src/grid.js';
import { random } from '../../src/random.js';
import {
  cellInPicture,
  fitOutline,
  fitPoints,
  inversePlaneMap,
  oriented,
  type PlaneMap,
  registerByInformation,
  sampledOn,
  toPlaneX,
  toPlaneY,
} from '../../src/registration/index.js';

const GRID: Grid = { nx: 60, ny: 40, x0: 1e-3, y0: 1e-3, dx: 2e-3, dy: 2e-3 };

/** Blobs at fixed places, m: nothing about it is symmetric. */
function scene(x: number, y: number): number {
  const blob = (cx: number, cy: number, s: number) => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * s * s));
  return (
    blob(0.03, 0.055, 0.011) +
    0.8 * blob(0.085, 0.025, 0.014) -
    0.7 * blob(0.06, 0.06, 0.007) +
    0.6 * blob(0.02, 0.018, 0.006) +
    0.5 * blob(0.105, 0.062, 0.008)
  );
}

const onGrid = (f: (x: number, y: number) => number, g = GRID) =>
  Float64Array.from({ length: g.nx * g.ny }, (_, i) => f(g.x0 + (i % g.nx) * g.dx, g.y0 + Math.floor(i / g.nx) * g.dy));

/** A picture of `f` seen through a map from picture to plane. */
const photograph = (f: (x: number, y: number) => number, map: PlaneMap, width: number, height: number) => ({
  width,
  height,
  values: Float64Array.from({ length: width * height }, (_, i) => {
    const [u, v] = [i % width, Math.floor(i / width)];
    return f(toPlaneX(map, u, v), toPlaneY(map, u, v));
  }),
});

/** Turn, scale (m per pixel) and place of pixel (0, 0), with rows going down. */
const similarity = (angle: number, scale: number, x: number, y: number): PlaneMap => {
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [c, s, x, s, -c, y];
};

describe('maps from a picture to the plane', () => {
  it('are undone by their inverse', () => {
    const map: PlaneMap = [1e-3, 2e-4, 0.01, -3e-4, -9e-4, 0.07];
    const back = inversePlaneMap(map);
    const [x, y] = [toPlaneX(map, 7.5, 31), toPlaneY(map, 7.5, 31)];
    expect(toPlaneX(back, x, y)).toBeCloseTo(7.5, 9);
    expect(toPlaneY(back, x, y)).toBeCloseTo(31, 9);
  });

  it('named points give back the similarity and the affine map that made them, and tell what is left over', () => {
    const at = [
      [3, 4],
      [90, 10],
      [50, 70],
      [12, 64],
    ];
    const pairs = (map: PlaneMap) => at.map(([u, v]) => ({ u, v, x: toPlaneX(map, u, v), y: toPlaneY(map, u, v) }));
    const turned = similarity(0.3, 1.1e-3, 0.02, 0.09);
    const skewed: PlaneMap = [1e-3, 1e-4, 0.01, 2e-4, -8e-4, 0.08];
    for (const [kind, map, count] of [
      ['similarity', turned, 2],
      ['similarity', turned, 4],
      ['affine', skewed, 3],
      ['affine', skewed, 4],
    ] as const) {
      const fit = fitPoints(pairs(map).slice(0, count), kind);
      fit.map.forEach((value, i) => {
        expect(value).toBeCloseTo(map[i], 10);
      });
      expect(fit.rms).toBeLessThan(1e-12);
    }
    expect(fitPoints(pairs(skewed), 'similarity').rms).toBeGreaterThan(1e-3);
    expect(() => fitPoints(pairs(turned).slice(0, 1), 'similarity')).toThrow(/too few/);
    const line = [0, 1, 2].map(k => ({ u: k, v: 2 * k, x: k, y: k }));
    expect(() => fitPoints(line, 'affine')).toThrow(/one line/);
  });
});

describe('the outline in a picture', () => {
  const drawn = (inside: number, outside: number) => {
    const rng = random(2);
    return {
      width: 80,
      height: 60,
      values: Float64Array.from({ length: 4800 }, (_, i) => {
        const [u, v] = [i % 80, Math.floor(i / 80)];
        const cell = u >= 12 && u <= 67 && v >= 9 && v <= 50;
        return (cell ? inside : outside) + 3 * rng.normal();
      }),
    };
  };
  it.each([
    ['bright', 180, 20],
    ['dark', 20, 180],
  ])('is found where the cell is %s', (_, inside, outside) => {
    const picture = drawn(inside, outside);
    expect(cellInPicture(picture)).toEqual({ left: 12, right: 67, top: 9, bottom: 50, found: true });
    const { map, stretch } = fitOutline(picture, { xMin: 0, xMax: 0.112, yMin: 0, yMax: 0.084 });
    expect(toPlaneX(map, 11.5, 0)).toBeCloseTo(0, 12);
    expect(toPlaneX(map, 67.5, 0)).toBeCloseTo(0.112, 12);
    expect(toPlaneY(map, 0, 8.5)).toBeCloseTo(0.084, 12);
    expect(toPlaneY(map, 0, 50.5)).toBeCloseTo(0, 12);
    expect(stretch).toBeCloseTo(1, 12);
  });
  it('is the whole picture where nothing stands out', () => {
    const rng = random(4);
    const noise = { width: 30, height: 20, values: Float64Array.from({ length: 600 }, () => rng.normal()) };
    expect(cellInPicture(noise)).toEqual({ left: 0, right: 29, top: 0, bottom: 19, found: false });
    expect(cellInPicture({ ...noise, values: noise.values.map(() => 5) }).found).toBe(false);
  });
});

describe('pictures', () => {
  it('four quarter turns, and two mirrorings, are none', () => {
    const picture = { width: 3, height: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(oriented(picture, 1, false)).toEqual({ width: 2, height: 3, values: Float64Array.of(4, 1, 5, 2, 6, 3) });
    expect(oriented(oriented(picture, 1, false), 3, false)).toEqual(picture);
    expect(oriented(oriented(picture, 0, true), 0, true)).toEqual(picture);
  });

  it('of a plane are that plane on any grid, coarser and finer ones, and nothing beside it', () => {
    const map = similarity(0.1, 0.5e-3, 0.01, 0.07);
    const plane = (x: number, y: number) => 3 + 100 * x - 50 * y;
    const picture = photograph(plane, map, 120, 100);
    for (const step of [0.3e-3, 3e-3]) {
      const grid = { nx: 40, ny: 30, x0: -5e-3, y0: 0.01, dx: step, dy: step };
      const out = sampledOn(picture, map, { ...grid, x0: 0.03, y0: 0.045, nx: 8, ny: 6 });
      const truth = onGrid(plane, { ...grid, x0: 0.03, y0: 0.045, nx: 8, ny: 6 });
      out.forEach((value, i) => {
        expect(value).toBeCloseTo(truth[i], step > 1e-3 ? 1 : 9);
      });
      expect(sampledOn(picture, map, grid)[0]).toBeNaN();
    }
  });
});

describe('registration by mutual information', () => {
  const truth = similarity(0.06, 1.04e-3, -0.006, 0.086);
  const start = similarity(0, 1e-3, 0, 0.08);
  const contrasts: [string, (v: number) => number][] = [
    ['the same contrast', v => v],
    ['the contrast turned', v => 5 - 2 * v],
    ['a contrast that is not monotone', v => (v - 0.2) ** 2],
  ];
  it.each(contrasts)('finds turn, scale and shift within half a pixel: %s, with noise', (_, contrast) => {
    const rng = random(7);
    const picture = photograph((x, y) => contrast(scene(x, y)) + 0.05 * rng.normal(), truth, 122, 86);
    const fixed = onGrid(scene).map(v => v + 0.05 * rng.normal());
    const fit = registerByInformation(GRID, fixed, picture, start);
    expect(fit.certain, fit.why).toBe(true);
    // Over the corners of the map and its middle.
    for (const [u, v] of [
      [10, 10],
      [110, 10],
      [10, 75],
      [110, 75],
      [60, 40],
    ]) {
      const off = Math.hypot(
        toPlaneX(fit.map, u, v) - toPlaneX(truth, u, v),
        toPlaneY(fit.map, u, v) - toPlaneY(truth, u, v),
      );
      expect(off / GRID.dx).toBeLessThan(0.5);
    }
  });

  it('says when it cannot tell: a picture of something else, and noise', () => {
    const other = (x: number, y: number) =>
      Math.exp(-((x - 0.075) ** 2 + (y - 0.05) ** 2) / 5e-4) +
      0.6 * Math.exp(-((x - 0.02) ** 2 + (y - 0.07) ** 2) / 2e-4);
    const rng = random(11);
    for (const f of [() => rng.normal(), (x: number, y: number) => other(x, y) + 0.05 * rng.normal()]) {
      const fit = registerByInformation(GRID, onGrid(scene), photograph(f, start, 120, 80), start);
      expect(fit.certain).toBe(false);
      expect(fit.map).toEqual(start);
      expect(fit.why).toMatch(/cannot tell/);
    }
  });
});
