import type { Vector3 } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import type { Cell, Tab } from '../../model/cell.js';
import type { CellModel } from '../cell/cellModel.js';
import { type CellStack, OPEN_CIRCUIT, type StackPair } from '../field/cellStack.js';
import type { Defect, WhichPair } from './defect.js';
import { deadSpot, hotSpot, misalignedElectrodes, pointShort } from './electrodeDefects.js';
import { foilHole, foilSlit, foldedElectrode, thinnedFoil } from './foilDefects.js';
import { missingTab, partialWeld } from './tabDefects.js';

/**
 * The stack with a defect. The stack that is given stays as it is; pairs without the defect keep their model, so that their
 * solution is shared.
 * @throws {InputError} for a defect beside the cell, in a pair or at a tab that does not exist, or that leaves no way for
 * the current
 */
export function applyDefect(stack: CellStack, defect: Defect): CellStack {
  if (stack.assumed && defect.kind !== 'external_short') {
    throw new InputError(`the cell '${stack.cell.name}' says nothing of its foils and electrodes`, {
      column: 'electrical',
      advice: 'add electrical: to the cell before it gets a defect',
    });
  }
  const { cell } = stack;
  if (defect.kind === 'external_short') {
    const path = defect.path ?? pathBelow(cell);
    return { ...stack, externalShort: { conductance: defect.current / OPEN_CIRCUIT, path } };
  }
  if (defect.kind === 'open_layer') return inPairs(stack, defect.pair, pair => ({ ...pair, open: true }));
  if (defect.kind === 'missing_tab') {
    const tab = tabNamed(cell, defect.tab);
    const without = once((model: CellModel) => missingTab(model, tab.name));
    return inPairs(stack, defect.pair, pair => {
      const model = without(pair.model);
      return model === undefined ? { ...pair, open: true } : { ...pair, model };
    });
  }
  const changed = once((model: CellModel) => modelWith(model, cell, defect));
  return inPairs(stack, defect.pair, pair => ({ ...pair, model: changed(pair.model) }));
}

/** {@link applyDefect}, one after the other. */
export function applyDefects(stack: CellStack, defects: readonly Defect[]): CellStack {
  return defects.reduce(applyDefect, stack);
}

type InModel = Exclude<Defect, { kind: 'external_short' | 'open_layer' | 'missing_tab' }>;

function modelWith(model: CellModel, cell: Cell, defect: InModel): CellModel {
  switch (defect.kind) {
    case 'hole':
      return foilHole(model, defect.foil, defect.at, defect.radius);
    case 'slit':
      return foilSlit(model, defect.foil, defect.from, defect.to, defect.width);
    case 'thinned_foil':
      return thinnedFoil(model, defect.foil, defect.at, defect.radius, defect.conductance);
    case 'partial_weld':
      return partialWeld(model, tabNamed(cell, defect.tab), ...defect.part);
    case 'misalignment':
      return misalignedElectrodes(model, cell.outline, defect.shift);
    case 'fold':
      return foldedElectrode(model, cell.outline, defect.foil, ...defect.line);
    case 'dead_spot':
      return deadSpot(model, defect.at, defect.radius, defect.activity);
    case 'hot_spot':
      return hotSpot(model, defect.at, defect.radius, defect.resistance);
    case 'short':
      return pointShort(model, defect.at, defect.radius, defect.current / OPEN_CIRCUIT);
  }
}

/** One result per model: pairs that were alike stay alike. */
function once<T>(change: (model: CellModel) => T): (model: CellModel) => T {
  const known = new Map<CellModel, T>();
  return model => {
    if (!known.has(model)) known.set(model, change(model));
    return known.get(model)!;
  };
}

function inPairs(stack: CellStack, which: WhichPair, change: (pair: StackPair) => StackPair): CellStack {
  const { length } = stack.pairs;
  if (typeof which === 'number' && !(which >= 1 && which <= length)) {
    throw new InputError(`there is no electrode pair ${which}`, {
      column: 'pair',
      advice:
        length === 1 ? 'leave pair out: the cell has one' : `give 1 (the lowest) to ${length}, or top, bottom or all`,
    });
  }
  const only = which === 'top' ? length - 1 : which === 'bottom' ? 0 : which === 'all' ? undefined : which - 1;
  const pairs = stack.pairs.map((pair, k) => (only === undefined || k === only ? change(pair) : pair));
  if (pairs.every(pair => pair.open)) {
    throw new InputError('the defect leaves no electrode pair connected', {
      column: 'pair',
      advice: 'give the cell more pairs (electrical.pairs) or more tabs, or leave one of them whole',
    });
  }
  return { ...stack, pairs };
}

function tabNamed({ tabs }: Cell, name: string): Tab {
  const found = tabs.find(tab => tab.name === name);
  if (found !== undefined) return found;
  throw new InputError(`the cell has no tab '${name.slice(0, 40)}'`, {
    column: 'tab',
    advice: `its tabs are ${tabs.map(tab => tab.name).join(', ')}`,
  });
}

/** From the first positive to the first negative tab, straight, a thickness below the cell. */
function pathBelow(cell: Cell): Vector3[] {
  const middle = (positive: boolean): readonly [number, number] => {
    const tab = cell.tabs.find(({ polarity, share }) =>
      polarity === undefined ? share > 0 === positive : (polarity === 'positive') === positive,
    );
    if (tab === undefined) throw new InputError('an external short needs a tab of each polarity');
    return [(tab.start[0] + tab.end[0]) / 2, (tab.start[1] + tab.end[1]) / 2];
  };
  const [from, to] = [middle(true), middle(false)];
  return [
    [...from, 0],
    [...from, -cell.thickness],
    [...to, -cell.thickness],
    [...to, 0],
  ];
}
