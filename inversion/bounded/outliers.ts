import type { ScanReadings } from './scanReadings.js';

/** A sample is left out where its residual (root mean square over its components) exceeds so many deviations. */
const REJECT = 5;
/** Deviation of a normal number over the median of its magnitude. */
const MAD = 1.4826;

/** Robust deviation of residuals: 1.4826 times the median of their magnitudes. */
export function robustDeviation(residual: Float64Array): number {
  const sorted = residual.map(Math.abs).sort();
  return MAD * sorted[sorted.length >> 1];
}

/**
 * Samples that do not belong to the scan, 1 each; whole samples, because what disturbs one component disturbs all.
 * @param residual of every reading over its standard deviation, of a fit to all or to the others
 */
export function outliers(readings: ScanReadings, residual: Float64Array): Uint8Array {
  const { first } = readings;
  const unit = Math.max(1, robustDeviation(residual));
  return Uint8Array.from({ length: first.length - 1 }, (_, s) => {
    let square = 0;
    for (let r = first[s]; r < first[s + 1]; r++) square += (residual[r] / unit) ** 2;
    return square > (first[s + 1] - first[s]) * REJECT * REJECT ? 1 : 0;
  });
}
