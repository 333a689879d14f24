import { dot } from '../../src/linearAlgebra/vectors.js';
import { leastSquares } from '../leastSquares.js';

/** One exponential of a relaxation: amplitude exp(-(t - start) / tau). */
export interface Decay {
  /** s */
  readonly tau: number;
  readonly tauError: number;
  /** At the start, per channel. */
  readonly amplitude: Float64Array;
  readonly amplitudeError: Float64Array;
}

export interface RelaxationFit {
  /** One or two, the faster first. */
  readonly decays: readonly Decay[];
  /** What is left at the end, per channel. */
  readonly rest: Float64Array;
  readonly restError: Float64Array;
  /** Standard deviation of a reading as the residual shows it. */
  readonly sigma: number;
  /** The largest amplitude of a decay in any one channel at the start, over the standard deviation of one reading there. */
  readonly signalToNoise: number;
  /** By how much two exponentials lower the Bayesian information criterion against one, where both were tried. */
  readonly gain?: number;
  /** Set where the record does not determine the time constants. */
  readonly undetermined?: string;
}

/** A second exponential must lower the Bayesian information criterion by this much. */
export const CLEAR = 10;
/** Time constants that are tried first, between the sampling and this many lengths of the record. */
const STARTS = 9;
const LONGEST = 3;
/** A relative error of tau beyond this says nothing. */
const VAGUE = 0.5;

/**
 * Fits one or two exponentials and a constant to a record of several channels (components) after a load step, which share
 * their time constants: for given time constants the amplitudes are linear and are eliminated (variable projection, Golub and
 * Pereyra 1973); log tau is found by Gauss-Newton steps from a grid. The second exponential is taken only where it is needed.
 *
 * @param time s, rising @param channels one record each, same length
 * @param sigma noise of a reading, where it is known: else the residual says it
 * @param exponentials 1 or 2 to ask for so many
 * @returns undefined for a record too short for one exponential (fewer than five readings)
 */
export function relaxationFit(
  time: Float64Array,
  channels: readonly Float64Array[],
  sigma?: number,
  exponentials?: 1 | 2,
): RelaxationFit | undefined {
  const n = time.length;
  const span = time[n - 1] - time[0];
  if (n < 5 || !(span > 0)) return undefined;
  const t = time.map(v => v - time[0]);
  const one = search(t, channels, 1, sigma);
  const two = exponentials === 1 || n < 9 ? undefined : search(t, channels, 2, sigma);
  const values = n * channels.length;
  const criterion = (fit: Found, k: number) => {
    const parameters = k + channels.length * (k + 1);
    return (
      (sigma === undefined ? values * Math.log(fit.residual / values) : fit.residual / sigma ** 2) +
      parameters * Math.log(values)
    );
  };
  if (two?.covariance === undefined) return told(t, channels, one, 1, sigma);
  const gain = criterion(one, 1) - criterion(two, 2);
  const fit = exponentials === 2 || gain > CLEAR ? told(t, channels, two, 2, sigma) : told(t, channels, one, 1, sigma);
  return { ...fit, gain };
}

/**
 * The fit of a record whose time constants are known: amplitudes and rest only, with the errors of those.
 * @param taus s, one or two, with errors
 */
export function relaxationAt(
  time: Float64Array,
  channels: readonly Float64Array[],
  taus: readonly number[],
  tauErrors: readonly number[],
  sigma: number,
): RelaxationFit {
  const t = time.map(v => v - time[0]);
  const logTau = Float64Array.from(taus, Math.log);
  const room = new Float64Array(t.length * channels.length);
  linearPart(t, channels, logTau, room);
  const residual = room.reduce((sum, v) => sum + v * v, 0);
  const covariance = new Float64Array(taus.length ** 2);
  taus.forEach((tau, k) => {
    covariance[k * (taus.length + 1)] = (tauErrors[k] / tau) ** 2;
  });
  return told(t, channels, { logTau, residual, covariance }, taus.length === 2 ? 2 : 1, sigma);
}

interface Found {
  readonly logTau: Float64Array;
  readonly residual: number;
  readonly covariance: Float64Array | undefined;
}

function search(t: Float64Array, channels: readonly Float64Array[], count: 1 | 2, sigma: number | undefined): Found {
  const span = t[t.length - 1];
  const shortest = span / (t.length - 1) / 2;
  const starts = Array.from(
    { length: STARTS },
    (_, k) => Math.log(shortest) + ((k + 0.5) / STARTS) * Math.log((LONGEST * span) / shortest),
  );
  const residuals = (p: Float64Array, out: Float64Array) => linearPart(t, channels, p, out);
  const length = t.length * channels.length;
  const room = new Float64Array(length);
  const score = (p: readonly number[]) => {
    residuals(Float64Array.from(p), room);
    return room.reduce((sum, v) => sum + v * v, 0);
  };
  const grid = count === 1 ? starts.map(a => [a]) : starts.flatMap((a, i) => starts.slice(i + 1).map(b => [a, b]));
  const best = grid.map(p => ({ p, score: score(p) })).sort((a, b) => a.score - b.score)[0].p;
  const { parameters, residual, covariance } = leastSquares(
    residuals,
    length,
    best,
    best.map(() => 0.3),
  );
  const free = Math.max(1, length - count - channels.length * (count + 1));
  const variance = sigma === undefined ? residual / free : sigma ** 2;
  return { logTau: parameters, residual, covariance: covariance?.map(v => v * variance) };
}

