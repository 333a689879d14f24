import { type Grid, gridSize } from '../grid.js';
import type { Judgement } from './judgement.js';
import type { MapLayout } from './mapStack.js';

/** Width of the smoothing that finds the place, as a part of the map's shorter side. */
const SMOOTHING = 0.06;

/** Where a map differs most, m: {@link whereLargest} of the residual, or of the pattern where T2 is what is unusual. */
export function whereDifferent(layout: MapLayout, judgement: Judgement): { x: number; y: number } | undefined {
  return whereLargest(layout, judgement.pQ <= judgement.pT2 ? judgement.residual : judgement.pattern);
}

/**
 * The largest square of a map's values, summed over the channels and smoothed over a few pixels; then the centroid of what lies
 * around it above half its height, m. Undefined for a map that is nothing everywhere.
 */
export function whereLargest(layout: MapLayout, values: Float64Array): { x: number; y: number } | undefined {
  const { grid, channels } = layout;
  const size = gridSize(grid);
  const energy = new Float64Array(size).fill(Number.NaN);
  for (let c = 0; c < channels.length; c++) {
    for (let i = 0; i < size; i++) {
      const value = values[c * size + i];
      if (!Number.isNaN(value)) energy[i] = (Number.isNaN(energy[i]) ? 0 : energy[i]) + value * value;
    }
  }
  const reach = Math.max(1, Math.round((SMOOTHING * Math.min(grid.nx, grid.ny)) / 2));
  const smooth = boxMean(grid, energy, reach);
  let peak = -1;
  for (let i = 0; i < size; i++) if (smooth[i] > (peak < 0 ? 0 : smooth[peak])) peak = i;
  return peak < 0 ? undefined : centroid(grid, smooth, peak);
}

/** Mean over a square of 2 reach + 1 pixels, of those that have a value; NaN where the middle has none. Running sums, y then x. */
export function boxMean({ nx, ny }: Grid, values: Float64Array, reach: number): Float64Array {
  const sums = new Float64Array((nx + 1) * (ny + 1));
  const counts = new Float64Array((nx + 1) * (ny + 1));
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const value = values[iy * nx + ix];
      const there = Number.isNaN(value) ? 0 : 1;
      const at = (iy + 1) * (nx + 1) + ix + 1;
      sums[at] = (there ? value : 0) + sums[at - 1] + sums[at - nx - 1] - sums[at - nx - 2];
      counts[at] = there + counts[at - 1] + counts[at - nx - 1] - counts[at - nx - 2];
    }
  }
  const out = new Float64Array(nx * ny).fill(Number.NaN);
  for (let iy = 0; iy < ny; iy++) {
    const [low, high] = [Math.max(0, iy - reach) * (nx + 1), Math.min(ny, iy + reach + 1) * (nx + 1)];
    for (let ix = 0; ix < nx; ix++) {
      if (Number.isNaN(values[iy * nx + ix])) continue;
      const [left, right] = [Math.max(0, ix - reach), Math.min(nx, ix + reach + 1)];
      const over = (table: Float64Array) =>
        table[high + right] - table[high + left] - table[low + right] + table[low + left];
      out[iy * nx + ix] = over(sums) / over(counts);
    }
  }
  return out;
}

/** Of the connected pixels around the peak above half its height. */
function centroid({ nx, ny, x0, y0, dx, dy }: Grid, values: Float64Array, peak: number): { x: number; y: number } {
  const half = values[peak] / 2;
  const seen = new Uint8Array(nx * ny);
  const stack = [peak];
  seen[peak] = 1;
  let [weight, x, y] = [0, 0, 0];
  while (stack.length > 0) {
    const i = stack.pop()!;
    const [ix, iy] = [i % nx, Math.floor(i / nx)];
    weight += values[i];
    x += values[i] * ix;
    y += values[i] * iy;
    for (const [jx, jy] of [
      [ix - 1, iy],
      [ix + 1, iy],
      [ix, iy - 1],
      [ix, iy + 1],
    ]) {
      const j = jy * nx + jx;
      if (jx < 0 || jy < 0 || jx >= nx || jy >= ny || seen[j] === 1 || !(values[j] >= half)) continue;
      seen[j] = 1;
      stack.push(j);
    }
  }
  return { x: x0 + (x / weight) * dx, y: y0 + (y / weight) * dy };
}
