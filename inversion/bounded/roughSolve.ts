import { NumericalError } from '../../src/errors.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { dot } from '../../src/linearAlgebra/vectors.js';

/** The solution is exact enough where a step changes this part of the squared length x'Mx, */
const ENOUGH = 1e-12;
/** each step must be so much smaller than the last one, squared, */
const FASTER = 0.01;
/** and so many steps are made at most. */
const STEPS = 5;

/** Factorises M (n x n, lower triangle) in place in single precision, at half the time; whether it can be, else it is spoilt. */
export function roughFactor(M: Float64Array, n: number, dense: DenseWorkspace): boolean {
  try {
    dense.cholesky(M, n, n, true);
    return true;
  } catch (error) {
    if (error instanceof NumericalError) return false;
    throw error;
  }
}

/**
 * Solves M x = b by such a factor and steps x += (L L')^-1 (b - M x) with the matrix as it is.
 * @param times M x
 * @param most part of x that the first step back may change, which is how far the factor is off; default any that leads to x
 * @returns undefined where the factor is too rough for M
 */
export function roughSolve(
  factor: Float64Array,
  b: Float64Array,
  times: (x: Float64Array) => Float64Array,
  dense: DenseWorkspace,
  most = Number.POSITIVE_INFINITY,
): Float64Array | undefined {
  const n = b.length;
  const x = new Float64Array(n);
  const left = Float64Array.from(b);
  let [first, last] = [0, Number.POSITIVE_INFINITY];
  for (let step = 0; step <= STEPS; step++) {
    const change = left.slice();
    dense.solveCholesky(factor, n, change, 1);
    const size = dot(left, change);
    if (!(size <= FASTER * last) || (step === 1 && size > most * most * first)) return undefined;
    for (let i = 0; i < n; i++) x[i] += change[i];
    if (step === 0) first = size;
    if (size <= ENOUGH * first) return x;
    last = size;
    const product = times(x);
    for (let i = 0; i < n; i++) left[i] = b[i] - product[i];
  }
  return undefined;
}
