import { InputError } from '../errors.js';
import { decode, endOfCell } from './csvBytes.js';
import type { TableHead } from './csvTable.js';

/** The file is no text. */
export function notText(
  line: number,
  message: string,
  advice = 'give a CSV, NPZ, MAT or HDF5 file with its usual extension',
): InputError {
  return new InputError(message, { line, advice });
}

/** Says what is wrong with a cell that holds no number (or no word). */
export function badCell(bytes: Uint8Array, cell: number, head: TableHead, line: number, k: number): InputError {
  const place = { line, column: head.names[k] };
  const text = decode(bytes, cell, Math.min(endOfCell(bytes, cell, head.delimiter), cell + 200)).trim();
  const gap = 'delete the row of a sample without a reading; gaps are allowed, invented values are not';
  if (text === '' || text === '""') {
    const cut = cell >= bytes.length && k > 0;
    return new InputError('the cell is empty', {
      ...place,
      advice: cut ? 'the file ends in the middle of a row: copy it again, or delete its last line' : gap,
    });
  }
  const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  if (/^"?[+-]?(nan|na|n\/a|null|none|inf|infinity|-+|#n\/a)"?$/i.test(text)) {
    return new InputError(`'${shown}' is no reading`, { ...place, advice: gap });
  }
  if (/^"?[+-]?[\d.,]+(e[+-]?\d+)?"?$/i.test(text)) {
    return new InputError(`'${shown}' is not a number that can be read`, {
      ...place,
      advice:
        'write numbers like -1.25e-3, without thousands separators; decimal commas need semicolons between the columns',
    });
  }
  return new InputError(`'${shown}' is not a number`, {
    ...place,
    advice: 'write numbers like -1.25e-3; words go into the column sensor',
  });
}

/** A row with too few or too many cells; `k` cells were read up to offset `at`. */
export function ragged(bytes: Uint8Array, at: number, line: number, names: readonly string[], k: number): InputError {
  if (k === names.length) {
    const advice = 'decimal commas need semicolons between the columns; check also for a header that lacks a column';
    return new InputError(`the row has more cells than the header (${k})`, { line, column: names[k - 1], advice });
  }
  const cut = at >= bytes.length;
  return new InputError(`the row has ${k} cell${k === 1 ? '' : 's'}, the header ${names.length}`, {
    line,
    column: names[k],
    advice: cut
      ? 'the file ends in the middle of a row: copy it again, or delete its last line'
      : 'complete the row or delete it',
  });
}
