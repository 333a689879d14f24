import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { cellDrawing } from '../../src/figures/cellDrawing.js';
import { flatten } from '../../src/figures/processSection.js';
import type { Cell } from '../../src/model/cell.js';
import { parseCell } from '../../src/model/parseCell.js';
import type { ProcessRecord } from '../../src/result.js';

/** How a result came about, as names and values. */
export function recordOf(process: ProcessRecord): [string, string][] {
  return [
    ['Program', `${process.program} ${process.version}`],
    ['Date', process.date],
    ...process.inputs.map((input): [string, string] => [`Input ${input.name}`, `SHA-256 ${input.sha256}`]),
    ...flatten(process.parameters),
    ...(process.cell === undefined ? [] : [['Cell', process.cell] as [string, string]]),
  ];
}

/** The cell in a record; undefined where there is none that can be read. */
export function cellOf(process: ProcessRecord): Cell | undefined {
  if (process.cell === undefined) return undefined;
  try {
    return parseCell(process.cell, 'cell');
  } catch {
    // The maps can be looked at without it.
    return undefined;
  }
}

export function drawingsOf(cell: Cell | undefined): CellDrawing[] {
  return cell === undefined ? [] : [cellDrawing(cell)];
}

/** A number among the parameters of a record. */
export function parameter(process: ProcessRecord, name: string): number | undefined {
  const value = process.parameters[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
