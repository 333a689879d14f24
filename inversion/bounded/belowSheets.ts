import type { Cell } from '../../src/model/cell.js';
import type { ExteriorLayout } from './exteriorSheets.js';
import type { ScanReadings } from './scanReadings.js';

/** Pitch of the sheet below in distances from the sensors: wires are narrower than that distance. */
const PITCH = 0.4;
/** Unknowns that it may have; the pitch grows instead. */
const MOST = 1800;
/** Depths that are tried, in standoffs, deepest first. */
const DEPTHS = [2, 1, 0.4];

/** Depths below the cell, m, at which unknown wires are looked for: none for a scan of both sides, which sees them apart. */
export function depthsBelow(cell: Cell, readings: ScanReadings, standoff: number): number[] {
  return sideOf(cell, readings) === 0 ? [] : DEPTHS.map(d => d * standoff);
}

/**
 * A sheet of unknown currents on the far side of the cell, `depth` behind its farthest sheet and under the whole view. All
 * that flows deeper has an equivalent in it, as far as the sensors can tell; what is sharp at the sensors must be nearer.
 */
export function sheetBelow(
  cell: Pick<Cell, 'sheets'>,
  readings: ScanReadings,
  area: number,
  depth: number | undefined,
  sd: number,
): ExteriorLayout[] {
  const side = sideOf(cell, readings);
  if (depth === undefined || side === 0) return [];
  const farthest = side > 0 ? Math.min(...cell.sheets) : Math.max(...cell.sheets);
  const z = farthest - side * depth;
  const distance = readings.z.reduce((least, own) => Math.min(least, Math.abs(own - z)), Number.POSITIVE_INFINITY);
  const pitch = Math.max(PITCH * distance, Math.sqrt(area / MOST));
  return [{ name: 'below the cell', kind: 'psi', z, pitch, sd, outside: false }];
}

/** 1 for a scan from above, -1 from below, 0 from both sides. */
export function sideOf({ sheets }: Pick<Cell, 'sheets'>, { z }: ScanReadings): number {
  const [lowest, highest] = [Math.min(...sheets), Math.max(...sheets)];
  return z.every(v => v > highest) ? 1 : z.every(v => v < lowest) ? -1 : 0;
}
