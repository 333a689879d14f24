import { InputError } from '../errors.js';
import { type MapStack, mapLength } from './mapStack.js';

/** Which pixels take part, and how each is centred and weighed, before anything is decomposed. */

export interface PreparationOptions {
  /**
   * Standard deviation of the noise of each pixel, one number per value of a map: maps are divided by it (whitening), so that
   * a noisy corner does not pass for a pattern. NaN or zero leaves a pixel out. Left out: all pixels weigh alike.
   */
  readonly sigma?: Float64Array;
  /** Part of the maps in which a pixel must be measured to take part; default one half. */
  readonly leastPresent?: number;
}

/** How maps become rows of numbers: z = (map - mean) / sigma on the pixels that take part. */
export interface Preparation {
  /** Places of the pixels that take part, ascending; p of them. */
  readonly pixels: Int32Array;
  /** Mean of each over the maps that have it, in the maps' unit. */
  readonly mean: Float64Array;
  /** What each is divided by, in the maps' unit; 1 without whitening. */
  readonly sigma: Float64Array;
  /** Readings that are missing on these pixels. */
  readonly missing: number;
}

/**
 * One pass over a stack: presence and means.
 * @throws {InputError} for fewer than three maps, or when no pixel is measured often enough.
 */
export function prepare(stack: MapStack, options: PreparationOptions = {}): Preparation {
  const { count } = stack;
  if (count < 3) {
    throw new InputError(`holds ${count} ${count === 1 ? 'map' : 'maps'}, too few to tell what is usual`, {
      advice: 'give at least three like maps, better ten',
    });
  }
  const length = mapLength(stack.layout);
  const { sigma, leastPresent = 0.5 } = options;
  const sum = new Float64Array(length);
  const present = new Int32Array(length);
  // Sums run from the first reading, so that a large offset costs no digits.
  const first = new Float64Array(length).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const map = stack.read(i);
    for (let q = 0; q < length; q++) {
      const value = map[q];
      if (Number.isNaN(value)) continue;
      if (present[q] === 0) first[q] = value;
      sum[q] += value - first[q];
      present[q]++;
    }
  }
  const least = Math.max(2, leastPresent * count);
  const kept: number[] = [];
  let missing = 0;
  for (let q = 0; q < length; q++) {
    if (present[q] < least || (sigma !== undefined && !(sigma[q] > 0 && sigma[q] < Number.POSITIVE_INFINITY))) continue;
    kept.push(q);
    missing += count - present[q];
  }
  if (kept.length === 0) {
    throw new InputError('no pixel is measured in enough of the maps', { advice: 'bring all maps to one grid' });
  }
  return {
    pixels: Int32Array.from(kept),
    mean: Float64Array.from(kept, q => first[q] + sum[q] / present[q]),
    sigma: Float64Array.from(kept, q => (sigma === undefined ? 1 : sigma[q])),
    missing,
  };
}

/** (map - mean) / sigma on the pixels that take part, into `out`; NaN where the map has none. Returns how many are NaN. */
export function toRow(
  map: Float64Array,
  { pixels, mean, sigma }: Omit<Preparation, 'missing'>,
  out: Float64Array,
): number {
  let missing = 0;
  for (let j = 0; j < pixels.length; j++) {
    const value = (map[pixels[j]] - mean[j]) / sigma[j];
    if (Number.isNaN(value)) missing++;
    out[j] = value;
  }
  return missing;
}

/** A row of numbers back on the map: NaN on the pixels that take no part. */
export function toMap(row: ArrayLike<number>, pixels: Int32Array, length: number): Float64Array {
  const out = new Float64Array(length).fill(Number.NaN);
  for (let j = 0; j < pixels.length; j++) out[pixels[j]] = row[j];
  return out;
}
