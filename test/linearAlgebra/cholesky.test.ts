import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import {
  lower,
  multiplied,
  normal,
  positive,
  relativeError,
  SIZES,
  symmetric,
  transposed,
  workspaces,
} from './support.js';

const LARGE = [517];
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));

describe.each(workspaces())('Cholesky, %s', (name, workspace) => {
  it.each([...SIZES, ...LARGE])('%i unknowns: L L^T = C, and its solves and inverses', n => {
    workspace.temporarily(() => {
      const stride = n + 3;
      const C = positive(n, n, stride);
      const c = symmetric(C, n, stride);
      const L = workspace.allocate(n * stride);
      L.set(C);
      workspace.cholesky(L, n, stride);
      const l = lower(L, n, stride);
      expect(relativeError(multiplied(l, transposed(l, n, n), n, n, n), c)).toBeLessThan(1e-14);
      expect(L.filter(Number.isNaN).length).toBe(C.filter(Number.isNaN).length);

      // One right side without gaps goes a way of its own.
      for (const [k, strideB] of [
        [1, 1],
        [1, 2],
        [3, 4],
        [18, 19],
      ]) {
        const B = normal(n * strideB, k);
        const solved = (kind: 'forwardSolve' | 'backSolve' | 'solveCholesky') => {
          const X = workspace.allocate(n * strideB);
          X.set(B);
          workspace[kind](L, n, X, k, { stride, strideB });
          if (strideB > k) for (let i = 0; i < n; i++) expect(X[i * strideB + k]).toBe(B[i * strideB + k]);
          return columns(X);
        };
        const columns = (X: Float64Array) =>
          Float64Array.from({ length: n * k }, (_, at) => X[Math.floor(at / k) * strideB + (at % k)]);
        const b = columns(B);
        expect(relativeError(multiplied(l, solved('forwardSolve'), n, n, k), b)).toBeLessThan(1e-12);
        expect(relativeError(multiplied(transposed(l, n, n), solved('backSolve'), n, n, k), b)).toBeLessThan(1e-12);
        expect(relativeError(multiplied(c, solved('solveCholesky'), n, n, k), b)).toBeLessThan(1e-12);
      }

      const inverse = workspace.allocate(n * (n + 1)).fill(Number.NaN);
      workspace.inverseFromCholesky(L, n, inverse, { stride, strideOut: n + 1 });
      const square = Float64Array.from({ length: n * n }, (_, at) => inverse[Math.floor(at / n) * (n + 1) + (at % n)]);
      expect(relativeError(multiplied(c, square, n, n, n), identity(n))).toBeLessThan(1e-12);
      expect(relativeError(square, transposed(square, n, n))).toBeLessThan(1e-13);
      const diagonal = workspace.inverseDiagonal(L, n, stride);
      const expected = Float64Array.from({ length: n }, (_, i) => square[i * n + i]);
      expect(relativeError(diagonal, expected)).toBeLessThan(1e-13);
    });
  });

  it('log det: twice the matrix has n log 2 more, and a triangle the product of its diagonal', () => {
    const n = 37;
    const C = positive(n, 1);
    const twice = C.map(v => 2 * v);
    workspace.cholesky(C, n);
    workspace.cholesky(twice, n);
    const difference = workspace.logDeterminant(twice, n) - workspace.logDeterminant(C, n);
    expect(difference).toBeCloseTo(n * Math.log(2), 10);
    expect(workspace.logDeterminant(Float64Array.of(2, 9, 9, 3), 2)).toBeCloseTo(Math.log(36), 14);
  });

  it.each([0, 5, 64, 129, 149])('names pivot %i of a matrix that is not positive definite', pivot => {
    const n = 150;
    const C = positive(n, 2);
    C[pivot * n + pivot] = -1;
    const attempt = () => workspace.cholesky(C, n);
    expect(attempt).toThrow(NumericalError);
    C.set(positive(n, 2));
    C[pivot * n + pivot] = pivot % 2 ? Number.NaN : -1;
    expect(attempt).toThrow(`pivot ${pivot} is`);
  });

  it('gives back what was taken temporarily, as zeros', () => {
    const bytes = 8 * 1000;
    const small = name !== 'plain' ? denseWorkspace(bytes) : workspace;
    for (let i = 0; i < 20_000; i++) {
      small.temporarily(() => {
        const array = small.allocate(900);
        if (i < 2) expect(array.every(v => v === 0)).toBe(true);
        if (i === 0) array.fill(1);
      });
    }
    expect(() => small.allocate(10_000_000)).toThrow('workspace');
  });
});
