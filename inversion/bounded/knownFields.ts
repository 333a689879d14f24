import { polylineField, positionsOf, stripField, type Vector3, zeroField } from '../../src/biotSavart/index.js';
import { InputError } from '../../src/errors.js';
import type { Footprint, Readings } from '../../src/forward/index.js';
import type { Cell, Lead } from '../../src/model/cell.js';
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
  for (const lead of leads) {
    const amperes = lead.share * current!;
    if (lead.width === undefined) polylineField(points.positions, positionsOf(lead.path), amperes, field);
    else {
      for (let i = 1; i < lead.path.length; i++) {
        const strip = { from: lead.path[i - 1], to: lead.path[i], width_m: lead.width, normal: normalOf(lead, i) };
        stripField(points.positions, strip, amperes, field);
      }
    }
  }
  const out = points.readings(field);
  if (returnPlate !== undefined && columns !== undefined) {
    const [plate] = streamFields(columns.fine, returnPlate.z, [columns.base], readings, footprint);
    for (let r = 0; r < out.length; r++) out[r] += returnPlate.share * plate[r];
  }
  return out;
}

/** A flat lead faces up; where it rises it was folded, across the level piece before or behind, and faces along that. */
function normalOf({ path }: Lead, segment: number): Vector3 {
  const level = (i: number): Vector3 | undefined => {
    if (i < 1 || i >= path.length) return undefined;
    const [x, y] = [path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]];
    const rise = Math.abs(path[i][2] - path[i - 1][2]);
    return Math.hypot(x, y) > UPRIGHT * rise ? [x, y, 0] : undefined;
  };
  if (level(segment) !== undefined) return [0, 0, 1];
  return level(segment - 1) ?? level(segment + 1) ?? [1, 0, 0];
}

/** A piece that advances less than this part of its rise counts as upright. */
const UPRIGHT = 1e-3;
