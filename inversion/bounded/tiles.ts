import type { Box } from '../../src/model/outline.js';
import type { PointSources } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';

/** Readings that a tile has at most. */
const MOST = 1200;
/** Distances from the tile, in standoffs, between which the functions stand that the basis is made of. */
const RING = [2.5, 6] as const;
/** So many of them are looked at. */
const CANDIDATES = 400;

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

/** The readings in tiles of about the same number, samples whole. */
export function readingTiles({ x, y, first }: ScanReadings): Int32Array[] {
  const samples: number[] = [];
  for (let s = 0; s + 1 < first.length; s++) if (first[s + 1] > first[s]) samples.push(s);
  const count = first[first.length - 1];
  const out: Int32Array[] = [];
  const split = (part: readonly number[], tiles: number) => {
    if (tiles === 1 || part.length < 2) {
      out.push(
        Int32Array.from(part.flatMap(s => Array.from({ length: first[s + 1] - first[s] }, (_, c) => first[s] + c))),
      );
      return;
    }
    const box = boxOf(
      part.map(s => first[s]),
      x,
      y,
    );
    const along = box.x1 - box.x0 > box.y1 - box.y0 ? x : y;
    const sorted = part.toSorted((a, b) => along[first[a]] - along[first[b]]);
    const half = tiles >> 1;
    const cut = Math.round((part.length * half) / tiles);
    split(sorted.slice(0, cut), half);
    split(sorted.slice(cut), tiles - half);
  };
  split(samples, Math.ceil(count / MOST));
  return out;
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

/** Columns in a ring around the tile, at most {@link CANDIDATES}; none where most functions are close. */
export function ringOf(box: Box, { x, y }: ColumnPlaces, standoff: number): Int32Array {
  const ring: number[] = [];
  let far = 0;
  for (let j = 0; j < x.length; j++) {
    const distance = Math.max(box.x0 - x[j], x[j] - box.x1, box.y0 - y[j], y[j] - box.y1);
    if (!(distance > RING[0] * standoff)) continue;
    far++;
    if (distance < RING[1] * standoff) ring.push(j);
  }
  if (2 * far < x.length) return new Int32Array(0);
  const step = Math.max(1, ring.length / CANDIDATES);
  return Int32Array.from({ length: Math.floor(ring.length / step) }, (_, k) => ring[Math.floor(k * step)]);
}
