import { describe, expect, it } from 'vitest';
import { type AlignmentModel, normalEquations, parameterCount } from '../../src/comparison/alignment.js';
import { inverseMotion, type Motion, moved } from '../../src/comparison/motion.js';
import { estimateRegistration, type Registration } from '../../src/comparison/registration.js';
import { smoothed } from '../../src/comparison/smoothing.js';
import type { VectorMap } from '../../src/comparison/vectorMap.js';
import type { Grid } from '../../src/grid.js';
import { eddyMap, PLAIN } from './support.js';

const motion: Motion = { shift: [7.3e-3, -5.1e-3], angle: 0.06, scale: 1.02, centre: [0.06, 0.04] };
const register = (a: VectorMap, b: VectorMap, model: 'shift' | 'rigid' | 'similarity' = 'similarity') =>
  estimateRegistration([{ a, b }], { model });

/** Found minus true parameters; the shift is that of the point about which the found motion turns. */
function errorsOf(found: Registration, truth: Motion): [number, number, number, number] {
  const { centre, shift, angle, scale } = found.motion;
  const [x, y] = moved(truth, ...centre);
  return [shift[0] - (x - centre[0]), shift[1] - (y - centre[1]), angle - truth.angle, scale - truth.scale];
}

describe('registration: laws', () => {
  it('of a map with itself is none, with no error and not significant', () => {
    const map = eddyMap(PLAIN, { noise: 3 });
    const found = register(map, map)!;
    expect(found.motion).toMatchObject({ shift: [0, 0], angle: 0, scale: 1 });
    expect(found.shiftErrors).toEqual([0, 0]);
    expect(found.gain).toBe(1);
    expect(found.significant).toBe(false);
  });

  it('finds shift, rotation and scale of a map without noise to a hundredth of a pixel', () => {
    const found = register(eddyMap(PLAIN), eddyMap(PLAIN, { motion }))!;
    const [dx, dy, turn, stretch] = errorsOf(found, motion);
    expect(Math.hypot(dx, dy)).toBeLessThan(0.01 * PLAIN.dx);
    expect(Math.abs(turn)).toBeLessThan(1e-4);
    expect(Math.abs(stretch)).toBeLessThan(3e-4);
    expect(found.significant).toBe(true);
  });

  it('finds shifts of six pixels in any direction, by a shift alone', () => {
    for (const angle of [0.3, 1.9, 3.4, 5]) {
      const shift: [number, number] = [0.012 * Math.cos(angle), 0.012 * Math.sin(angle)];
      const found = register(
        eddyMap(PLAIN),
        eddyMap(PLAIN, { motion: { ...motion, shift, angle: 0, scale: 1 } }),
        'shift',
      )!;
      expect(found.motion.shift[0]).toBeCloseTo(shift[0], 4.3);
      expect(found.motion.shift[1]).toBeCloseTo(shift[1], 4.3);
    }
  });

  it('of B to A is the inverse of A to B', () => {
    const [a, b] = [eddyMap(PLAIN), eddyMap(PLAIN, { motion })];
    const [there, back] = [register(a, b)!, register(b, a)!];
    const [dx, dy, turn, stretch] = errorsOf(back, inverseMotion(there.motion));
    expect(Math.hypot(dx, dy)).toBeLessThan(0.02 * PLAIN.dx);
    expect(Math.abs(turn) + Math.abs(stretch)).toBeLessThan(1e-3);
  });

  it('does not depend on the size or the sign of the current', () => {
    const a = eddyMap(PLAIN);
    const same = register(a, eddyMap(PLAIN, { motion }))!;
    const reversed = register(a, eddyMap(PLAIN, { motion, gain: -0.4 }))!;
    expect(reversed.gain).toBeCloseTo(-2.5 * same.gain, 6);
    expect(errorsOf(reversed, same.motion).every(e => Math.abs(e) < 1e-7)).toBe(true);
  });

  it('sees through an outline that belongs to the grid and not to the current, and through another pitch', () => {
    const inside = (x: number, y: number) => x > 0.01 && x < 0.11 && y > 0.008 && y < 0.08 && x + y < 0.17;
    const fine: Grid = { nx: 90, ny: 66, x0: 4e-4, y0: -2e-4, dx: 1.3e-3, dy: 1.3e-3 };
    const found = register(eddyMap(PLAIN, { inside }), eddyMap(fine, { motion, inside }))!;
    const [dx, dy, turn, stretch] = errorsOf(found, motion);
    expect(Math.hypot(dx, dy)).toBeLessThan(0.1 * PLAIN.dx);
    expect(Math.abs(turn) + Math.abs(stretch)).toBeLessThan(3e-3);
  });

  it('is undefined for maps that do not determine it: flat, of pure noise, tiny', () => {
    const flat = { ...eddyMap(PLAIN), values: [new Float64Array(2640).fill(3), new Float64Array(2640).fill(1)] };
    expect(register(flat, flat)).toBeUndefined();
    const noise = (seed: number) => eddyMap(PLAIN, { gain: 0, noise: 1, seed });
    expect(register(noise(1), noise(2))).toBeUndefined();
    const tiny = eddyMap({ ...PLAIN, nx: 3, ny: 3 });
    expect(register(tiny, tiny)).toBeUndefined();
  });

  it('its derivatives are those of the residual (finite differences)', () => {
    const width = 3e-3;
    const [a, b] = [eddyMap(PLAIN), eddyMap(PLAIN, { motion })].map(({ grid, values }) =>
      values.map(v => smoothed(grid, v, width, 0.9)),
    );
    const pairs = [{ gridA: PLAIN, gridB: PLAIN, a, b, planar: [0, 1] as const }];
    const model: AlignmentModel = { motions: 4, offsets: 2, centre: [0.06, 0.04] };
    const n = parameterCount(model);
    const p = Float64Array.of(2.1e-3, 1.3e-3, 0.03, 0.015, 0.9, 0.5, -0.2);
    const rows = (q: Float64Array) => {
      const out = new Map<string, { residual: number; row: Float64Array }>();
      normalEquations(pairs, model, q, 3, (_, c, pixel, residual, row) => {
        out.set(`${c},${pixel}`, { residual, row: row.slice() });
      });
      return out;
    };
    const here = rows(p);
    expect(here.size).toBeGreaterThan(300);
    for (let i = 0; i < n; i++) {
      const h = i < 2 ? 1e-7 : 1e-5;
      const [up, down] = [1, -1].map(sign => rows(p.map((v, k) => (k === i ? v + sign * h : v))));
      let [error, size] = [0, 0];
      for (const [key, { row }] of here) {
        const [more, less] = [up.get(key), down.get(key)];
        if (more === undefined || less === undefined) continue;
        error = Math.max(error, Math.abs(row[i] + (more.residual - less.residual) / (2 * h)));
        size = Math.max(size, Math.abs(row[i]));
      }
      expect(error).toBeLessThan(1e-5 * size);
    }
  });
});

