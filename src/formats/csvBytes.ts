/** Finding one's way in the bytes of a table: line ends, cells, quotes, words. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const COMMA = 0x2c;

/** Offset of the next byte that is neither a space nor a tab that is no delimiter. */
export function skipSpaces(bytes: Uint8Array, from: number, delimiter: number): number {
  let p = from;
  while (bytes[p] === SPACE || (bytes[p] === TAB && delimiter !== TAB)) p++;
  return p;
}

/** Offset of the next CR or LF, or the end. */
export function endOfLine(bytes: Uint8Array, from: number): number {
  let p = from;
  while (p < bytes.length && bytes[p] !== LF && bytes[p] !== CR) p++;
  return p;
}

/** Offset of the next delimiter, CR or LF, or the end. */
export function endOfCell(bytes: Uint8Array, from: number, delimiter: number): number {
  let p = from;
  while (p < bytes.length && bytes[p] !== LF && bytes[p] !== CR && bytes[p] !== delimiter) p++;
  return p;
}

/** The closing quote; a doubled one belongs to the word. A word does not run over the end of a line. */
export function endOfQuote(bytes: Uint8Array, from: number): number {
  for (let p = from; p < bytes.length && bytes[p] !== LF && bytes[p] !== CR; p++) {
    if (bytes[p] !== QUOTE) continue;
    if (bytes[p + 1] !== QUOTE) return p;
    p++;
  }
  return bytes.length;
}

/** Spreadsheets write rows of empty cells below the data. */
export function isBlankRow(bytes: Uint8Array, from: number, delimiter: number): boolean {
  let p = from;
  while (bytes[p] === delimiter || bytes[p] === SPACE || bytes[p] === TAB) p++;
  return p >= bytes.length || bytes[p] === LF || bytes[p] === CR;
}

/** An upper bound of the number of rows that no file can inflate: a row takes at least two bytes per column. */
export function rowsAtMost(bytes: Uint8Array, start: number, width: number): number {
  let lines = 0;
  for (let p = start; p < bytes.length; p++) {
    const c = bytes[p];
    if (c === LF || (c === CR && bytes[p + 1] !== LF)) lines++;
  }
  const last = bytes[bytes.length - 1];
  if (bytes.length > start && last !== LF && last !== CR) lines++;
  return Math.min(lines, Math.ceil((bytes.length - start + 1) / (2 * width)));
}

/** Text of a range of bytes: UTF-8, or Windows-1252 where it is not. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  const part = bytes.subarray(start, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(part);
  } catch {
    // Spreadsheets on Western systems write the micro sign as the single byte B5.
    return new TextDecoder('windows-1252').decode(part);
  }
}

/** A column of words: the index of each row's word, words in the order of their first appearance. */
export interface TextColumn {
  readonly index: Int32Array;
  readonly words: readonly string[];
}

/** Words of a column, kept once each; most rows repeat the word of the row before, which is compared as bytes. */
export class WordList {
  private readonly index: Int32Array;
  private readonly words: string[] = [];
  private readonly known = new Map<string, number>();
  private lastStart = 0;
  private lastEnd = -1;

  constructor(capacity: number) {
    this.index = new Int32Array(capacity);
  }

  /** False for an empty cell. */
  add(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    let same = length === this.lastEnd - this.lastStart;
    for (let i = 0; same && i < length; i++) same = bytes[start + i] === bytes[this.lastStart + i];
    if (same) {
      this.index[row] = this.index[row - 1];
      return true;
    }
    const word = decode(bytes, start, end).trim().replaceAll('""', '"');
    if (word === '') return false;
    let found = this.known.get(word);
    if (found === undefined) {
      found = this.words.push(word) - 1;
      this.known.set(word, found);
    }
    this.index[row] = found;
    this.lastStart = start;
    this.lastEnd = end;
    return true;
  }

  finish(rows: number): TextColumn {
    return { index: rows === this.index.length ? this.index : this.index.slice(0, rows), words: this.words };
  }
}
