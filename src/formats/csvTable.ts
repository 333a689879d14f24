import { InputError } from '../errors.js';
import {
  COMMA,
  CR,
  decode,
  endOfCell,
  endOfLine,
  endOfQuote,
  HASH,
  isBlankRow,
  LF,
  QUOTE,
  rowsAtMost,
  skipSpaces,
  type TextColumn,
  WordList,
} from './csvBytes.js';
import { badCell, notText, ragged } from './csvErrors.js';
import { DecimalReader } from './decimal.js';

/**
 * A table of numbers in text, read straight from the bytes: no string is made for a cell, so a million rows take well
 * under a second. Quotes, comments, blank lines, all three line ends and decimal commas are understood.
 */

/** Longer lines than this before the data mean that the file is no table. */
const LONGEST_LINE = 65_536;

/** A `# key: value` line. */
export interface Comment {
  readonly line: number;
  readonly text: string;
}

/** Everything up to and including the header. */
export interface TableHead {
  readonly names: readonly string[];
  /** Line of the header, from 1. */
  readonly line: number;
  readonly comments: readonly Comment[];
  /** Offset of the first byte after the header's line, and number of that line. */
  readonly bodyStart: number;
  readonly bodyLine: number;
  readonly delimiter: number;
}

/** How to read a column: as text, or as numbers times 10^exponent. */
export type CellKind = { readonly text: true } | { readonly text: false; readonly exponent: number };

export interface TableBody {
  readonly rows: number;
  /** One entry per column of the header; undefined for columns of text. */
  readonly numbers: readonly (Float64Array | undefined)[];
  readonly texts: readonly (TextColumn | undefined)[];
  readonly comments: readonly Comment[];
}

/**
 * Reads comments and header.
 * @throws {InputError} when the file is empty, binary, or has no header.
 */
export function readTableHead(bytes: Uint8Array): TableHead {
  if (bytes.length === 0) {
    throw new InputError('the file is empty', {
      line: 1,
      advice: 'write a header like x_mm,y_mm,z_mm,bz_uT and one row per sample',
    });
  }
  refuseBinary(bytes);
  const comments: Comment[] = [];
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    const end = endOfLine(bytes, start);
    const next = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
    if (end - start > LONGEST_LINE) throw notText(line, 'the line is too long for a header');
    const text = decode(bytes, start, end).trim();
    start = next;
    if (text === '') continue;
    if (text.startsWith('#')) {
      comments.push({ line, text: text.slice(1).trim() });
      continue;
    }
    const delimiter = chooseDelimiter(text);
    const names = splitLine(text, delimiter);
    return { names, line, comments, bodyStart: next, bodyLine: line + 1, delimiter: delimiter.charCodeAt(0) };
  }
  throw new InputError('the file has no header', { line: 1, advice: 'start it with a line like x_mm,y_mm,z_mm,bz_uT' });
}

/**
 * Reads the rows below the header.
 * @param kinds one per column.
 * @throws {InputError} with line and column of the first cell that is not what it should be.
 */
export function readTableBody(bytes: Uint8Array, head: TableHead, kinds: readonly CellKind[]): TableBody {
  const { delimiter, names } = head;
  const width = kinds.length;
  const end = bytes.length;
  const capacity = rowsAtMost(bytes, head.bodyStart, width);
  const numbers = kinds.map(kind => (kind.text ? undefined : new Float64Array(capacity)));
  const texts = kinds.map(kind => (kind.text ? new WordList(capacity) : undefined));
  const exponents = Int32Array.from(kinds, kind => (kind.text ? 0 : kind.exponent));
  const comments: Comment[] = [];
  const reader = new DecimalReader(bytes, delimiter !== COMMA);
  let rows = 0;
  let line = head.bodyLine;
  let p = head.bodyStart;
  while (p < end) {
    p = skipSpaces(bytes, p, delimiter);
    const c = bytes[p];
    if (c === LF || c === CR) {
      p += c === CR && bytes[p + 1] === LF ? 2 : 1;
      line++;
      continue;
    }
    if (p >= end) break;
    if (c === HASH || (c === delimiter && isBlankRow(bytes, p, delimiter))) {
      const stop = endOfLine(bytes, p);
      if (c === HASH) comments.push({ line, text: decode(bytes, p + 1, Math.min(stop, p + LONGEST_LINE)).trim() });
      p = stop;
      continue;
    }
    for (let k = 0; k < width; k++) {
      if (k > 0) {
        if (bytes[p] !== delimiter) throw ragged(bytes, p, line, names, k);
        p = skipSpaces(bytes, p + 1, delimiter);
      }
      const cell = p;
      const quoted = bytes[p] === QUOTE;
      if (quoted) p++;
      const column = numbers[k];
      if (column !== undefined) {
        reader.pos = p;
        const value = reader.read(exponents[k]);
        p = reader.pos;
        if (quoted && bytes[p] === QUOTE) p++;
        p = skipSpaces(bytes, p, delimiter);
        const after = bytes[p];
        if ((after !== delimiter && after !== LF && after !== CR && p < end) || !Number.isFinite(value)) {
          throw badCell(bytes, cell, head, line, k);
        }
        column[rows] = value;
      } else {
        const stop = quoted ? endOfQuote(bytes, p) : endOfCell(bytes, p, delimiter);
        if (quoted && stop >= end)
          throw new InputError('a quote is not closed', { line, column: names[k], advice: 'close it' });
        if (!texts[k]!.add(rows, bytes, p, stop)) throw badCell(bytes, cell, head, line, k);
        p = skipSpaces(bytes, stop + (quoted ? 1 : 0), delimiter);
      }
    }
    if (p < end && bytes[p] !== LF && bytes[p] !== CR) throw ragged(bytes, p, line, names, width);
    rows++;
  }
  return {
    rows,
    numbers: numbers.map(column => (column === undefined || rows === capacity ? column : column.slice(0, rows))),
    texts: texts.map(list => list?.finish(rows)),
    comments,
  };
}

/** Line of the sample with this index, for messages about a row that was read without complaint. */
export function lineOfRow(bytes: Uint8Array, head: TableHead, row: number): number {
  let line = head.bodyLine;
  let seen = -1;
  for (let p = head.bodyStart; p < bytes.length; line++) {
    const start = skipSpaces(bytes, p, head.delimiter);
    const end = endOfLine(bytes, p);
    if (start < end && bytes[start] !== HASH && !isBlankRow(bytes, start, head.delimiter) && ++seen === row) break;
    p = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
  }
  return line;
}

function chooseDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  return bare.includes(';') ? ';' : bare.includes('\t') ? '\t' : ',';
}

function splitLine(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  const pattern = new RegExp(`[ ]*(?:"((?:[^"]|"")*)"|([^${delimiter}]*))[ ]*(?:${delimiter}|$)`, 'y');
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return text.split(delimiter).map(cell => cell.trim());
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2]).trim());
  }
  if (text.endsWith(delimiter)) cells.push('');
  return cells;
}

function refuseBinary(bytes: Uint8Array): void {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw notText(1, 'the text is in UTF-16', 'save it as "CSV UTF-8"');
  }
  const zero = bytes.subarray(0, 4096).indexOf(0);
  if (zero >= 0) throw notText(1, 'the file is binary, not a table in text');
}
