import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { PackCell } from '../inversion/cellCurrents/packCell.js';
import { InputError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { describeInput, readFileBytes } from '../src/formats/node.js';
import { parseScan } from '../src/formats/scanFile.js';
import type { Cell } from '../src/model/cell.js';
import { parseCell } from '../src/model/parseCell.js';
import { type Pack, parsePack } from '../src/model/parsePack.js';
import type { ProcessRecord } from '../src/result.js';
import { utf8 } from './textFile.js';

/** How well a stated current is believed, a part of it. */
export const TOTAL_ERROR = 5e-3;

/** A pack with its cells' files read. */
export interface PackInput {
  readonly pack: Pack;
  readonly cells: readonly PackCell[];
  /** One number per cell, the same for cells of one file. */
  readonly kinds: Uint16Array;
  readonly files: ProcessRecord['inputs'];
}

/** Reads `pack.yaml` and the cells that it names, each file once. */
export async function readPack(path: string): Promise<PackInput> {
  const { text, input } = await readText(path);
  const pack = parsePack(text, path);
  const files = [input];
  const known = new Map<string, Cell>();
  const cells: PackCell[] = [];
  for (const { name, cellFile, at, rotate_deg } of pack.cells) {
    const file = isAbsolute(cellFile) ? cellFile : join(dirname(path), cellFile);
    let cell = known.get(file);
    if (cell === undefined) {
      const read = await readText(file);
      files.push(read.input);
      cell = parseCell(read.text, file);
      known.set(file, cell);
    }
    cells.push({ name, cell, placement: { at, rotate_deg } });
  }
  const order = [...known.values()];
  return { pack, cells, kinds: Uint16Array.from(cells, ({ cell }) => order.indexOf(cell)), files };
}

/** A scan of a pack. */
export interface NamedScan {
  /** The file's name without its extension. */
  readonly name: string;
  readonly path: string;
  readonly scan: FieldScan;
  readonly input: ProcessRecord['inputs'][number];
}

export async function readScans(paths: readonly string[]): Promise<NamedScan[]> {
  const out: NamedScan[] = [];
  for (const path of paths) {
    const bytes = await readFileBytes(path);
    const scan = await parseScan(bytes, { file: path });
    if (scan.relativeUnit !== undefined) {
      throw new InputError(`is in ${scan.relativeUnit}, whose scale is unknown: no current follows from it`, {
        file: path,
        advice: 'give readings in tesla',
      });
    }
    out.push({ name: basename(path, extname(path)), path, scan, input: describeInput(path, bytes) });
  }
  return out;
}

async function readText(path: string) {
  const bytes = await readFileBytes(path);
  return { text: utf8(path, bytes), input: describeInput(path, bytes) };
}