describe('registration: its errors are what they say, over many seeds', () => {
  /** Root mean square of (found - true) / error for x, y, angle, scale, and how often each motion was found. */
  function scatter(seeds: number, pair: (seed: number) => [VectorMap, VectorMap], truth: Motion) {
    const squares = [0, 0, 0, 0];
    let [found, chi2] = [0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const one = register(...pair(seed));
      if (one === undefined) continue;
      found++;
      chi2 += one.chi2;
      const sd = [...one.shiftErrors, one.angleError, one.scaleError];
      errorsOf(one, truth).forEach((error, i) => {
        squares[i] += (error / sd[i]) ** 2;
      });
    }
    return { rms: squares.map(s => Math.sqrt(s / found)), found, chi2: chi2 / found };
  }
  const small: Grid = { ...PLAIN, nx: 44, ny: 34, dx: 2.7e-3, dy: 2.6e-3 };
  /** 40 seeds: an rms of 1 scatters by 0.11. */
  const SEEDS = 40;
  const within = (rms: readonly number[]) => {
    for (const value of rms) {
      expect(value).toBeGreaterThan(0.65);
      expect(value).toBeLessThan(1.5);
    }
  };

  it('independent noise, 20 % of the largest value', () => {
    const { rms, found } = scatter(
      SEEDS,
      seed => [
        eddyMap(small, { noise: 10, seed: 2 * seed }),
        eddyMap(small, { motion, noise: 10, seed: 2 * seed + 1 }),
      ],
      motion,
    );
    expect(found).toBe(SEEDS);
    within(rms);
  });

  it('noise that neighbouring pixels share, as in an inverted map', () => {
    const noisy = (made: Parameters<typeof eddyMap>[1], seed: number): VectorMap => {
      const clean = eddyMap(small, made);
      const noise = eddyMap(small, { gain: 0, noise: 25, seed });
      const values = clean.values.map((v, c) => {
        const alike = smoothed(small, noise.values[c], 5e-3, 0.1);
        return v.map((value, p) => value + alike[p]);
      });
      return { ...clean, values };
    };
    const { rms, found } = scatter(SEEDS, seed => [noisy({}, 2 * seed), noisy({ motion }, 2 * seed + 1)], motion);
    expect(found).toBe(SEEDS);
    within(rms);
  });

  it('where nothing is moved chi-squared is about its degrees of freedom', () => {
    const none: Motion = { shift: [0, 0], angle: 0, scale: 1, centre: [0, 0] };
    const { rms, chi2 } = scatter(
      SEEDS,
      seed => [eddyMap(small, { noise: 5, seed: 2 * seed }), eddyMap(small, { noise: 5, seed: 2 * seed + 1 })],
      none,
    );
    within(rms);
    // Four degrees of freedom scatter by sqrt(8 / 40) = 0.45.
    expect(chi2).toBeGreaterThan(2.4);
    expect(chi2).toBeLessThan(6);
  });
});
