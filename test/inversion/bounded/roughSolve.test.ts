import { describe, expect, it } from 'vitest';
import { roughFactor, roughSolve } from '../../../inversion/bounded/roughSolve.js';
import { denseWorkspace } from '../../../src/linearAlgebra/index.js';
import { multiplied, normal, positive, relativeError, symmetric } from '../../linearAlgebra/support.js';

const N = 203;

/** A matrix whose eigenvalues go from some hundred down to about that times `least`, in sine waves. */
function withCondition(least: number): Float64Array {
  const scaled = positive(N, 5);
  const d = Float64Array.from({ length: N }, (_, i) => least ** (i / (2 * N)));
  const mixed = symmetric(scaled, N).map((v, at) => v * d[Math.floor(at / N)] * d[at % N]);
  const turn = Float64Array.from({ length: N * N }, (_, at) => {
    const [i, j] = [Math.floor(at / N), at % N];
    return Math.sqrt(2 / (N + 1)) * Math.sin((Math.PI * (i + 1) * (j + 1)) / (N + 1));
  });
  return multiplied(multiplied(turn, mixed, N, N, N), turn, N, N, N);
}

describe('solution by a factor in single precision', () => {
  const dense = denseWorkspace(16e6);
  const b = normal(N, 2);

  /** The solution, from the lower triangle alone. */
  const solved = (matrix: Float64Array, most?: number) =>
    dense.temporarily(() => {
      const factor = dense.allocate(N * N);
      factor.set(matrix);
      const times = (x: Float64Array) => {
        const out = new Float64Array(N);
        dense.addSymmetric(matrix, N, x, out);
        return out;
      };
      return roughFactor(factor, N, dense) ? roughSolve(factor, b, times, dense, most) : undefined;
    });

  it.each([1, 1e-3, 1e-5])('M x = b to double precision, eigenvalues down to %d of the largest', least => {
    const matrix = withCondition(least);
    const x = solved(matrix);
    expect(x).toBeDefined();
    expect(relativeError(multiplied(matrix, x!, N, N, 1), b)).toBeLessThan(1e-9);
  });

  it('tells how far the factor is off: less than asked for, or no solution', () => {
    // Eight digits, less the condition's.
    expect(solved(withCondition(1), 1e-5)).toBeDefined();
    expect(solved(withCondition(1), 1e-12)).toBeUndefined();
    expect(solved(withCondition(1e-5))).toBeDefined();
    expect(solved(withCondition(1e-5), 1e-5)).toBeUndefined();
  });

  it('owns up to a matrix that is too much for it, or not positive definite', () => {
    expect(solved(withCondition(1e-12))).toBeUndefined();
    const indefinite = withCondition(1).map((v, at) => (at % (N + 1) === 0 ? v - 3 * N : v));
    expect(solved(indefinite)).toBeUndefined();
  });
});
