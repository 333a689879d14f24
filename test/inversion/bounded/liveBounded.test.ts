import { beforeAll, describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { krylovSpace } from '../../../inversion/bounded/krylovSpace.js';
import { type LiveBounded, liveBounded } from '../../../inversion/bounded/liveBounded.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { random } from '../../../src/random.js';
import { simulateCell } from '../../../src/simulation/field/simulateCell.js';
import { emptyScan, smallCell } from './smallProblem.js';

describe('a Krylov space', () => {
  const n = 60;
  const rng = random(3);
  // Eigenvalues over six decades along the axes of a reflection.
  const values = Float64Array.from({ length: n }, (_, k) => 10 ** ((-6 * k) / n));
  const axis = Float64Array.from({ length: n }, () => rng.normal());
  const square = axis.reduce((sum, v) => sum + v * v, 0);
  const reflected = (w: Float64Array) => {
    const along = w.reduce((sum, v, i) => sum + v * axis[i], 0);
    return w.map((v, i) => v - (2 * along * axis[i]) / square);
  };
  const times = (w: Float64Array) => reflected(reflected(w).map((v, k) => v * values[k]));
  const right = Float64Array.from({ length: n }, () => rng.normal());
  const closed = (t: number) => reflected(reflected(right).map((v, k) => v / (values[k] + t)));
  const distance = (a: Float64Array, b: Float64Array) =>
    Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / b.reduce((sum, v) => sum + v * v, 0));

  it('solves (M + t) w = b for every t at once', () => {
    const space = krylovSpace(times, right, { lowest: 1e-4, most: n });
    expect(space.dimensions).toBeLessThan(n);
    expect(space.least).toBe(1e-4);
    for (const t of [1e-4, 1e-2, 1, 100]) expect(distance(space.solve(t), closed(t))).toBeLessThan(1e-3);
  });

  it('that is too small says from which t on it holds', () => {
    const space = krylovSpace(times, right, { lowest: 1e-4, most: 12 });
    expect(space.least).toBeGreaterThan(1e-3);
    expect(distance(space.solve(space.least), closed(space.least))).toBeLessThan(1e-3);
  });

  it('of nothing is nothing', () => {
    const space = krylovSpace(times, new Float64Array(n), { lowest: 1e-4, most: n });
    expect(space.solve(1).every(v => v === 0)).toBe(true);
  });
});

describe('the live bounded inversion', () => {
  const cell = { ...smallCell(50, 60), current: 5 };
  let scan: FieldScan;
  beforeAll(() => {
    const { x, y, z } = emptyScan(50, 60);
    ({ scan } = simulateCell(cell, { x, y, z, axes: ['bx', 'by', 'bz'] }, { noise: 1e-7, seed: 4 }));
  });
  const known = { place: 'given', gainError: 0, positionError: 0 } as const;
  const distance = (live: LiveBounded, lambda: number, to: Float64Array) => {
    const [{ map }] = live.at(lambda);
    let [difference, norm] = [0, 0];
    for (let i = 0; i < to.length; i++) {
      if (Number.isNaN(to[i])) continue;
      difference += (map.ky[i] - to[i]) ** 2;
      norm += to[i] ** 2;
    }
    return Math.sqrt(difference / norm);
  };

  it('begins with the map of the inversion itself, its lambda and its curve', () => {
    const live = liveBounded(scan, cell, known);
    const solution = boundedInversion(scan, cell, { ...known, errors: false });
    expect(live.lambda).toBe(solution.lambda);
    // The same sums in another order.
    live.curve.gcv.forEach((v, i) => {
      expect(Math.abs(v / solution.curve.gcv[i] - 1)).toBeLessThan(1e-9);
    });
    expect(distance(live, live.lambda, solution.sheets[0].ky)).toBeLessThan(1e-6);
  });

  it('is the inversion at every other lambda, where the prior is uniform', () => {
    const live = liveBounded(scan, cell, { ...known, lambda: 1 });
    for (const lambda of [0.01, 1, 1000]) {
      const { sheets } = boundedInversion(scan, cell, { ...known, lambda, errors: false });
      expect(distance(live, lambda, sheets[0].ky)).toBeLessThan(1e-4);
    }
  });

  it('with more lambda departs less from the healthy cell', () => {
    const live = liveBounded(scan, cell, known);
    const departure = [1e-2, 1, 1e2, 1e4].map(factor => {
      const [{ map, healthy }] = live.at(factor * live.lambda);
      return map.kx.reduce((sum, v, i) => (Number.isNaN(v) ? sum : sum + (v - healthy.kx[i]) ** 2), 0);
    });
    for (let k = 1; k < departure.length; k++) expect(departure[k]).toBeLessThan(departure[k - 1]);
  });
});
