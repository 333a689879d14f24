import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { ReducedForm, ReducedMatrix } from './elimination.js';
import { addLaplacianPrior, applyLaplacian } from './interiorLattice.js';
import type { BoundedModel } from './model.js';

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
    const matrix = keptFactor(model, reduced, variance, dense);
    const { x, residual, penalty } = solvedBy(matrix, model, reduced, variance, dense);
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
    const inverse = room ?? dense.allocate(n * n);
    dense.inverseFromCholesky(matrix, n, inverse);
    const degrees = n - priorTrace(model, inverse, variance, n);
    return withInverse === 'trace'
      ? { x, residual, penalty, degrees }
      : { x, residual, penalty, degrees, covariance: room ?? inverse.slice() };
  };
  return dense.temporarily(work);
}

/** The Cholesky factor of the form plus the prior, n x n, in the workspace. */
export function keptFactor(
  model: BoundedModel,
  { n, form }: ReducedMatrix,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): Float64Array {
  const matrix = dense.allocate(n * n);
  matrix.set(form);
  priorOfKept(model, variance, matrix);
  dense.cholesky(matrix, n);
  return matrix;
}

/** The solution by that factor. */
export function solvedBy(
  factor: Float64Array,
  model: BoundedModel,
  { n, gradient, energy }: ReducedForm,
  variance: readonly Float64Array[],
  dense: DenseWorkspace,
): { x: Float64Array; residual: number; penalty: number } {
  const nodes = model.interior.count;
  const first = model.departures.length * nodes;
  const x = Float64Array.from(gradient);
  dense.solveCholesky(factor, n, x, 1);
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
  return { x, residual: energy - along - penalty - patternPenalty, penalty };
}

/** tr(C P) for the prior precision P. */
export function priorTrace(
  model: BoundedModel,
  covariance: Float64Array,
  variance: readonly Float64Array[],
  n: number,
): number {
  const nodes = model.interior.count;
  let trace = 0;
  variance.forEach((v, sheet) => {
    const diagonal = laplacianOfCovariance(model, covariance, n, sheet * nodes);
    for (let u = 0; u < nodes; u++) trace += diagonal[u] / v[u];
  });
  const first = model.departures.length * nodes;
  model.patterns.forEach(({ sd }, p) => {
    trace += covariance[(first + p) * n + first + p] / (sd * sd);
  });
  return trace;
}

/**
 * {@link priorTrace} by random signs (Hutchinson 1990): tr(P^1/2 C P^1/2), for a symmetric matrix with eigenvalues between 0 and 1
 * scatters little; P^1/2 is the Laplacian, which is symmetric, over its deviation.
 * @param factor of C^-1
 */
function probedTrace(
  model: BoundedModel,
  factor: Float64Array,
  variance: readonly Float64Array[],
  n: number,
  dense: DenseWorkspace,
): number {
  const nodes = model.interior.count;
  const first = model.departures.length * nodes;
  const rng = random(1);
  const probes = new Float64Array(n * PROBES);
  const [signs, column] = [new Float64Array(nodes), new Float64Array(nodes)];
  for (let p = 0; p < PROBES; p++) {
    const sign = () => (rng.uniform() < 0.5 ? -1 : 1);
    variance.forEach((v, sheet) => {
      for (let u = 0; u < nodes; u++) signs[u] = sign() / Math.sqrt(v[u]);
      applyLaplacian(model.laplacian, signs, column);
      for (let u = 0; u < nodes; u++) probes[(sheet * nodes + u) * PROBES + p] = column[u];
    });
    model.patterns.forEach(({ sd }, k) => {
      probes[(first + k) * PROBES + p] = sign() / sd;
    });
  }
  dense.forwardSolve(factor, n, probes, PROBES);
  return probes.reduce((sum, v) => sum + v * v, 0) / PROBES;
}

