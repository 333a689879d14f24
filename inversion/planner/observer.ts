import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { eliminateOutside, eliminationRoom } from '../bounded/elimination.js';
import type { LinearModel } from '../bounded/linearModel.js';
import { predictedReadings } from '../bounded/modelRows.js';
import { bestSummation, normalEquations } from '../bounded/normalEquations.js';
import type { ScanReadings } from '../bounded/scanReadings.js';

/**
 * What an observer makes of signals who knows everything but the noise and the nuisances: the prewhitening matched filter. The
 * readings without the defect are normal with the covariance C = D + N P N', D of their own errors, N the fields of the
 * nuisances and P their prior covariance. For a signal s the best statistic is t = s' C^-1 (reading - healthy); it is normal
 * with the variance d'^2 = s' C^-1 s, without the defect about 0, with it about d'^2. So the area under its receiver operating
 * curve is Phi(d' / sqrt 2) (Barrett and Myers, Foundations of Image Science, 13.2).
 */
export interface Observation {
  /** a' C^-1 b of all signals with one another, k x k. */
  readonly products: Float64Array;
  /** d' of each signal. */
  readonly detectability: Float64Array;
  /** The filter C^-1 s of one signal: a weight per reading, 1/T. */
  filter(signal: number): Float64Array;
}

/**
 * Signals (T per reading) against the nuisances of a model: the patterns, each with its prior, and the sheets outside.
 * C^-1 is never formed: s' C^-1 s = s' D^-1 s less what the nuisances explain of it. The signals ride in the normal
 * equations as patterns without a prior; sheets and nuisances are eliminated.
 * @param nuisances without departures, its base zero
 * @param deviation of each reading, T
 * @param dense the result lives in it
 */
export function observe(
  nuisances: LinearModel,
  signals: readonly Float64Array[],
  readings: ScanReadings,
  deviation: Float64Array,
  dense: DenseWorkspace,
): Observation {
  const known = nuisances.patterns.length;
  const k = signals.length;
  const model: LinearModel = {
    ...nuisances,
    patterns: [...nuisances.patterns, ...signals.map((field, s) => ({ name: `signal ${s}`, field, sd: 1 }))],
    kept: known + k,
    unknowns: nuisances.unknowns + k,
  };
  const weights = deviation.map(d => 1 / d);
  const summation = bestSummation(model, readings, false);
  const equations = normalEquations(model, readings, weights, dense, () => {}, summation);
  const reduced = eliminateOutside(equations, model, eliminationRoom(equations, model, dense), dense);
  const n = known + k;
  const own = dense.allocate(known * known);
  const cross = dense.allocate(known * k);
  const products = new Float64Array(k * k);
  for (let i = 0; i < known; i++) {
    for (let j = 0; j <= i; j++) own[i * known + j] = reduced.form[i * n + j];
    own[i * known + i] += 1 / nuisances.patterns[i].sd ** 2;
    for (let s = 0; s < k; s++) cross[i * k + s] = reduced.form[(known + s) * n + i];
  }
  for (let a = 0; a < k; a++)
    for (let b = 0; b <= a; b++) products[a * k + b] = reduced.form[(known + a) * n + known + b];
  dense.cholesky(own, known);
  dense.forwardSolve(own, known, cross, k);
  const explained = dense.allocate(k * k);
  dense.addGram(cross, known, k, explained);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) products[b * k + a] = products[a * k + b] -= explained[a * k + b];
  }
  return {
    products,
    detectability: Float64Array.from({ length: k }, (_, s) => Math.sqrt(Math.max(0, products[s * k + s]))),
    filter(signal) {
      // The signal less what the nuisances would be taken to be if it were the readings.
      const x = new Float64Array(n);
      const fitted = Float64Array.from({ length: known }, (_, i) => cross[i * k + signal]);
      dense.backSolve(own, known, fitted, 1);
      fitted.forEach((v, i) => {
        x[i] = -v;
      });
      x[known + signal] = 1;
      const left = predictedReadings(model, readings, x, reduced.outsideOf(x));
      return left.map((v, r) => v * weights[r] ** 2);
    },
  };
}
