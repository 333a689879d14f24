import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { type Random, random } from '../../src/random.js';
import { applyLaplacian } from './interiorLattice.js';
import type { BoundedModel } from './model.js';

/** What the posterior takes of the prior: tr(C P) of the covariance C and the prior's precision P, exactly and by probes. */

/** Probes of the stochastic trace. */
const PROBES = 32;

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
export function probedTrace(
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
    variance.forEach((v, sheet) => {
      for (let u = 0; u < nodes; u++) signs[u] = sign(rng) / Math.sqrt(v[u]);
      applyLaplacian(model.laplacian, signs, column);
      intoColumn(probes, column, sheet * nodes * PROBES + p, PROBES);
    });
    model.patterns.forEach(({ sd }, k) => {
      probes[(first + k) * PROBES + p] = sign(rng) / sd;
    });
  }
  dense.forwardSolve(factor, n, probes, PROBES);
  return probes.reduce((sum, v) => sum + v * v, 0) / PROBES;
}

function sign(rng: Random): number {
  return rng.uniform() < 0.5 ? -1 : 1;
}

/** Writes a column of a matrix from its first element on. */
function intoColumn(matrix: Float64Array, column: Float64Array, first: number, stride: number): void {
  for (let u = 0, at = first; u < column.length; u++, at += stride) matrix[at] = column[u];
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
