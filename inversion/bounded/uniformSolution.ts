import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import {
  type KeptSolution,
  keptFactor,
  roughKeptFactor,
  roughlySolvedBy,
  solvedBy,
  solveKept,
  uniformVariance,
} from './departurePrior.js';
import type { ReducedForm } from './elimination.js';
import { Memo } from './memo.js';
import type { BoundedModel } from './model.js';
import { priorTrace } from './priorTrace.js';

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
  const { n, large, single } = reduced;
  if (large === undefined) return solveKept(model, reduced, variance, dense, withInverse, 0, room);
  /** A factor, in a workspace of its own, which it leaves to those that come. */
  const kept = (name: string, make: () => Float64Array | undefined) =>
    large.once(`${density} ${name}`, () => {
      const factor = make();
      if (factor === undefined) return undefined;
      const store = denseWorkspace(8 * n * n);
      return { store, factor: store.copied(factor), about: new Memo() };
    });
  return dense.temporarily(() => {
    const rough = single ? kept('rough', () => roughKeptFactor(model, reduced, variance, dense)) : undefined;
    const roughly =
      rough && roughlySolvedBy(rough.factor, model, reduced, variance, dense, rough.store, Boolean(withInverse));
    const exact = roughly ? undefined : kept('exact', () => keptFactor(model, reduced, variance, dense));
    const { store, factor, about } = (exact ?? rough)!;
    const solution = roughly ?? solvedBy(factor, model, reduced, variance, store);
    if (!withInverse) return solution;
    const inverted = () => {
      const inverse = dense.room(n * n);
      dense.inverseFromCholesky(dense.copied(factor), n, inverse, { single: roughly !== undefined });
      const degrees = n - priorTrace(model, inverse, variance, n);
      return withInverse === 'trace' ? { degrees } : { degrees, covariance: inverse.slice() };
    };
    return { ...solution, ...about.once(`${withInverse}`, inverted) };
  });
}
