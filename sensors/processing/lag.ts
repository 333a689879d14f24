import { leastSquares } from './leastSquares.js';
import { type LineReadings, type LineSamples, lineReadings } from './lineReadings.js';

/** How much later than the stage says the readings come. */
export interface Lag {
  /** s. */
  readonly value: number;
  /** One standard deviation, s. */
  readonly error: number;
  /** Pairs of lines behind it. */
  readonly pairs: number;
}

/** Two runs along one line, there and back, by one element. */
export interface LinePair {
  readonly there: LineSamples;
  readonly back: LineSamples;
}

const PASSES = 6;

/**
 * The lag of readings on moving lines. Readings that come late by tau lie v tau too far along the way, so the same line
 * run there and back shows the field displaced by 2 v tau. Gauss-Newton: the difference of the two runs is regressed on
 * the slope of their mean, B_there - B_back = -2 v dtau B' + constant, with one constant per run and channel (drift),
 * until it does not change.
 * @returns undefined where no pair has slope enough to show it
 */
export function findLag(pairs: readonly LinePair[], pitch: number, mains: number): Lag | undefined {
  let lag = 0;
  let error = Number.NaN;
  for (let pass = 0; pass < PASSES; pass++) {
    let [square, product, rest, count, constants] = [0, 0, 0, 0, 0];
    const terms: { slope: Float64Array; difference: Float64Array }[] = [];
    for (const { there, back } of pairs) {
      const a = lineReadings(there, pitch, lag, mains);
      const b = lineReadings(back, pitch, lag, mains);
      terms.push(...compared(a, b, back.trajectory.length, there.step.feed + back.step.feed));
    }
    for (const { slope, difference } of terms) {
      const flat = new Float64Array(slope.length).fill(1);
      const without = (y: Float64Array) => leastSquares([flat], y).residuals;
      const [s, d] = [without(slope), without(difference)];
      for (let i = 0; i < s.length; i++) {
        square += s[i] * s[i];
        product += s[i] * d[i];
        rest += d[i] * d[i];
      }
      count += s.length;
      constants++;
    }
    if (!(square > 0) || count <= constants + 1) return undefined;
    const step = product / square;
    error = Math.sqrt(Math.max(0, rest - (product * product) / square) / ((count - constants - 1) * square));
    lag += step;
    if (Math.abs(step) < 0.01 * error) break;
  }
  return Number.isFinite(lag) && Number.isFinite(error) ? { value: lag, error, pairs: pairs.length } : undefined;
}

/**
 * Per channel, at the places that both runs read: the difference, and what it is per second of lag: a reading `dtau`
 * later than thought was taken v dtau earlier on its way, which is forward for the one run and back for the other.
 */
function compared(
  there: LineReadings,
  back: LineReadings,
  length: number,
  speeds: number,
): { slope: Float64Array; difference: Float64Array }[] {
  const { channels } = there;
  const mirrored = back.way.map(way => length - way);
  const out: { slope: Float64Array; difference: Float64Array }[] = [];
  for (let c = 0; c < channels; c++) {
    const slope: number[] = [];
    const difference: number[] = [];
    for (let k = 1; k < there.count - 1; k++) {
      const other = valueAt(mirrored, back.values, channels, c, there.way[k]);
      const [before, after] = [there.values[(k - 1) * channels + c], there.values[(k + 1) * channels + c]];
      const step = there.way[k + 1] - there.way[k - 1];
      const [left, right] = [
        valueAt(mirrored, back.values, channels, c, there.way[k - 1]),
        valueAt(mirrored, back.values, channels, c, there.way[k + 1]),
      ];
      if (!Number.isFinite(other + left + right) || !(step > 0)) continue;
      const gradient = (after - before + right - left) / (2 * step);
      slope.push(-speeds * gradient);
      difference.push(there.values[k * channels + c] - other);
    }
    if (slope.length > 2) out.push({ slope: Float64Array.from(slope), difference: Float64Array.from(difference) });
  }
  return out;
}

/** Linear interpolation; `ways` descend. NaN outside. */
function valueAt(ways: Float64Array, values: Float64Array, channels: number, c: number, way: number): number {
  let k = 0;
  while (k < ways.length - 1 && ways[k + 1] > way) k++;
  if (k >= ways.length - 1) return Number.NaN;
  const t = (ways[k] - way) / (ways[k] - ways[k + 1]);
  if (t < -0.5 || t > 1.5) return Number.NaN;
  return (1 - t) * values[k * channels + c] + t * values[(k + 1) * channels + c];
}
