import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import type { Cell } from './cell.js';

/** How far the current may wander while the scan is taken, as part of its median. */
const STEADY = 0.05;

/**
 * The current that flowed during a scan, A: the median of the scan's own column, which wins, else what the cell says.
 * @throws {InputError} where neither knows, or where the column varies by more than 5 %: one map shows one current.
 */
export function cellCurrent(scan: FieldScan, cell: Pick<Cell, 'current'>): number {
  const column = 'current_A';
  if (scan.current === undefined) {
    if (cell.current !== undefined && cell.current !== 0) return cell.current;
    const message = cell.current === undefined ? 'the current is not known' : 'the current is zero';
    throw new InputError(message, { advice: `give ${column} in cell.yaml, or as a column of the scan` });
  }
  const sorted = scan.current.slice().sort();
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const spread = Math.max(most - median, median - least);
  if (median === 0) {
    throw new InputError('the current of the scan is zero', { column, advice: 'give a scan with current' });
  }
  if (spread > STEADY * Math.abs(median)) {
    const percent = Math.round((100 * spread) / Math.abs(median));
    const message = `the current runs from ${text(least)} A to ${text(most)} A, up to ${percent} % off its median of ${text(median)} A; a map needs it constant within ${100 * STEADY} %`;
    throw new InputError(message, { column, advice: 'scan at constant current, or give the steady part of the scan' });
  }
  return median;
}

function text(value: number): string {
  return String(Number(value.toPrecision(4)));
}
