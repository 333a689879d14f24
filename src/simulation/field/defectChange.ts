import type { FieldVectors, Positions } from '../../biotSavart/index.js';
import { applyDefects } from '../defects/applyDefect.js';
import type { Defect } from '../defects/defect.js';
import type { CellStack } from './cellStack.js';
import { currentsDifference, type StackCurrents, stackCurrents } from './stackCurrents.js';
import { type KnownFields, outletField, stackField } from './stackField.js';
import { type KnownSolutions, stackState } from './stackState.js';

/** What earlier calls with the same cell and points found out: see {@link defectChange}. */
export interface KnownStates extends KnownFields {
  readonly solutions: KnownSolutions;
}

/** Differences in a piece of a riser, per ampere of the cell, whose field is nothing beside that of the foils. */
const RISER = 2e-4;
/** Differences in the current of a tab, A/m per ampere, that are rounding. */
const ROUNDING = 1e-7;

/**
 * What defects add to the field of a healthy cell, T: from the difference of the currents, so that it keeps its digits. Where no
 * leads are known, the current goes straight on from the tabs.
 * @param healthy currents of the stack @param current of the cell, A
 * @param known parts of earlier calls at the same points
 * @throws {InputError} for defects that do not fit the cell
 */
export function defectChange(
  stack: CellStack,
  healthy: StackCurrents,
  current: number,
  defects: readonly Defect[],
  points: Positions,
  known?: KnownStates,
): FieldVectors {
  const difference = defectDifference(stack, healthy, current, defects, known?.solutions);
  return differenceField(stack, difference, current, points, known);
}

/** The currents of the damaged cell less those of the healthy one. @throws {InputError} for defects that do not fit the cell */
export function defectDifference(
  stack: CellStack,
  healthy: StackCurrents,
  current: number,
  defects: readonly Defect[],
  solutions?: KnownSolutions,
): StackCurrents {
  return currentsDifference(stackCurrents(stackState(applyDefects(stack, defects), current, solutions)), healthy);
}

/** Field of such a difference, T, with that of the strips by which it comes and goes where no leads are known. */
export function differenceField(
  { cell }: CellStack,
  difference: StackCurrents,
  current: number,
  points: Positions,
  known?: KnownFields,
): FieldVectors {
  const field = stackField(difference, points, known, RISER * Math.abs(current));
  if (cell.leads.length > 0) return field;
  const outside = outletField(difference, points, ROUNDING * Math.abs(current));
  for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < field[c].length; i++) field[c][i] += outside[c][i];
  return field;
}
