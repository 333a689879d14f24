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
  /** Ends of the tabs on the upper edge, mm. */
  readonly positive?: readonly [number, number];
  readonly negative?: readonly [number, number];
}

/** The reference cell of battery-physics.md: 200 x 140 mm, tabs 44 mm wide. */
export function referenceCell(choices: Choices = {}): Cell {
  const { tabs = 'same', asr = 10, pairs = 1, distance, thickness = 8, more = '', neck } = choices;
  const length = neck === undefined ? '' : `, length_mm: ${neck}`;
  const at = ([from, to]: readonly [number, number], y: number) => `[[${from}, ${y}], [${to}, ${y}]]`;
  const same = tabs === 'same';
  const positive = at(choices.positive ?? (same ? [13, 57] : [48, 92]), 200);
  const negative = at(choices.negative ?? (same ? [83, 127] : [48, 92]), same ? 200 : 0);
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
