import type { FieldVectors, Positions } from '../../biotSavart/index.js';
import { applyDefects } from '../defects/applyDefect.js';
import type { Defect } from '../defects/defect.js';
import type { CellStack } from './cellStack.js';
import type { KnownKernels } from './pixelField.js';
import { currentsDifference, type StackCurrents, stackCurrents } from './stackCurrents.js';
import { outletField, stackField } from './stackField.js';
import { stackState } from './stackState.js';

/**
 * What defects add to the field of a healthy cell, T: from the difference of the currents, so that it keeps its digits. Where no
 * leads are known, the current goes straight on from the tabs.
 * @param healthy currents of the stack @param current of the cell, A
 * @param known kernels of earlier calls at the same points
 * @throws {InputError} for defects that do not fit the cell
 */
export function defectChange(
  stack: CellStack,
  healthy: StackCurrents,
  current: number,
  defects: readonly Defect[],
  points: Positions,
  known?: KnownKernels,
): FieldVectors {
  const damaged = stackCurrents(stackState(applyDefects(stack, defects), current));
  const difference = currentsDifference(damaged, healthy);
  const field = stackField(difference, points, known);
  if (stack.cell.leads.length > 0) return field;
  const outside = outletField(difference, points);
  for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < field[c].length; i++) field[c][i] += outside[c][i];
  return field;
}
