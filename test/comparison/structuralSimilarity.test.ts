import { describe, expect, it } from 'vitest';
import { meanSimilarity, structuralSimilarity } from '../../src/comparison/structuralSimilarity.js';
import type { Grid } from '../../src/grid.js';
import { normals } from '../numbers.js';

const grid: Grid = { nx: 30, ny: 24, x0: 0, y0: 0, dx: 1e-3, dy: 2e-3 };
const size = grid.nx * grid.ny;
const make = (f: (ix: number, iy: number) => number) =>
  Float64Array.from({ length: size }, (_, p) => f(p % grid.nx, Math.floor(p / grid.nx)));
const wave = (ix: number, iy: number) => Math.sin(0.3 * ix) + 0.5 * Math.cos(0.21 * iy);
const a = make(wave);
const b = make((ix, iy) => 0.9 * wave(ix, iy) + 0.1 * Math.sin(1.7 * ix + 0.9 * iy) + 0.05);
const inner = (values: Float64Array) =>
  values.filter((_, p) => {
    const [ix, iy] = [p % grid.nx, Math.floor(p / grid.nx)];
    return ix >= 5 && iy >= 5 && ix < grid.nx - 5 && iy < grid.ny - 5;
  });
const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Of the formula in numpy: the mean over all pixels at least 5 from the rim, and two of them [iy, ix]. */
const REFERENCE = { mean: 0.9035520593610729, at_10_12: 0.9606819808107849, at_6_20: 0.7150319773002389 };

describe('structural similarity', () => {
  it('is 1 of a map with itself, and the same when the maps change places', () => {
    for (const v of structuralSimilarity(grid, a, a, 3)) expect(v).toBeCloseTo(1, 12);
    const [ab, ba] = [structuralSimilarity(grid, a, b, 3), structuralSimilarity(grid, b, a, 3)];
    ab.forEach((v, p) => {
      expect(v).toBeCloseTo(ba[p], 12);
    });
  });

  it('of constant maps is their luminance alone, (2 u v + c1) / (u^2 + v^2 + c1)', () => {
    const c1 = 0.01 ** 2;
    const want = (2 * 0.3 * 0.7 + c1) / (0.3 ** 2 + 0.7 ** 2 + c1);
    const got = structuralSimilarity(
      grid,
      make(() => 0.3),
      make(() => 0.7),
      1,
    );
    for (const v of got) expect(v).toBeCloseTo(want, 9);
  });

  it('of a map and its negative is negative, of noise nearly zero', () => {
    expect(meanSimilarity([{ grid, a: [a], b: [a.map(v => -v)] }])).toBeLessThan(-0.1);
    const noise = meanSimilarity([{ grid, a: [normals(size, 1)], b: [normals(size, 2)] }]);
    expect(Math.abs(noise)).toBeLessThan(0.1);
  });

  it('changes with neither the unit of the values nor the pitch, if L changes along', () => {
    const scaled = structuralSimilarity(
      { ...grid, dx: 7, dy: 1 },
      a.map(v => 1e-6 * v),
      b.map(v => 1e-6 * v),
      3e-6,
    );
    structuralSimilarity(grid, a, b, 3).forEach((v, p) => {
      expect(scaled[p]).toBeCloseTo(v, 9);
    });
  });

  it('agrees with numpy and scipy (gaussian_filter, sigma 1.5, radius 5) away from the rim', () => {
    const got = structuralSimilarity(grid, a, b, 3);
    expect(mean(inner(got))).toBeCloseTo(REFERENCE.mean, 10);
    expect(got[10 * grid.nx + 12]).toBeCloseTo(REFERENCE.at_10_12, 10);
    expect(got[6 * grid.nx + 20]).toBeCloseTo(REFERENCE.at_6_20, 10);
  });

  it('leaves out what one of the maps lacks, and is not disturbed by it', () => {
    const holed = a.map((v, p) => (p % grid.nx < 8 ? Number.NaN : v));
    const got = structuralSimilarity(grid, holed, b, 3);
    const whole = structuralSimilarity(grid, a, b, 3);
    for (let p = 0; p < size; p++) {
      const ix = p % grid.nx;
      if (ix < 8) expect(got[p]).toBeNaN();
      else if (ix >= 13) expect(got[p]).toBeCloseTo(whole[p], 12);
      else expect(Number.isFinite(got[p])).toBe(true);
    }
    for (const v of structuralSimilarity(grid, holed, holed, 3)) if (!Number.isNaN(v)) expect(v).toBeCloseTo(1, 12);
  });
});
