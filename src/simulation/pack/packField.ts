import { type FieldVectors, type Positions, pointCount, zeroField } from '../../biotSavart/buffers.js';
import { InputError } from '../../errors.js';
import type { Cell } from '../../model/cell.js';
import { type Placement, placementMotion } from '../../model/placeCell.js';
import type { CellField } from './cellField.js';

/**
 * The field per ampere of a cell at its place in the pack: the points are taken into the cell's own axes, and the field
 * is turned back. So a simulated cell stays on its own grid whatever its rotation, and equal cells share one solution.
 * @param points in the axes of the pack, m
 * @returns T/A, in the axes of the pack
 */
export function placedField(
  cell: Pick<Cell, 'outline'>,
  placement: Placement,
  points: Positions,
  field: CellField,
): FieldVectors {
  const { cos, sin, from, to } = placementMotion(cell.outline, placement);
  const n = points.x.length;
  const own = { x: new Float64Array(n), y: new Float64Array(n), z: points.z };
  for (let i = 0; i < n; i++) {
    const u = points.x[i] - to[0];
    const v = points.y[i] - to[1];
    own.x[i] = from[0] + cos * u + sin * v;
    own.y[i] = from[1] - sin * u + cos * v;
  }
  const out = zeroField(n);
  field(own, out);
  const { bx, by } = out;
  for (let i = 0; i < n; i++) {
    const u = bx[i];
    const v = by[i];
    bx[i] = cos * u - sin * v;
    by[i] = sin * u + cos * v;
  }
  return out;
}

/**
 * Adds currents times fields per ampere.
 * @param fields T/A, one per current, all at the same points
 * @param currents A
 * @param out T, added to
 * @throws {InputError} if the numbers of fields and currents or the lengths differ
 */
export function addFields(fields: readonly FieldVectors[], currents: ArrayLike<number>, out: FieldVectors): void {
  if (fields.length !== currents.length) {
    throw new InputError(`there are ${fields.length} fields for ${currents.length} currents`);
  }
  const n = out.bx.length;
  fields.forEach((field, k) => {
    pointCount({ x: out.bx, y: out.by, z: out.bz }, field);
    const i = currents[k];
    for (let p = 0; p < n; p++) {
      out.bx[p] += i * field.bx[p];
      out.by[p] += i * field.by[p];
      out.bz[p] += i * field.bz[p];
    }
  });
}
