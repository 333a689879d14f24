import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { median } from '../median.js';
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
  const current = median(scan.current);
  const least = scan.current.reduce((a, b) => Math.min(a, b), Infinity);
  const most = scan.current.reduce((a, b) => Math.max(a, b), -Infinity);
  const spread = Math.max(most - current, current - least);
  if (current === 0) {
    throw new InputError('the current of the scan is zero', { column, advice: 'give a scan with current' });
  }
  if (spread > STEADY * Math.abs(current)) {
    const percent = Math.round((100 * spread) / Math.abs(current));
    const message = `the current runs from ${text(least)} A to ${text(most)} A, up to ${percent} % off its median of ${text(current)} A; a map needs it constant within ${100 * STEADY} %`;
    throw new InputError(message, { column, advice: 'scan at constant current, or give the steady part of the scan' });
  }
  return current;
}

function text(value: number): string {
  return String(Number(value.toPrecision(4)));
}
