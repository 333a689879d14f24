import type { Cell } from '../../model/cell.js';
import type { CellField } from '../pack/cellField.js';
import { cellStack } from './cellStack.js';
import { knownConductorField } from './knownConductors.js';
import type { Outlets } from './simulateCell.js';
import { stackCurrents } from './stackCurrents.js';
import { outletField, stackField } from './stackField.js';
import { stackState } from './stackState.js';

/** A healthy cell as a pack needs it. */
export interface PackedStack {
  /** Per ampere, in the cell's own axes. */
  readonly field: CellField;
  /** From tab to tab, foils included, ohm; absent where the cell says nothing of them. */
  readonly resistance?: number;
}

/**
 * Solves a cell once for all its places in a pack: foils at their real heights, through-plane current, risers, outlets,
 * known leads and return plate, per ampere.
 * @param options `pitch` of the pixels, m; `outlets` as for a single cell
 */
export function packedStack(
  cell: Cell,
  options: { readonly pitch?: number; readonly outlets?: Outlets } = {},
): PackedStack {
  const { pitch, outlets = cell.leads.length === 0 ? 'strips' : 'none' } = options;
  const stack = cellStack(cell, pitch === undefined ? {} : { pitch });
  const state = stackState(stack, 1);
  const currents = stackCurrents(state);
  const resistance = state.voltage - stackState(stack, 0).voltage;
  return {
    ...(stack.assumed ? {} : { resistance: Math.abs(resistance) }),
    field: (points, out) => {
      const fields = [knownConductorField(cell, 1, points, currents), stackField(currents, points)];
      if (outlets === 'strips') fields.push(outletField(currents, points));
      for (const field of fields) {
        for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < out[c].length; i++) out[c][i] += field[c][i];
      }
    },
  };
}
