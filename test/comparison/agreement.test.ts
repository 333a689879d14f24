import { describe, expect, it } from 'vitest';
import { agreement } from '../../src/comparison/agreement.js';
import { comparisonHistograms, deviations } from '../../src/comparison/deviations.js';
import { histogram } from '../../src/comparison/histogram.js';
import { proportion } from '../../src/comparison/linearity.js';
import { pairMaps } from '../../src/comparison/pairedValues.js';
import type { VectorMap } from '../../src/comparison/vectorMap.js';
import { normals } from '../numbers.js';
import { eddyMap, PLAIN } from './support.js';

const pair = (a: VectorMap, b: VectorMap, vector = true) => pairMaps([{ a, b }], vector);
const inside = (x: number, y: number) => x + y < 0.15;

describe('agreement of two maps', () => {
  it('of a map with itself: no error, correlation 1, chi-squared 0', () => {
    const map = eddyMap(PLAIN, { noise: 2, inside });
    const got = agreement(pair(map, map));
    expect(got).toMatchObject({ relativeError: 0, rmse: 0, correlation: 1, chi2: 0 });
    expect(got.largest.size).toBe(0);
  });

  it('stays the same when the maps change places, but for the norm that divides', () => {
    const [a, b] = [eddyMap(PLAIN, { noise: 2, seed: 1 }), eddyMap(PLAIN, { noise: 5, seed: 2, gain: 1.3, inside })];
    const [ab, ba] = [agreement(pair(a, b)), agreement(pair(b, a))];
    expect(ba.rmse).toBeCloseTo(ab.rmse, 12);
    expect(ba.correlation).toBeCloseTo(ab.correlation, 12);
    expect(ba.chi2).toBeCloseTo(ab.chi2!, 10);
    expect([ba.largest.size, ba.largest.x, ba.largest.y]).toEqual([ab.largest.size, ab.largest.x, ab.largest.y]);
    expect(ba.bias[0]).toBeCloseTo(-ab.bias[0], 12);
    const norm = (map: VectorMap) =>
      Math.sqrt(
        map.values
          .flatMap(v => [...v])
          .reduce((sum, v, i) => {
            const p = i % (PLAIN.nx * PLAIN.ny);
            return Number.isNaN(b.values[0][p]) ? sum : sum + v * v;
          }, 0),
      );
    expect(ab.relativeError * norm(b)).toBeCloseTo(ba.relativeError * norm(a), 8);
  });

  it('of a map and 1.1 times it: relative error 0.1, correlation 1; of its negative: 2 and -1', () => {
    const map = eddyMap(PLAIN, { inside });
    expect(agreement(pair(eddyMap(PLAIN, { gain: 1.1 }), map)).relativeError).toBeCloseTo(0.1, 12);
    expect(agreement(pair(eddyMap(PLAIN, { gain: 1.1 }), map)).correlation).toBeCloseTo(1, 12);
    const reversed = agreement(pair(eddyMap(PLAIN, { gain: -1 }), map));
    expect(reversed.relativeError).toBeCloseTo(2, 12);
    expect(reversed.correlation).toBeCloseTo(-1, 12);
  });

  it('chi-squared of two noisy copies is 1 within its scatter, whatever the noise of each', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const [a, b] = [eddyMap(PLAIN, { noise: 2, seed }), eddyMap(PLAIN, { noise: 7, seed: 100 + seed, inside })];
      const { chi2, degrees } = agreement(pair(a, b));
      expect(Math.abs(chi2! - 1)).toBeLessThan(4 * Math.sqrt(2 / degrees));
      const { values } = deviations(pair(a, b));
      const finite = values[0].filter(v => !Number.isNaN(v));
      expect(finite.length).toBe(degrees / 2);
      expect(finite.reduce((sum, v) => sum + v * v, 0) / finite.length).toBeCloseTo(chi2!, 10);
    }
  });

  it('a map that states no errors counts as exact; where neither does there is no chi-squared', () => {
    const [noisy, exact] = [eddyMap(PLAIN, { noise: 3 }), eddyMap(PLAIN)];
    const { chi2, degrees } = agreement(pair(noisy, exact));
    expect(Math.abs(chi2! - 1)).toBeLessThan(4 * Math.sqrt(2 / degrees));
    expect(agreement(pair(exact, exact)).chi2).toBeUndefined();
  });

  it('finds the largest deviation and its place: of the vector, or of a reading', () => {
    const a = eddyMap(PLAIN);
    const b = eddyMap(PLAIN);
    const at = 13 * PLAIN.nx + 21;
    b.values[0][at] += 3;
    b.values[1][at] -= 4;
    b.values[1][5] += 4.5;
    const vector = agreement(pair(a, b)).largest;
    expect([vector.size, vector.x, vector.y]).toEqual([expect.closeTo(5, 10), 21 * PLAIN.dx, 13 * PLAIN.dy]);
    const reading = agreement(pair(a, b, false)).largest;
    expect(reading).toMatchObject({ size: expect.closeTo(4.5, 10), x: 5 * PLAIN.dx, y: 0, component: 'Ky' });
  });

  it('rmse is that of the vector, or of a reading', () => {
    const [a, b] = [eddyMap(PLAIN), eddyMap(PLAIN)];
    b.values[0].forEach((v, p) => {
      b.values[0][p] = v + 3;
      b.values[1][p] += 4;
    });
    expect(agreement(pair(a, b)).rmse).toBeCloseTo(5, 10);
    expect(agreement(pair(a, b, false)).rmse).toBeCloseTo(Math.sqrt(12.5), 10);
    expect(agreement(pair(a, b)).correlation).toBeCloseTo(1, 10);
  });
});

