import type { FieldVectors } from '../../biotSavart/index.js';
import type { CurrentMap } from '../../currentMap.js';
import { InputError } from '../../errors.js';
import type { FieldScan } from '../../fieldScan.js';
import type { Cell } from '../../model/cell.js';
import { applyDefects } from '../defects/applyDefect.js';
import type { Defect } from '../defects/defect.js';
import { type CellStack, cellStack } from './cellStack.js';
import { currentMaps } from './currentMaps.js';
import { knownConductorField, openTabs } from './knownConductors.js';
import { type InstrumentOptions, type ReadField, readField } from './readField.js';
import type { SamplePlan } from './samplePlan.js';
import { currentsDifference, type StackCurrents, stackCurrents } from './stackCurrents.js';
import { outletField, stackField } from './stackField.js';
import { type StackState, stackState } from './stackState.js';

export interface SimulationOptions extends Omit<InstrumentOptions, 'current'> {
  /** Current through the leads, A; default what the cell says. */
  readonly current?: number;
  readonly defects?: readonly Defect[];
  /** Pitch of the pixels, m; default as `cellModel` chooses. */
  readonly pitch?: number;
  /**
   * How the current of the tabs goes on: straight on in `strips`, or nowhere (`none`), so that the circuit is open at the
   * tabs. Default: strips where the cell has no known leads.
   */
  readonly outlets?: Outlets;
}

export type Outlets = 'strips' | 'none';

/** A simulated scan, and the truth behind it. */
export interface Simulation {
  readonly cell: Cell;
  readonly current: number;
  readonly scan: FieldScan;
  readonly outOfRange: number;
  /** The field without noise at the planned places, T, and the part of it that comes from the cell without its leads. */
  readonly field: FieldVectors;
  readonly ownField: FieldVectors;
  /** Largest change of any component by the defects, T; 0 without. */
  readonly defectField: number;
  /** K per sheet of the cell, with defects and without. */
  readonly sheets: readonly CurrentMap[];
  readonly healthy: readonly CurrentMap[];
  /** Part of the current in each sheet: what its pairs carry. */
  readonly share: readonly number[];
  readonly state: StackState;
  readonly stack: CellStack;
  readonly outlets: Outlets;
  /** Tabs at which the circuit of the model is open, because no known lead goes on there. */
  readonly openTabs: readonly string[];
}

/**
 * Simulates a scan of a cell: potential pair of every electrode pair, split of the current among them, field of all foils at
 * their real heights with what flows between them and along the tabs, known leads and return plate, instrument.
 * A cell without `electrical` is one sheet (or one per height) of uniform foils, whose net current is harmonic.
 * @throws {InputError} where the cell has no current or no tabs, for defects and samples that do not fit it
 */
export function simulateCell(cell: Cell, plan: SamplePlan, options: SimulationOptions = {}): Simulation {
  const { defects = [], pitch } = options;
  const current = options.current ?? cell.current;
  if (current === undefined) {
    throw new InputError('the current of the cell is not known', {
      column: 'current_A',
      advice: 'give current_A in the cell, or --current-A',
    });
  }
  const whole = cellStack(cell, pitch === undefined ? {} : { pitch });
  const stack = applyDefects(whole, defects);
  const outlets = options.outlets ?? (cell.leads.length === 0 ? 'strips' : 'none');
  const healthyState = stackState(whole, current);
  const state = defects.length === 0 ? healthyState : stackState(stack, current);
  const healthy = stackCurrents(healthyState);
  const currents = defects.length === 0 ? healthy : stackCurrents(state);
  const ownField = stackField(currents, plan);
  const field = knownConductorField(cell, current, plan, healthy);
  add(field, ownField);
  if (outlets === 'strips') add(field, outletField(currents, plan));
  const healthyMaps = currentMaps(healthyState, healthy);
  const { scan, outOfRange } = readField(field, plan, { ...instrumentOf(options), current }) satisfies ReadField;
  return {
    cell,
    current,
    scan,
    outOfRange,
    field,
    ownField,
    defectField: defects.length === 0 ? 0 : largestChange(currentsDifference(currents, healthy), plan, outlets),
    sheets: defects.length === 0 ? healthyMaps : currentMaps(state, currents),
    healthy: healthyMaps,
    share: sheetShares(state),
    state,
    stack,
    outlets,
    openTabs: outlets === 'strips' ? [] : openTabs(cell),
  };
}

function instrumentOf({ noise, seed, range, step }: SimulationOptions): InstrumentOptions {
  return {
    ...(noise === undefined ? {} : { noise }),
    ...(seed === undefined ? {} : { seed }),
    ...(range === undefined ? {} : { range }),
    ...(step === undefined ? {} : { step }),
  };
}

function largestChange(difference: StackCurrents, plan: SamplePlan, outlets: Outlets): number {
  const change = stackField(difference, plan);
  if (outlets === 'strips') add(change, outletField(difference, plan));
  return Math.max(...peaks(change));
}

/** Largest size of each component, T. */
export function peaks({ bx, by, bz }: FieldVectors): [bx: number, by: number, bz: number] {
  const of = (values: Float64Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return [of(bx), of(by), of(bz)];
}

function add(to: FieldVectors, from: FieldVectors): void {
  for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < to[c].length; i++) to[c][i] += from[c][i];
}

/** What the pairs of each sheet carry, as a part of what all carry; even shares where nothing flows. */
function sheetShares({ stack, states }: StackState): number[] {
  const sheets = stack.cell.sheets.length;
  const carried = new Array<number>(sheets).fill(0);
  stack.pairs.forEach(({ sheet, weight }, k) => {
    carried[sheet] += weight * states[k].current;
  });
  const total = carried.reduce((sum, v) => sum + v, 0);
  return carried.map(v => (total === 0 ? 1 / sheets : v / total));
}
