import type { Grid } from '../grid.js';

/** Positions this close to a node, in pitches, are taken as on it. */
const ON_NODE = 1e-6;

/**
 * The nodes around one place and their weights for the value and for its derivatives along x and y (1/m). Made once,
 * placed again for every point.
 */
export interface Stencil {
  count: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
  readonly alongX: Float64Array;
  readonly alongY: Float64Array;
}

export function newStencil(): Stencil {
  return {
    count: 0,
    index: new Int32Array(16),
    weight: new Float64Array(16),
    alongX: new Float64Array(16),
    alongY: new Float64Array(16),
  };
}

/** Weights along one axis: value and derivative per pitch. */
const valueX = new Float64Array(4);
const valueY = new Float64Array(4);
const slopeX = new Float64Array(4);
const slopeY = new Float64Array(4);

/**
 * Cubic convolution with 4 x 4 nodes (Keys, IEEE Trans. ASSP 29 (1981) 1153, a = -1/2): third order, continuous first
 * derivatives, exact for quadratic polynomials.
 * @returns false where one of the nodes lies outside the grid
 */
export function placeCubic(to: Stencil, grid: Grid, x: number, y: number): boolean {
  const u = snapped((x - grid.x0) / grid.dx);
  const v = snapped((y - grid.y0) / grid.dy);
  const ix = Math.min(Math.floor(u), grid.nx - 3);
  const iy = Math.min(Math.floor(v), grid.ny - 3);
  // On the last node but one the cell below serves as well as the one above, whose nodes are not there.
  if (!(ix >= 1 && iy >= 1 && u - ix <= 1 && v - iy <= 1)) return false;
  keys(u - ix, valueX, slopeX);
  keys(v - iy, valueY, slopeY);
  fill(to, grid, ix - 1, iy - 1, 4);
  return true;
}

/**
 * Bilinear interpolation between 2 x 2 nodes, exact for linear functions.
 * @returns false outside the grid
 */
export function placeLinear(to: Stencil, grid: Grid, x: number, y: number): boolean {
  const u = snapped((x - grid.x0) / grid.dx);
  const v = snapped((y - grid.y0) / grid.dy);
  const ix = Math.max(0, Math.min(Math.floor(u), grid.nx - 2));
  const iy = Math.max(0, Math.min(Math.floor(v), grid.ny - 2));
  if (!(u >= 0 && v >= 0 && u <= grid.nx - 1 && v <= grid.ny - 1) || grid.nx < 2 || grid.ny < 2) return false;
  valueX[0] = 1 - (u - ix);
  valueX[1] = u - ix;
  valueY[0] = 1 - (v - iy);
  valueY[1] = v - iy;
  slopeX[0] = slopeY[0] = -1;
  slopeX[1] = slopeY[1] = 1;
  fill(to, grid, ix, iy, 2);
  return true;
}

/** Sum of weight times value; a node of weight zero may be NaN. */
export function weighted({ count, index }: Stencil, weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < count; k++) if (weights[k] !== 0) sum += weights[k] * values[index[k]];
  return sum;
}

function fill(to: Stencil, { nx, dx, dy }: Grid, ix: number, iy: number, n: number): void {
  let k = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++, k++) {
      to.index[k] = (iy + j) * nx + ix + i;
      to.weight[k] = valueY[j] * valueX[i];
      to.alongX[k] = (valueY[j] * slopeX[i]) / dx;
      to.alongY[k] = (slopeY[j] * valueX[i]) / dy;
    }
  }
  to.count = k;
}

function keys(t: number, value: Float64Array, slope: Float64Array): void {
  value[0] = t * (-0.5 + t * (1 - 0.5 * t));
  value[1] = 1 + t * t * (-2.5 + 1.5 * t);
  value[2] = t * (0.5 + t * (2 - 1.5 * t));
  value[3] = t * t * (-0.5 + 0.5 * t);
  slope[0] = -0.5 + t * (2 - 1.5 * t);
  slope[1] = t * (-5 + 4.5 * t);
  slope[2] = 0.5 + t * (4 - 4.5 * t);
  slope[3] = t * (-1 + 1.5 * t);
}

function snapped(position: number): number {
  const node = Math.round(position);
  return Math.abs(position - node) < ON_NODE ? node : position;
}
