import { type FieldVectors, type Positions, zeroField } from '../../biotSavart/index.js';
import type { Cell } from '../../model/cell.js';
import { leadField } from '../../model/leadField.js';
import { addPixelField } from './pixelField.js';
import { netFlow, type StackCurrents } from './stackCurrents.js';

/**
 * The field (T) of what is known beside the cell: its leads with their parts of the current, and the return plate, in
 * which `share` of the healthy cell's sheet current flows, tabs included. The plate's own feed is not modelled: its current
 * begins and ends at the tabs' edges.
 * @param healthy what flows in the cell without defects; without it the plate makes no field
 */
export function knownConductorField(
  cell: Pick<Cell, 'leads' | 'returnPlate'>,
  current: number,
  points: Positions,
  healthy?: StackCurrents,
): FieldVectors {
  const out = zeroField(points.x.length);
  for (const lead of cell.leads) leadField(points, lead, lead.share * current, out);
  if (cell.returnPlate !== undefined && healthy !== undefined) {
    const { z, share } = cell.returnPlate;
    addPixelField(healthy.grid, [{ ...netFlow(healthy), heights: [{ z, weight: share }] }], [], points, out);
  }
  return out;
}

/** Within this distance of a tab's end a lead counts as its continuation, m. */
const BESIDE = 10e-3;

/** Tabs at whose ends no known lead begins or ends: there the circuit of the model is open. */
export function openTabs(cell: Pick<Cell, 'tabs' | 'leads'>): string[] {
  return cell.tabs
    .filter(({ start, end, length = 0 }) => {
      const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
      const x = (start[0] + end[0]) / 2 + (length * (end[1] - start[1])) / width;
      const y = (start[1] + end[1]) / 2 - (length * (end[0] - start[0])) / width;
      return !cell.leads.some(({ path }) =>
        [path[0], path[path.length - 1]].some(p => Math.hypot(p[0] - x, p[1] - y, p[2]) <= BESIDE),
      );
    })
    .map(tab => tab.name);
}
