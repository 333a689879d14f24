import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import { type KeptSolution, keptFactor, priorTrace, solvedBy, solveKept, uniformVariance } from './departurePrior.js';
import type { ReducedForm } from './elimination.js';
import { Memo } from './memo.js';
import type { BoundedModel } from './model.js';

/**
 * {@link solveKept} for the uniform prior. Where the form has further gradients to come, the factor and the posterior of a density are
 * made once; the numbers are the same.
 */
export function solveUniform(
  model: BoundedModel,
  reduced: ReducedForm,
  density: number,
  dense: DenseWorkspace,
  withInverse: boolean | 'trace',
  room?: Float64Array,
): KeptSolution {
  const variance = uniformVariance(model, density);
  const { n, large } = reduced;
  // In full precision, as the factors that are kept for further gradients are.
  const exact = { ...reduced, single: false };
  if (large === undefined) return solveKept(model, exact, variance, dense, withInverse, 0, room);
  return dense.temporarily(() => {
    const { store, factor, about } = large.once(`${density}`, () => {
      const own = denseWorkspace(8 * n * n);
      return { store: own, factor: own.copied(keptFactor(model, reduced, variance, dense)), about: new Memo() };
    });
    const solution = solvedBy(factor, model, reduced, variance, store);
    if (!withInverse) return solution;
    const inverted = () => {
      const inverse = dense.room(n * n);
      dense.inverseFromCholesky(dense.copied(factor), n, inverse);
      const degrees = n - priorTrace(model, inverse, variance, n);
      return withInverse === 'trace' ? { degrees } : { degrees, covariance: inverse.slice() };
    };
    return { ...solution, ...about.once(`${withInverse}`, inverted) };
  });
}
