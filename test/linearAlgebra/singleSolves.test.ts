import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { lower, multiplied, normal, positive, relativeError, symmetric, transposed, workspaces } from './support.js';

/** What single precision may do to a factor and to a solution with it: 1e-7 of each product, a few hundred of them. */
const ROUNDED = 1e-6;

describe.each(workspaces())('factors and solutions in single precision, %s', (name, workspace) => {
  it.each([5, 64, 130, 203, 517])('%i unknowns: L L^T = C, and L X = B', n => {
    workspace.temporarily(() => {
      const [stride, k] = [n + 3, 18];
      const C = positive(n, n, stride);
      const L = workspace.allocate(n * stride);
      L.set(C);
      workspace.cholesky(L, n, stride, true);
      const l = lower(L, n, stride);
      const square = multiplied(l, transposed(l, n, n), n, n, n);
      expect(relativeError(square, symmetric(C, n, stride))).toBeLessThan(ROUNDED);
      expect(L.filter(Number.isNaN).length).toBe(C.filter(Number.isNaN).length);
      const B = normal(n * k, 2);
      const X = workspace.allocate(n * k);
      X.set(B);
      workspace.forwardSolve(L, n, X, k, { stride, single: true });
      expect(relativeError(multiplied(l, X, n, n, k), B)).toBeLessThan(ROUNDED);
      const [single, double] = [true, false].map(may => {
        const out = workspace.allocate(n * n);
        workspace.inverseFromCholesky(L, n, out, { stride, single: may });
        return out;
      });
      expect(relativeError(single, double)).toBeLessThan(ROUNDED);
    });
  });

  it.runIf(name !== 'plain')('is taken where there is more than one block', () => {
    workspace.temporarily(() => {
      const n = 203;
      const [single, double] = [true, false].map(may => {
        const L = workspace.allocate(n * n);
        L.set(positive(n, 1));
        workspace.cholesky(L, n, n, may);
        return lower(L, n);
      });
      expect(relativeError(single, double)).toBeGreaterThan(1e-10);
    });
  });

  it('names a matrix that is not positive definite', () => {
    workspace.temporarily(() => {
      const n = 150;
      const C = workspace.allocate(n * n);
      C.set(positive(n, 3));
      C[140 * n + 140] = -1;
      expect(() => workspace.cholesky(C, n, n, true)).toThrow(NumericalError);
    });
  });
});
