import { median } from '../median.js';
import type { ScanReadings } from './scanReadings.js';

/** Beyond so many deviations a sample's weight falls as one over its residual. */
const HUBER = 2.5;
/** A sample is left out where its residual (root mean square over its components) exceeds so many deviations, */
const REJECT = 5;
/** and so many times the median of its neighbours': where all of a place disagrees, it is the model that is wrong. */
const STANDS_OUT = 4;
const NEIGHBOURS = 12;
/** Deviation of a normal number over the median of its magnitude. */
const MAD = 1.4826;

/** Robust deviation of residuals: 1.4826 times the median of their magnitudes. */
export function robustDeviation(residual: Float64Array): number {
  return MAD * median(residual.map(Math.abs));
}

/**
 * Weight of every sample, 0 to 1: 0 for those that do not belong to the scan, less than 1 where the model fails (Huber).
 * Whole samples, because what disturbs one component disturbs all.
 * @param residual of every reading over its standard deviation, of a fit to all or to the others
 */
export function sampleWeights(readings: ScanReadings, residual: Float64Array): Float64Array {
  const { first } = readings;
  const unit = Math.max(1, robustDeviation(residual));
  const size = Float64Array.from({ length: first.length - 1 }, (_, s) => {
    let square = 0;
    for (let r = first[s]; r < first[s + 1]; r++) square += (residual[r] / unit) ** 2;
    return Math.sqrt(square / Math.max(1, first[s + 1] - first[s]));
  });
  return size.map((own, s) => {
    if (own > REJECT && own > STANDS_OUT * neighbourhood(readings, size, s)) return 0;
    return own > HUBER ? HUBER / own : 1;
  });
}

/** Median residual of the nearest samples. */
function neighbourhood(readings: ScanReadings, size: Float64Array, sample: number): number {
  const { first, x, y, z } = readings;
  const own = first[sample];
  const nearest: { distance: number; size: number }[] = [];
  let farthest = Number.POSITIVE_INFINITY;
  for (let s = 0; s < size.length; s++) {
    if (s === sample || first[s] === first[s + 1]) continue;
    const r = first[s];
    const distance = (x[r] - x[own]) ** 2 + (y[r] - y[own]) ** 2 + (z[r] - z[own]) ** 2;
    if (distance >= farthest) continue;
    nearest.push({ distance, size: size[s] });
    nearest.sort((a, b) => a.distance - b.distance);
    if (nearest.length > NEIGHBOURS) nearest.pop();
    if (nearest.length === NEIGHBOURS) farthest = nearest[NEIGHBOURS - 1].distance;
  }
  const sizes = nearest.map(n => n.size).sort((a, b) => a - b);
  return sizes.length === 0 ? 0 : sizes[sizes.length >> 1];
}

/**
 * Correlation of the residuals of samples that were taken one after the other: near zero where readings err each by
 * themselves, positive where the model lacks something, whose field is smooth.
 * @param residual of every reading over its standard deviation @param weights zero for readings that do not count
 */
export function successiveCorrelation(readings: ScanReadings, residual: Float64Array, weights: Float64Array): number {
  const { first, component } = readings;
  let [products, squares] = [0, 0];
  for (let s = 1; s < first.length - 1; s++) {
    for (let r = first[s]; r < first[s + 1]; r++) {
      const before = first[s - 1] + r - first[s];
      if (before >= first[s] || component[before] !== component[r] || weights[r] === 0 || weights[before] === 0)
        continue;
      products += residual[r] * residual[before];
      squares += (residual[r] ** 2 + residual[before] ** 2) / 2;
    }
  }
  return squares > 0 ? products / squares : 0;
}
