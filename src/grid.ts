/**
 * A regular grid in a plane z = const. Values on it stand row-major, `[iy][ix]`, y ascending: the value at column ix and
 * row iy is `values[iy * nx + ix]` and belongs to the point (x0 + ix dx, y0 + iy dy), the centre of a pixel. Metres.
 */
export interface Grid {
  readonly nx: number;
  readonly ny: number;
  /** Position of the first pixel's centre. */
  readonly x0: number;
  readonly y0: number;
  /** Pitch, positive. */
  readonly dx: number;
  readonly dy: number;
}

/** Number of pixels. */
export function gridSize(grid: Grid): number {
  return grid.nx * grid.ny;
}

/** x of the columns, m, length nx. */
export function xAxis(grid: Grid): Float64Array {
  return axis(grid.nx, grid.x0, grid.dx);
}

/** y of the rows, m, length ny, ascending. */
export function yAxis(grid: Grid): Float64Array {
  return axis(grid.ny, grid.y0, grid.dy);
}

function axis(n: number, start: number, step: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = start + i * step;
  return out;
}