/** Posterior variance of laplacian psi at every node: the diagonal of L C L'. */
export function laplacianOfCovariance(
  model: BoundedModel,
  covariance: Float64Array,
  n: number,
  at: number,
): Float64Array {
  const { neighbours, alongX, alongY, centre } = model.laplacian;
  const index = new Int32Array(5);
  const value = new Float64Array(5);
  return Float64Array.from({ length: model.interior.count }, (_, u) => {
    index[0] = u;
    value[0] = centre;
    let m = 1;
    for (let k = 0; k < 4; k++) {
      const v = neighbours[4 * u + k];
      if (v < 0) continue;
      index[m] = v;
      value[m++] = k < 2 ? alongX : alongY;
    }
    let sum = 0;
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) sum += value[a] * value[b] * covariance[(at + index[a]) * n + at + index[b]];
    }
    return sum;
  });
}

/** Floor of the sparse prior's deviation, in deviations of the uniform one, and the length over which it is smooth, m. */
const FLOOR = 0.1;
const SMOOTHING = 1.5e-3;
/** Probes of the stochastic trace. */
const PROBES = 32;

/**
 * Sparse departures. In the healthy part psi is harmonic, so laplacian psi is zero except where a foil is damaged: a prior
 * of log(w^2 + floor^2) on w = laplacian psi, minimised by reweighted least squares. The variance of the next round is the
 * square of this one's w, smoothed over a millimetre or two, plus the floor's. With `last`, the variances of so many last unknowns
 * come along.
 */
export function solveSparse(
  model: BoundedModel,
  reduced: ReducedForm,
  density: number,
  start: Pick<KeptSolution, 'x'>,
  dense: DenseWorkspace,
  {
    rounds,
    last = 0,
    onRound = () => {},
  }: { readonly rounds: number; readonly last?: number; readonly onRound?: (part: number) => void },
): { solution: KeptSolution; variance: Float64Array[] } {
  const nodes = model.interior.count;
  const uniform = uniformVariance(model, density)[0][0];
  let { x } = start;
  let solution: KeptSolution | undefined;
  let variance: Float64Array[] = [];
  for (let round = 0; round < rounds; round++) {
    variance = model.departures.map((_, sheet) => {
      const w = new Float64Array(nodes);
      applyLaplacian(model.laplacian, x.subarray(sheet * nodes, (sheet + 1) * nodes), w);
      return smoothed(
        model,
        w.map(v => v * v),
      ).map(v => v + FLOOR * FLOOR * uniform);
    });
    solution = solveKept(
      model,
      reduced,
      variance,
      dense,
      round === rounds - 1 && 'probed trace',
      round === rounds - 1 ? last : 0,
    );
    ({ x } = solution);
    onRound((round + 1) / rounds);
  }
  return { solution: solution!, variance };
}

/** Gaussian mean over the nodes inside. */
function smoothed({ interior }: BoundedModel, values: Float64Array): Float64Array {
  const { nx, ny, dx, dy, unknown } = interior;
  const along = (data: Float64Array, n: number, stride: number, step: number) => {
    const reach = Math.ceil((3 * SMOOTHING) / step);
    const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-0.5 * (((i - reach) * step) / SMOOTHING) ** 2),
    );
    return data.map((_, i) => {
      const at = Math.floor(i / stride) % n;
      let sum = 0;
      for (let k = Math.max(-reach, -at); k <= Math.min(reach, n - 1 - at); k++)
        sum += kernel[k + reach] * data[i + k * stride];
      return sum;
    });
  };
  const both = (data: Float64Array) => along(along(data, nx, 1, dx), ny, nx, dy);
  const sum = both(Float64Array.from(unknown, u => (u < 0 ? 0 : values[u])));
  const volume = both(Float64Array.from(unknown, u => (u < 0 ? 0 : 1)));
  const out = new Float64Array(values.length);
  for (let i = 0; i < unknown.length; i++) if (unknown[i] >= 0) out[unknown[i]] = sum[i] / volume[i];
  return out;
}
