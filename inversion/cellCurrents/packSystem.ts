import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { LinearModel } from '../bounded/linearModel.js';
import { fittedReadings } from '../bounded/modelRows.js';
import { addReadings, bestSummation, crossProducts, normalEquations } from '../bounded/normalEquations.js';
import type { ScanReadings } from '../bounded/scanReadings.js';

/** A sum of the first unknowns that is known: their number, and its standard deviation, A. */
export interface KnownSum {
  readonly count: number;
  readonly sigma: number;
}

/** Readings that count less, or not at all: which, and the part of their squared weight that is left. */
export interface LessWeight {
  readonly which: Int32Array;
  readonly left: Float64Array;
}

/** A factorised system: many scans may be solved with it. */
export interface Factorised {
  /**
   * The unknowns of each scan.
   * @param values readings, T, of each scan @param sums what the known sum is in each, A
   */
  solve(values: readonly Float64Array[], sums?: readonly number[]): Float64Array[];
  /** Rows of the covariance of the unknowns: one for each of the given ones, all unknowns long. */
  covariance(unknowns: readonly number[]): Float64Array[];
  /** Effective number of readings that the unknowns spend. */
  readonly degrees: number;
}

/** The weighted normal equations of one geometry. */
export interface PackSystem {
  /** Holds until the next call. @param less readings with less weight than the others */
  factorise(less?: LessWeight, known?: KnownSum): Factorised;
  /** Readings that follow from the unknowns, T. */
  readings(x: Float64Array): Float64Array;
}

/** Probes of the stochastic trace. */
const PROBES = 24;

/**
 * Sums up the normal equations N = A' W^2 A of a linear model with the priors of patterns and sheets, P, for any number of
 * scans that share positions and weights: (N + P) x = A' W^2 b.
 * @param weights one over the standard deviation of each reading, none of them zero
 */
export function packSystem(
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
): PackSystem {
  const { unknowns: n, kept } = model;
  const equations = normalEquations(
    model,
    readings,
    weights,
    dense,
    () => {},
    bestSummation(model, readings, false),
  );
  const factor = dense.allocate(n * n);
  return {
    readings: x => fittedReadings(equations, model, readings, x.subarray(0, kept), x.subarray(kept)),
    factorise(less, known) {
      const part = less === undefined ? undefined : Float64Array.from(less.left, left => left - 1);
      if (less) addReadings(equations, model, readings, weights, less.which, part!, dense);
      factor.set(equations.matrix);
      if (less) addReadings(equations, model, readings, weights, less.which, part!.map(v => -v), dense);
      addPriors(factor, model);
      if (known) {
        for (let i = 0; i < known.count; i++) for (let j = 0; j <= i; j++) factor[i * n + j] += 1 / known.sigma ** 2;
      }
      dense.cholesky(factor, n);
      const remaining = new Float64Array(readings.count).fill(1);
      less?.which.forEach((r, i) => {
        remaining[r] = less.left[i];
      });
      return {
        solve(values, sums) {
          const patterns = values.map(own => own.map((v, r) => remaining[r] * (v - model.base[r])));
          const right = crossProducts(model, readings, weights, patterns, equations.rows);
          const k = values.length;
          if (known && sums) {
            for (let i = 0; i < known.count; i++)
              for (let s = 0; s < k; s++) right[i * k + s] += sums[s] / known.sigma ** 2;
          }
          return solved(right, k);
        },
        covariance(unknowns) {
          const right = new Float64Array(n * unknowns.length);
          unknowns.forEach((u, c) => {
            right[u * unknowns.length + c] = 1;
          });
          return solved(right, unknowns.length);
        },
        degrees: spentDegrees(model, factor, dense),
      };
    },
  };

  /** Columns of (N + P)^-1 times a matrix n x k. */
  function solved(right: Float64Array, k: number): Float64Array[] {
    return dense.temporarily(() => {
      const b = dense.allocate(n * k);
      b.set(right);
      dense.solveCholesky(factor, n, b, k);
      return Array.from({ length: k }, (_, c) => Float64Array.from({ length: n }, (_, i) => b[i * k + c]));
    });
  }
}

function addPriors(matrix: Float64Array, { patterns, outside, kept, unknowns: n }: LinearModel): void {
  patterns.forEach(({ sd }, i) => {
    matrix[i * n + i] += 1 / sd ** 2;
  });
  let at = kept;
  for (const { sources, precision } of outside) {
    const m = sources.count;
    for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) matrix[(at + i) * n + at + j] += precision[i * m + j];
    at += m;
  }
}

/** n - tr(L^-1 P L^-T) with L L' = N + P, by random probes (Hutchinson 1990); all its eigenvalues are between 0 and 1. */
function spentDegrees(model: LinearModel, factor: Float64Array, dense: DenseWorkspace): number {
  const { unknowns: n, kept } = model;
  const rng = random(1);
  let trace = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const y = Float64Array.from({ length: n }, () => (rng.uniform() < 0.5 ? -1 : 1));
    dense.backSolve(factor, n, y, 1);
    model.patterns.forEach(({ sd }, i) => {
      trace += (y[i] / sd) ** 2;
    });
    let at = kept;
    for (const { sources, precision } of model.outside) {
      const m = sources.count;
      for (let i = 0; i < m; i++) {
        let sum = 0;
        for (let j = 0; j < m; j++) sum += precision[i * m + j] * y[at + j];
        trace += y[at + i] * sum;
      }
      at += m;
    }
  }
  return Math.max(0, n - trace / PROBES);
}
