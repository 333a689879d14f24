import type { Vector3 } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import type { Cell, Electrical } from '../../model/cell.js';
import { cellModel } from '../cell/buildModel.js';
import type { CellModel } from '../cell/cellModel.js';

/** One electrode pair of a stack, or several alike that are lumped at one height. */
export interface StackPair {
  /** Pairs that are alike share one model, and its solution. */
  readonly model: CellModel;
  /** How many pairs it stands for. */
  readonly weight: number;
  /** Heights of the two foils, m. */
  readonly positiveZ: number;
  readonly negativeZ: number;
  /** Index of the sheet of the cell (`sheets_mm`) that it is counted to. */
  readonly sheet: number;
  /** Whether it has lost its connection to a tab: it carries no current of the cell. */
  readonly open: boolean;
}

/** A conductor from the positive to the negative side outside the cell. */
export interface ExternalShort {
  /** S. */
  readonly conductance: number;
  /** From the positive to the negative tab, m; a thin wire. */
  readonly path: readonly Vector3[];
}

/** A cell as it is simulated: its electrode pairs, in parallel at the tabs, and what lies across them. */
export interface CellStack {
  readonly cell: Cell;
  /** From the lowest to the highest. */
  readonly pairs: readonly StackPair[];
  readonly externalShort?: ExternalShort;
  /** Set where the cell says nothing of its foils: uniform foils that coincide, whose net current needs no more. */
  readonly assumed: boolean;
}

/** Open-circuit voltage, V: it matters to shorts only, and stands for a lithium-ion cell about half charged. */
export const OPEN_CIRCUIT = 3.7;
/** Distance of the foils of a pair, m, where the cell does not give it: two coated foils and a separator. */
export const FOIL_DISTANCE = 0.15e-3;

/** Any uniform foils have the same net current. */
const ASSUMED: Electrical = {
  pairs: 1,
  positiveFoil: { thickness: 10e-6, conductivity: 3.78e7 },
  negativeFoil: { thickness: 10e-6, conductivity: 5.96e7 },
  areaResistance: 1e-3,
  foilDistance: 0,
};

/**
 * The healthy stack of a cell. Its pairs are spread evenly over the thickness about the cell's sheet; with several sheets,
 * each has its part of the pairs about it, and where there are fewer pairs than sheets every sheet has a part of a pair. In
 * a pair the positive foil lies above the negative one, in the next one below it, as electrodes coated on both sides follow
 * one another; the distance of the two is `electrical.foil_distance_mm`, without it 0.15 mm or half the thickness per pair,
 * whichever is less.
 * @param options `pitch` of the pixels, m
 * @throws {InputError} as `cellModel`, and for a cell without current's way in and out
 */
export function cellStack(given: Cell, options: { readonly pitch?: number } = {}): CellStack {
  const assumed = given.electrical === undefined;
  const cell = assumed ? { ...given, electrical: ASSUMED, tabs: withPolarities(given) } : given;
  const electrical = cell.electrical!;
  const healthy = cellModel(cell, options);
  const model = { ...healthy, openCircuit: healthy.openCircuit.map((_, i) => (healthy.inside[i] ? OPEN_CIRCUIT : 0)) };
  const { pairs } = electrical;
  const sheets = cell.sheets.length;
  const spacing = cell.thickness / pairs;
  const distance = electrical.foilDistance ?? Math.min(FOIL_DISTANCE, spacing / 2);
  const stacked: StackPair[] = [];
  for (let sheet = 0; sheet < sheets; sheet++) {
    const [first, end] = [Math.round((sheet * pairs) / sheets), Math.round(((sheet + 1) * pairs) / sheets)];
    const lumped = pairs < sheets;
    const count = lumped ? 1 : end - first;
    for (let k = 0; k < count; k++) {
      const middle = cell.sheets[sheet] + (k - (count - 1) / 2) * spacing;
      stacked.push({
        model,
        weight: lumped ? pairs / sheets : 1,
        positiveZ: middle + distance / 2,
        negativeZ: middle - distance / 2,
        sheet,
        open: false,
      });
    }
  }
  stacked.sort((a, b) => a.positiveZ - b.positiveZ);
  return {
    cell: given,
    pairs: stacked.map((pair, k) =>
      (stacked.length - 1 - k) % 2 === 0 ? pair : { ...pair, positiveZ: pair.negativeZ, negativeZ: pair.positiveZ },
    ),
    assumed,
  };
}

/** The tabs with a foil each: where nothing names it, the current enters by the positive foil. */
function withPolarities({ name, tabs }: Cell): Cell['tabs'] {
  if (tabs.length === 0) {
    throw new InputError(`the cell '${name}' has no tabs, so no current flows through it`, {
      column: 'tabs',
      advice: 'give its tabs',
    });
  }
  return tabs.map(tab => ({ ...tab, polarity: tab.share > 0 ? ('positive' as const) : ('negative' as const) }));
}

/** Number of pairs. */
export function pairCount(stack: CellStack): number {
  return stack.pairs.reduce((sum, pair) => sum + pair.weight, 0);
}
