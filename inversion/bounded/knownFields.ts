import { zeroField } from '../../src/biotSavart/index.js';
import { InputError } from '../../src/errors.js';
import type { Footprint, Readings } from '../../src/forward/index.js';
import type { Cell } from '../../src/model/cell.js';
import { leadField } from '../../src/model/leadField.js';
import { readingPoints } from './readingPoints.js';
import type { TabColumns } from './tabColumns.js';
import { streamFields } from './tabFields.js';

/**
 * The readings (T) of what is known beside the cell: its leads, wires or flat strips along their paths, and the return
 * plate, in which `share` of the healthy cell's sheet current flows.
 * @param columns the healthy cell; without it a return plate makes no field
 * @throws {InputError} where there are leads but no current.
 */
export function knownFields(cell: Cell, readings: Readings, columns?: TabColumns, footprint?: Footprint): Float64Array {
  const { leads, current, returnPlate } = cell;
  if (leads.length > 0 && current === undefined) {
    throw new InputError('the current in the leads is not known', { advice: 'give current_A in the cell or the scan' });
  }
  const points = readingPoints(readings, footprint);
  const field = zeroField(points.positions.x.length);
  for (const lead of leads) leadField(points.positions, lead, lead.share * current!, field);
  const out = points.readings(field);
  if (returnPlate !== undefined && columns !== undefined) {
    const [plate] = streamFields(columns.fine, returnPlate.z, [columns.base], readings, footprint);
    for (let r = 0; r < out.length; r++) out[r] += returnPlate.share * plate[r];
  }
  return out;
}
