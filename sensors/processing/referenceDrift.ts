import type { Vector3 } from '../../src/model/rig.js';
import { wholePeriods } from './mains.js';
import { GOOD, markSamples } from './outliers.js';
import type { ReferenceRecord } from './record.js';
import { sampleRate, sampleTimes } from './sampleTimes.js';

/** A sensor at rest as a function of time. */
export interface ReferenceSeries {
  /** Directions of its channels. */
  readonly axes: readonly Vector3[];
  /** Ascending, s. */
  readonly time: Float64Array;
  /** `[sample][channel]` less the mean of each channel, T. */
  readonly field: Float64Array;
  /** Samples over which one reading averages, whole mains periods where possible. */
  readonly window: number;
}

/** @param average time over which readings of the map average, s */
export function referenceSeries(
  { block }: ReferenceRecord,
  axes: readonly Vector3[],
  average: number,
  mains: number,
): ReferenceSeries {
  const marks = markSamples(block, Infinity, 20);
  const all = sampleTimes(block);
  const kept = Array.from({ length: block.count }, (_, i) => i).filter(i => marks[i] === GOOD);
  const { channels } = block;
  const field = new Float64Array(kept.length * channels);
  for (let c = 0; c < channels; c++) {
    const mean = kept.reduce((sum, i) => sum + block.field[i * channels + c], 0) / Math.max(1, kept.length);
    kept.forEach((i, k) => {
      field[k * channels + c] = block.field[i * channels + c] - mean;
    });
  }
  const rate = sampleRate(all);
  const count = Math.max(1, Math.round(rate * average) || 1);
  return { axes, time: Float64Array.from(kept, i => all[i]), field, window: wholePeriods(count, rate, mains) };
}

/**
 * What the reference says of the field along a direction around a time, T: the mean of its samples there. A reference of
 * fewer than three axes tells of its own directions only.
 */
export function referenceAt({ axes, time, field, window }: ReferenceSeries, t: number, direction: Vector3): number {
  const n = time.length;
  if (n === 0) return 0;
  let k = lowerBound(time, t);
  // The sample nearest to t in the middle of the window.
  if (k === n || (k > 0 && t - time[k - 1] < time[k] - t)) k--;
  const first = Math.min(Math.max(0, k - ((window - 1) >> 1)), Math.max(0, n - window));
  const last = Math.min(n, first + window);
  const channels = axes.length;
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    const share = axes[c][0] * direction[0] + axes[c][1] * direction[1] + axes[c][2] * direction[2];
    if (share === 0) continue;
    for (let i = first; i < last; i++) sum += share * field[i * channels + c];
  }
  return sum / (last - first);
}

function lowerBound(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How a sensor follows the reference along one direction. */
export interface ReferenceFit {
  readonly gain: number;
  readonly gainError: number;
  /** How much later than the reference it shows the same, s. */
  readonly lag: number;
}

/** Standard deviation of gains before anything is known: distant sources act on both alike, near ones do not. */
const PRIOR = 0.3;
const LAGS = 20;

/**
 * Gain and lag of the drift at the scanning sensor against the reference, from readings of repeated places: y = level of
 * the place + gain * reference(t - lag). The gain is held near 1 by a prior of +-0.3; the lag is the one, of up to 20 steps
 * either way, that leaves least, and stays 0 unless that is significantly less.
 * @param step of the lags that are tried, s
 * @param error of a repeated reading, T
 */
export function fitReference(
  series: ReferenceSeries,
  direction: Vector3,
  time: Float64Array,
  value: Float64Array,
  place: Int32Array,
  error: number,
  step: number,
): ReferenceFit {
  const y = centred(value, place);
  const at = (lag: number) => {
    const x = centred(
      time.map(t => referenceAt(series, t - lag, direction)),
      place,
    );
    let [square, product, rest] = [0, 0, 0];
    for (let k = 0; k < x.length; k++) {
      square += x[k] * x[k];
      product += x[k] * y[k];
      rest += (y[k] - x[k]) ** 2;
    }
    const precision = square / error ** 2 + 1 / PRIOR ** 2;
    const gain = (product / error ** 2 + 1 / PRIOR ** 2) / precision;
    const left = rest - 2 * (gain - 1) * (product - square) + (gain - 1) ** 2 * square;
    return { gain, gainError: 1 / Math.sqrt(precision), lag, left: left / error ** 2 + ((gain - 1) / PRIOR) ** 2 };
  };
  const zero = at(0);
  let best = zero;
  for (let k = -LAGS; k <= LAGS; k++) {
    const tried = at(k * step);
    if (tried.left < best.left) best = tried;
  }
  // 41 trials of noise alone come this much lower once in a hundred.
  return zero.left - best.left > 2 * Math.log(41 * 100) ? best : zero;
}

function centred(values: Float64Array, place: Int32Array): Float64Array {
  const sums = new Map<number, [number, number]>();
  values.forEach((v, k) => {
    const [sum, count] = sums.get(place[k]) ?? [0, 0];
    sums.set(place[k], [sum + v, count + 1]);
  });
  return values.map((v, k) => v - sums.get(place[k])![0] / sums.get(place[k])![1]);
}
