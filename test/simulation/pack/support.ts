import { existsSync, readFileSync } from 'node:fs';
import { readNpy } from '../../../src/formats/npy.js';
import type { Cell } from '../../../src/model/cell.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { type Pack, type PackedCell, parsePack } from '../../../src/model/parsePack.js';
import { type PackModel, packModel } from '../../../src/simulation/pack/packModel.js';

/** A pack of cells that stand anywhere. */
export function packOf(cells: readonly Partial<PackedCell>[], more: Partial<Pack> = {}): Pack {
  return {
    name: 'pack',
    topology: 'parallel',
    cells: cells.map((cell, i) => ({ name: `cell ${i}`, cellFile: '', at: [0.1 * i, 0], rotate_deg: 0, ...cell })),
    ...more,
  };
}

/** Its model, from what the pack itself says. */
export function modelOf(cells: readonly Partial<PackedCell>[], more: Partial<Pack> = {}): PackModel {
  return packModel(
    packOf(cells, more),
    cells.map(() => undefined),
  );
}

/** What comes into each node less what leaves it, with the outer current, A. */
export function nodeResiduals({ circuit }: PackModel, currents: Float64Array, current: number): Float64Array {
  const out = new Float64Array(circuit.nodes);
  out[circuit.source] += current;
  out[circuit.sink] -= current;
  for (let b = 0; b < currents.length; b++) {
    out[circuit.from[b]] -= currents[b];
    out[circuit.to[b]] += currents[b];
  }
  return out;
}

export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);

export const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** A table of straight lines through points over the whole range. */
export const table = (...values: number[]) => ({
  soc: Float64Array.from(values, (_, k) => k / (values.length - 1)),
  values: Float64Array.from(values),
});

const FOLDER = new URL('../../../../shared/cases/pack-4p/', import.meta.url);
export const PACK_4P_MISSING = !existsSync(FOLDER);

/** The simulated pack of four cells. */
export function pack4p(): { pack: Pack; cell: Cell; read: (name: string) => Buffer } {
  const read = (name: string) => readFileSync(new URL(name, FOLDER));
  return {
    pack: parsePack(String(read('pack.yaml')), 'pack.yaml'),
    cell: parseCell(String(read('cell.yaml')), 'cell.yaml'),
    read,
  };
}

/** The numbers of an NPY file. */
export function npyNumbers(bytes: Uint8Array): Float64Array {
  const content = readNpy(bytes);
  if (content.kind === 'table' || !(content.data instanceof Float64Array)) throw new Error('no numbers');
  return content.data;
}
