import { describe, expect, it } from 'vitest';
import type { GramOptions } from '../../src/linearAlgebra/index.js';
import { normal, SIZES, workspaces } from './support.js';

const SHAPES = SIZES.flatMap((n, i) => [
  [SIZES[(i + 5) % SIZES.length], n],
  [300 + i, n],
]);

/** The largest error of `single` against `double`, each measured in the sum of the magnitudes of its terms. */
function error(single: Float64Array, double: Float64Array, magnitudes: Float64Array): number {
  return single.reduce((worst, v, i) => Math.max(worst, Math.abs(v - double[i]) / (magnitudes[i] || 1)), 0);
}

const magnitude = (v: Float64Array) => v.map(Math.abs);

describe.each(workspaces())('products in single precision, %s', (name, workspace) => {
  const gram = (A: Float64Array, rows: number, n: number, options: GramOptions, C = new Float64Array(n * n)) => {
    workspace.addGram(A, rows, n, C, options);
    return C;
  };

  it.each(SHAPES)('gram matrix of %i x %i: 1e-6 of its terms, weights of either sign, nothing above', (rows, n) => {
    const [stride, strideC] = [n + 3, n + 2];
    const a = normal(rows * stride, rows);
    const before = normal(n * strideC, 2);
    const either = normal(rows, 3);
    for (const [sign, weights] of [
      [1, undefined],
      [-1, undefined],
      [1, either],
      [-1, either],
    ] as const) {
      const options = { stride, strideC, weights, sign };
      const single = gram(a, rows, n, { ...options, single: true }, before.slice());
      const double = gram(a, rows, n, options, before.slice());
      const positive = { ...options, sign: 1, weights: weights && magnitude(weights) };
      const terms = gram(magnitude(a), rows, n, positive, magnitude(before));
      expect(error(single, double, terms)).toBeLessThan(1e-6);
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < strideC; j++) expect(single[i * strideC + j]).toBe(before[i * strideC + j]);
      }
    }
  });

  it.each(SHAPES)('A^T W B of %i x %i: 1e-6 of its terms', (rows, n) => {
    const a = normal(rows * n, 4);
    const either = normal(rows, 6);
    for (const k of [1, 5, 21]) {
      const b = normal(rows * k, k);
      const cross = (A: Float64Array, B: Float64Array, weights: Float64Array, single: boolean) => {
        const out = new Float64Array(n * k);
        workspace.addCross(A, rows, n, B, k, out, { weights, single });
        return out;
      };
      const terms = cross(magnitude(a), magnitude(b), magnitude(either), false);
      expect(error(cross(a, b, either, true), cross(a, b, either, false), terms)).toBeLessThan(1e-6);
    }
  });

  it.each([64, 640, 6400])('the error does not grow with the rows where all terms have one sign: %i', rows => {
    const n = 20;
    const a = normal(rows * n, 7).map(v => Math.exp(0.1 * v));
    const double = gram(a, rows, n, {});
    expect(error(gram(a, rows, n, { single: true }), double, double)).toBeLessThan(5e-7);
  });

  it('is exact for small whole numbers', () => {
    const [rows, n] = [203, 37];
    const a = normal(rows * n, 8).map(v => Math.round(8 * v));
    const weights = normal(rows, 9).map(v => Math.round(8 * v));
    expect(gram(a, rows, n, { weights, single: true })).toEqual(gram(a, rows, n, { weights }));
  });

  it.runIf(name !== 'plain')('is taken: 1 + 2^-30 counts as 1', () => {
    const a = new Float64Array(100 * 9).fill(1 + 2 ** -30);
    const C = gram(a, 100, 9, { single: true });
    for (let i = 0; i < 9; i++) for (let j = 0; j <= i; j++) expect(C[9 * i + j]).toBe(100);
  });
});
