import type { CurrentMap } from '../../src/currentMap.js';
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
  const reach = BESIDE * solution.resolution;
  const free = cell.tabs.filter(tab => tab.length === undefined);
  const limit = significanceLimit(solution);
  // Under the name of the tab; '' stands for the rest of the cell, and what is significant there.
  const best = { all: new Map<string, Departure>(), significant: new Map<string, Departure>() };
  for (const [sheet, map] of solution.sheets.entries()) {
    const healthy = solution.healthy[sheet];
    const { nx, x0, y0, dx, dy } = map.grid;
    for (let i = 0; i < map.kx.length; i++) {
      const [ux, uy] = [map.kx[i] - healthy.kx[i], map.ky[i] - healthy.ky[i]];
      const size = Math.sqrt(ux * ux + uy * uy);
      if (Number.isNaN(size)) continue;
      const [x, y] = [x0 + (i % nx) * dx, y0 + Math.floor(i / nx) * dy];
      const name = free.find(tab => distanceToTab(tab, x, y) < reach)?.name ?? '';
      const error = errorAt(map, i);
      const lists = error !== undefined && size > limit * error ? [best.all, best.significant] : [best.all];
      for (const list of lists) {
        if (size <= (list.get(name)?.size ?? -1)) continue;
        const usual = Math.hypot(healthy.kx[i], healthy.ky[i]);
        list.set(name, { sheet, x, y, size, healthy: usual, ...(error === undefined ? {} : { error }) });
      }
    }
  }
  const largest = best.significant.get('') ?? best.all.get('') ?? best.all.values().next().value;
  if (largest === undefined) return undefined;
  return {
    largest,
    ...(largest.error === undefined ? {} : { significant: largest.size > limit * largest.error }),
    atTabs: [...(largest.error === undefined ? best.all : best.significant)]
      .filter(([name, departure]) => name !== '' && departure.size > largest.size)
      .map(([tab, departure]) => ({ tab, departure })),
  };
}

/** Standard error of one component of K, A/m. */
function errorAt({ kxErrors, kyErrors }: CurrentMap, i: number): number | undefined {
  if (kxErrors === undefined || kyErrors === undefined) return undefined;
  return Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2);
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
