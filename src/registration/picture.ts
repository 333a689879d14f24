import { bilinear } from '../bilinear.js';
import type { Grid } from '../grid.js';
import { inversePlaneMap, type PlaneMap, pixelSide } from './affine.js';

/** A picture of one quantity, such as grey values or temperatures. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row-major, row 0 on top; NaN where there is nothing. */
  readonly values: Float64Array;
}

/** The picture turned clockwise by quarter turns, after it was mirrored left to right where that is asked for. */
export function oriented(picture: Picture, quarterTurns: number, mirrored: boolean): Picture {
  let now = picture;
  if (mirrored) now = rearranged(now, now.width, now.height, (u, v, w) => v * w + (w - 1 - u));
  for (let k = ((quarterTurns % 4) + 4) % 4; k > 0; k--) {
    now = rearranged(now, now.height, now.width, (u, v, w, h) => (h - 1 - u) * w + v);
  }
  return now;
}

function rearranged(
  { width, height, values }: Picture,
  toWidth: number,
  toHeight: number,
  from: (u: number, v: number, width: number, height: number) => number,
): Picture {
  const out = new Float64Array(values.length);
  for (let v = 0, i = 0; v < toHeight; v++) {
    for (let u = 0; u < toWidth; u++, i++) out[i] = values[from(u, v, width, height)];
  }
  return { width: toWidth, height: toHeight, values: out };
}

/** Means over blocks of `factor` x `factor` pixels that have values; pixel (u, v) of it lies at factor (u + 1/2) - 1/2. */
export function reduced({ width, height, values }: Picture, factor: number): Picture {
  if (factor <= 1) return { width, height, values };
  const [w, h] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float64Array(w * h);
  const counts = new Float64Array(w * h);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const value = values[v * width + u];
      if (!Number.isFinite(value)) continue;
      const i = Math.floor(v / factor) * w + Math.floor(u / factor);
      sums[i] += value;
      counts[i]++;
    }
  }
  return { width: w, height: h, values: sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : Number.NaN)) };
}

/** The map of a reduced picture, from that of the whole one. */
export function reducedMap([a, b, c, d, e, f]: PlaneMap, factor: number): PlaneMap {
  const half = (factor - 1) / 2;
  return [factor * a, factor * b, c + half * (a + b), factor * d, factor * e, f + half * (d + e)];
}

/**
 * The picture at the pixels of a grid: means where it is finer than the grid, else between its pixels (bilinear). NaN beside
 * it, and where one of the four pixels around has no value.
 * @returns row-major [iy][ix], y ascending
 */
export function sampledOn(picture: Picture, map: PlaneMap, grid: Grid): Float64Array {
  const factor = Math.max(1, Math.floor(Math.sqrt(grid.dx * grid.dy) / pixelSide(map) + 1e-9));
  const source = reduced(picture, factor);
  return sampled(source, inversePlaneMap(reducedMap(map, factor)), grid, new Float64Array(grid.nx * grid.ny));
}

/** The picture on a grid of the plane. @param back from the plane to the picture @param out filled and returned */
export function sampled(
  { width, height, values }: Picture,
  [a, b, c, d, e, f]: PlaneMap,
  { nx, ny, x0, y0, dx, dy }: Grid,
  out: Float64Array,
): Float64Array {
  for (let iy = 0, i = 0; iy < ny; iy++) {
    const y = y0 + iy * dy;
    for (let ix = 0; ix < nx; ix++, i++) {
      const x = x0 + ix * dx;
      out[i] = bilinear(values, width, height, a * x + b * y + c, d * x + e * y + f);
    }
  }
  return out;
}
