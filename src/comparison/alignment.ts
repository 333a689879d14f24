import type { Grid } from '../grid.js';
import type { Motion } from './motion.js';
import { newStencil, placeCubic, weighted } from './stencil.js';

/** Two smoothed maps of the same components, to be laid over each other. */
export interface MapPair {
  readonly gridA: Grid;
  readonly gridB: Grid;
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  /** The two components in the plane, which turn with the map. */
  readonly planar: readonly [number, number] | undefined;
}

/**
 * What is fitted, in this order: shift along x and y (m); angle (rad); logarithm of the scale; then the factor of B, and a
 * constant for each component of A where `offsets` says so.
 */
export interface AlignmentModel {
  /** 2, 3 or 4 of the parameters of the motion. */
  readonly motions: 2 | 3 | 4;
  readonly offsets: number;
  readonly centre: readonly [number, number];
}

export interface NormalEquations {
  /** Mean square of the residual over the readings where the maps overlap; infinite where they do not. */
  readonly cost: number;
  readonly count: number;
  /** J^T J and J^T r, divided by the count. */
  readonly matrix: Float64Array;
  readonly right: Float64Array;
}

/**
 * Takes the residual and the derivatives of the model of every reading: pair, component, pixel of A. `twin` are the same
 * derivatives made from A instead of B, whose noise is another one; NaN where A has no neighbours.
 */
export type RowSink = (
  pair: number,
  component: number,
  pixel: number,
  residual: number,
  row: Float64Array,
  twin: Float64Array,
) => void;

export const parameterCount = ({ motions, offsets }: AlignmentModel): number => motions + 1 + offsets;

export function motionOf(model: AlignmentModel, p: Float64Array): Motion {
  return {
    shift: [p[0], p[1]],
    angle: model.motions > 2 ? p[2] : 0,
    scale: model.motions > 3 ? Math.exp(p[3]) : 1,
    centre: model.centre,
  };
}

/**
 * Residual r = A - (g R B(q) + o) and its normal equations, with q = c + e^-l R^-1 (x - c - t) the place in B of a pixel
 * x of A. With w = q - c the derivatives of the model are, all of them analytic,
 *
 *     d/dt = -g R (grad B . e^-l R^-1),  d/dangle = g R (J B - grad B . J w),  d/dl = -g R (grad B . w),
 *
 * where J is a quarter turn and J B turns the components in the plane only.
 * @param stride takes every so manyeth pixel along each axis
 */
