import { type Grid, gridSize } from '../grid.js';

/** The Gaussian is cut off at this many standard deviations. */
const REACH = 3;

/**
 * A map smoothed by a Gaussian, over the pixels that have a value: sum(G f) / sum(G) (Knutsson and Westin, CVPR 1993).
 * Near a rim that is a mean over one side; a pixel whose Gaussian lies to less than `leastCoverage` on the map is NaN.
 * @param width standard deviation of the Gaussian, m
 * @param leastCoverage 0..1
 */
export function smoothed(grid: Grid, values: Float64Array, width: number, leastCoverage: number): Float64Array {
  const size = gridSize(grid);
  const filled = new Float64Array(size);
  const mask = new Float64Array(size);
  for (let p = 0; p < size; p++) {
    if (Number.isNaN(values[p])) continue;
    filled[p] = values[p];
    mask[p] = 1;
  }
  for (const array of [filled, mask]) blur(grid, array, width);
  for (let p = 0; p < size; p++) {
    filled[p] = mask[p] < leastCoverage || mask[p] < 1e-6 ? Number.NaN : filled[p] / mask[p];
  }
  return filled;
}

/** The same with zero outside, and in place: the Gaussian's integral is 1. */
export function blur(grid: Grid, values: Float64Array, width: number): void {
  const { nx, ny } = grid;
  const room = new Float64Array(values.length);
  convolve(values, room, gaussian(width / grid.dx), ny, nx, nx, 1);
  convolve(room, values, gaussian(width / grid.dy), nx, ny, 1, nx);
}

/** One half of a normalised Gaussian, from the centre outwards; the width in pixels. */
function gaussian(width: number): Float64Array {
  const half = new Float64Array(Math.ceil(REACH * width) + 1).map((_, i) => Math.exp(-0.5 * (i / width) ** 2));
  const sum = half.reduce((total, v, i) => total + (i === 0 ? v : 2 * v), 0);
  return half.map(v => v / sum);
}

/** `lines` lines of `n` values; zero beyond the ends. */
function convolve(
  from: Float64Array,
  to: Float64Array,
  half: Float64Array,
  lines: number,
  n: number,
  lineStep: number,
  step: number,
): void {
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let i = 0; i < n; i++) {
      let sum = half[0] * from[start + i * step];
      for (let m = 1; m < half.length; m++) {
        const before = i - m >= 0 ? from[start + (i - m) * step] : 0;
        const after = i + m < n ? from[start + (i + m) * step] : 0;
        sum += half[m] * (before + after);
      }
      to[start + i * step] = sum;
    }
  }
}
