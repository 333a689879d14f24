import { bilinear } from '../bilinear.js';
import { InputError } from '../errors.js';
import { type Grid, gridSize } from '../grid.js';

/** What the pixels of a stack's maps are: one or several quantities (channels) on one grid. */
export interface MapLayout {
  readonly grid: Grid;
  /** Names of the quantities: ['bx', 'by', 'bz'], ['Kx', 'Ky'], ['chi'], in the order in which a map holds them. */
  readonly channels: readonly string[];
  /** Of all channels: SI symbol or relative unit. */
  readonly unit: string;
}

/**
 * Like maps of many cells or scans. A map is one array, channel after channel, each row-major `[iy][ix]`, y ascending;
 * NaN marks a pixel that was not measured. Maps are read in order, `read(i)` may give the same array again with other
 * values, so that a cohort need not fit into memory.
 */
export interface MapStack {
  readonly layout: MapLayout;
  readonly count: number;
  /** Map i, of length {@link mapLength}. */
  read(i: number): Float64Array;
}

/** Numbers of a map: channels times pixels. */
export function mapLength({ grid, channels }: MapLayout): number {
  return channels.length * gridSize(grid);
}

/** A stack of arrays that are in memory. @throws {InputError} when one has another length or infinite values. */
export function stackOf(layout: MapLayout, maps: readonly Float64Array[]): MapStack {
  const length = mapLength(layout);
  maps.forEach((map, i) => {
    if (map.length !== length) {
      throw new InputError(`map ${i + 1} has ${map.length} values for ${length} pixels`, {
        advice: 'bring all maps to one grid',
      });
    }
  });
  return { layout, count: maps.length, read: i => maps[i] };
}

/** Some of the maps of a stack. */
export function someOf(stack: MapStack, places: readonly number[]): MapStack {
  return { layout: stack.layout, count: places.length, read: i => stack.read(places[i]) };
}

/**
 * Brings a map to another grid by bilinear interpolation: NaN outside, and where one of the four neighbours that count is
 * NaN. The same array where the grids agree within 1e-6 of a pitch.
 */
export function toGrid(from: Grid, values: Float64Array, to: Grid): Float64Array {
  if (sameGrid(from, to)) return values;
  const out = new Float64Array(gridSize(to)).fill(Number.NaN);
  for (let iy = 0; iy < to.ny; iy++) {
    const v = snapped((to.y0 + iy * to.dy - from.y0) / from.dy);
    if (v < 0 || v > from.ny - 1) continue;
    for (let ix = 0; ix < to.nx; ix++) {
      const u = snapped((to.x0 + ix * to.dx - from.x0) / from.dx);
      if (u < 0 || u > from.nx - 1) continue;
      out[iy * to.nx + ix] = bilinear(values, from.nx, from.ny, u, v);
    }
  }
  return out;
}

/** Whether two grids are one. */
export function sameGrid(a: Grid, b: Grid): boolean {
  const close = (p: number, q: number, pitch: number) => Math.abs(p - q) <= 1e-6 * pitch;
  return (
    a.nx === b.nx &&
    a.ny === b.ny &&
    close(a.x0, b.x0, a.dx) &&
    close(a.y0, b.y0, a.dy) &&
    close(a.dx * a.nx, b.dx * b.nx, a.dx) &&
    close(a.dy * a.ny, b.dy * b.ny, a.dy)
  );
}

function snapped(u: number): number {
  const whole = Math.round(u);
  return Math.abs(u - whole) < 1e-6 ? whole : u;
}
