import { plainAlgebra } from '../../linearAlgebra/index.js';

/** A change of so many standard deviations, at most. */
const LARGEST = 1e6;

/**
 * Log of the evidence of a sum of columns with standard normal factors, beside the variances (Woodbury's identity); without the
 * constant of the normal law.
 * @param columns each as long as the departure
 * @param departure in coordinates that err by the variances, independent of each other
 */
export function evidenceOf(columns: readonly Float64Array[], departure: Float64Array, variance: Float64Array): number {
  const k = columns.length;
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + (v * b[i]) / variance[i], 0);
  const inner = new Float64Array(k * k);
  const right = Float64Array.from(columns, column => product(column, departure));
  columns.forEach((a, i) => {
    columns.forEach((b, j) => {
      inner[i * k + j] = product(a, b) + (i === j ? 1 : 0);
    });
  });
  plainAlgebra.cholesky(inner, k);
  plainAlgebra.forwardSolve(inner, k, right, 1);
  let log = -product(departure, departure) / 2;
  for (const v of variance) log -= Math.log(v) / 2;
  for (let i = 0; i < k; i++) log += right[i] ** 2 / 2 - Math.log(inner[i * k + i]);
  return log;
}

/** Log of the evidence of any current: the mean over scales c, even in log c. */
export function evidenceOfAnything(departure: Float64Array, spectrum: Float64Array): number {
  const STEPS = 100;
  const logs = Array.from({ length: STEPS }, (_, k) => {
    const scale = LARGEST ** (2 * ((k + 0.5) / STEPS));
    let log = 0;
    for (let i = 0; i < departure.length; i++) {
      const variance = 1 + scale * spectrum[i];
      log -= (departure[i] ** 2 / variance + Math.log(variance)) / 2;
    }
    return log;
  });
  return sumOfLogs(logs) - Math.log(STEPS);
}

/** Log of the sum of numbers whose logs are given. */
export function sumOfLogs(logs: readonly number[]): number {
  const most = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return most === Number.NEGATIVE_INFINITY
    ? most
    : most + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - most), 0));
}
