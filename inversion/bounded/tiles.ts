import type { Box } from '../../src/model/outline.js';
import type { PointSources } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';

/** Readings that a tile has at most. */
export const MOST = 800;
/** Distances from a part, in standoffs, between which the functions stand that its basis is made of. */
const RING = [2.5, 12] as const;
/** So many of them are looked at, and so many per reading. */
const CANDIDATES = 130;
const PER_READING = 0.4;
/** They are chosen as this power of the distance falls: the further, the smoother their fields, and the more alike. */
const FALL = 2;
/** How many functions over a part tell how large columns are. */
const OVER = 24;

/** Where the functions of the columns stand, m; NaN for those that stand nowhere. */
export interface ColumnPlaces {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Places of the functions of each set, one after another. */
export function functionPlaces({ x, y, count, hats }: PointSources): ColumnPlaces {
  if (hats === undefined) return { x, y };
  const place = (from: Float64Array) =>
    Float64Array.from({ length: count }, (_, f) => {
      const own = hats.subarray(9 * f, 9 * f + 9).filter(s => s < from.length);
      return own.reduce((sum, s) => sum + from[s], 0) / own.length;
    });
  return { x: place(x), y: place(y) };
}

/** Readings that stand together, and the parts they are cut into: none for the smallest. */
export interface Part {
  readonly readings: Int32Array;
  readonly parts: readonly Part[];
}

/** All readings, halved along the longer side until tiles of about the same number remain; samples whole. */
export function readingParts({ x, y, first }: ScanReadings): Part {
  const samples: number[] = [];
  for (let s = 0; s + 1 < first.length; s++) if (first[s + 1] > first[s]) samples.push(s);
  const count = first[first.length - 1];
  const cut = (part: readonly number[], share: number): [number[], number[]] => {
    const box = boxOf(
      part.map(s => first[s]),
      x,
      y,
    );
    const along = box.x1 - box.x0 > box.y1 - box.y0 ? x : y;
    const sorted = part.toSorted((a, b) => along[first[a]] - along[first[b]]);
    const at = Math.round(part.length * share);
    return [sorted.slice(0, at), sorted.slice(at)];
  };
  const whole = (part: readonly number[], parts: readonly Part[]): Part => {
    const readings = new Int32Array(part.reduce((sum, s) => sum + first[s + 1] - first[s], 0));
    let at = 0;
    for (const s of part) for (let r = first[s]; r < first[s + 1]; r++) readings[at++] = r;
    return { readings, parts };
  };
  const split = (part: readonly number[], tiles: number): Part => {
    if (tiles === 1 || part.length < 4) return whole(part, []);
    const half = tiles >> 1;
    const [a, b] = cut(part, half / tiles);
    return whole(part, [split(a, half), split(b, tiles - half)]);
  };
  return split(samples, Math.ceil(count / MOST));
}

/** The largest parts of at most {@link MOST} readings. */
export function readingTiles(readings: ScanReadings): Int32Array[] {
  const tiles = (part: Part): Int32Array[] =>
    part.readings.length <= 1.1 * MOST || part.parts.length === 0 ? [part.readings] : part.parts.flatMap(tiles);
  return tiles(readingParts(readings));
}

/** The box around readings. */
export function boxOf(which: ArrayLike<number>, x: Float64Array, y: Float64Array): Box {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (let k = 0; k < which.length; k++) {
    box.x0 = Math.min(box.x0, x[which[k]]);
    box.x1 = Math.max(box.x1, x[which[k]]);
    box.y0 = Math.min(box.y0, y[which[k]]);
    box.y1 = Math.max(box.y1, y[which[k]]);
  }
  return box;
}

/** Distance of every function from a box along x or y, whichever is larger, in standoffs; NaN for those that stand nowhere. */
export function distancesFrom(box: Box, { x, y }: ColumnPlaces, standoff: number): Float64Array {
  return x.map((v, j) => Math.max(box.x0 - v, v - box.x1, box.y0 - y[j], y[j] - box.y1) / standoff);
}

/** Whether a function is so far away that its field is smooth. */
export function isFar(distance: number): boolean {
  return distance > RING[0];
}

/**
 * Columns in a ring around a part, about {@link CANDIDATES} and the closer the denser, then some over it; none where most functions
 * are close.
 */
export function ringOf(distances: Float64Array, readings: number): { ring: Int32Array; over: Int32Array } {
  const [ring, over]: [number[], number[]] = [[], []];
  let [far, total] = [0, 0];
  const weight = (j: number) => distances[j] ** -FALL;
  for (let j = 0; j < distances.length; j++) {
    if (distances[j] <= 0) over.push(j);
    if (!isFar(distances[j])) continue;
    far++;
    if (distances[j] >= RING[1]) continue;
    ring.push(j);
    total += weight(j);
  }
  if (2 * far < distances.length) return { ring: new Int32Array(0), over: new Int32Array(0) };
  // The next one is due when the weights since the last add up to a step.
  const step = total / Math.min(CANDIDATES, Math.ceil(PER_READING * readings));
  let sum = 0;
  const candidates = ring.filter(j => {
    sum += weight(j);
    const due = sum >= step;
    if (due) sum = sum > 2 * step ? step : sum - step;
    return due;
  });
  return { ring: Int32Array.from(candidates), over: spread(over, OVER) };
}

/** At most so many of a list, evenly spread over it. */
export function spread(list: readonly number[], most: number): Int32Array {
  const step = Math.max(1, list.length / most);
  return Int32Array.from({ length: Math.floor(list.length / step) }, (_, k) => list[Math.floor(k * step)]);
}
