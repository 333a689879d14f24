import type { Lead } from './cell.js';
import type { Point } from './outline.js';
import { type PackFile, packSchema } from './packSchema.js';
import { parseLeads } from './parseCell.js';
import { checkNames, pointOf } from './parseParts.js';
import type { OverSoc } from './socTable.js';
import { type KeyPath, readYaml, type YamlDocument } from './yamlDocument.js';

/** Where one cell of a pack stands, and what it is like electrically. */
export interface PackedCell {
  readonly name: string;
  /** Path of the cell's file as `pack.yaml` gives it, relative to that file. */
  readonly cellFile: string;
  /** Lower left corner of the bounding box of the unrotated outline, m. */
  readonly at: Point;
  /** Anticlockwise, about the centre of that box, degrees: quarter turns stay exact. */
  readonly rotate_deg: number;
  /** Cells of one group are in series in a parallel pack, in parallel in a series pack. */
  readonly group?: string;
  /** From tab to tab, ohm; absent: that of the electrodes in the cell's file. */
  readonly resistance?: OverSoc;
  /** Factor on the resistance, whichever it is. */
  readonly resistanceFactor?: number;
  /** In series with the cell, ohm. */
  readonly connectionResistance?: number;
  /** Charge between state of charge 0 and 1, A s; absent: the state of charge stays. */
  readonly capacity?: number;
  /** State of charge at the beginning, 0 to 1. */
  readonly soc?: number;
  /** V; absent: 0. */
  readonly openCircuit?: OverSoc;
}

/** Resistances of the busbars. */
export interface Busbar {
  /** Piece of one of the two busbars between neighbours in parallel, ohm. */
  readonly segment: number;
  /** Joint between neighbours in series, ohm. */
  readonly joint: number;
  readonly terminals: 'same_end' | 'opposite_ends';
}

/** A time of constant current. */
export interface LoadStep {
  /** A through the pack, + charging. */
  readonly current: number;
  /** s. */
  readonly duration: number;
  /** Time between two results, s; absent: the duration. */
  readonly every?: number;
}

export interface Pack {
  readonly name: string;
  readonly topology: 'parallel' | 'series';
  /** In the order of the file; names differ. */
  readonly cells: readonly PackedCell[];
  /** A through the pack, + charging; absent: what the cells' own currents add up to. */
  readonly current?: number;
  readonly busbar?: Busbar;
  readonly load?: readonly LoadStep[];
  /** Known leads whose share is of the current of the pack; absent: none. */
  readonly leads?: readonly Lead[];
}

/** Ends of a table over the state of charge may be off by this. */
const SOC_ROUNDING = 1e-6;

/**
 * Reads `pack.yaml`. The cells' own files are for the caller to read (`parseCell`) and to place (`placeCell`).
 * @param text content of the file, YAML 1.2
 * @param file its name, for errors
 * @throws {InputError} as `parseCell`; also for two cells of one name and for a table over the state of charge that does
 * not ascend from 0 to 1 or whose lists differ in length.
 */
export function parsePack(text: string, file: string): Pack {
  const document = readYaml(text, file, packSchema);
  const { name, topology, cells, current_A, busbar, load, leads } = document.data;
  checkNames(document, 'cells', cells);
  return {
    name,
    topology,
    cells: cells.map((_, i) => packedCell(document, i)),
    ...(current_A === undefined ? {} : { current: current_A }),
    ...(busbar === undefined
      ? {}
      : { busbar: { segment: busbar.segment_ohm, joint: busbar.joint_ohm, terminals: busbar.terminals } }),
    ...(load === undefined ? {} : { load: load.map(loadStep) }),
    ...(leads.length === 0 ? {} : { leads: parseLeads(document) }),
  };
}

function packedCell(document: YamlDocument<PackFile>, i: number): PackedCell {
  const cell = document.data.cells[i];
  const { resistance_ohm: r, ocv_V: u } = cell;
  const path = (key: string): KeyPath => ['cells', i, key];
  return {
    name: cell.name,
    cellFile: cell.cell,
    at: pointOf(cell.at_mm),
    rotate_deg: cell.rotate_deg,
    ...(cell.group === undefined ? {} : { group: cell.group }),
    ...(r === undefined
      ? {}
      : { resistance: typeof r === 'number' ? r : table(document, path('resistance_ohm'), r.soc, r.ohm, 'ohm') }),
    ...(cell.resistance_factor === undefined ? {} : { resistanceFactor: cell.resistance_factor }),
    ...(cell.connection_ohm === undefined ? {} : { connectionResistance: cell.connection_ohm }),
    ...(cell.capacity_Ah === undefined ? {} : { capacity: 3600 * cell.capacity_Ah }),
    ...(cell.soc === undefined ? {} : { soc: cell.soc }),
    ...(u === undefined
      ? {}
      : { openCircuit: typeof u === 'number' ? u : table(document, path('ocv_V'), u.soc, u.V, 'V') }),
  };
}

function table(
  document: YamlDocument<PackFile>,
  path: KeyPath,
  soc: readonly number[],
  values: readonly number[],
  unit: string,
): OverSoc {
  if (values.length !== soc.length) {
    const message = `holds ${soc.length} states of charge and ${values.length} values`;
    throw document.fault([...path, unit], message, 'give one value for each');
  }
  const back = soc.findIndex((z, k) => k > 0 && z <= soc[k - 1]);
  if (back > 0) {
    throw document.fault([...path, 'soc', back], `${soc[back]} comes after ${soc[back - 1]}`, 'sort the table upwards');
  }
  const last = soc.length - 1;
  if (soc[0] > SOC_ROUNDING || soc[last] < 1 - SOC_ROUNDING) {
    const message = `the table runs from ${soc[0]} to ${soc[last]}`;
    throw document.fault([...path, 'soc'], message, 'let it run from 0 (empty) to 1 (full)');
  }
  return { soc: Float64Array.from(soc), values: Float64Array.from(values) };
}

function loadStep({ current_A, duration_s, every_s }: NonNullable<PackFile['load']>[number]): LoadStep {
  return { current: current_A, duration: duration_s, ...(every_s === undefined ? {} : { every: every_s }) };
}
