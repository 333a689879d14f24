import { type Footprint, forwardOperator, type Readings } from '../../src/forward/index.js';
import type { Cell } from '../../src/model/cell.js';
import { realTransform2D, withRealTransforms } from '../../src/transforms/index.js';
import { coarsening, coarseningFactor } from './coarsen.js';
import type { FineLattice } from './fineLattice.js';
import { sheetCurrentField } from './sheetCurrentField.js';
import type { TabColumns } from './tabColumns.js';
import { tabRisers } from './tabRisers.js';

/** What the readings (T, along their directions) see of the harmonic part. */
export interface TabFields {
  /** Per sheet of the cell: the readings if the whole current flowed in that sheet. */
  readonly base: readonly Float64Array[];
  /** `[column][sheet]`: the readings per unit of the coefficient if it belongs to that sheet. */
  readonly columns: readonly (readonly Float64Array[])[];
}

/**
 * Fields of {@link TabColumns}. In a cell with one sheet all of psi lies at its height. With several, what is inside the
 * outline lies in the sheet, what is outside at the mean height of all sheets, and vertical currents along the tabs join
 * the two (see `tabRisers`).
 */
export function tabFields(columns: TabColumns, cell: Cell, readings: Readings, footprint?: Footprint): TabFields {
  const all = [columns.base, ...columns.columns.map(column => column.psi)];
  const fields =
    cell.sheets.length === 1
      ? streamFields(columns.fine, cell.sheets[0], all, readings, footprint).map(field => [field])
      : splitFields(cell, columns.fine, Array.from(cell.sheets), all, readings, footprint);
  return { base: fields[0], columns: fields.slice(1) };
}

/** The readings of stream functions (A) that lie in one plane, the outside with the inside. */
export function streamFields(
  fine: FineLattice,
  z0: number,
  psi: readonly Float64Array[],
  readings: Readings,
  footprint?: Footprint,
): Float64Array[] {
  return withRealTransforms(realTransform =>
    psi.map(streamField(fine, z0, readings, footprint, psi.length, realTransform)),
  );
}

/** The same for one after the other. @param applications how many there will be, about */
export function streamField(
  fine: FineLattice,
  z0: number,
  readings: Readings,
  footprint: Footprint | undefined,
  applications: number,
  realTransform = realTransform2D,
): (psi: Float64Array) => Float64Array {
  const { lattice, apply } = coarsening(fine.lattice, coarseningFactor(fine.lattice.pitch, z0, readings.z));
  const { x, y, z, nx, ny, nz } = readings;
  const operator = forwardOperator(
    { lattice, z0 },
    { x, y, z, nx, ny, nz },
    footprint === undefined ? {} : { footprint },
    applications,
    realTransform,
  );
  return psi => {
    const out = new Float64Array(operator.rows);
    operator.apply(apply(psi), out);
    return out;
  };
}

/**
 * `[psi][sheet]`: the readings of stream functions (A) whose inside lies in the sheet, whose outside lies at the mean
 * height.
 */
export function splitFields(
  cell: Cell,
  fine: FineLattice,
  sheets: readonly number[],
  psi: readonly Float64Array[],
  readings: Readings,
  footprint?: Footprint,
): Float64Array[][] {
  const { x0, y0, pitch, nx, ny } = fine.lattice;
  // One pixel more all round: psi ends there, and its current returns along the border.
  const centres = { x0: x0 - pitch / 2, y0: y0 - pitch / 2, pitch, nx: nx + 1, ny: ny + 1 };
  const mean = sheets.reduce((sum, z) => sum + z, 0) / sheets.length;
  const part = (z0: number, inside: 0 | 1) => {
    const coarse = coarsening(centres, coarseningFactor(pitch, z0, readings.z));
    const fieldOf = sheetCurrentField(coarse.lattice, pitch, z0, readings, footprint);
    return psi.map(column => {
      const [kx, ky] = currentOn(fine, column, inside);
      return fieldOf(coarse.apply(kx), coarse.apply(ky));
    });
  };
  const outer = part(mean, 0);
  const inner = sheets.map(z0 => part(z0, 1));
  const risers = sheets.map(z0 => tabRisers(cell, fine, psi, mean, z0, readings, footprint));
  return psi.map((_, c) => sheets.map((_, k) => outer[c].map((value, r) => value + inner[k][c][r] + risers[k][c][r])));
}

/**
 * K = (d psi/dy, -d psi/dx), A/m, the mean over each of the pixels that are inside (1) or outside (0), 0 elsewhere, with
 * one row and column more on every side, beyond which psi is zero: (ny + 1) x (nx + 1).
 */
function currentOn(
  { lattice, pixels }: FineLattice,
  psi: Float64Array,
  inside: 0 | 1,
): [kx: Float64Array, ky: Float64Array] {
  const { nx, ny, pitch } = lattice;
  const kx = new Float64Array((nx + 1) * (ny + 1));
  const ky = new Float64Array(kx.length);
  const at = (ix: number, iy: number) => (ix < 0 || iy < 0 || ix >= nx || iy >= ny ? 0 : psi[iy * nx + ix]);
  for (let iy = -1, p = 0; iy < ny; iy++) {
    for (let ix = -1; ix < nx; ix++, p++) {
      const within = ix >= 0 && iy >= 0 && ix < nx - 1 && iy < ny - 1;
      if ((within ? pixels[iy * (nx - 1) + ix] : 0) !== inside) continue;
      const rising = at(ix + 1, iy + 1) - at(ix, iy);
      const falling = at(ix, iy + 1) - at(ix + 1, iy);
      kx[p] = (rising + falling) / (2 * pitch);
      ky[p] = (falling - rising) / (2 * pitch);
    }
  }
  return [kx, ky];
}
