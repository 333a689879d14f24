import { median } from '../../src/median.js';
import { FLAGS, type SampleBlock } from '../samples.js';

/** Flags of samples that are no readings. */
const NO_READING = FLAGS.overrange | FLAGS.unlocked | FLAGS.deadZone | FLAGS.suspect;
/** Distance from the median, in robust standard deviations, beyond which a sample is an outlier. */
const THRESHOLD = 6;
/** 1 / 0.6745: from the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** From the mean absolute deviation. */
const MEAN_TO_SIGMA = 1.2533;

/** What a sample is. */
export const GOOD = 0;
export const INVALID = 1;
export const OUTLIER = 2;

/**
 * Marks samples: first those that the device flags or that lie beyond its range, then outliers among the others by
 * Hampel's rule (F. R. Hampel 1974): further from the median than {@link THRESHOLD} robust standard deviations in any
 * channel. Hum is no outlier: the peak of a sine lies within one of its robust deviations.
 * @param range largest reading of either sign, T
 * @param halfWidth samples to each side in which the median is taken; Infinity: all, for a sensor that stands still
 */
export function markSamples(block: SampleBlock, range = Infinity, halfWidth = Infinity): Uint8Array {
  const { count, channels, field, flags } = block;
  const marks = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if ((flags[i] & NO_READING) !== 0) marks[i] = INVALID;
    for (let c = 0; c < channels; c++) if (!(Math.abs(field[i * channels + c]) <= range)) marks[i] = INVALID;
  }
  const valid: number[] = [];
  for (let i = 0; i < count; i++) if (marks[i] === GOOD) valid.push(i);
  for (let c = 0; c < channels; c++) {
    const values = Float64Array.from(valid, i => field[i * channels + c]);
    const far = values.length - 1 <= 2 * halfWidth ? farFromAll(values) : farFromNear(values, halfWidth);
    for (const k of far) marks[valid[k]] = OUTLIER;
  }
  return marks;
}

function farFromAll(values: Float64Array): number[] {
  if (values.length < 5) return [];
  const middle = median(values);
  const scale = spread(values.map(v => v - middle));
  return indices(values.length, k => Math.abs(values[k] - middle) > THRESHOLD * scale);
}

function farFromNear(values: Float64Array, halfWidth: number): number[] {
  // Steps from sample to sample: the noise, whatever the field does; short windows would guess it too small.
  const steps = values.subarray(1).map((v, k) => v - values[k]);
  const noise = spread(steps) / Math.SQRT2;
  const last = values.length - 1;
  // The field changes along the way: its slope within the window comes off first.
  const window = (k: number) => {
    const from = Math.max(0, Math.min(k - halfWidth, last - 2 * halfWidth));
    const near = values.subarray(from, from + 2 * halfWidth + 1);
    const [left, right] = [near.subarray(0, halfWidth), near.subarray(halfWidth + 1)];
    const slope = (median(right) - median(left)) / (halfWidth + 1);
    return near.map((v, j) => v - slope * (from + j - k));
  };
  return indices(values.length, k => {
    const near = window(k);
    const middle = median(near);
    const distance = Math.abs(values[k] - middle);
    return distance > THRESHOLD * noise && distance > THRESHOLD * spread(near.map(v => v - middle));
  });
}

/**
 * Robust standard deviation of deviations. Values that come in few steps or in turns (hum, read four times per period) may
 * have a median deviation of zero, so it is at least half of what the mean deviation says.
 */
function spread(deviations: Float64Array): number {
  const sizes = deviations.map(Math.abs);
  const mad = MAD_TO_SIGMA * median(sizes);
  const mean = sizes.reduce((sum, v) => sum + v, 0) / Math.max(1, sizes.length);
  return Math.max(mad, (MEAN_TO_SIGMA * mean) / 2);
}

function indices(count: number, holds: (k: number) => boolean): number[] {
  const out: number[] = [];
  for (let k = 0; k < count; k++) if (holds(k)) out.push(k);
  return out;
}