/** Residuals of all channels with the amplitudes at their best for these time constants; returns amplitudes, and R of the columns. */
function linearPart(t: Float64Array, channels: readonly Float64Array[], logTau: Float64Array, out: Float64Array) {
  const columns = [...Array.from(logTau, v => t.map(s => Math.exp(-s / Math.exp(v)))), t.map(() => 1)];
  // Orthonormal columns: exponentials of like time constants are nearly the same.
  const q = columns.map(c => c.slice());
  const r = new Float64Array(columns.length ** 2);
  const m = columns.length;
  q.forEach((column, k) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const along = dot(q[j], column);
        r[j * m + k] += along;
        for (let i = 0; i < column.length; i++) column[i] -= along * q[j][i];
      }
    }
    const norm = Math.sqrt(dot(column, column)) || 1e-300;
    r[k * m + k] = norm;
    for (let i = 0; i < column.length; i++) column[i] /= norm;
  });
  const coefficients = channels.map((values, c) => {
    const left = values.slice();
    const along = q.map(column => {
      const a = dot(column, left);
      for (let i = 0; i < left.length; i++) left[i] -= a * column[i];
      return a;
    });
    out.set(left, c * t.length);
    for (let k = m - 1; k >= 0; k--) {
      for (let j = k + 1; j < m; j++) along[k] -= r[k * m + j] * along[j];
      along[k] /= r[k * m + k];
    }
    return along;
  });
  return { coefficients, r };
}

function told(
  t: Float64Array,
  channels: readonly Float64Array[],
  found: Found,
  count: 1 | 2,
  stated: number | undefined,
): RelaxationFit {
  const out = new Float64Array(t.length * channels.length);
  const { coefficients } = linearPart(t, channels, found.logTau, out);
  const free = Math.max(1, out.length - count - channels.length * (count + 1));
  const sigma = Math.sqrt(found.residual / free);
  const order = Array.from(found.logTau, (_, k) => k).sort((a, b) => found.logTau[a] - found.logTau[b]);
  const spread = amplitudeErrors(t, channels, found, stated ?? sigma);
  const decays = order.map((k): Decay => {
    const tau = Math.exp(found.logTau[k]);
    return {
      tau,
      tauError:
        found.covariance === undefined ? Number.POSITIVE_INFINITY : tau * Math.sqrt(found.covariance[k * count + k]),
      amplitude: Float64Array.from(coefficients, c => c[k]),
      amplitudeError: Float64Array.from(channels, (_, c) => spread[c][k]),
    };
  });
  const largest = Math.max(...decays.flatMap(d => [...d.amplitude].map(Math.abs)));
  const longest = LONGEST * (t[t.length - 1] - t[0]);
  const vague = decays.some(d => !(d.tauError < VAGUE * d.tau && d.tau < longest));
  return {
    decays,
    rest: Float64Array.from(coefficients, c => c[count]),
    restError: Float64Array.from(channels, (_, c) => spread[c][count]),
    sigma,
    signalToNoise: largest / (stated ?? sigma),
    ...(vague
      ? { undetermined: 'the record does not determine its time constants: too short, too coarse, or too noisy' }
      : {}),
  };
}

/** Errors of amplitudes and rest, those of the time constants included. */
function amplitudeErrors(
  t: Float64Array,
  channels: readonly Float64Array[],
  { logTau, covariance }: Found,
  sigma: number,
): Float64Array[] {
  const scratch = new Float64Array(t.length * channels.length);
  const at = (p: Float64Array) => linearPart(t, channels, p, scratch).coefficients;
  const slopes = Array.from(logTau, (v, k) => {
    const [up, down] = [1, -1].map(sign => at(logTau.map((w, j) => (j === k ? v + sign * 1e-4 : w))));
    return up.map((c, channel) => c.map((value, i) => (value - down[channel][i]) / 2e-4));
  });
  // The linear part's own errors: readings of one moment at a time.
  const unit = linearVariances(linearPart(t, channels, logTau, scratch).r, logTau.length + 1);
  return channels.map((_, c) =>
    Float64Array.from(unit, (v, i) => {
      let variance = sigma ** 2 * v;
      if (covariance !== undefined) {
        for (let a = 0; a < logTau.length; a++) {
          for (let b = 0; b < logTau.length; b++)
            variance += slopes[a][c][i] * slopes[b][c][i] * covariance[a * logTau.length + b];
        }
      }
      return Math.sqrt(variance);
    }),
  );
}

/** Variances of the coefficients for unit noise: squared norms of the rows of R^-1. @param r upper triangle, m x m */
function linearVariances(r: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  for (let column = 0; column < m; column++) {
    const inverse = new Float64Array(m);
    for (let k = column; k >= 0; k--) {
      let sum = k === column ? 1 : 0;
      for (let j = k + 1; j <= column; j++) sum -= r[k * m + j] * inverse[j];
      inverse[k] = sum / r[k * m + k];
      out[k] += inverse[k] ** 2;
    }
  }
  return out;
}
