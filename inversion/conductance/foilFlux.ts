import { InputError } from '../../src/errors.js';
import type { Cell, Polarity } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import { cellModel, facesWithTabs, steadyState } from '../../src/simulation/cell/index.js';
import { EXPECTED_NECK, type TabColumns } from '../bounded/tabColumns.js';
import type { ConductanceLattice } from './conductanceLattice.js';

/**
 * The current that flows in one foil through the faces of a lattice while that foil is whole and the other one carries what
 * it does, A: psi of outline and tabs, minus the current of the other foil. Without `electrical` the cell is a single
 * conductor and all of the current its own.
 */
export class FoilFlux {
  /** Per column of the tabs: change per unit of its coefficient; undefined for columns of the other foil's tabs. */
  private readonly columns: readonly (Float64Array | undefined)[];
  /** Of a potential pair of whole foils with the stated tabs: the damaged foil, and the other. */
  private readonly own: Float64Array;
  private readonly other: Float64Array | undefined;

  /**
   * @param foil the damaged one; undefined for a single conductor
   * @throws {InputError} where the tabs do not fit the foils
   */
  constructor(
    private readonly cell: Cell,
    tabs: TabColumns,
    private readonly lattice: ConductanceLattice,
    private readonly foil: Polarity | undefined,
  ) {
    const mine = (tab: number) => foil === undefined || cell.tabs[tab].polarity === foil;
    const necks = tabs.columns.filter(({ name }) => name.startsWith('neck '));
    this.columns = tabs.columns.map(({ tab, psi }) => {
      if (tab >= 0) return mine(tab) ? throughFaces(tabs, psi, lattice) : undefined;
      // The common factor of all necks.
      const sum = new Float64Array(psi.length);
      for (const neck of necks) if (mine(neck.tab)) for (let i = 0; i < sum.length; i++) sum[i] += neck.psi[i];
      return throughFaces(tabs, sum, lattice);
    });
    if (foil === undefined) {
      this.own = throughFaces(tabs, tabs.base, lattice);
      return;
    }
    const pair = pairFluxes(cell, lattice, foil);
    this.own = pair.own;
    this.other = pair.other;
    tabs.columns.forEach((column, k) => {
      const flux = this.columns[k];
      if (!necks.includes(column) || flux === undefined) return;
      for (let f = 0; f < pair.own.length; f++) this.own[f] += EXPECTED_NECK * flux[f];
    });
  }

  /**
   * @param amount part of the cell's current in the sheet @param coefficients of the tabs' columns
   * @param resistance relative, of the damaged foil, where the other foil's share of its current is to be counted; else the other
   * carries what it carries in a healthy cell
   */
  flux(amount: number, coefficients: readonly number[], resistance?: Float64Array): Float64Array {
    const { cell, foil, lattice, own, other } = this;
    const out = own.map(v => amount * v);
    this.columns.forEach((column, k) => {
      if (column !== undefined) for (let f = 0; f < out.length; f++) out[f] += coefficients[k] * column[f];
    });
    if (resistance === undefined || foil === undefined || other === undefined) return out;
    const now = pairFluxes(cell, lattice, foil, resistance).other;
    for (let f = 0; f < out.length; f++) out[f] -= amount * (now[f] - other[f]);
    return out;
  }
}

/** What flows through every face with psi of the tabs' lattice, interpolated bilinearly. */
function throughFaces({ lattice: fine }: TabColumns, psi: Float64Array, lattice: ConductanceLattice): Float64Array {
  const { grid, faces } = lattice;
  const at = new Float64Array((grid.nx + 1) * (grid.ny + 1));
  for (let iy = 0, i = 0; iy <= grid.ny; iy++) {
    for (let ix = 0; ix <= grid.nx; ix++, i++) {
      const u = (grid.x0 + (ix - 0.5) * grid.dx - fine.x0) / fine.pitch;
      const v = (grid.y0 + (iy - 0.5) * grid.dy - fine.y0) / fine.pitch;
      const [a, b] = [Math.floor(u), Math.floor(v)];
      const [s, t] = [u - a, v - b];
      const k = b * fine.nx + a;
      at[i] =
        (1 - t) * ((1 - s) * psi[k] + s * psi[k + 1]) + t * ((1 - s) * psi[k + fine.nx] + s * psi[k + fine.nx + 1]);
    }
  }
  return Float64Array.from(faces.cornerFrom, (corner, f) => at[faces.cornerTo[f]] - at[corner]);
}

/** Of the potential pair on pixels of the same size, A: what the given foil carries, and what the other does. */
function pairFluxes(
  cell: Cell,
  lattice: ConductanceLattice,
  foil: Polarity,
  resistance?: Float64Array,
): { own: Float64Array; other: Float64Array } {
  const { grid, pixels, faces } = lattice;
  const model = cellModel(cell, { pitch: lattice.pitch });
  const { nx, dx, dy, x0, y0 } = model.grid;
  const box = boundingBox(cell.outline);
  if (Math.round((box.x1 - box.x0) / dx) !== grid.nx || Math.round((box.y1 - box.y0) / dy) !== grid.ny) {
    throw new InputError('the pixels of the foils do not fit those of the map', {
      advice: 'choose another --pitch-mm',
    });
  }
  const [left, below] = [Math.round((grid.x0 - x0) / dx), Math.round((grid.y0 - y0) / dy)];
  const place = (pixel: number): [number, number] => [(pixel % grid.nx) + left, Math.floor(pixel / grid.nx) + below];
  if (resistance !== undefined) {
    pixels.forEach((pixel, p) => {
      const [ix, iy] = place(pixel);
      model[foil][iy * nx + ix] /= resistance[p];
    });
  }
  const state = steadyState(model, cell.current ?? 0);
  const through = (of: Polarity) => {
    const { x, y } = facesWithTabs(state, of);
    return Float64Array.from({ length: faces.count }, (_, f) => {
      const [ix, iy] = place(pixels[faces.high[f]]);
      return f < faces.acrossX ? x[iy * (nx + 1) + ix] : y[iy * nx + ix];
    });
  };
  return { own: through(foil), other: through(foil === 'positive' ? 'negative' : 'positive') };
}
