import { studentTails } from './distributions.js';
import { falseDiscovery } from './falseDiscovery.js';
import { type MapStack, mapLength } from './mapStack.js';

/**
 * What is usual at every pixel of a reference cohort, pixel by pixel (Ilott et al. 2018 judge defective cells so): mean and
 * standard deviation, or median and scaled median absolute deviation, which a few odd maps do not move.
 */
export interface PixelStatistics {
  /** 'mean' or 'median'. */
  readonly kind: 'mean' | 'median';
  /** One per value of a map, in the maps' unit; NaN where fewer than three maps have it. */
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  /** Number of maps that have the pixel. */
  readonly present: Int32Array;
}

/** Median absolute deviation of a normal law, over its standard deviation, inverted. */
const TO_SIGMA = 1.482602218505602;
/** What the median absolute deviation has of the information of the standard deviation (normal law). */
const MAD_EFFICIENCY = 0.37;
/** Values of the maps that are sorted at a time, in robust statistics. */
const STRIP_NUMBERS = 4e6;

/** Mean and standard deviation (divisor n - 1) in one pass (Welford 1962). */
export function pixelMeans(stack: MapStack): PixelStatistics {
  const length = mapLength(stack.layout);
  const centre = new Float64Array(length);
  const spread = new Float64Array(length);
  const present = new Int32Array(length);
  for (let i = 0; i < stack.count; i++) {
    const map = stack.read(i);
    for (let q = 0; q < length; q++) {
      const value = map[q];
      if (Number.isNaN(value)) continue;
      const step = value - centre[q];
      centre[q] += step / ++present[q];
      spread[q] += step * (value - centre[q]);
    }
  }
  for (let q = 0; q < length; q++) {
    const enough = present[q] >= 3;
    spread[q] = enough ? Math.sqrt(spread[q] / (present[q] - 1)) : Number.NaN;
    if (!enough) centre[q] = Number.NaN;
  }
  return { kind: 'mean', centre, spread, present };
}

/** Median and 1.4826 median absolute deviation. Reads the stack once per strip of pixels. */
export function pixelMedians(stack: MapStack): PixelStatistics {
  const length = mapLength(stack.layout);
  const { count } = stack;
  const centre = new Float64Array(length).fill(Number.NaN);
  const spread = new Float64Array(length).fill(Number.NaN);
  const present = new Int32Array(length);
  const width = Math.max(1, Math.min(length, Math.floor(STRIP_NUMBERS / count)));
  const strip = new Float64Array(width * count);
  for (let first = 0; first < length; first += width) {
    const size = Math.min(width, length - first);
    for (let i = 0; i < count; i++) {
      const map = stack.read(i);
      for (let q = 0; q < size; q++) strip[q * count + i] = map[first + q];
    }
    for (let q = 0; q < size; q++) {
      // Sorting puts NaN last.
      const values = strip.subarray(q * count, (q + 1) * count).sort();
      let n = count;
      while (n > 0 && Number.isNaN(values[n - 1])) n--;
      present[first + q] = n;
      if (n < 3) continue;
      const median = middle(values, n);
      for (let i = 0; i < n; i++) values[i] = Math.abs(values[i] - median);
      centre[first + q] = median;
      spread[first + q] = TO_SIGMA * middle(values.subarray(0, n).sort(), n);
    }
  }
  return { kind: 'median', centre, spread, present };
}

function middle(sorted: Float64Array, n: number): number {
  return n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

export interface ZMap {
  /** (map - centre) / (spread sqrt(1 + 1/n)): the last factor for the uncertainty of the centre. NaN without spread. */
  readonly z: Float64Array;
  /** Two-sided probability of each under Student's law. */
  readonly p: Float64Array;
  /** Adjusted for the number of pixels: false discovery rate at which the pixel would be flagged. */
  readonly adjusted: Float64Array;
}

/**
 * How unusual each pixel of a new map is. z is Student-t distributed with n - 1 degrees of freedom (0.37 (n - 1) about the
 * median). Meant for maps that took no part in the statistics.
 */
export function zMap({ kind, centre, spread, present }: PixelStatistics, map: Float64Array): ZMap {
  const z = new Float64Array(map.length).fill(Number.NaN);
  const p = new Float64Array(map.length).fill(Number.NaN);
  for (let q = 0; q < map.length; q++) {
    if (!(spread[q] > 0) || Number.isNaN(map[q])) continue;
    const n = present[q];
    z[q] = (map[q] - centre[q]) / (spread[q] * Math.sqrt(1 + (kind === 'mean' ? 1 : Math.PI / 2) / n));
    p[q] = studentTails(z[q], kind === 'mean' ? n - 1 : Math.max(1, MAD_EFFICIENCY * (n - 1)));
  }
  return { z, p, adjusted: falseDiscovery(p) };
}
