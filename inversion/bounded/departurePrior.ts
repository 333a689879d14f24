import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { ReducedForm, ReducedMatrix } from './elimination.js';
import { addLaplacianPrior, applyLaplacian } from './interiorLattice.js';
import type { BoundedModel } from './model.js';
import { priorTrace, probedTrace } from './priorTrace.js';
import { roughFactor, roughSolve } from './roughSolve.js';

/** Variances by a factor that is off by no more than this are good to as many parts. */
const FOR_VARIANCES = 1e-4;

/** The kept unknowns at their most probable values, and what the posterior says of them. */
export interface KeptSolution {
  readonly x: Float64Array;
  /** min over outside of the squared residual plus the penalty outside. */
  readonly residual: number;
  /** x' P x of the departures. */
  readonly penalty: number;
  /** tr(influence) of the kept unknowns; only with `withInverse`. */
  readonly degrees?: number;
  /** Posterior covariance of the kept unknowns, n x n, both triangles; only with `withInverse`, not with a trace. */
  readonly covariance?: Float64Array;
  /** Posterior variance of the last unknowns, as many as were asked for. */
  readonly lastVariance?: Float64Array;
}

/** Prior variance of laplacian psi at every node, (A/m^2)^2, per sheet, for a density s^2 (A^2/m^2) that is the same everywhere. */
export function uniformVariance(model: BoundedModel, density: number): Float64Array[] {
  const { count, dx, dy } = model.interior;
  return model.departures.map(() => new Float64Array(count).fill(density / (dx * dy)));
}

/** Adds the prior's precision of departures and patterns to a matrix of the kept unknowns, lower triangle. */
export function priorOfKept(model: BoundedModel, variance: readonly Float64Array[], matrix: Float64Array): void {
  const nodes = model.interior.count;
  const n = model.departures.length * nodes + model.patterns.length;
  variance.forEach((v, sheet) => {
    addLaplacianPrior(model.laplacian, v, matrix, n, sheet * nodes);
  });
  model.patterns.forEach(({ sd }, p) => {
    const at = model.departures.length * nodes + p;
    matrix[at * n + at] += 1 / (sd * sd);
  });
}

/** The same precision times a vector of the kept unknowns. */
function timesPrior(model: BoundedModel, variance: readonly Float64Array[], x: Float64Array): Float64Array {
  const nodes = model.interior.count;
  const out = new Float64Array(x.length);
  const w = new Float64Array(nodes);
  variance.forEach((v, sheet) => {
    const [from, to] = [sheet * nodes, (sheet + 1) * nodes];
    applyLaplacian(model.laplacian, x.subarray(from, to), w);
    for (let u = 0; u < nodes; u++) w[u] /= v[u];
    // The Laplacian is symmetric.
    applyLaplacian(model.laplacian, w, out.subarray(from, to));
  });
  const first = model.departures.length * nodes;
  model.patterns.forEach(({ sd }, p) => {
    out[first + p] = x[first + p] / (sd * sd);
  });
  return out;
}

/**
 * Minimises the reduced form plus the prior of the departures (variance of their Laplacian) and of the patterns.
 * @param last so many last unknowns get a variance @param room n x n numbers of the workspace, if the covariance may stand there
 */