export function normalEquations(
  pairs: readonly MapPair[],
  model: AlignmentModel,
  p: Float64Array,
  stride: number,
  sink?: RowSink,
): NormalEquations {
  const n = parameterCount(model);
  const { motions, offsets, centre } = model;
  const { shift, angle, scale } = motionOf(model, p);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const inverse = 1 / scale;
  const gain = p[motions];
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  const row = new Float64Array(n);
  const twin = new Float64Array(n);
  const stencil = newStencil();
  let squares = 0;
  let count = 0;
  pairs.forEach(({ gridA, gridB, a, b, planar }, index) => {
    const components = a.length;
    const value = new Float64Array(components);
    const slopeX = new Float64Array(components);
    const slopeY = new Float64Array(components);
    for (let iy = Math.floor(stride / 2); iy < gridA.ny; iy += stride) {
      const v = gridA.y0 + iy * gridA.dy - centre[1] - shift[1];
      for (let ix = Math.floor(stride / 2); ix < gridA.nx; ix += stride) {
        const pixel = iy * gridA.nx + ix;
        if (Number.isNaN(a[0][pixel])) continue;
        const u = gridA.x0 + ix * gridA.dx - centre[0] - shift[0];
        const wx = inverse * (cos * u + sin * v);
        const wy = inverse * (cos * v - sin * u);
        if (!placeCubic(stencil, gridB, centre[0] + wx, centre[1] + wy)) continue;
        for (let c = 0; c < components; c++) {
          value[c] = weighted(stencil, stencil.weight, b[c]);
          slopeX[c] = weighted(stencil, stencil.alongX, b[c]);
          slopeY[c] = weighted(stencil, stencil.alongY, b[c]);
        }
        if (Number.isNaN(value[0] + slopeX[0] + slopeY[0])) continue;
        if (planar !== undefined) {
          turnPair(value, planar, cos, sin);
          turnPair(slopeX, planar, cos, sin);
          turnPair(slopeY, planar, cos, sin);
        }
        for (let c = 0; c < components; c++) {
          const [gx, gy] = [gain * slopeX[c], gain * slopeY[c]];
          row[0] = -inverse * (gx * cos - gy * sin);
          row[1] = -inverse * (gx * sin + gy * cos);
          if (motions > 2) {
            // J w = (-wy, wx); J B turns x into y and y into -x.
            const turned =
              planar === undefined ? 0 : c === planar[0] ? -value[planar[1]] : c === planar[1] ? value[planar[0]] : 0;
            row[2] = gain * turned + gx * wy - gy * wx;
          }
          if (motions > 3) row[3] = -(gx * wx + gy * wy);
          row[motions] = value[c];
          for (let o = 0; o < offsets; o++) row[motions + 1 + o] = o === c ? 1 : 0;
          const residual = a[c][pixel] - gain * value[c] - (c < offsets ? p[motions + 1 + c] : 0);
          squares += residual * residual;
          count++;
          for (let i = 0; i < n; i++) {
            right[i] += row[i] * residual;
            for (let j = 0; j <= i; j++) matrix[i * n + j] += row[i] * row[j];
          }
          if (sink === undefined) continue;
          twinRow(twin, pairs[index], model, p, c, pixel, u, v);
          sink(index, c, pixel, residual, row, twin);
        }
      }
    }
  });
  for (let i = 0; i < n; i++) {
    right[i] /= count;
    for (let j = 0; j <= i; j++) matrix[j * n + i] = matrix[i * n + j] /= count;
  }
  return { cost: count === 0 ? Number.POSITIVE_INFINITY : squares / count, count, matrix, right };
}

/**
 * The derivatives of the model if it equals A - o: -grad A, J (A - o) - grad A . J d, -grad A . d with d = (u, v), the
 * place from the moved centre, and (A - o) / g.
 */
function twinRow(
  twin: Float64Array,
  { gridA, a, planar }: MapPair,
  { motions, offsets }: AlignmentModel,
  p: Float64Array,
  c: number,
  pixel: number,
  u: number,
  v: number,
): void {
  const { nx, ny, dx, dy } = gridA;
  const [ix, iy] = [pixel % nx, Math.floor(pixel / nx)];
  const rim = ix === 0 || iy === 0 || ix === nx - 1 || iy === ny - 1;
  const gx = rim ? Number.NaN : (a[c][pixel + 1] - a[c][pixel - 1]) / (2 * dx);
  const gy = rim ? Number.NaN : (a[c][pixel + nx] - a[c][pixel - nx]) / (2 * dy);
  const value = (k: number) => a[k][pixel] - (offsets > 0 ? p[motions + 1 + k] : 0);
  twin[0] = -gx;
  twin[1] = -gy;
  if (motions > 2) {
    const turned =
      planar === undefined ? 0 : c === planar[0] ? -value(planar[1]) : c === planar[1] ? value(planar[0]) : 0;
    twin[2] = turned + gx * v - gy * u;
  }
  if (motions > 3) twin[3] = -(gx * u + gy * v);
  twin[motions] = value(c) / p[motions];
  for (let o = 0; o < offsets; o++) twin[motions + 1 + o] = o === c ? 1 : 0;
}

function turnPair(values: Float64Array, [x, y]: readonly [number, number], cos: number, sin: number): void {
  const [u, v] = [values[x], values[y]];
  values[x] = cos * u - sin * v;
  values[y] = sin * u + cos * v;
}
