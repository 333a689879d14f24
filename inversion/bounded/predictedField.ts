import type { Readings } from '../../src/forward/index.js';
import type { Cell } from '../../src/model/cell.js';
import { amounts } from './maps.js';
import type { BoundedModel } from './model.js';
import { addSheetFields } from './normalEquations.js';
import type { TabColumns } from './tabColumns.js';
import { tabFields } from './tabFields.js';

/** A solution of the linear model, to be looked at from anywhere. */
export interface Solved {
  readonly cell: Cell;
  readonly tabs: TabColumns;
  readonly model: BoundedModel;
  readonly kept: Float64Array;
  readonly outside: Float64Array;
}

/** Step of the difference quotients, m. */
const STEP = 0.1e-3;

/** The function that gives the field of cell and sheets outside along readings that may lie anywhere, T; no backgrounds. */
function fieldOf({ cell, tabs, model, kept, outside }: Solved): (at: Readings) => Float64Array {
  const sheets = model.departures.length;
  const first = sheets * model.interior.count;
  const amount = amounts(model, kept);
  const harmonic = Array.from({ length: sheets }, (_, sheet) => {
    const psi = tabs.base.map(v => v * amount[sheet]);
    model.patterns.forEach(({ tab }, p) => {
      if (tab?.sheet !== sheet) return;
      const column = tabs.columns[tab.column].psi;
      for (let i = 0; i < psi.length; i++) psi[i] += kept[first + p] * column[i];
    });
    return psi;
  });
  return at => {
    const out = new Float64Array(at.x.length);
    harmonic.forEach((base, sheet) => {
      const field = tabFields({ ...tabs, base, columns: [] }, cell, at).base[sheet];
      for (let r = 0; r < out.length; r++) out[r] += field[r];
    });
    addSheetFields(model, at, kept, outside, out);
    return out;
  };
}

/** Derivatives of every reading with respect to the position of its sensor, T/m, by central differences. */
export function fieldGradient(
  solved: Solved,
  readings: Readings,
): { x: Float64Array; y: Float64Array; z: Float64Array } {
  const field = fieldOf(solved);
  const along = (axis: 'x' | 'y' | 'z') => {
    const plus = field({ ...readings, [axis]: readings[axis].map(v => v + STEP) });
    const minus = field({ ...readings, [axis]: readings[axis].map(v => v - STEP) });
    return plus.map((v, r) => (v - minus[r]) / (2 * STEP));
  };
  return { x: along('x'), y: along('y'), z: along('z') };
}