export function solveKept(
  model: BoundedModel,
  reduced: ReducedForm,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
  withInverse: boolean | 'trace' | 'probed trace',
  last = 0,
  room?: Float64Array,
): KeptSolution {
  const { n } = reduced;
  const work = () => {
    // The variances of unknowns that the readings hardly tell take an exact factor.
    const mayBeRough = reduced.single && last === 0;
    const factor = mayBeRough ? roughKeptFactor(model, reduced, variance, dense) : undefined;
    const rough = factor && roughlySolvedBy(factor, model, reduced, variance, dense, dense, Boolean(withInverse));
    const matrix = rough && factor ? factor : keptFactor(model, reduced, variance, dense);
    const { x, residual, penalty } = rough ?? solvedBy(matrix, model, reduced, variance, dense);
    if (last > 0) {
      const units = new Float64Array(n * last);
      for (let k = 0; k < last; k++) units[(n - last + k) * last + k] = 1;
      dense.solveCholesky(matrix, n, units, last);
      const lastVariance = Float64Array.from({ length: last }, (_, k) => units[(n - last + k) * last + k]);
      return { x, residual, penalty, lastVariance };
    }
    if (!withInverse) return { x, residual, penalty };
    if (withInverse === 'probed trace') {
      return { x, residual, penalty, degrees: n - probedTrace(model, matrix, variance, n, dense) };
    }
    const inverse = room ?? dense.room(n * n);
    dense.inverseFromCholesky(matrix, n, inverse, { single: rough !== undefined });
    const degrees = n - priorTrace(model, inverse, variance, n);
    return withInverse === 'trace'
      ? { x, residual, penalty, degrees }
      : { x, residual, penalty, degrees, covariance: room ?? inverse.slice() };
  };
  return dense.temporarily(work);
}

type Solved = Pick<KeptSolution, 'x' | 'residual' | 'penalty'>;

/** The Cholesky factor of the form plus the prior, n x n, in the workspace. */
export function keptFactor(
  model: BoundedModel,
  { n, form }: ReducedMatrix,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): Float64Array {
  const matrix = dense.copied(form);
  priorOfKept(model, variance, matrix);
  dense.cholesky(matrix, n);
  return matrix;
}

/** The solution by that factor. */
export function solvedBy(
  factor: Float64Array,
  model: BoundedModel,
  reduced: ReducedForm,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): Solved {
  const x = Float64Array.from(reduced.gradient);
  dense.solveCholesky(factor, reduced.n, x, 1);
  return { x, ...terms(model, reduced, variance, x) };
}

/** {@link keptFactor} in single precision; undefined where that does not do. */
export function roughKeptFactor(
  model: BoundedModel,
  { n, form }: ReducedMatrix,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): Float64Array | undefined {
  const matrix = dense.copied(form);
  priorOfKept(model, variance, matrix);
  return roughFactor(matrix, n, dense) ? matrix : undefined;
}

/**
 * The solution by such a factor (`roughSolve`), as exact as by the other one; undefined where it is too rough for that.
 * @param dense where the form stands @param store where the factor stands @param forVariances whether the factor has to do for variances
 */
export function roughlySolvedBy(
  factor: Float64Array,
  model: BoundedModel,
  reduced: ReducedForm,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
  store = dense,
  forVariances = false,
): Solved | undefined {
  const { n, form, gradient } = reduced;
  const times = (v: Float64Array) => {
    const out = timesPrior(model, variance, v);
    dense.addSymmetric(form, n, v, out);
    return out;
  };
  const x = roughSolve(factor, gradient, times, store, forVariances ? FOR_VARIANCES : undefined);
  return x && { x, ...terms(model, reduced, variance, x) };
}

/** The terms of the minimum at x. */
function terms(
  model: BoundedModel,
  { n, gradient, energy }: ReducedForm,
  variance: readonly Float64Array[],
  x: Float64Array,
): { residual: number; penalty: number } {
  const nodes = model.interior.count;
  const first = model.departures.length * nodes;
  let penalty = 0;
  const w = new Float64Array(nodes);
  variance.forEach((v, sheet) => {
    applyLaplacian(model.laplacian, x.subarray(sheet * nodes, (sheet + 1) * nodes), w);
    for (let u = 0; u < nodes; u++) penalty += (w[u] * w[u]) / v[u];
  });
  let patternPenalty = 0;
  model.patterns.forEach(({ sd }, p) => {
    patternPenalty += (x[first + p] / sd) ** 2;
  });
  let along = 0;
  for (let i = 0; i < n; i++) along += gradient[i] * x[i];
  return { residual: energy - along - penalty - patternPenalty, penalty };
}
