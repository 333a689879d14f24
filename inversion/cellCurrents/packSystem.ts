import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { LinearModel } from '../bounded/linearModel.js';
import { fittedReadings } from '../bounded/modelRows.js';
import { bestSummation, crossProducts, normalEquations } from '../bounded/normalEquations.js';
import type { ScanReadings } from '../bounded/scanReadings.js';

/** A sum of the first unknowns that is known: their number, and its standard deviation, A. */
export interface KnownSum {
  readonly count: number;
  readonly sigma: number;
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
  /**
   * Log marginal likelihood of each scan for these priors, up to what does not depend on the priors.
   * @param solutions what `solve` gave for the same values, with their riders @param power factor on the squared weights of all readings
   * @param sums what the known sum is in each, A, where `solve` was given them
   */
  evidence(
    values: readonly Float64Array[],
    solutions: readonly Float64Array[],
    power?: number,
    sums?: readonly number[],
  ): number[];
}

/** The weighted normal equations of one geometry. */
export interface PackSystem {
  /**
   * Holds until the next call.
   * @param spread factors on the prior variances
   * @param riders for each of the first unknowns, what comes along with one unit of it: all unknowns long, itself 1. The
   * priors are then those of what is left.
   */
  factorise(spread: Spread, known?: KnownSum, riders?: readonly Float64Array[]): Factorised;
  /** Readings that follow from the unknowns, T. */
  readings(x: Float64Array): Float64Array;
}

/** Factors on prior variances: of a pattern, and of the sheets outside. */
export interface Spread {
  pattern(index: number): number;
  outside(sheet: number): number;
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
  const equations = normalEquations(model, readings, weights, dense, () => {}, bestSummation(model, readings, false));
  const factor = dense.allocate(n * n);
  return {
    readings: x => fittedReadings(equations, model, readings, x.subarray(0, kept), x.subarray(kept)),
    factorise(spread, known, riders = []) {
      factor.set(equations.matrix);
      ride(factor, n, riders);
      addPriors(factor, model, spread);
      if (known) {
        for (let i = 0; i < known.count; i++) for (let j = 0; j <= i; j++) factor[i * n + j] += 1 / known.sigma ** 2;
      }
      dense.cholesky(factor, n);
      const products = (values: readonly Float64Array[]) => {
        const k = values.length;
        const patterns = values.map(own => own.map((v, r) => v - model.base[r]));
        const right = crossProducts(model, readings, weights, patterns, equations.rows);
        const riding = riders.map(rider =>
          patterns.map((_, s) => rider.reduce((sum, v, i) => (v === 0 ? sum : sum + v * right[i * k + s]), 0)),
        );
        riding.forEach((sums, i) => {
          sums.forEach((v, s) => {
            right[i * k + s] = v;
          });
        });
        return right;
      };
      return {
        solve(values, sums) {
          const right = products(values);
          const k = values.length;
          if (known && sums) {
            for (let i = 0; i < known.count; i++)
              for (let s = 0; s < k; s++) right[i * k + s] += sums[s] / known.sigma ** 2;
          }
          return solved(right, k).map(x => unridden(x, riders));
        },
        covariance(unknowns) {
          const right = new Float64Array(n * unknowns.length);
          unknowns.forEach((u, c) => {
            right[u * unknowns.length + c] = 1;
          });
          return solved(right, unknowns.length);
        },
        degrees: spentDegrees(model, factor, spread, dense),
        evidence(values, solutions, power = 1, sums = []) {
          const right = products(values);
          const k = values.length;
          let logs = dense.logDeterminant(factor, n);
          model.outside.forEach(({ sources }, sheet) => {
            logs += sources.count * Math.log(spread.outside(sheet));
          });
          for (let p = 0; p < kept; p++) logs += Math.log(spread.pattern(p));
          return solutions.map((own, s) => {
            const x = unridden(own, riders, -1);
            // (t - sum)^2 / sigma^2 at its minimum, less what x of the readings has of it.
            const t = sums[s] ?? 0;
            const missed = known
              ? (t * (t - own.subarray(0, known.count).reduce((a, b) => a + b, 0))) / known.sigma ** 2
              : 0;
            return 0.5 * (power * x.reduce((sum, v, i) => sum + v * right[i * k + s], 0) - missed - logs);
          });
        },
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

/** N becomes S' N S, S the identity with the riders as its first columns; lower triangle. */
function ride(matrix: Float64Array, n: number, riders: readonly Float64Array[]): void {
  const products = riders.map(rider => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const [row, own] = [i * n, rider[i]];
      let sum = 0;
      for (let j = 0; j < i; j++) {
        sum += matrix[row + j] * rider[j];
        out[j] += matrix[row + j] * own;
      }
      out[i] += sum + matrix[row + i] * own;
    }
    return out;
  });
  products.forEach((product, k) => {
    for (let i = riders.length; i < n; i++) matrix[i * n + k] = product[i];
    for (let l = k; l < riders.length; l++) {
      matrix[l * n + k] = riders[l].reduce((sum, v, i) => sum + v * product[i], 0);
    }
  });
}

/** S x, or with the sign -1 its inverse. */
function unridden(x: Float64Array, riders: readonly Float64Array[], sign = 1): Float64Array {
  const out = x.slice();
  riders.forEach((rider, k) => {
    for (let i = riders.length; i < out.length; i++) out[i] += sign * x[k] * rider[i];
  });
  return out;
}

function addPriors(matrix: Float64Array, { patterns, outside, kept, unknowns: n }: LinearModel, spread: Spread): void {
  patterns.forEach(({ sd }, i) => {
    matrix[i * n + i] += 1 / (sd ** 2 * spread.pattern(i));
  });
  let at = kept;
  outside.forEach(({ sources, precision }, sheet) => {
    const m = sources.count;
    const factor = 1 / spread.outside(sheet);
    for (let i = 0; i < m; i++)
      for (let j = 0; j <= i; j++) matrix[(at + i) * n + at + j] += factor * precision[i * m + j];
    at += m;
  });
}

/** n - tr(L^-1 P L^-T) with L L' = N + P, by random probes (Hutchinson 1990); all its eigenvalues are between 0 and 1. */
function spentDegrees(model: LinearModel, factor: Float64Array, spread: Spread, dense: DenseWorkspace): number {
  const { unknowns: n, kept } = model;
  const rng = random(1);
  let trace = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const y = Float64Array.from({ length: n }, () => (rng.uniform() < 0.5 ? -1 : 1));
    dense.backSolve(factor, n, y, 1);
    model.patterns.forEach(({ sd }, i) => {
      trace += (y[i] / sd) ** 2 / spread.pattern(i);
    });
    let at = kept;
    model.outside.forEach(({ sources, precision }, sheet) => {
      const m = sources.count;
      const factor = 1 / spread.outside(sheet);
      for (let i = 0; i < m; i++) {
        let sum = 0;
        for (let j = 0; j < m; j++) sum += precision[i * m + j] * y[at + j];
        trace += factor * y[at + i] * sum;
      }
      at += m;
    });
  }
  return Math.max(0, n - trace / PROBES);
}
