import { describe, expect, it } from 'vitest';
import { leadingEigen } from '../../src/diagnosis/leadingEigen.js';
import { random } from '../../src/random.js';

/** n x n, sum of `rank` random squares of size `scale`. */
function gram(n: number, rank: number, scale = 1): Float64Array {
  const rng = random(n + rank);
  const a = new Float64Array(n * n);
  for (let k = 0; k < rank; k++) {
    const v = Float64Array.from({ length: n }, () => rng.normal());
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j] += scale * v[i] * v[j];
  }
  return a;
}

function diagonal(values: readonly number[]): Float64Array {
  const n = values.length;
  return Float64Array.from({ length: n * n }, (_, e) => (e % (n + 1) === 0 ? values[e / (n + 1)] : 0));
}

const cases: [string, number, Float64Array][] = [
  ['of full rank', 60, gram(60, 90)],
  ['of rank 3: the other eigenvalues are all zero', 40, gram(40, 3)],
  ['tiny', 30, gram(30, 40, 1e-150)],
  ['huge', 30, gram(30, 40, 1e140)],
  ['a multiple of the identity', 20, diagonal(new Array(20).fill(2))],
  ['diagonal with equal values', 24, diagonal(Array.from({ length: 24 }, (_, i) => i % 5))],
  ['zero', 6, new Float64Array(36)],
  ['a number', 1, Float64Array.of(-3)],
];

describe('eigenvalues and leading eigenvectors of a symmetric matrix', () => {
  it.each(cases)('%s: A x = value x, orthonormal, values fall and add up to the trace', (_, n, a) => {
    const { values, vectors } = leadingEigen(a, n);
    const count = Math.min(n, 12);
    const found = vectors(count);
    const size = Math.max(...values.map(Math.abs)) || 1;
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < n; i++) {
        let product = 0;
        for (let k = 0; k < n; k++) product += a[i * n + k] * found[j][k];
        expect(Math.abs(product - values[j] * found[j][i]) / size).toBeLessThan(1e-12);
      }
      for (let l = 0; l <= j; l++) {
        const dot = found[j].reduce((sum, v, i) => sum + v * found[l][i], 0);
        expect(dot).toBeCloseTo(l === j ? 1 : 0, 12);
      }
    }
    for (let j = 1; j < n; j++) expect(values[j]).toBeLessThanOrEqual(values[j - 1]);
    const trace = Array.from({ length: n }, (_, i) => a[i * (n + 1)]).reduce((sum, v) => sum + v, 0);
    expect(Math.abs(values.reduce((sum, v) => sum + v, 0) - trace) / size).toBeLessThan(1e-11);
  });

  it('of the second difference they are known: 2 - 2 cos', () => {
    const n = 50;
    const a = Float64Array.from({ length: n * n }, (_, e) => {
      const apart = Math.abs((e % n) - Math.floor(e / n));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    const { values } = leadingEigen(a, n);
    values.forEach((v, j) => {
      expect(v).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - j)) / (n + 1)), 12);
    });
  });

  it('reads the lower triangle and leaves the matrix as it is', () => {
    const a = gram(12, 20);
    const lower = a.map((v, e) => (e % 12 > Math.floor(e / 12) ? Number.NaN : v));
    const before = lower.slice();
    expect(leadingEigen(lower, 12).values).toEqual(leadingEigen(a, 12).values);
    expect(lower).toEqual(before);
  });
});
