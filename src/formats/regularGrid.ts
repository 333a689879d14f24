import type { FieldScan } from '../fieldScan.js';
import type { Grid } from '../grid.js';

/** A scan that covers a regular grid in one plane, each pixel once. */
export interface GriddedScan {
  readonly grid: Grid;
  /** Height of the plane, m. */
  readonly z: number;
  /** The sample at each pixel, row-major `[iy][ix]`. */
  readonly sample: Int32Array;
}

/**
 * Recognises a full regular grid, whatever the order in which it was scanned.
 * @param tolerance how far a sample may lie beside its pixel, as a fraction of the pitch.
 * @returns undefined when the samples are irregular, incomplete, repeated, in one line, or not in one plane.
 */
export function findRegularGrid(scan: FieldScan, tolerance = 1e-3): GriddedScan | undefined {
  const xAxis = regularAxis(scan.x, tolerance);
  const yAxis = regularAxis(scan.y, tolerance);
  if (xAxis === undefined || yAxis === undefined) return undefined;
  const grid: Grid = { nx: xAxis.n, ny: yAxis.n, x0: xAxis.start, y0: yAxis.start, dx: xAxis.step, dy: yAxis.step };
  if (grid.nx * grid.ny !== scan.count) return undefined;
  const sample = new Int32Array(scan.count).fill(-1);
  for (let i = 0; i < scan.count; i++) {
    if (Math.abs(scan.z[i] - scan.z[0]) > tolerance * Math.min(grid.dx, grid.dy)) return undefined;
    const pixel = Math.round((scan.y[i] - grid.y0) / grid.dy) * grid.nx + Math.round((scan.x[i] - grid.x0) / grid.dx);
    if (sample[pixel] !== -1) return undefined;
    sample[pixel] = i;
  }
  return { grid, z: scan.z[0], sample };
}

/** The axis on whose points all values lie; undefined when there is none of at least two points. */
function regularAxis(values: Float64Array, tolerance: number): { n: number; start: number; step: number } | undefined {
  const sorted = values.slice().sort();
  const start = sorted[0];
  const range = sorted[sorted.length - 1] - start;
  // Gaps between rows are all alike; those within a row, if any, are far smaller.
  let widest = 0;
  for (let i = 1; i < sorted.length; i++) widest = Math.max(widest, sorted[i] - sorted[i - 1]);
  let n = 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] - sorted[i - 1] > widest / 2) n++;
  const step = range / (n - 1);
  if (n < 2 || !(step > 0) || !Number.isFinite(step)) return undefined;
  const beside = sorted.some(
    value => Math.abs((value - start) / step - Math.round((value - start) / step)) > tolerance,
  );
  return beside ? undefined : { n, start, step };
}
