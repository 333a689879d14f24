import type { Cell } from '../../../src/model/cell.js';
import { parseCell } from '../../../src/model/parseCell.js';

export interface Choices {
  readonly tabs?: 'same' | 'counter';
  readonly asr?: number;
  readonly pairs?: number;
  readonly distance?: number;
  readonly thickness?: number;
  readonly more?: string;
  readonly neck?: number;
}

/** The reference cell of battery-physics.md: 200 x 140 mm, tabs 44 mm wide. */
export function referenceCell(choices: Choices = {}): Cell {
  const { tabs = 'same', asr = 10, pairs = 1, distance, thickness = 8, more = '', neck } = choices;
  const length = neck === undefined ? '' : `, length_mm: ${neck}`;
  const negative = tabs === 'same' ? '[[83, 200], [127, 200]]' : '[[48, 0], [92, 0]]';
  const positive = tabs === 'same' ? '[[13, 200], [57, 200]]' : '[[48, 200], [92, 200]]';
  return parseCell(
    `name: ${tabs}
outline_mm: {width: 140, height: 200}
thickness_mm: ${thickness}
current_A: 1
tabs:
  - {name: positive, at_mm: ${positive}, share: 1${length}}
  - {name: negative, at_mm: ${negative}, share: -1${length}}
electrical:
  pairs: ${pairs}
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: ${asr}
${distance === undefined ? '' : `  foil_distance_mm: ${distance}\n`}${more}`,
    'cell.yaml',
  );
}
