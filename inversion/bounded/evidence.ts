import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { priorOfKept } from './departurePrior.js';
import type { ReducedForm } from './elimination.js';
import type { BoundedModel } from './model.js';

/**
 * Log of the marginal likelihood of weighted readings, up to a constant that all models share: -J/2 - (log det (N + P) -
 * log det P)/2, with J the least of squared residual plus penalties, N the normal matrix and P the prior's precision.
 */
export function logEvidence(
  model: BoundedModel,
  { n, form, gradient, energy, outsideLog }: ReducedForm,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): number {
  return dense.temporarily(() => {
    const prior = dense.allocate(n * n);
    priorOfKept(model, variance, prior);
    const matrix = dense.allocate(n * n);
    for (let i = 0; i < n * n; i++) matrix[i] = prior[i] + form[i];
    dense.cholesky(prior, n);
    dense.cholesky(matrix, n);
    const along = Float64Array.from(gradient);
    dense.forwardSolve(matrix, n, along, 1);
    const least = along.reduce((left, v) => left - v * v, energy);
    return -0.5 * (least + outsideLog + dense.logDeterminant(matrix, n) - dense.logDeterminant(prior, n));
  });
}

/** What a reading that was left out costs: as one at the bound of that. */
const LEFT_OUT = 12.5;

/**
 * Log of the readings' weights, which a model that fails lowers.
 * @param deviation of each reading, T @param unit that all models share, T
 */
export function logWeights(weights: Float64Array, deviation: Float64Array, unit: Float64Array): number {
  return weights.reduce(
    (sum, w, r) => sum + (w > 0 ? Math.log(w * unit[r]) : Math.log(unit[r] / deviation[r]) - LEFT_OUT),
    0,
  );
}
