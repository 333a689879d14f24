import { AXES, type FieldMap } from '../../src/fieldMap.js';
import { median } from '../median.js';

/** A spike stands out from the median of its neighbours by this many robust standard deviations of such differences, */
const OUTLIER = 8;
/** and by so many times more than its neighbours, but for one, stand out from theirs. */
const ISOLATION = 4;

/**
 * Pixels with a reading that no field can make: spikes of one pixel or two. The field of a current at a height of a pixel or more
 * is smooth from pixel to pixel, so a pixel that differs from the median of its eight neighbours, while these do not differ
 * from theirs, is a fault of the reading (electrical noise, a dropped bit). One such pixel would make every rule for lambda
 * follow it.
 * @returns their indices, ascending
 */
export function findSpikes(map: FieldMap): number[] {
  const spikes = new Set<number>();
  for (const name of AXES) {
    const values = map.components[name];
    if (values !== undefined) for (const pixel of spikesOf(values, map.grid.ny, map.grid.nx)) spikes.add(pixel);
  }
  return [...spikes].sort((a, b) => a - b);
}

function spikesOf(values: Float64Array, ny: number, nx: number): number[] {
  const near = new Float64Array(8);
  const off = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const count = neighbours(values, i, ny, nx, near);
    // A median of fewer than five is not safe from the spike next to it.
    if (count >= 5 && !Number.isNaN(values[i])) off[i] = Math.abs(values[i] - middle(near, count));
  }
  // 1.4826 medians of |r| are one standard deviation of a normal distribution.
  const limit = OUTLIER * 1.4826 * median(off);
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!(off[i] > limit)) continue;
    // The second largest: two spikes may be neighbours.
    const count = neighbours(off, i, ny, nx, near);
    const second = count < 2 ? 0 : near.subarray(0, count).sort()[count - 2];
    if (off[i] > ISOLATION * second) found.push(i);
  }
  return found;
}

/** Copies the neighbours of pixel i that are not NaN; returns how many there are. */
function neighbours(values: Float64Array, i: number, ny: number, nx: number, out: Float64Array): number {
  const ix = i % nx;
  const iy = (i - ix) / nx;
  let count = 0;
  for (let y = Math.max(0, iy - 1); y <= Math.min(ny - 1, iy + 1); y++) {
    for (let x = Math.max(0, ix - 1); x <= Math.min(nx - 1, ix + 1); x++) {
      const at = y * nx + x;
      if (at !== i && !Number.isNaN(values[at])) out[count++] = values[at];
    }
  }
  return count;
}

/** The median of the first values, which it sorts: of eight, once for every pixel. */
function middle(values: Float64Array, count: number): number {
  const sorted = values.subarray(0, count).sort();
  return count % 2 === 1 ? sorted[count >> 1] : 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]);
}
