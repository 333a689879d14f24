import { describe, expect, it } from 'vitest';
import {
  betaLimit,
  betaTail,
  chiSquareLimit,
  chiSquareTail,
  fLimit,
  fTail,
  normalTails,
  studentTails,
} from '../../src/diagnosis/distributions.js';
import { falseDiscovery, holm } from '../../src/diagnosis/falseDiscovery.js';
import { logGamma } from '../../src/diagnosis/specialFunctions.js';
import { random } from '../../src/random.js';

describe('distributions', () => {
  it('log Gamma obeys its recurrence and Gamma(1/2) = sqrt(pi)', () => {
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    for (const x of [0.1, 0.7, 1.5, 4, 33.3, 1e4]) {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-13 * (1 + Math.abs(logGamma(x))));
    }
  });

  it('closed forms: chi2 of 2 degrees, F of (2, d), Beta(1, b), Student of 1 degree', () => {
    for (const x of [0.01, 0.5, 3, 40]) {
      expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
      expect(fTail(x, 2, 7) / (1 + (2 * x) / 7) ** -3.5).toBeCloseTo(1, 11);
      expect(studentTails(x, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(x), 12);
    }
    for (const x of [0.1, 0.5, 0.99]) expect(betaTail(x, 1, 3.5) / (1 - x) ** 3.5).toBeCloseTo(1, 11);
  });

  it('limits are exceeded with the probability that was asked for', () => {
    for (const p of [0.5, 0.05, 0.01, 1e-6]) {
      expect(chiSquareTail(chiSquareLimit(p, 3.3), 3.3) / p).toBeCloseTo(1, 8);
      expect(fTail(fLimit(p, 1.7, 23), 1.7, 23) / p).toBeCloseTo(1, 8);
      expect(betaTail(betaLimit(p, 1.5, 6), 1.5, 6) / p).toBeCloseTo(1, 6);
    }
  });

  it('numbers of the printed tables', () => {
    expect(chiSquareLimit(0.05, 1)).toBeCloseTo(3.8415, 4);
    expect(chiSquareLimit(0.01, 10)).toBeCloseTo(23.2093, 4);
    expect(fLimit(0.05, 3, 10)).toBeCloseTo(3.7083, 4);
    expect(normalTails(1.959964)).toBeCloseTo(0.05, 7);
  });

  it('F with very many second degrees is chi2', () => {
    expect(fTail(1.8, 5, 1e6) / chiSquareTail(9, 5)).toBeCloseTo(1, 4);
  });
});

describe('many tests', () => {
  it('Benjamini-Hochberg and Holm of their own examples, NaN left alone', () => {
    const p = Float64Array.of(0.01, 0.04, Number.NaN, 0.03, 0.005);
    expect([...falseDiscovery(p)].map(v => Number(v.toFixed(6)))).toEqual([0.02, 0.04, Number.NaN, 0.04, 0.02]);
    expect([...holm(p)].map(v => Number(v.toFixed(6)))).toEqual([0.03, 0.06, Number.NaN, 0.06, 0.02]);
  });

  it('of what is flagged, no more than the rate is false', () => {
    const source = random(3);
    let share = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const p = Float64Array.from({ length: 200 }, (_, i) => normalTails(source.normal() + (i < 20 ? 4 : 0)));
      let [found, wrong] = [0, 0];
      falseDiscovery(p).forEach((q, i) => {
        if (q > 0.1) return;
        found++;
        if (i >= 20) wrong++;
      });
      share += found === 0 ? 0 : wrong / found / runs;
    }
    // The expectation is 0.1 times the share of true nulls, 0.09.
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.11);
  });
});
