import { describe, expect, it } from 'vitest';
import { inverseMotion, type Motion, moved } from '../../src/comparison/motion.js';
import { resample } from '../../src/comparison/resample.js';
import type { VectorMap } from '../../src/comparison/vectorMap.js';
import { type Grid, gridSize } from '../../src/grid.js';
import { normals } from '../numbers.js';
import { eddies, eddyMap, PLAIN } from './support.js';

const motion: Motion = { shift: [3e-3, -2e-3], angle: 0.4, scale: 1.1, centre: [0.05, 0.04] };
const polynomial = (grid: Grid, f: (x: number, y: number) => number): VectorMap => ({
  grid,
  z: 0,
  names: ['bz'],
  values: [
    Float64Array.from({ length: gridSize(grid) }, (_, p) =>
      f(grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy),
    ),
  ],
  independent: true,
});
const quadratic = (x: number, y: number) => 3 + 20 * x - 7 * y + 500 * x * x - 300 * x * y + 90 * y * y;

describe('motions', () => {
  it('the inverse undoes the motion', () => {
    const [x, y] = moved(inverseMotion(motion), ...moved(motion, 0.013, 0.07));
    expect(x).toBeCloseTo(0.013, 14);
    expect(y).toBeCloseTo(0.07, 14);
    expect(inverseMotion(inverseMotion(motion)).shift[0]).toBeCloseTo(motion.shift[0], 14);
  });
});

describe('resampling', () => {
  const small: Grid = { nx: 17, ny: 15, x0: 0.0213, y0: 0.0188, dx: 1.7e-3, dy: 2.3e-3 };

  it('to the same grid changes nothing', () => {
    const map = eddyMap(PLAIN, { noise: 1 });
    expect(resample(map, { ...PLAIN })).toBe(map);
  });

  it('is exact for quadratic polynomials in the middle and for linear ones up to the rim', () => {
    const got = resample(polynomial(PLAIN, quadratic), small);
    got.values[0].forEach((v, p) => {
      expect(v).toBeCloseTo(polynomial(small, quadratic).values[0][p], 10);
    });
    const plane = (x: number, y: number) => 2 * x - 3 * y + 1;
    const shifted: Grid = { ...PLAIN, nx: 59, ny: 43, x0: PLAIN.dx / 3, y0: PLAIN.dy / 2 };
    const rim = resample(polynomial(PLAIN, plane), shifted).values[0];
    rim.forEach((v, p) => {
      expect(v).toBeCloseTo(polynomial(shifted, plane).values[0][p], 12);
    });
  });

  it('is of third order: half the pitch, an eighth of the error', () => {
    const errorAt = (n: number) => {
      const grid: Grid = { nx: 30 * n, ny: 22 * n, x0: 0, y0: 0, dx: 4e-3 / n, dy: 4e-3 / n };
      const got = resample(eddyMap(grid), small);
      const want = eddyMap(small).values[0];
      return Math.sqrt(got.values[0].reduce((sum, v, p) => sum + (v - want[p]) ** 2, 0));
    };
    const [coarse, fine] = [errorAt(1), errorAt(2)];
    expect(coarse / fine).toBeGreaterThan(6);
  });

  it('extrapolates nothing: outside, and beside a gap, there is no value; the nodes themselves stay', () => {
    const holed = eddyMap(PLAIN, { inside: (x, y) => Math.hypot(x - 0.05, y - 0.04) > 0.012 });
    const wide: Grid = { ...PLAIN, nx: 70, ny: 50, x0: -5 * PLAIN.dx, y0: -3 * PLAIN.dy };
    const got = resample(holed, wide).values[0];
    for (let p = 0; p < got.length; p++) {
      const [ix, iy] = [(p % 70) - 5, Math.floor(p / 70) - 3];
      const there = ix >= 0 && iy >= 0 && ix < PLAIN.nx && iy < PLAIN.ny;
      expect(got[p]).toEqual(there ? holed.values[0][iy * PLAIN.nx + ix] : Number.NaN);
    }
  });

  it('on a coarse grid takes the mean: the sum over the map is kept', () => {
    const coarse: Grid = { nx: 15, ny: 11, x0: 1.5 * PLAIN.dx, y0: 1.5 * PLAIN.dy, dx: 4 * PLAIN.dx, dy: 4 * PLAIN.dy };
    const map = eddyMap(PLAIN, { noise: 5 });
    const [fine, got] = [map, resample(map, coarse)].map(({ values }) => values[0].reduce((sum, v) => sum + v, 0));
    expect(16 * got).toBeCloseTo(fine, 8);
    // Of 16 independent readings the mean has a quarter of the noise.
    expect(resample(map, coarse).sigma![0][17]).toBeCloseTo(5 / 4, 10);
    expect(resample({ ...map, independent: false }, coarse).sigma![0][17]).toBeCloseTo(5, 10);
  });

  it('turns the vectors with the map: the eddies, moved, are the eddies', () => {
    const map = eddyMap(PLAIN, { motion });
    const got = resample(map, small, motion);
    const [kx, ky] = got.values;
    let [error, norm] = [0, 0];
    for (let p = 0; p < kx.length; p++) {
      const [x, y] = [small.x0 + (p % small.nx) * small.dx, small.y0 + Math.floor(p / small.nx) * small.dy];
      const want = eddies(x, y);
      error += (kx[p] - want[0]) ** 2 + (ky[p] - want[1]) ** 2;
      norm += want[0] ** 2 + want[1] ** 2;
    }
    expect(Math.sqrt(error / norm)).toBeLessThan(2e-3);
  });

  it('states the noise that interpolated readings have', () => {
    const noise: VectorMap = {
      ...polynomial(PLAIN, () => 0),
      values: [normals(gridSize(PLAIN), 4)],
      sigma: [new Float64Array(gridSize(PLAIN)).fill(1)],
    };
    const halfway: Grid = { ...PLAIN, nx: 55, ny: 39, x0: 2.5 * PLAIN.dx, y0: 2.25 * PLAIN.dy };
    const got = resample(noise, halfway);
    const rms = Math.sqrt(got.values[0].reduce((sum, v) => sum + v * v, 0) / gridSize(halfway));
    expect(got.sigma![0][100] / rms).toBeGreaterThan(0.93);
    expect(got.sigma![0][100] / rms).toBeLessThan(1.07);
  });
});
