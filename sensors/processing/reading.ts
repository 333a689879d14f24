import { InputError } from '../../src/errors.js';
import type { ScanSettings } from '../../src/model/rig.js';
import { addLagged, correlationFactor, joinLagged, type Lagged, noLagged } from './correlation.js';
import { leastSquares } from './leastSquares.js';
import { fitPhase, type PhaseFit } from './phaseFit.js';
import type { Phase } from './record.js';

/** What one element says of one point, per channel, along the element's axes. */
export interface PointReading {
  /** T: the field as it is (`steady`), of the current alone (`on_off`, `reversed`), or in phase with it (`lock_in`). */
  readonly values: Float64Array;
  /** Standard error of each value, T; samples that resemble their neighbours count as fewer. */
  readonly sigma: Float64Array;
  /** `lock_in`: out of phase with the current, T: B(t) = values cos(2 pi f t + phase) - quadrature sin(...). */
  readonly quadrature?: Float64Array;
  /** What does not follow the current, T: the even part of `reversed`, the field without current of `on_off`. */
  readonly even?: Float64Array;
  /** The current for which `values` stands, A. */
  readonly current: number;
  /** Root mean square of the measured current about its mean or its sine, A; NaN: not measured. */
  readonly ripple: number;
  /** Samples that were used. */
  readonly used: number;
  /** Samples left out: beyond the range or not valid, and outliers. */
  readonly invalid: number;
  readonly outliers: number;
  /** Host time of the middle of the samples, s. */
  readonly time: number;
  /** Standard deviation of a single sample, T, and how samples resemble their neighbours, per channel. */
  readonly scatter: Float64Array;
  readonly lagged: readonly Lagged[];
  /** Variance of a value for independent samples of unit variance. */
  readonly variance: number;
  /** Degrees of freedom behind the scatter. */
  readonly freedom: number;
}

export type ReadingSettings = Pick<ScanSettings, 'scheme' | 'mains' | 'frequency'> & {
  /** Readings per second; default: as the samples' times say. */
  readonly rate?: number;
  /** Largest reading of either sign, T. */
  readonly range?: number;
};

/** Fewer samples do not say how noisy they are. */
const ENOUGH = 8;

/**
 * From the samples of a point to its reading: invalid samples and outliers go, hum averages out over whole periods, the
 * course of the current tells its field from everything else.
 *
 * `on_off`, `reversed`: the means of the phases are fitted by even + I g, from the third phase on also by a drift
 * linear in time; the value is g times half the span of the currents (`reversed`) or the whole (`on_off`).
 * @returns undefined where a phase has no valid sample, or where no phase differs in current
 * @throws {InputError} for lock-in without a frequency
 */
export function pointReading(phases: readonly Phase[], settings: ReadingSettings): PointReading | undefined {
  if (settings.scheme === 'lock_in' && settings.frequency === undefined) {
    throw new InputError('lock-in needs the frequency of the current', { column: 'frequency_Hz' });
  }
  const fits = phases.map(phase => fitPhase(phase, settings));
  if (fits.length === 0 || fits.some(fit => fit.used === 0)) return undefined;
  const counted = count(fits);
  const { scheme } = settings;
  if (scheme === 'steady' || scheme === 'lock_in') return joined(fits, counted, scheme);
  return switched(fits, counted, scheme);
}

/** Phases of one current: the mean of all, weighted by their samples. */
function joined(fits: readonly PhaseFit[], counted: Counted, scheme: 'steady' | 'lock_in'): PointReading {
  const weight = (fit: PhaseFit) => fit.used / counted.used;
  const mean = (of: (fit: PhaseFit) => number) => fits.reduce((sum, fit) => sum + weight(fit) * of(fit), 0);
  const channels = counted.scatter.map((_, c) => c);
  const variance = fits.reduce((sum, fit) => sum + weight(fit) ** 2 * fit.variance, 0);
  return {
    ...counted,
    values: channels.map(c => mean(fit => fit.values[c])),
    sigma: errors(counted, variance),
    variance,
    ...(scheme === 'lock_in'
      ? {
          quadrature: channels.map(c => mean(fit => fit.quadrature[c])),
          even: channels.map(c => mean(fit => fit.level[c])),
        }
      : {}),
    current: mean(fit => fit.current),
    time: mean(fit => fit.time),
  };
}

function switched(
  fits: readonly PhaseFit[],
  counted: Counted,
  scheme: 'on_off' | 'reversed',
): PointReading | undefined {
  const currents = Float64Array.from(fits, fit => fit.current);
  const [low, high] = [Math.min(...currents), Math.max(...currents)];
  if (!(high > low)) return undefined;
  const time = fits.reduce((sum, fit) => sum + fit.time, 0) / fits.length;
  // For on/off with a negative current the larger one is 'off'.
  const span = scheme === 'reversed' ? (high - low) / 2 : Math.abs(high) >= Math.abs(low) ? high - low : low - high;
  const ones = new Float64Array(fits.length).fill(1);
  const columns = [currents, ones, ...(fits.length > 2 ? [Float64Array.from(fits, fit => fit.time - time)] : [])];
  const channels = counted.scatter.length;
  const values = new Float64Array(channels);
  const even = new Float64Array(channels);
  let variance = 0;
  for (let c = 0; c < channels; c++) {
    const { coefficients, covariance } = leastSquares(
      columns,
      Float64Array.from(fits, fit => fit.values[c]),
    );
    values[c] = span * coefficients[0];
    even[c] = coefficients[1];
    const mean = fits.reduce((sum, fit) => sum + fit.variance, 0) / fits.length;
    variance = span ** 2 * covariance[0] * mean;
  }
  return { ...counted, values, even, sigma: errors(counted, variance), variance, current: span, time };
}

type Counted = Pick<PointReading, 'used' | 'invalid' | 'outliers' | 'ripple' | 'scatter' | 'lagged' | 'freedom'>;

function count(fits: readonly PhaseFit[]): Counted {
  const sum = (of: (fit: PhaseFit) => number) => fits.reduce((total, fit) => total + of(fit), 0);
  const freedom = sum(fit => fit.freedom);
  const channels = fits[0].values.length;
  const lagged = Array.from({ length: channels }, noLagged);
  const scatter = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    let squares = 0;
    for (const { residuals } of fits) {
      for (const r of residuals[c]) squares += r * r;
      const own = noLagged();
      addLagged(own, residuals[c]);
      joinLagged(lagged[c], own);
    }
    scatter[c] = freedom > 0 ? Math.sqrt(squares / freedom) : Number.NaN;
  }
  return {
    used: sum(fit => fit.used),
    invalid: sum(fit => fit.invalid),
    outliers: sum(fit => fit.outliers),
    ripple: Math.sqrt(sum(fit => fit.ripple ** 2) / fits.length),
    scatter,
    lagged,
    freedom,
  };
}

/** @param variance of the value for samples of unit variance */
function errors({ scatter, lagged, used }: Counted, variance: number): Float64Array {
  return scatter.map((s, c) => s * Math.sqrt(variance * correlationFactor(lagged[c], used)));
}

/**
 * Whether a point may be left: every channel's standard error, with what is uncertain about it (1 / sqrt(2 freedom)), is at
 * or below the target.
 */
export function reached(reading: PointReading | undefined, targetSigma: number): boolean {
  if (reading === undefined || reading.freedom < ENOUGH) return false;
  const doubt = 1 + 1 / Math.sqrt(2 * reading.freedom);
  return reading.sigma.every(sigma => sigma * doubt <= targetSigma);
}
