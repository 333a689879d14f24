import { type Grid, gridSize } from '../grid.js';
import { smoothed } from './smoothing.js';

/** Constants of the paper. */
const K1 = 0.01;
const K2 = 0.03;
const WIDTH = 1.5;
/** Below this part of its window on the maps (the corner of a map has 0.4) a pixel says nothing about structure. */
const LEAST_WINDOW = 0.3;

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Processing 13 (2004) 600) of two maps on one
 * grid:
 *
 *     (2 mx my + c1) (2 sxy + c2) / ((mx^2 + my^2 + c1) (sx^2 + sy^2 + c2)),  c1 = (0.01 L)^2,  c2 = (0.03 L)^2
 *
 * with means, variances and covariance weighted by a Gaussian window of 1.5 pixels (cut off at 3 widths, 11 x 11 pixels) over
 * the pixels of the window at which both maps have values.
 * @param range L, the range of values that counts as full contrast
 * @returns one value per pixel, in [-1, 1]; NaN where less than 30 % of the window lies on both maps, or one has no value
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
 * Mean structural similarity over components and layers. The measure was made for pictures, whose values are positive: of two
 * maps of opposite sign its factors would both be negative and their product large. So the values of a component count from
 * the least one that it has in either map, and L is the largest range of a component. NaN where no pixel has a value, or
 * where neither map has any contrast.
 */
export function meanSimilarity(
  layers: readonly { readonly grid: Grid; readonly a: readonly Float64Array[]; readonly b: readonly Float64Array[] }[],
): number {
  const ranges = layers[0]?.a.map((_, c) => rangeOf(layers.flatMap(({ a, b }) => [a[c], b[c]]))) ?? [];
  const range = Math.max(...ranges.map(({ least, most }) => most - least));
  if (!(range > 0)) return Number.NaN;
  let [sum, count] = [0, 0];
  for (const { grid, a, b } of layers) {
    for (let c = 0; c < a.length; c++) {
      const counted = (values: Float64Array) => values.map(v => v - ranges[c].least);
      for (const value of structuralSimilarity(grid, counted(a[c]), counted(b[c]), range)) {
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

function rangeOf(sets: readonly Float64Array[]): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const values of sets) {
    for (const v of values) {
      if (v < least) least = v;
      if (v > most) most = v;
    }
  }
  return { least, most };
}
