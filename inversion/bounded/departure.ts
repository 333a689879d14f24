import type { CurrentMap } from '../../src/currentMap.js';
import type { Grid } from '../../src/grid.js';
import type { Cell, Tab } from '../../src/model/cell.js';
import { median } from '../median.js';
import type { BoundedSolution } from './solution.js';

/** A place where the measured current differs from the healthy cell's. */
export interface Departure {
  /** Index of the sheet, and the place, m. */
  readonly sheet: number;
  readonly x: number;
  readonly y: number;
  /** |K - K_healthy|, A/m, and its standard error where errors were computed. */
  readonly size: number;
  readonly error?: number;
  /** |K_healthy| there, A/m. */
  readonly healthy: number;
}

export interface Departures {
  /** The largest away from tabs whose current profile is unknown; of the significant ones, where there are any. */
  readonly largest: Departure;
  /** Whether chance would make one as large, in standard errors, in fewer than one of a hundred scans; absent without errors. */
  readonly significant?: boolean;
  /** The largest beside each tab of unknown profile that is larger than that. */
  readonly atTabs: readonly { readonly tab: string; readonly departure: Departure }[];
}

/** How often chance may make a departure anywhere that is called significant. */
const CHANCE = 0.01;
/** Beside a tab is what lies within so many resolution widths. */
const BESIDE = 1.5;

/** Where the map departs the most from the healthy cell. undefined for maps without a value. */
export function departures(solution: BoundedSolution, cell: Pick<Cell, 'tabs'>): Departures | undefined {
  const { sheets, healthy } = solution;
  const free = cell.tabs.filter(tab => tab.length === undefined);
  const limit = significanceLimit(solution);
  const beside = besideTabs(sheets[0].grid, free, BESIDE * solution.resolution);
  const errors = sheets.map(errorsOf);
  const [any, significant] = [new Largest(free.length + 1), new Largest(free.length + 1)];
  for (const [sheet, map] of sheets.entries()) {
    const sizes = departureSizes(map, healthy[sheet]);
    any.visit(sheet, sizes, beside);
    const own = errors[sheet];
    if (own) significant.visit(sheet, overLimit(sizes, own, limit), beside);
  }
  const departureAt = (place: Place | undefined): Departure | undefined => {
    if (place === undefined) return undefined;
    const { sheet, i, size } = place;
    const { grid } = sheets[sheet];
    const [x, y] = [grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy];
    const usual = Math.hypot(healthy[sheet].kx[i], healthy[sheet].ky[i]);
    const error = errors[sheet]?.[i];
    return { sheet, x, y, size, healthy: usual, ...(error === undefined ? {} : { error }) };
  };
  const largest = departureAt(significant.places[0] ?? any.places.find(place => place !== undefined));
  if (largest === undefined) return undefined;
  const { places } = largest.error === undefined ? any : significant;
  return {
    largest,
    ...(largest.error === undefined ? {} : { significant: largest.size > limit * largest.error }),
    atTabs: free.flatMap(({ name }, k) => {
      const departure = departureAt(places[k + 1]);
      return departure && departure.size > largest.size ? [{ tab: name, departure }] : [];
    }),
  };
}

/** A pixel of one sheet, and |K - K_healthy| there. */
interface Place {
  readonly sheet: number;
  readonly i: number;
  readonly size: number;
}

/** The place of the largest of some sizes in every region of the map. */
class Largest {
  readonly places: (Place | undefined)[];

  constructor(regions: number) {
    this.places = new Array<Place | undefined>(regions).fill(undefined);
  }

  /** @param sizes of a sheet's pixels, NaN left out @param regions to which they belong */
  visit(sheet: number, sizes: Float64Array, regions: Uint16Array): void {
    const largest = Float64Array.from(this.places, place => place?.size ?? Number.NEGATIVE_INFINITY);
    const at = new Int32Array(largest.length).fill(-1);
    for (let i = 0; i < sizes.length; i++) {
      const region = regions[i];
      if (!(sizes[i] > largest[region])) continue;
      largest[region] = sizes[i];
      at[region] = i;
    }
    at.forEach((i, region) => {
      if (i >= 0) this.places[region] = { sheet, i, size: sizes[i] };
    });
  }
}

