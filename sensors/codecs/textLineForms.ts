import { InputError } from '../../src/errors.js';
import { CHIP_BYTES, unpackRegisters } from './chipCounts.js';
import { LinearRegex } from './linearRegex.js';
import { parseNumber } from './numbers.js';
import type { TextLineColumn, TextLineSettings } from './textLineSettings.js';

/** The text that a line holds for a column; undefined: none. */
export type Fields = (column: TextLineColumn) => string | undefined;

/** One form of lines, with what it must remember from line to line. */
export interface LineForm {
  /** Undefined: the line holds no reading (yet). */
  read(line: string): Fields | undefined;
  /** Whether the line names the columns; it is then remembered. */
  isHeader?(line: string): boolean;
  /** Forgets what is half received. */
  reset(): void;
}

const stateless = (read: LineForm['read']): LineForm => ({ read, reset() {} });

/** @throws {InputError} where the settings do not suit the form */
export function lineForm(settings: TextLineSettings, longest: number): LineForm {
  switch (settings.format) {
    case 'csv':
      return csvForm(settings);
    case 'json':
      return stateless(readJson);
    case 'words':
      return stateless(readWords);
    case 'teleplot':
      return teleplotForm(settings);
    case 'regex':
      return regexForm(settings, longest);
    default:
      return registerForm(settings);
  }
}

const SEPARATORS = { ',': ',', ';': ';', tab: '\t', space: ' ' } as const;
export function csvSeparator(settings: Pick<TextLineSettings, 'separator'>): string {
  return SEPARATORS[settings.separator];
}

/** Fields of a line, without the quotes and spaces around them. */
export function splitFields(line: string, separator: string): string[] {
  const fields = separator === ' ' ? line.trim().split(/ +/) : line.split(separator);
  return fields.map(field => /^\s*"(.*)"\s*$/.exec(field)?.[1] ?? field.trim());
}

/** Columns by number, or by the names of a header line, which is kept over resets. */
function csvForm(settings: TextLineSettings): LineForm {
  const separator = csvSeparator(settings);
  const named = columnsOf(settings).filter(column => typeof column === 'string');
  let header = settings.header;
  const isHeader = (line: string) => {
    if (named.length === 0 || settings.header !== undefined) return false;
    const fields = splitFields(line, separator);
    if (!named.every(name => fields.includes(name))) return false;
    header = fields;
    return true;
  };
  const read = (line: string): Fields | undefined => {
    const fields = splitFields(line, separator);
    if (settings.count !== undefined && fields.length !== settings.count) return undefined;
    if (named.length > 0 && (isHeader(line) || header === undefined)) return undefined;
    return column => fields[typeof column === 'number' ? column : header!.indexOf(column)];
  };
  return { read, isHeader, reset() {} };
}

/** Every column that the settings name. */
export function columnsOf(settings: TextLineSettings): TextLineColumn[] {
  return [settings.time?.column, settings.sequence?.column, settings.element_column]
    .concat(settings.columns.map(entry => entry.column))
    .filter(column => column !== undefined);
}

/** JSON: a key, a path such as `mag.x`, or a number for an array; where it is none, keys without quotes. */
function readJson(line: string): Fields | undefined {
  const start = line.search(/[[{]/);
  if (start < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(start));
  } catch {
    value = parseBareKeys(line.slice(start));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return column => {
    const key = String(column);
    const found = member(value, key);
    if (found !== undefined || typeof column === 'number') return textOf(found);
    return textOf(key.split('.').reduce<unknown>((at, part) => member(at, part), value));
  };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** `{ ts:"03 May", x:"14", Tm: 52 }`, flat; undefined where it is not whole. */
function parseBareKeys(text: string): Record<string, string> | undefined {
  const values: Record<string, string> = Object.create(null);
  const entry = /[{,]\s*"?(\w{1,60})"?\s*:\s*(?:"([^"]*)"|([^\s",{}[\]]{1,60}))\s*(?=[,}])/y;
  let end = 0;
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    values[match[1]] = match[2] ?? match[3];
    end = entry.lastIndex;
  }
  return text.slice(end).trim() === '}' ? values : undefined;
}

