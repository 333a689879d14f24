import { type FieldVectors, type Positions, pointCount } from '../../biotSavart/buffers.js';
import { MU0 } from '../../constants.js';
import type { Cell } from '../../model/cell.js';
import { leadField } from '../../model/leadField.js';
import { harmonicSheet, type SheetElements } from './harmonicSheet.js';
import { tabNeck } from './tabNeck.js';

/**
 * Adds the field of one cell with a current of 1 A (in the sense of its tabs' shares) to `out`, T; points and field in
 * the cell's own axes, unrotated, origin as in its file.
 */
export type CellField = (points: Positions, out: FieldVectors) => void;

export interface HarmonicFieldOptions {
  /** Pitch of the sheet's elements, m; default 1 mm, or less where points are nearer than six pitches. */
  readonly pitch?: number;
}

/** Pitches between the sheet and the nearest point: the elements then act as the sheet that they stand for. */
const PITCHES_BELOW = 6;
const [FINEST, COARSEST] = [0.25e-3, 1e-3];

/**
 * The field of a healthy cell whose foils are thin and uniform: the harmonic sheet current, in equal parts in all sheets;
 * necks of tabs of known length at z = 0; the known leads and the return plate. Risers between sheets, the
 * through-plane current and defects are left out: a `CellField` of a simulated cell has them.
 */
export function harmonicCellField(cell: Cell, options: HarmonicFieldOptions = {}): CellField {
  let made: { pitch: number; sheets: readonly (readonly [SheetElements, number, number])[] } | undefined;
  return (points, out) => {
    const pitch = options.pitch ?? pitchFor(cell, points);
    if (made === undefined || made.pitch !== pitch) {
      made = { pitch, sheets: cell.tabs.length === 0 ? [] : sheetsOf(cell, pitch) };
    }
    for (const [elements, z, part] of made.sheets) elementsField(points, elements, z, part, out);
    for (const lead of cell.leads) leadField(points, lead, lead.share, out);
  };
}

/** Body in all sheets, strips of the tabs at z = 0, and the plate: elements, height and part of the current. */
function sheetsOf(cell: Cell, pitch: number): (readonly [SheetElements, number, number])[] {
  const necks = cell.tabs.map(tab => tabNeck(cell, tab, pitch));
  const body = harmonicSheet(
    cell,
    pitch,
    necks.map(neck => neck?.profile),
  );
  const { sheets, returnPlate } = cell;
  return [
    ...Array.from(sheets, z => [body, z, 1 / sheets.length] as const),
    ...necks.flatMap((neck, k) => (neck === undefined ? [] : [[neck.strip, 0, cell.tabs[k].share] as const])),
    ...(returnPlate === undefined ? [] : [[body, returnPlate.z, returnPlate.share] as const]),
  ];
}

function pitchFor(cell: Cell, { z }: Positions): number {
  const heights = [...cell.sheets, 0, ...(cell.returnPlate === undefined ? [] : [cell.returnPlate.z])];
  let least = Infinity;
  for (const height of heights) for (let i = 0; i < z.length; i++) least = Math.min(least, Math.abs(z[i] - height));
  return Math.min(COARSEST, Math.max(FINEST, least / PITCHES_BELOW));
}

/** Biot and Savart: B = (mu0 / 4 pi) sum j x R / R^3. */
function elementsField(points: Positions, elements: SheetElements, z: number, part: number, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, jx, jy } = elements;
  const scale = (MU0 / (4 * Math.PI)) * part;
  for (let i = 0; i < n; i++) {
    const px = points.x[i];
    const py = points.y[i];
    const h = points.z[i] - z;
    let ex = 0;
    let ey = 0;
    let bz = 0;
    for (let k = 0; k < x.length; k++) {
      const u = px - x[k];
      const v = py - y[k];
      const r2 = u * u + v * v + h * h;
      const w = 1 / (r2 * Math.sqrt(r2));
      ex += jx[k] * w;
      ey += jy[k] * w;
      bz += (jx[k] * v - jy[k] * u) * w;
    }
    out.bx[i] += scale * h * ey;
    out.by[i] -= scale * h * ex;
    out.bz[i] += scale * bz;
  }
}