/** For every pixel 0, or one more than the index of the first tab that it lies beside. */
function besideTabs({ nx, ny, x0, y0, dx, dy }: Grid, tabs: readonly Tab[], reach: number): Uint16Array {
  const out = new Uint16Array(nx * ny);
  for (const [k, tab] of tabs.entries()) {
    const { start, end } = tab;
    const first = (from: number, origin: number, step: number) =>
      Math.max(0, Math.ceil((from - reach - origin) / step));
    const last = (to: number, origin: number, step: number, count: number) =>
      Math.min(count - 1, Math.floor((to + reach - origin) / step));
    const lastX = last(Math.max(start[0], end[0]), x0, dx, nx);
    const lastY = last(Math.max(start[1], end[1]), y0, dy, ny);
    for (let iy = first(Math.min(start[1], end[1]), y0, dy); iy <= lastY; iy++) {
      for (let ix = first(Math.min(start[0], end[0]), x0, dx); ix <= lastX; ix++) {
        const near = distanceToTab(tab, x0 + ix * dx, y0 + iy * dy) < reach;
        if (near && out[iy * nx + ix] === 0) out[iy * nx + ix] = k + 1;
      }
    }
  }
  return out;
}

/** The sizes that exceed so many of their errors; NaN for the others. */
function overLimit(sizes: Float64Array, errors: Float64Array, limit: number): Float64Array {
  const out = new Float64Array(sizes.length).fill(Number.NaN);
  for (let i = 0; i < out.length; i++) if (sizes[i] > limit * errors[i]) out[i] = sizes[i];
  return out;
}

/** |K - K_healthy|, A/m. */
function departureSizes({ kx, ky }: CurrentMap, healthy: CurrentMap): Float64Array {
  const out = new Float64Array(kx.length);
  for (let i = 0; i < out.length; i++) {
    const ux = kx[i] - healthy.kx[i];
    const uy = ky[i] - healthy.ky[i];
    out[i] = Math.sqrt(ux * ux + uy * uy);
  }
  return out;
}

/** Standard error of one component of K, A/m. */
function errorsOf({ kxErrors, kyErrors }: CurrentMap): Float64Array | undefined {
  if (kxErrors === undefined || kyErrors === undefined) return undefined;
  const out = new Float64Array(kxErrors.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2);
  return out;
}

/**
 * Standard errors that two normal components exceed anywhere on the map in one of a hundred scans: exp(-t^2 / 2) per
 * resolved spot, as many spots as the resolution leaves.
 */
export function significanceLimit({ sheets, resolution }: Pick<BoundedSolution, 'sheets' | 'resolution'>): number {
  let area = 0;
  for (const { kx, grid } of sheets)
    area += kx.reduce((sum, v) => (Number.isNaN(v) ? sum : sum + 1), 0) * grid.dx * grid.dy;
  const spots = Math.max(1, area / resolution ** 2);
  return Math.sqrt(2 * Math.log((Number.isFinite(spots) ? spots : 1) / CHANCE));
}

/**
 * Diameter of the smallest hole that the scan would show, m: it takes away the median healthy current density within,
 * and the map spreads that over the resolution. undefined where no errors are known; infinite where none would show.
 */
export function smallestHole(solution: Pick<BoundedSolution, 'sheets' | 'healthy' | 'resolution'>): number | undefined {
  const [{ kxErrors, kyErrors }] = solution.sheets;
  if (kxErrors === undefined || kyErrors === undefined) return undefined;
  const error = medianSize(kxErrors, kyErrors) / Math.SQRT2;
  const typical = medianSize(solution.healthy[0].kx, solution.healthy[0].ky);
  const needed = (significanceLimit(solution) * error) / typical;
  return needed > 1 ? Number.POSITIVE_INFINITY : solution.resolution * Math.sqrt(needed);
}

/** Median length of the vectors, NaN left out. */
export function medianSize(kx: Float64Array, ky: Float64Array): number {
  return median(kx.map((v, i) => Math.sqrt(v * v + ky[i] * ky[i])));
}

/** Distance of a point from the segment of a tab, m. */
export function distanceToTab({ start, end }: Tab, x: number, y: number): number {
  const [ux, uy] = [end[0] - start[0], end[1] - start[1]];
  const t = ((x - start[0]) * ux + (y - start[1]) * uy) / (ux * ux + uy * uy);
  const clamped = Math.min(1, Math.max(0, t));
  const [dx, dy] = [x - start[0] - clamped * ux, y - start[1] - clamped * uy];
  return Math.sqrt(dx * dx + dy * dy);
}
