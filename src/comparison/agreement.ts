import type { PairedValues } from './pairedValues.js';

/** Where two maps differ most. */
export interface LargestDeviation {
  /** |a - b|, of the vector or of one reading. */
  readonly size: number;
  /** Place, m. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Which reading it is; undefined for a vector. */
  readonly component?: string;
  /** Size of the vectors, or the readings themselves. */
  readonly a: number;
  readonly b: number;
  /** The same deviation in standard errors, where they are known. */
  readonly sigmas?: number;
}

/** How well two measurements agree. Every number is over the places where both have values. */
export interface Agreement {
  /** Number of places. */
  readonly count: number;
  /** sqrt(sum |a - b|^2 / sum |b|^2). NaN where b vanishes. */
  readonly relativeError: number;
  /** Root mean square of |a - b|: of the vector's length, or of a reading. */
  readonly rmse: number;
  /** Mean of a - b per component. */
  readonly bias: readonly number[];
  /** Pearson's, over all components together, each with its own mean taken away. NaN where one of them is constant. */
  readonly correlation: number;
  readonly largest: LargestDeviation;
  /** Mean of ((a - b) / sigma)^2 over the readings with a standard deviation; undefined where none has one. */
  readonly chi2?: number;
  /** Number of readings in chi2. */
  readonly degrees: number;
}

/**
 * Relative error, rmse, correlation, largest deviation and chi-squared. All but the relative error stay the same when a and
 * b change places.
 * @param pairs at least one place with values of both
 */
export function agreement({ names, a, b, sigma, x, y, z, vector }: PairedValues): Agreement {
  const components = names.length;
  const [meanA, meanB] = [a, b].map(() => new Float64Array(components));
  let count = 0;
  let [difference, norm] = [0, 0];
  let [chi, degrees] = [0, 0];
  let [at, size, which] = [-1, -1, 0];
  for (let i = 0; i < x.length; i++) {
    let square = 0;
    let known = true;
    for (let c = 0; c < components; c++) {
      const d = a[c][i] - b[c][i];
      if (Number.isNaN(d)) {
        known = false;
        break;
      }
      square += d * d;
    }
    if (!known) continue;
    count++;
    difference += square;
    if (vector && square > size) [size, at] = [square, i];
    for (let c = 0; c < components; c++) {
      const d = a[c][i] - b[c][i];
      norm += b[c][i] ** 2;
      meanA[c] += a[c][i];
      meanB[c] += b[c][i];
      if (!vector && d * d > size) [size, at, which] = [d * d, i, c];
      const s = sigma?.[c][i] ?? Number.NaN;
      if (s > 0) {
        chi += (d / s) ** 2;
        degrees++;
      }
    }
  }
  for (let c = 0; c < components; c++) {
    meanA[c] /= count;
    meanB[c] /= count;
  }
  const sizes = (values: readonly Float64Array[]) =>
    vector ? Math.hypot(...values.map(v => v[at])) : values[which][at];
  const sigmas = sigma === undefined ? undefined : sigmasOf(vector ? names.map((_, c) => c) : [which]);
  function sigmasOf(of: readonly number[]): number {
    return Math.sqrt(of.reduce((sum, c) => sum + ((a[c][at] - b[c][at]) / sigma![c][at]) ** 2, 0));
  }
  return {
    count,
    relativeError: Math.sqrt(difference / norm),
    rmse: Math.sqrt(difference / (vector ? count : count * components)),
    bias: Array.from(meanA, (m, c) => m - meanB[c]),
    correlation: correlation(a, b, meanA, meanB),
    largest: {
      size: Math.sqrt(size),
      x: x[at],
      y: y[at],
      z: z[at],
      ...(vector ? {} : { component: names[which] }),
      a: sizes(a),
      b: sizes(b),
      ...(sigmas === undefined || Number.isNaN(sigmas) ? {} : { sigmas }),
    },
    ...(degrees > 0 ? { chi2: chi / degrees } : {}),
    degrees,
  };
}

function correlation(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  meanA: Float64Array,
  meanB: Float64Array,
): number {
  let [aa, bb, ab] = [0, 0, 0];
  for (let c = 0; c < a.length; c++) {
    for (let i = 0; i < a[c].length; i++) {
      const [u, v] = [a[c][i] - meanA[c], b[c][i] - meanB[c]];
      if (Number.isNaN(u + v)) continue;
      aa += u * u;
      bb += v * v;
      ab += u * v;
    }
  }
  // Rounding must not make a perfect correlation more than perfect.
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))) : Number.NaN;
}
