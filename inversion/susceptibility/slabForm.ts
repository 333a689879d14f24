import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { dot } from '../../src/linearAlgebra/vectors.js';
import { random } from '../../src/random.js';
import type { DriftBasis } from './drift.js';
import { addRoughness, applyRoughness, type Roughness } from './roughness.js';
import type { SlabRows } from './slabRows.js';

/** The weighted problem with the offsets eliminated: squared residual = chi' H chi - 2 gradient' chi + energy. */
export interface SlabForm {
  readonly n: number;
  /** n x n, lower triangle, in the workspace. */
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
  readonly energy: number;
  /** Q' A, one row per column of the drift basis. */
  readonly coupling: Float64Array;
  /** Q' b. */
  readonly offsets: Float64Array;
  /** Orthonormal columns of the nuisance fields, in sigmas; their coefficients in the readings, and in the tiles' fields. */
  readonly nuisances: readonly {
    readonly column: Float64Array;
    readonly own: number;
    readonly coupling: Float64Array;
  }[];
  /** Readings that count. */
  readonly readings: number;
  /** Degrees of freedom of the offsets. */
  readonly spent: number;
}

/** Rows of the matrix that are held at a time. */
const BLOCK = 768;

/**
 * Sums up the normal equations block by block.
 * @param factor one over the standard deviation of each reading, 0 where it is left out
 * @param fields of known shape and unknown size that may be in the readings, T per unit; not combinations of each other
 */
export function slabForm(
  rows: SlabRows,
  value: Float64Array,
  factor: Float64Array,
  basis: DriftBasis,
  dense: DenseWorkspace,
  onProgress: (part: number) => void,
  fields: readonly Float64Array[] = [],
): SlabForm {
  const n = rows.slab.lattice.count;
  const count = value.length;
  const weighted = value.map((v, r) => v * factor[r]);
  const offsets = basis.coefficients(weighted);
  basis.project(weighted);
  const extra = nuisanceColumns(fields, factor, basis);
  const nuisances = Float64Array.from(extra, column => dot(column, weighted));
  extra.forEach((values, k) => {
    for (let r = 0; r < count; r++) weighted[r] -= nuisances[k] * values[r];
  });
  const nuisanceCoupling = new Float64Array(extra.length * n);
  const spent = basis.columns.length;
  const matrix = dense.allocate(n * n);
  const coupling = new Float64Array(spent * n);
  const gradient = new Float64Array(n);
  const piece = new Float64Array(n);
  const holders = columnsOfReading(basis, count);
  dense.temporarily(() => {
    const block = dense.allocate(Math.min(BLOCK, count) * n);
    for (let first = 0; first < count; first += BLOCK) {
      const last = Math.min(count, first + BLOCK);
      rows.fill(first, last, factor, block);
      dense.addGram(block, last - first, n, matrix);
      dense.timesTransposed(block, last - first, n, weighted.subarray(first, last), piece);
      for (let u = 0; u < n; u++) gradient[u] += piece[u];
      extra.forEach((values, k) => {
        dense.timesTransposed(block, last - first, n, values.subarray(first, last), piece);
        for (let u = 0; u < n; u++) nuisanceCoupling[k * n + u] += piece[u];
      });
      for (let r = first; r < last; r++) {
        for (const { column, value: q } of holders[r]) {
          for (let u = 0, a = (r - first) * n, c = column * n; u < n; u++) coupling[c + u] += q * block[a + u];
        }
      }
      onProgress(last / count);
    }
    const held = dense.allocate(Math.max(1, spent * n));
    held.set(coupling);
    if (spent > 0) dense.addGram(held, spent, n, matrix, { sign: -1 });
    if (extra.length > 0) dense.addGram(nuisanceCoupling, extra.length, n, matrix, { sign: -1 });
  });
  const energy = weighted.reduce((sum, v) => sum + v * v, 0);
  const used = factor.reduce((sum, f) => sum + (f > 0 ? 1 : 0), 0);
  return {
    n,
    matrix,
    gradient,
    energy,
    coupling,
    offsets,
    nuisances: extra.map((column, k) => ({
      column,
      own: nuisances[k],
      coupling: nuisanceCoupling.subarray(k * n, (k + 1) * n),
    })),
    readings: used,
    spent: spent + extra.length,
  };
}

