import { describe, expect, it } from 'vitest';
import { robustDeviation, sampleWeights } from '../../../inversion/bounded/outliers.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { random } from '../../../src/random.js';
import { normals } from '../../forward/support.js';
import { emptyScan } from './smallProblem.js';

const scan = emptyScan(80, 80, { margin: 0 });
const readings = scanReadings(scan);
const [NX, NY] = [21, 21];
/** Residuals of a fit that is right: normal, one sigma. */
const noise = () => normals(readings.count, random(2));
/** Adds `size` to the first component of a sample, or to all of them. */
const disturb = (residual: Float64Array, sample: number, size: number, components = 1) => {
  for (let r = readings.first[sample]; r < readings.first[sample] + components; r++) residual[r] += size;
};
const at = (ix: number, iy: number) => iy * NX + ix;

describe('outliers', () => {
  it('the robust deviation is the standard deviation of normal numbers, whatever a few of them do', () => {
    const values = normals(20_000, random(1));
    expect(robustDeviation(values)).toBeCloseTo(1, 1);
    const spoilt = values.map((v, i) => (i % 50 === 0 ? 1e6 : v));
    expect(robustDeviation(spoilt) / robustDeviation(values)).toBeCloseTo(1, 1);
    expect(robustDeviation(values.map(v => -3 * v))).toBeCloseTo(3 * robustDeviation(values), 12);
  });

  it('a good fit keeps its samples: all, and nearly all in full', () => {
    const weights = sampleWeights(readings, noise());
    expect(weights.length).toBe(NX * NY);
    expect(weights.every(w => w > 0 && w <= 1)).toBe(true);
    expect(weights.filter(w => w === 1).length).toBeGreaterThan(0.98 * NX * NY);
  });

  it('isolated samples that disagree are found, all of them and no other, with all their components', () => {
    const residual = noise();
    const wrong = [at(0, 0), at(10, 10), at(20, 7), at(4, 16), at(5, 16)];
    for (const [k, s] of wrong.entries()) disturb(residual, s, 30 * (1 + k) * (-1) ** k, 1 + (k % 3));
    const weights = sampleWeights(readings, residual);
    weights.forEach((w, s) => {
      if ((w === 0) !== wrong.includes(s)) expect.fail(`sample ${s} has weight ${w}`);
    });
  });

  it('a patch of misfit is the model being wrong: weighed down, not rejected', () => {
    for (const width of [2, 3, 5]) {
      const residual = noise();
      for (let iy = 0; iy < NY; iy++) {
        for (let ix = 0; ix < NX; ix++) {
          const bump = 40 * Math.exp(-((ix - 12) ** 2 + (iy - 8) ** 2) / (2 * width ** 2));
          disturb(residual, at(ix, iy), bump, 3);
        }
      }
      const weights = sampleWeights(readings, residual);
      expect(weights.every(w => w > 0)).toBe(true);
      // A wide patch is taken for noise, which then is larger.
      expect(weights[at(12, 8)]).toBeLessThan(width < 4 ? 0.3 : 1);
      if (width < 4) expect(weights[at(0, 20)]).toBe(1);
    }
  });

  it('a spike on top of a patch is still found', () => {
    const residual = noise();
    for (let i = 0; i < NX * NY; i++) {
      disturb(residual, i, 8 * Math.exp(-(((i % NX) - 12) ** 2 + (Math.floor(i / NX) - 8) ** 2) / 18), 3);
    }
    disturb(residual, at(12, 8), 500, 3);
    const weights = sampleWeights(readings, residual);
    expect(weights[at(12, 8)]).toBe(0);
    expect(weights.filter(w => w === 0).length).toBe(1);
  });

  it('beyond the limit the weight falls as one over the residual', () => {
    const residual = noise();
    // One component in a patch wide enough for none to stand out.
    const size = (s: number) => {
      let square = 0;
      for (let r = readings.first[s]; r < readings.first[s + 1]; r++) square += residual[r] ** 2;
      return Math.sqrt(square / 3) / Math.max(1, robustDeviation(residual));
    };
    for (let i = 0; i < NX * NY; i++) {
      disturb(residual, i, 15 * Math.exp(-(((i % NX) - 10) ** 2 + (Math.floor(i / NX) - 10) ** 2) / 18), 3);
    }
    const weights = sampleWeights(readings, residual);
    const products = Array.from(weights, (w, s) => w * size(s)).filter((_, s) => weights[s] < 1);
    expect(products.length).toBeGreaterThan(10);
    for (const p of products) expect(p / products[0]).toBeCloseTo(1, 9);
  });

  it('residuals that are larger than stated everywhere reject nothing', () => {
    const weights = sampleWeights(
      readings,
      noise().map(v => 50 * v),
    );
    expect(weights.every(w => w > 0)).toBe(true);
    expect(weights.filter(w => w === 1).length).toBeGreaterThan(0.98 * NX * NY);
  });
});
