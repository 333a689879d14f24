import { type Grid, gridSize } from '../grid.js';
import { smoothed } from './smoothing.js';

/** Constants of the paper. */
const K1 = 0.01;
const K2 = 0.03;
const WIDTH = 1.5;
/** Below this part of its window on the maps a pixel says nothing about structure. */
const LEAST_WINDOW = 0.5;

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Processing 13 (2004) 600) of two maps on one
 * grid:
 *
 *     (2 mx my + c1) (2 sxy + c2) / ((mx^2 + my^2 + c1) (sx^2 + sy^2 + c2)),  c1 = (0.01 L)^2,  c2 = (0.03 L)^2
 *
 * with means, variances and covariance weighted by a Gaussian window of 1.5 pixels (cut off at 3 widths, 11 x 11 pixels) over
 * the pixels of the window at which both maps have values.
 * @param range L, the range of values that counts as full contrast
 * @returns one value per pixel, in [-1, 1]; NaN where less than half of the window lies on both maps, or one has no value
 */
export function structuralSimilarity(grid: Grid, a: Float64Array, b: Float64Array, range: number): Float64Array {
  const size = gridSize(grid);
  const [c1, c2] = [(K1 * range) ** 2, (K2 * range) ** 2];
  const x = new Float64Array(size);
  const y = new Float64Array(size);
  for (let p = 0; p < size; p++) {
    const missing = Number.isNaN(a[p]) || Number.isNaN(b[p]);
    x[p] = missing ? Number.NaN : a[p];
    y[p] = missing ? Number.NaN : b[p];
  }
  // Pixels count, not metres.
  const pixels: Grid = { ...grid, dx: 1, dy: 1 };
  const mean = (values: Float64Array) => smoothed(pixels, values, WIDTH, LEAST_WINDOW);
  const products = (u: Float64Array, v: Float64Array) => mean(u.map((value, p) => value * v[p]));
  const [mx, my] = [mean(x), mean(y)];
  const [xx, yy, xy] = [products(x, x), products(y, y), products(x, y)];
  return x.map((value, p) => {
    if (Number.isNaN(value)) return Number.NaN;
    const sxx = Math.max(0, xx[p] - mx[p] * mx[p]);
    const syy = Math.max(0, yy[p] - my[p] * my[p]);
    const sxy = xy[p] - mx[p] * my[p];
    const luminance = (2 * mx[p] * my[p] + c1) / (mx[p] * mx[p] + my[p] * my[p] + c1);
    return (luminance * (2 * sxy + c2)) / (sxx + syy + c2);
  });
}

/**
 * Mean structural similarity over components and layers; L is the largest range (most minus least) that one component has
 * in either map. NaN where no pixel has a value, or where neither map has any contrast.
 */
export function meanSimilarity(
  layers: readonly { readonly grid: Grid; readonly a: readonly Float64Array[]; readonly b: readonly Float64Array[] }[],
): number {
  const range = Math.max(...layers.flatMap(({ a, b }) => [...a, ...b].map(rangeOf)));
  if (!(range > 0)) return Number.NaN;
  let [sum, count] = [0, 0];
  for (const { grid, a, b } of layers) {
    for (let c = 0; c < a.length; c++) {
      for (const value of structuralSimilarity(grid, a[c], b[c], range)) {
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

function rangeOf(values: Float64Array): number {
  let [least, most] = [Infinity, -Infinity];
  for (const v of values) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return most >= least ? most - least : 0;
}