/** `X: 12.3 Y=4uT 7`: names, and numbers in their order; units behind a number are left out. */
function readWords(line: string): Fields {
  const named = new Map<string, string>();
  const ordered: string[] = [];
  let name: string | undefined;
  for (const token of line.split(/[\s,;|/]+/)) {
    const colon = token.search(/[:=]/);
    if (colon >= 0) name = token.slice(0, colon) || name;
    const text = withoutUnit(token.slice(colon + 1));
    if (text !== undefined) {
      ordered.push(text);
      if (name !== undefined) named.set(name, text);
      name = undefined;
    } else if (colon < 0 && token !== '') name = token;
  }
  return column => (typeof column === 'number' ? ordered[column] : named.get(column));
}

function withoutUnit(text: string): string | undefined {
  if (/^nan$/i.test(text)) return text;
  const match = /^([+-]?[\d.]{1,30}(?:[eE][+-]?\d{1,3})?)[A-Za-z%\x80-\xff]{0,6}$/.exec(text);
  return match === null || Number.isNaN(parseNumber(match[1])) ? undefined : match[1];
}

/**
 * `>name:value` or `>name:time:value`, several after `;`, then a unit and flags. The first of the columns begins a
 * reading; it is whole when the others have come.
 */
function teleplotForm(settings: TextLineSettings): LineForm {
  const columns = settings.columns.map(entry => entry.column);
  const wanted = new Set<TextLineColumn>(columnsOf(settings));
  const collected = new Map<TextLineColumn, string>();
  return {
    read(line) {
      if (!line.startsWith('>')) return undefined;
      const colon = line.indexOf(':');
      const name = line.slice(1, colon);
      if (colon < 0 || !wanted.has(name)) return undefined;
      const values = line.slice(colon + 1).split(/[|\u00a7\u00c2]/)[0];
      // Of several points the last.
      const [time, value] = splitLast(
        values
          .split(';')
          .filter(point => point !== '')
          .at(-1) ?? '',
      );
      if (name === columns[0]) {
        for (const column of columns) collected.delete(column);
        if (settings.time !== undefined && time !== undefined) collected.set(settings.time.column, time);
      } else if (columns.includes(name) && !collected.has(columns[0])) return undefined;
      collected.set(name, value);
      if (!columns.every(column => collected.has(column))) return undefined;
      const fields = new Map(collected);
      collected.clear();
      return column => fields.get(column);
    },
    reset() {
      collected.clear();
    },
  };
}

function splitLast(point: string): [time: string | undefined, value: string] {
  const colon = point.lastIndexOf(':');
  return colon < 0 ? [undefined, point] : [point.slice(0, colon), point.slice(colon + 1)];
}

/** Columns are groups of the expression, by name or by number from 1. */
function regexForm(settings: TextLineSettings, longest: number): LineForm {
  if (settings.pattern === undefined) {
    throw new InputError("lines of the form 'regex' need an expression", { advice: "give 'pattern'" });
  }
  const regex = new LinearRegex(settings.pattern, longest);
  const group = (column: TextLineColumn) => (typeof column === 'number' ? column : regex.names.get(column));
  for (const column of columnsOf(settings)) {
    const number = group(column);
    if (number === undefined || number > regex.groups) {
      throw new InputError(`the regular expression has no group '${column}'`, { advice: 'name it (?<name>...)' });
    }
  }
  return stateless(line => {
    const groups = regex.exec(line);
    return groups === undefined ? undefined : column => groups[group(column)!];
  });
}

/** The data bytes of the chip in hexadecimal; columns 0, 1, 2 are its counts of x, y, z. */
function registerForm(settings: TextLineSettings): LineForm {
  const chip = settings.preset;
  if (chip === undefined) {
    throw new InputError("lines of the form 'registers' need to know the chip", { advice: "give 'preset'" });
  }
  return stateless(line => {
    const hex = line.replace(/[\s,:]|0x/g, '');
    if (hex.length !== 2 * CHIP_BYTES[chip] || !/^[0-9a-fA-F]+$/.test(hex)) return undefined;
    const bytes = Uint8Array.from({ length: CHIP_BYTES[chip] }, (_, i) =>
      Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    );
    const counts = unpackRegisters(chip, bytes);
    return column => (typeof column === 'number' && counts !== undefined ? textOf(counts[column]) : undefined);
  });
}
