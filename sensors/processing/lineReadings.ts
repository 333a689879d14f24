import type { LineStep } from '../scan/plan.js';
import { type Trajectory, trajectory, wayAt } from '../scan/trajectory.js';
import { addLagged, correlationFactor, type Lagged, noLagged } from './correlation.js';
import { leastSquares } from './leastSquares.js';
import { aliasOf } from './mains.js';
import { GOOD, INVALID, markSamples } from './outliers.js';
import type { LineRecord } from './record.js';
import { sampleTimes } from './sampleTimes.js';

/** The samples of a moving line that count, with when they were taken. */
export interface LineSamples {
  readonly record: LineRecord;
  readonly step: LineStep;
  readonly trajectory: Trajectory;
  /** Time since the stage began to move, less the element's own delay, s. */
  readonly since: Float64Array;
  readonly marks: Uint8Array;
  readonly invalid: number;
  readonly outliers: number;
}

/** Readings of a line, one per pitch. */
export interface LineReadings {
  readonly count: number;
  readonly channels: number;
  /** Way from the start of the line at which each reading stands, m. */
  readonly way: Float64Array;
  /** `[reading][channel]`, T. */
  readonly values: Float64Array;
  readonly sigma: Float64Array;
  /** Host time, s. */
  readonly time: Float64Array;
  readonly used: number;
}

/** Half of the samples among which an outlier on a moving line is sought. */
const HALF_WIDTH = 7;
const MOST_PHASE = 0.75;

/** @param delay how much later than its time stamp the element was read, s */
export function lineSamples(
  record: LineRecord,
  step: LineStep,
  acceleration: number,
  delay: number,
  range: number,
): LineSamples {
  const length = Math.hypot(...step.to.map((v, k) => v - step.from[k]));
  const marks = markSamples(record.block, range, HALF_WIDTH);
  return {
    record,
    step,
    trajectory: trajectory(length, step.feed, acceleration),
    since: sampleTimes(record.block).map(t => t + delay - record.start),
    marks,
    invalid: marks.reduce((sum, mark) => (mark === INVALID ? sum + 1 : sum), 0),
    outliers: marks.reduce((sum, mark) => (mark !== INVALID && mark !== GOOD ? sum + 1 : sum), 0),
  };
}

/**
 * Readings along a line: samples fall into intervals of one pitch, and in each a mean, slope and bend of the field are
 * fitted (and hum, where it can be told from these). The mean over an interval exceeds the field in its middle by half the
 * bend times the variance of the samples' places; that comes off, with the bend that the neighbouring means show, which
 * costs no noise. Only the part of constant speed counts. A sample was taken where the stage stood `lag` earlier.
 * @param lag s
 * @param mains Hz; 0: none
 */
export function lineReadings(line: LineSamples, pitch: number, lag: number, mains: number): LineReadings {
  const { block } = line.record;
  const { channels, field } = block;
  const [from, to] = line.step.counts;
  const bins = Math.round((to - from) / pitch) + 1;
  const members: number[][] = Array.from({ length: bins }, () => []);
  const ways = line.since.map(t => wayAt(line.trajectory, t - lag));
  for (let i = 0; i < block.count; i++) {
    const bin = Math.round((ways[i] - from) / pitch);
    const within = ways[i] > 0 && ways[i] < line.trajectory.length;
    if (line.marks[i] === GOOD && within && bin >= 0 && bin < bins) members[bin].push(i);
  }
  const rate = block.count < 2 ? Number.NaN : (block.count - 1) / (line.since[block.count - 1] - line.since[0]);
  const hum = mains > 0 && rate > 0 && (aliasOf(mains, rate) * pitch) / line.step.feed >= MOST_PHASE;
  const filled = members.filter(samples => samples.length > 0);
  const count = filled.length;
  const out = {
    count,
    channels,
    way: new Float64Array(count),
    values: new Float64Array(count * channels),
    sigma: new Float64Array(count * channels),
    time: new Float64Array(count),
    used: filled.reduce((sum, samples) => sum + samples.length, 0),
  };
  const squares = new Float64Array(channels);
  let freedom = 0;
  const lagged: Lagged[] = Array.from({ length: channels }, noLagged);
  const variances = new Float64Array(count);
  const spreads = new Float64Array(count);
  filled.forEach((samples, k) => {
    const way = mean(samples, ways);
    out.way[k] = way;
    out.time[k] = mean(samples, line.since) + line.record.start;
    const of = (f: (i: number) => number) => Float64Array.from(samples, f);
    const columns = [of(() => 1), ...(samples.length > 2 ? [of(i => ways[i] - way)] : [])];
    const variance = samples.reduce((sum, i) => sum + (ways[i] - way) ** 2, 0) / samples.length;
    spreads[k] = variance;
    if (samples.length > 4) columns.push(of(i => (ways[i] - way) ** 2 - variance));
    if (hum && samples.length > 8) {
      const angle = 2 * Math.PI * mains;
      columns.push(
        of(i => Math.cos(angle * line.since[i])),
        of(i => Math.sin(angle * line.since[i])),
      );
    }
    for (let c = 0; c < channels; c++) {
      const fit = leastSquares(
        columns,
        of(i => field[i * channels + c]),
      );
      out.values[k * channels + c] = fit.coefficients[0];
      variances[k] = fit.covariance[0];
      if (c === 0) freedom += samples.length - fit.rank;
      for (const r of fit.residuals) squares[c] += r * r;
      addLagged(lagged[c], fit.residuals);
    }
  });
  for (let k = 0; k < count; k++) {
    for (let c = 0; c < channels; c++) {
      const factor = correlationFactor(lagged[c], filled[k].length);
      out.sigma[k * channels + c] = Math.sqrt((squares[c] / Math.max(1, freedom)) * variances[k] * factor);
    }
  }
  takeOffBend(out, spreads);
  return out;
}

/** See {@link lineReadings}; at the ends the bend of the neighbour holds. */
function takeOffBend({ count, channels, way, values }: LineReadings, spreads: Float64Array): void {
  if (count < 3) return;
  const bend = new Float64Array(count);
  for (let c = 0; c < channels; c++) {
    const at = (k: number) => values[k * channels + c];
    for (let k = 1; k < count - 1; k++) {
      const [before, after] = [way[k] - way[k - 1], way[k + 1] - way[k]];
      bend[k] = (2 * ((at(k + 1) - at(k)) / after - (at(k) - at(k - 1)) / before)) / (before + after);
    }
    bend[0] = bend[1];
    bend[count - 1] = bend[count - 2];
    for (let k = 0; k < count; k++) values[k * channels + c] -= (bend[k] * spreads[k]) / 2;
  }
}

function mean(indices: readonly number[], values: Float64Array): number {
  let sum = 0;
  for (const i of indices) sum += values[i];
  return sum / indices.length;
}
