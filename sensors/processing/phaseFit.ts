import { leastSquares } from './leastSquares.js';
import { aliasOf, wholePeriods } from './mains.js';
import { GOOD, INVALID, markSamples } from './outliers.js';
import type { ReadingSettings } from './reading.js';
import type { Phase } from './record.js';
import { sampleRate, sampleTimes } from './sampleTimes.js';

/** One phase of a point: its level, and for lock-in what follows the current. */
export interface PhaseFit {
  /** Per channel, T: the mean, or for lock-in the part in phase. */
  readonly values: Float64Array;
  /** Lock-in only: out of phase, T. */
  readonly quadrature: Float64Array;
  /** Lock-in only: the constant part, T. */
  readonly level: Float64Array;
  /** Of the value, for samples of unit variance that are independent. */
  readonly variance: number;
  /** What the fit left, per channel, T. */
  readonly residuals: readonly Float64Array[];
  readonly freedom: number;
  readonly used: number;
  readonly invalid: number;
  readonly outliers: number;
  /** A. */
  readonly current: number;
  readonly ripple: number;
  /** s. */
  readonly time: number;
}

/** Hum is fitted along where it goes through this part of its (aliased) period within the samples. */
const SEEN = 0.75;
/** And from so many samples on. */
const ENOUGH = 12;

/**
 * Fits a phase by least squares: constant, hum of the mains, and for lock-in cosine and sine of the current. The last
 * samples that make whole periods of the slowest of these are used, so harmonics average out too; the fit makes up for
 * the samples that were rejected.
 */
export function fitPhase(phase: Phase, settings: ReadingSettings): PhaseFit {
  const { block } = phase;
  const { scheme, mains, frequency = 0 } = settings;
  const lockIn = scheme === 'lock_in';
  const marks = markSamples(block, settings.range ?? Infinity);
  const host = sampleTimes(block);
  const hasClock = Number.isFinite(block.deviceTime[0]);
  const rate = hasClock || settings.rate === undefined ? sampleRate(host) : settings.rate;
  // Without a clock in the device arrivals are too rough for the phase of hum: the stated rate is better.
  const times = hasClock || !(rate > 0) ? host : host.map((_, i) => host[0] + i / rate);
  const whole = rate > 0 ? wholePeriods(block.count, rate, lockIn ? frequency : mains) : block.count;
  const kept: number[] = [];
  for (let i = block.count - whole; i < block.count; i++) if (marks[i] === GOOD) kept.push(i);
  const span = whole / rate;
  const of = (f: (t: number) => number) => Float64Array.from(kept, i => f(times[i]));
  const columns = [of(() => 1)];
  const traced = traceOf(phase, lockIn ? frequency : 0);
  if (lockIn) {
    const angle = 2 * Math.PI * frequency;
    columns.unshift(
      of(t => Math.cos(angle * t + traced.phase)),
      of(t => -Math.sin(angle * t + traced.phase)),
    );
  }
  if (mains > 0 && kept.length >= ENOUGH && aliasOf(mains, rate) * span >= SEEN) {
    const angle = 2 * Math.PI * mains;
    columns.push(
      of(t => Math.cos(angle * (t - times[0]))),
      of(t => Math.sin(angle * (t - times[0]))),
    );
  }
  const { channels, field } = block;
  const fits = Array.from({ length: kept.length === 0 ? 0 : channels }, (_, c) =>
    leastSquares(
      columns,
      Float64Array.from(kept, i => field[i * channels + c]),
    ),
  );
  const column = (k: number) => Float64Array.from(fits, fit => fit.coefficients[k]);
  return {
    values: column(0),
    quadrature: lockIn ? column(1) : new Float64Array(channels),
    level: lockIn ? column(2) : column(0),
    variance: fits[0]?.covariance[0] ?? Number.NaN,
    residuals: fits.map(fit => fit.residuals),
    freedom: Math.max(0, kept.length - (fits[0]?.rank ?? 0)),
    used: kept.length,
    invalid: marks.reduce((sum, mark) => (mark === INVALID ? sum + 1 : sum), 0),
    outliers: marks.reduce((sum, mark) => (mark !== INVALID && mark !== GOOD ? sum + 1 : sum), 0),
    current: traced.current,
    ripple: traced.ripple,
    time: kept.reduce((sum, i) => sum + times[i], 0) / kept.length,
  };
}

/** The current and its phase as measured where it was, else as set. */
function traceOf(phase: Phase, frequency: number): { current: number; phase: number; ripple: number } {
  const { trace } = phase;
  if (trace === undefined || trace.current.length < 3) {
    const [set, stated] = [phase.current, phase.phase ?? 0];
    return { current: trace?.current.length ? mean(trace.current) : set, phase: stated, ripple: Number.NaN };
  }
  const ones = trace.time.map(() => 1);
  const angle = 2 * Math.PI * frequency;
  const waves = [trace.time.map(t => Math.cos(angle * t)), trace.time.map(t => -Math.sin(angle * t))];
  const { coefficients, residuals } = leastSquares(frequency > 0 ? [...waves, ones] : [ones], trace.current);
  const ripple = Math.sqrt(mean(residuals.map(r => r * r)));
  if (frequency === 0) return { current: coefficients[0], phase: 0, ripple };
  const [a, b] = coefficients;
  return { current: Math.hypot(a, b), phase: phase.phase ?? Math.atan2(b, a), ripple };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
