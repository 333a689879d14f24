import { describe, expect, it } from 'vitest';
import { fitErrorModel, type Scatter, varianceOf } from '../../../inversion/bounded/errorModel.js';
import { random } from '../../../src/random.js';

const COUNT = 4000;
const SIGMA = 5e-8;

/** Residuals of readings with the given errors, over fields up to 100 uT and slopes up to 20 mT/m. */
function scatter(seed: number, gain: number, position: number, more: Partial<Scatter> = {}): Scatter {
  const rng = random(seed);
  const of = (f: () => number) => Float64Array.from({ length: COUNT }, f);
  const field = of(() => 1e-4 * (2 * rng.uniform() - 1));
  const slope = of(() => 2e-2 * rng.uniform() ** 3);
  const sigma = new Float64Array(COUNT).fill(SIGMA);
  const residual = field.map(
    (b, r) => Math.sqrt(varianceOf({ noise: 1, gain, position }, SIGMA, b, slope[r])) * rng.normal(),
  );
  return { residual, sigma, sigmaStated: true, field, slope, free: 1, known: {}, ...more };
}

describe('gain and position errors', () => {
  it.each([
    [5e-3, 3e-4],
    [2e-2, 0],
    [0, 1e-4],
    [1e-3, 2e-5],
  ])('are found: %f of the field and %f m', (gain, position) => {
    for (const seed of [1, 2, 3]) {
      const found = fitErrorModel(scatter(seed, gain, position));
      expect(found.noise).toBe(1);
      // The standard error of a deviation from n readings is 1 / sqrt(2 n) of it, times a few for the share of its kind.
      expect(Math.abs(found.gain - gain)).toBeLessThan(0.08 * gain + 1.5e-4);
      expect(Math.abs(found.position - position)).toBeLessThan(0.08 * position + 3e-6);
    }
  });

  it('are none where there is noise alone, in 200 of 200 scans', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const found = fitErrorModel(scatter(seed, 0, 0, seed % 2 === 0 ? { sigmaStated: false } : {}));
      expect([found.gain, found.position]).toEqual([0, 0]);
    }
  });

  it('an unknown noise is found beside them', () => {
    const ones = new Float64Array(COUNT).fill(1);
    const found = fitErrorModel(scatter(4, 5e-3, 1e-4, { sigma: ones, sigmaStated: false }));
    expect(found.noise / SIGMA).toBeGreaterThan(0.5);
    expect(found.noise / SIGMA).toBeLessThan(2);
    expect(found.gain).toBeCloseTo(5e-3, 3);
    expect(found.position).toBeCloseTo(1e-4, 4);
  });

  it('the freedom that the model spent is given back', () => {
    const all = scatter(5, 5e-3, 3e-4);
    const spent = { ...all, residual: all.residual.map(v => v * Math.sqrt(0.7)), free: 0.7 };
    expect(fitErrorModel(spent).gain / fitErrorModel(all).gain).toBeCloseTo(1, 1);
  });

  it('what is known stays as it is, and a few wild readings do little', () => {
    expect(fitErrorModel(scatter(6, 5e-3, 3e-4, { known: { gainError: 0.01, positionError: 0 } }))).toMatchObject({
      gain: 0.01,
      position: 0,
    });
    const one = scatter(7, 5e-3, 3e-4);
    const wild = { ...one, residual: one.residual.map((v, r) => (r % 100 === 0 ? 1e-3 : v)) };
    expect(fitErrorModel(wild).position / fitErrorModel(one).position).toBeLessThan(1.3);
    expect(fitErrorModel(wild).gain / fitErrorModel(one).gain).toBeLessThan(1.3);
  });
});