describe('histograms', () => {
  it('count every finite value once', () => {
    const values = Float64Array.from([...normals(1000, 3), Number.NaN, 40, -12]);
    const { edges, counts } = histogram([values, [1, 2, 3]]);
    expect(counts.map(c => c.reduce((sum, n) => sum + n, 0))).toEqual([1002, 3]);
    expect([edges[0], edges[edges.length - 1]]).toEqual([-12, 40]);
    expect(
      counts[0].every(
        (n, i) =>
          n ===
          [...values].filter(v => v >= edges[i] && (v < edges[i + 1] || (v === 40 && i === counts[0].length - 1)))
            .length,
      ),
    ).toBe(true);
    expect(histogram([[5, 5]]).counts[0].reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(histogram([[]]).counts[0].every(n => n === 0)).toBe(true);
  });

  it('of a difference in standard errors is a normal distribution', () => {
    const { difference } = comparisonHistograms(
      pair(eddyMap(PLAIN, { noise: 2, seed: 5 }), eddyMap(PLAIN, { noise: 2, seed: 6 })),
    );
    const { edges, counts } = difference;
    const total = 2 * PLAIN.nx * PLAIN.ny;
    const within = counts[0].reduce((sum, n, i) => (Math.abs(edges[i] + edges[i + 1]) / 2 < 1 ? sum + n : sum), 0);
    expect(counts[0].reduce((sum, n) => sum + n, 0)).toBe(total);
    expect(within / total).toBeGreaterThan(0.6);
    expect(within / total).toBeLessThan(0.76);
  });
});

describe('the straight line A = m B + c', () => {
  const line = (noiseA: number, noiseB: number, seed: number) =>
    pair(
      { ...eddyMap(PLAIN, { gain: -2.5, noise: noiseA, seed }) },
      { ...eddyMap(PLAIN, { noise: noiseB, seed: seed + 1 }) },
    );

  it('is exact without noise', () => {
    const pairs = line(0, 0, 1);
    pairs.a[1].forEach((v, p) => {
      pairs.a[1][p] = v + 7;
    });
    const got = proportion(pairs)!;
    expect(got.slope).toBeCloseTo(-2.5, 12);
    expect(got.offsets[1]).toBeCloseTo(7, 10);
    expect(got.slopeError).toBeLessThan(1e-6);
  });

  it('is free of bias where both have noise, and its error is what it says', () => {
    let [sum, squares] = [0, 0];
    const seeds = 40;
    for (let seed = 0; seed < seeds; seed++) {
      const { slope, slopeError } = proportion(line(8, 6, 2 * seed), 8, 6)!;
      sum += slope + 2.5;
      squares += ((slope + 2.5) / slopeError) ** 2;
    }
    const { slopeError } = proportion(line(8, 6, 0), 8, 6)!;
    expect(Math.abs(sum / seeds)).toBeLessThan((4 * slopeError) / Math.sqrt(seeds));
    expect(Math.sqrt(squares / seeds)).toBeGreaterThan(0.7);
    expect(Math.sqrt(squares / seeds)).toBeLessThan(1.4);
  });

  it('of B against A is the inverse, and of a constant there is none', () => {
    const pairs = line(3, 3, 1);
    const there = proportion(pairs, 3, 3)!;
    expect(proportion({ ...pairs, a: pairs.b, b: pairs.a }, 3, 3)!.slope).toBeCloseTo(1 / there.slope, 10);
    expect(proportion(pair(eddyMap(PLAIN, { gain: 0 }), eddyMap(PLAIN)))).toBeUndefined();
  });
});