/** The fields in sigmas without what offsets explain, made orthonormal one after the other. */
function nuisanceColumns(fields: readonly Float64Array[], factor: Float64Array, basis: DriftBasis): Float64Array[] {
  const out: Float64Array[] = [];
  for (const field of fields) {
    const values = field.map((v, r) => v * factor[r]);
    basis.project(values);
    for (const before of out) {
      const along = dot(before, values);
      for (let r = 0; r < values.length; r++) values[r] -= along * before[r];
    }
    const norm = Math.sqrt(dot(values, values));
    if (norm > 0) out.push(values.map(v => v / norm));
  }
  return out;
}

/** Which columns of the basis hold each reading, and with what value. */
function columnsOfReading(basis: DriftBasis, count: number): { column: number; value: number }[][] {
  const out: { column: number; value: number }[][] = Array.from({ length: count }, () => []);
  basis.columns.forEach(({ group, values }, column) => {
    const { readings } = basis.groups[group];
    for (let i = 0; i < values.length; i++) out[readings[i]].push({ column, value: values[i] });
  });
  return out;
}

/** The solution for one weight of the roughness. */
export interface SlabSolution {
  readonly chi: Float64Array;
  /** Squared residual in sigmas. */
  readonly residual: number;
  /** Roughness of chi. */
  readonly penalty: number;
  /** Effective degrees of freedom of the map, where asked for. */
  readonly degrees?: number;
  /** Inverse of H + lambda P, n x n, both triangles, where asked for. */
  readonly covariance?: Float64Array;
}

/** Random signs with which the trace is probed. */
const PROBES = 24;

/** Minimises squared residual + lambda penalty. @param factors of the roughness's rows, 1 if left out */
export function solveSlab(
  form: SlabForm,
  prior: Roughness,
  lambda: number,
  dense: DenseWorkspace,
  {
    factors,
    want = 'chi',
  }: { readonly factors?: Float64Array | undefined; readonly want?: 'chi' | 'degrees' | 'covariance' } = {},
): SlabSolution {
  const { n } = form;
  return dense.temporarily(() => {
    const factor = dense.allocate(n * n);
    factor.set(form.matrix);
    addRoughness(prior, lambda, factors, factor, n);
    // Hardly seen pixels at the rim of a map must not make the matrix singular.
    let trace = 0;
    for (let u = 0; u < n; u++) trace += factor[u * n + u];
    for (let u = 0; u < n; u++) factor[u * n + u] += (1e-13 * trace) / n;
    dense.cholesky(factor, n);
    const chi = form.gradient.slice();
    dense.solveCholesky(factor, n, chi, 1);
    const derivatives = new Float64Array(prior.rows);
    applyRoughness(prior, chi, derivatives);
    let penalty = 0;
    for (let r = 0; r < prior.rows; r++) penalty += prior.weight[r] * (factors?.[r] ?? 1) * derivatives[r] ** 2;
    let along = 0;
    for (let u = 0; u < n; u++) along += form.gradient[u] * chi[u];
    // At the minimum chi' (H + lambda P) chi = gradient' chi.
    const residual = Math.max(0, form.energy - along - lambda * penalty);
    const solved = { chi, residual, penalty };
    if (want === 'degrees') return { ...solved, degrees: n - probedTrace(prior, lambda, factors, factor, n, dense) };
    if (want === 'chi') return solved;
    const inverse = dense.allocate(n * n);
    dense.inverseFromCholesky(factor, n, inverse);
    const covariance = inverse.slice();
    return { ...solved, covariance };
  });
}

/** tr((H + lambda P)^-1 lambda P) by random signs (Hutchinson 1990): |L^-1 D' s|^2 with P = D' D. */
function probedTrace(
  prior: Roughness,
  lambda: number,
  factors: Float64Array | undefined,
  factor: Float64Array,
  n: number,
  dense: DenseWorkspace,
): number {
  const rng = random(1);
  const probes = new Float64Array(n * PROBES);
  for (let p = 0; p < PROBES; p++) {
    for (let r = 0; r < prior.rows; r++) {
      const size = Math.sqrt(lambda * prior.weight[r] * (factors?.[r] ?? 1));
      const s = rng.uniform() < 0.5 ? -size : size;
      for (let k = 4 * r; k < 4 * r + 4; k++) probes[prior.index[k] * PROBES + p] += s * prior.value[k];
    }
  }
  dense.forwardSolve(factor, n, probes, PROBES);
  let sum = 0;
  for (const v of probes) sum += v * v;
  return sum / PROBES;
}
