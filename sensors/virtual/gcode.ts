import { parseNumber } from '../codecs/numbers.js';

export interface GcodeWord {
  readonly letter: string;
  readonly value: number;
}

/** A line without spaces and comments, in capital letters. */
export function bareGcode(line: string): string {
  return line
    .replace(/\([^)]*\)?|;.*$/g, '')
    .replace(/\s/g, '')
    .toUpperCase();
}

/**
 * Words of a bare line; a number is the code of GRBL's error: 1 no letter, 2 no number.
 * @param flags whether a letter may stand without a number (`G28 X`); its value is then NaN
 */
export function gcodeWords(line: string, flags = false): GcodeWord[] | number {
  const words: GcodeWord[] = [];
  const word = /([A-Z])([^A-Z]*)/y;
  while (word.lastIndex < line.length) {
    const match = word.exec(line);
    if (match === null) return 1;
    const value = parseNumber(match[2]);
    if (Number.isNaN(value) && !(flags && match[2] === '')) return 2;
    words.push({ letter: match[1], value });
  }
  return words;
}
