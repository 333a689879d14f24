import { type ErrorModel, fitErrorModel, varianceOf } from '../bounded/errorModel.js';
import { robustDeviation } from '../bounded/outliers.js';
import { addSourceField, type Gradient } from '../bounded/pointSources.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import type { PackModel } from './packModel.js';
import type { ScanFit } from './robustFits.js';

/** Standard deviations of gain, a part of 1, and position, m, of a reading where they are known. */
export interface KnownErrors {
  readonly gainError?: number;
  readonly positionError?: number;
}

/** Scans whose residuals tell gain and position errors; more say the same. */
const MOST_FOR_ERRORS = 8;

/** How far residuals exceed their stated deviation: median over the scans. */
export function misfit(fits: readonly ScanFit[], deviation: Float64Array, free: number): number {
  return median(
    Float64Array.from(fits, ({ residual }) => {
      const own = residual.map((v, r) => v / deviation[r]);
      return Math.max(robustDeviation(own), trimmed(own)) / Math.sqrt(free);
    }),
  );
}

/**
 * The error model that explains the residuals of some scans, and the variance of every reading, T^2, in the mean over them.
 * @param scans of one geometry @param free part of the readings that no unknown spends
 */
export function fittedErrors(
  scans: readonly ScanReadings[],
  model: PackModel,
  fits: readonly ScanFit[],
  free: number,
  known: KnownErrors,
): { readonly errors: ErrorModel; readonly variance: Float64Array } {
  const first = scans[0];
  const every = Math.max(1, Math.floor(scans.length / MOST_FOR_ERRORS));
  const chosen = fits.map((_, s) => s).filter(s => s % every === 0);
  const fields = chosen.map(s => scans[s].value.map((v, r) => v - fits[s].residual[r]));
  const slopes = chosen.map(s => slopeOf(model, first, fits[s].x));
  const joined = (parts: readonly Float64Array[]) => Float64Array.from(parts.flatMap(part => [...part]));
  const errors = fitErrorModel({
    residual: joined(chosen.map(s => fits[s].residual)),
    sigma: joined(chosen.map(() => first.sigma)),
    sigmaStated: first.sigmaStated,
    field: joined(fields),
    slope: joined(slopes),
    free,
    known,
  });
  const variance = first.sigma.map((s, r) => {
    const squares = chosen.map((_, i) => varianceOf(errors, s, fields[i][r], slopes[i][r]));
    return squares.reduce((sum, v) => sum + v, 0) / chosen.length;
  });
  return { errors, variance };
}

/** Magnitude of the gradient of every reading, T/m. */
function slopeOf(model: PackModel, readings: ScanReadings, x: Float64Array): Float64Array {
  const n = readings.count;
  const gradient: Gradient = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n) };
  model.cells.forEach(({ slope }, c) => {
    for (const axis of ['x', 'y', 'z'] as const) for (let r = 0; r < n; r++) gradient[axis][r] += x[c] * slope[axis][r];
  });
  let at = model.kept;
  for (const { sources } of model.outside) {
    const own = x.subarray(at, at + sources.count);
    addSourceField(sources, own, readings, new Float64Array(n), gradient, readings.footprint);
    at += sources.count;
  }
  return gradient.x.map((v, r) => Math.hypot(v, gradient.y[r], gradient.z[r]));
}

/** Root mean square of what is left when the largest twentieth is set aside, as a normal number's. */
function trimmed(values: Float64Array): number {
  const squares = values.map(v => v * v).sort();
  const kept = squares.subarray(0, Math.ceil(0.95 * squares.length));
  // The same of standard normal numbers is 0.759.
  return Math.sqrt(kept.reduce((sum, v) => sum + v, 0) / kept.length / 0.759);
}
