import { identity, solveSmall } from '../../src/linearAlgebra/smallSystem.js';
import { dot } from '../../src/linearAlgebra/vectors.js';

export interface Fit {
  /** One per column; 0 for a column that was dropped. */
  readonly coefficients: Float64Array;
  /** (X^T X)^-1, p x p; times the variance of a sample the covariance of the coefficients. */
  readonly covariance: Float64Array;
  /** y less what was fitted. */
  readonly residuals: Float64Array;
  /** Columns that were kept. */
  readonly rank: number;
}

/**
 * Ordinary least squares y = X c for a few columns. Where the columns cannot be told apart the last ones are dropped:
 * put first what must be found.
 */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): Fit {
  const p = columns.length;
  for (let rank = Math.min(p, y.length); rank > 0; rank--) {
    const normal = new Float64Array(rank * rank);
    const right = new Float64Array(rank);
    for (let i = 0; i < rank; i++) {
      right[i] = dot(columns[i], y);
      for (let j = 0; j <= i; j++) normal[i * rank + j] = normal[j * rank + i] = dot(columns[i], columns[j]);
    }
    const inverse = solveSmall(normal, rank, identity(rank), rank);
    if (inverse === undefined) continue;
    const coefficients = new Float64Array(p);
    const covariance = new Float64Array(p * p);
    for (let i = 0; i < rank; i++) {
      for (let j = 0; j < rank; j++) {
        covariance[i * p + j] = inverse[i * rank + j];
        coefficients[i] += inverse[i * rank + j] * right[j];
      }
    }
    const residuals = Float64Array.from(y);
    for (let i = 0; i < rank; i++) for (let k = 0; k < y.length; k++) residuals[k] -= coefficients[i] * columns[i][k];
    return { coefficients, covariance, residuals, rank };
  }
  return {
    coefficients: new Float64Array(p),
    covariance: new Float64Array(p * p),
    residuals: Float64Array.from(y),
    rank: 0,
  };
}
