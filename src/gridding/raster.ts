import type { FieldScan } from '../fieldScan.js';
import { type Grid, gridSize } from '../grid.js';
import { type Lattice, MOST_NODES } from './lattice.js';

/** This share of the nodes taken, or more, has a taken node on its right, and one above: in a rotated raster none has. */
const PAIRED = 0.25;

/** A raster on whose nodes all samples lie. */
export interface Raster {
  readonly grid: Grid;
  /** The node `iy * nx + ix` of every sample. */
  readonly pixelOf: Int32Array;
  /** How far the samples lie beside their nodes at most, m. */
  readonly beside: number;
}

/** Samples on a grid. */
export interface Gridded {
  readonly grid: Grid;
  /** The pixel of every sample, or -1 where the nearest pixel holds no value. */
  readonly pixelOf: Int32Array;
  /** Row-major `[iy][ix]`, one array per quantity, in its unit; NaN in gaps. */
  readonly values: readonly Float64Array[];
  /** Standard deviation of a pixel over that of a sample, root mean square. */
  readonly noiseFactor: number;
}

/**
 * The raster that the lattices of x and y make. Undefined where it is a coincidence: more than 8 nodes per sample, or
 * nodes without taken neighbours, as where the nodes of a rotated raster fall on a finer lattice.
 */
export function findRaster(
  { x, y, count }: Pick<FieldScan, 'x' | 'y' | 'count'>,
  columns: Lattice,
  rows: Lattice,
): Raster | undefined {
  const grid: Grid = { nx: columns.n, ny: rows.n, x0: columns.start, y0: rows.start, dx: columns.step, dy: rows.step };
  const { nx, ny } = grid;
  if (nx * ny > MOST_NODES * count) return undefined;
  const taken = new Uint8Array(nx * ny);
  const pixelOf = nearestPixels(grid, x, y);
  for (const pixel of pixelOf) taken[pixel] = 1;
  let nodes = 0;
  let besideX = 0;
  let besideY = 0;
  for (let p = 0; p < taken.length; p++) {
    if (taken[p] === 0) continue;
    nodes++;
    if (p % nx < nx - 1) besideX += taken[p + 1];
    if (p < taken.length - nx) besideY += taken[p + nx];
  }
  if (Math.min(besideX, besideY) < PAIRED * nodes) return undefined;
  return { grid, pixelOf, beside: Math.max(columns.beside * columns.step, rows.beside * rows.step) };
}

/**
 * The mean of the samples on each node, NaN where there is none.
 * @param pixelOf the node of each sample
 * @param fields any number of quantities, one value per sample, any unit
 */
export function average(grid: Grid, pixelOf: Int32Array, fields: readonly Float64Array[]): Gridded {
  const repeats = new Int32Array(gridSize(grid));
  for (const pixel of pixelOf) repeats[pixel]++;
  const values = fields.map(field => {
    const sum = new Float64Array(repeats.length);
    for (let i = 0; i < field.length; i++) sum[pixelOf[i]] += field[i];
    return sum.map((total, pixel) => (repeats[pixel] === 0 ? Number.NaN : total / repeats[pixel]));
  });
  let variance = 0;
  let measured = 0;
  for (const m of repeats) {
    if (m === 0) continue;
    variance += 1 / m;
    measured++;
  }
  return { grid, pixelOf, values, noiseFactor: Math.sqrt(variance / measured) };
}

/** The pixel whose centre is nearest to each sample; the outermost for samples beyond the rim. */
export function nearestPixels({ nx, ny, x0, y0, dx, dy }: Grid, x: Float64Array, y: Float64Array): Int32Array {
  const nearest = (position: number, n: number) => Math.min(n - 1, Math.max(0, Math.round(position)));
  return Int32Array.from(x, (xi, i) => nearest((y[i] - y0) / dy, ny) * nx + nearest((xi - x0) / dx, nx));
}
