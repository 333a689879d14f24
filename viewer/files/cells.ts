import { type CellDrawing, cellDrawing } from '../../src/figures/cellDrawing.js';
import type { Cell } from '../../src/model/cell.js';
import { parseCell } from '../../src/model/parseCell.js';
import type { ProcessRecord } from '../../src/result.js';

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
