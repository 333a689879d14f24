import { type Cell, parseCell } from '../src/index.js';

/** The cell on which the library of defects is shown: four pairs, two positive tabs above, one negative below. */
export const LIBRARY_CELL = `name: library
outline_mm: {width: 70, height: 90}
thickness_mm: 2
current_A: 5
tabs:
  - {name: left, at_mm: [[6, 90], [20, 90]], share: 0.5, polarity: positive}
  - {name: right, at_mm: [[50, 90], [64, 90]], share: 0.5, polarity: positive}
  - {name: negative, at_mm: [[20, 0], [50, 0]], share: -1}
electrical:
  pairs: 4
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;

export function libraryCell(): Cell {
  return parseCell(LIBRARY_CELL, 'cell.yaml');
}

/** How the library's cell is scanned. */
export const LIBRARY_SCAN = { heights: [6e-3], pitch: 2.5e-3, margin: 15e-3 } as const;
export const LIBRARY_NOISE = 50e-9;

/** One example of each defect, as it is written for `--defect`; all in the top pair but the last. */
export const EXAMPLES: readonly string[] = [
  'hole: {foil: positive, at_mm: [35, 55], radius_mm: 8}',
  'slit: {foil: positive, from_mm: [20, 60], to_mm: [50, 60], width_mm: 1}',
  'thinned_foil: {foil: negative, at_mm: [35, 30], radius_mm: 12, conductance: 0.5}',
  'partial_weld: {tab: negative, part: [0, 0.5]}',
  'missing_tab: {tab: left}',
  'misalignment: {shift_mm: [2, 1]}',
  'fold: {foil: positive, line_mm: [[52, 0], [70, 22]]}',
  'dead_spot: {at_mm: [35, 45], radius_mm: 12}',
  'hot_spot: {at_mm: [35, 45], radius_mm: 12, resistance: 0.2}',
  'short: {at_mm: [35, 45], radius_mm: 2, current_A: 0.1}',
  'open_layer: {pair: top}',
  'external_short: {current_A: 0.1}',
];
