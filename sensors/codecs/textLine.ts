import { InputError } from '../../src/errors.js';
import { parseUnit } from '../../src/units.js';
import { type ChipScale, chipScale } from './chipCounts.js';
import type { Codec } from './codec.js';
import { bytesOf, commandLine, lineDecoder, messageLine } from './lines.js';
import { parseNumber } from './numbers.js';
import { formatFields } from './textLineFormat.js';
import { type LineForm, lineForm } from './textLineForms.js';
import type { TextLineColumn, TextLineSettings } from './textLineSettings.js';

export type TextLineMessage =
  | {
      readonly kind: 'sample';
      /** In the order of the settings' `columns`, as they stand in the line; NaN: not in it. */
      readonly values: readonly number[];
      /** What the element column says, where the settings have one. */
      readonly element?: string;
      /** In the unit of the column, not unwrapped; absent: no such column. */
      readonly time?: number;
      readonly sequence?: number;
    }
  /** A line whose checksum is wrong. */
  | { readonly kind: 'damaged'; readonly text: string }
  /** Header, comment, log, or a line that is not as described. */
  | { readonly kind: 'text'; readonly text: string };

export interface TextLineCommand {
  readonly kind: 'line';
  readonly text: string;
}

/** Longest line, bytes. */
const MOST = 4096;

/**
 * Lines of text as microcontrollers send them.
 * @throws {InputError} where the settings contradict each other
 */
export function textLine(settings: TextLineSettings): Codec<TextLineMessage, TextLineCommand> {
  lineForm(settings, MOST);
  const options = { most: MOST, ...(settings.end === undefined ? {} : { end: settings.end }) };
  const end = settings.end ?? '\r\n';
  return {
    decoder() {
      const form = lineForm(settings, MOST);
      const lines = lineDecoder<TextLineMessage>(options, (line, out) => {
        const message = readLine(settings, form, line);
        if (message !== undefined) out.push(message);
      });
      return {
        push: lines.push,
        reset() {
          lines.reset();
          form.reset();
        },
      };
    },
    encode: command => commandLine(command.text, '\n', MOST),
    commandDecoder: () => lineDecoder({ most: MOST }, (text, out) => out.push({ kind: 'line', text })),
    encodeMessage(message) {
      if (message.kind !== 'sample') return messageLine(message.text, end);
      const lines = formatFields(settings, fieldsOf(settings, message));
      return bytesOf(lines.map(line => sealed(settings, line) + end).join(''));
    },
  };
}

/** Undefined: part of a reading that is not whole yet. */
function readLine(settings: TextLineSettings, form: LineForm, line: string) {
  const text = { kind: 'text', text: line } as const;
  // A header mostly has no checksum.
  if (line.startsWith(settings.comment) || form.isHeader?.(line)) return text;
  const body = opened(settings, line);
  if (body === undefined) return { kind: 'damaged', text: line } as const;
  const fields = form.read(body);
  if (fields === undefined) return settings.format === 'teleplot' && line.startsWith('>') ? undefined : text;
  const values = settings.columns.map(entry => reading(fields(entry.column), settings.format !== 'csv'));
  const time = settings.time === undefined ? undefined : parseNumber(fields(settings.time.column) ?? '');
  const sequence = settings.sequence === undefined ? undefined : parseNumber(fields(settings.sequence.column) ?? '');
  const element = settings.element_column === undefined ? undefined : (fields(settings.element_column) ?? '');
  if (values.includes(undefined) || values.every(Number.isNaN) || element === '') return text;
  if (Number.isNaN(sequence)) return text;
  // A plotter's time is optional.
  if (Number.isNaN(time) && settings.format !== 'teleplot') return text;
  return {
    kind: 'sample',
    values: values as number[],
    ...(element === undefined ? {} : { element }),
    ...(time === undefined || Number.isNaN(time) ? {} : { time }),
    ...(sequence === undefined ? {} : { sequence }),
  } as const;
}

/** NaN: left empty or said to be none; undefined: something else than a number, so that the line is not to be trusted. */
function reading(field: string | undefined, optional: boolean): number | undefined {
  if (field === undefined) return optional ? Number.NaN : undefined;
  const text = field.trim();
  if (text === '' || /^nan$/i.test(text)) return Number.NaN;
  const value = parseNumber(text);
  return Number.isNaN(value) ? undefined : value;
}

function fieldsOf(settings: TextLineSettings, message: Extract<TextLineMessage, { kind: 'sample' }>) {
  const fields = new Map<TextLineColumn, string>();
  const put = (column: TextLineColumn | undefined, value: number | string | undefined) => {
    if (column !== undefined && value !== undefined) fields.set(column, Number.isNaN(value) ? 'nan' : String(value));
  };
  put(settings.time?.column, message.time);
  put(settings.sequence?.column, message.sequence);
  put(settings.element_column, message.element);
  settings.columns.forEach((entry, i) => {
    put(entry.column, message.values[i]);
  });
  return fields;
}

function exclusiveOr(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum ^= text.charCodeAt(i) & 0xff;
  return sum;
}

/** The line without its checksum; undefined: it is wrong or missing. */
function opened(settings: TextLineSettings, line: string): string | undefined {
  if (settings.checksum === 'none') return line;
  const star = line.lastIndexOf('*');
  const start = settings.checksum === 'nmea' ? 1 : 0;
  const sum = line.slice(star + 1).trim();
  if (star < start || !/^[0-9a-fA-F]{2}$/.test(sum) || (start === 1 && line[0] !== '$')) return undefined;
  const body = line.slice(start, star);
  return Number.parseInt(sum, 16) === exclusiveOr(body) ? body : undefined;
}

/** The line with its checksum. */
function sealed(settings: TextLineSettings, body: string): string {
  if (settings.checksum === 'none') return body;
  const sum = exclusiveOr(body).toString(16).toUpperCase().padStart(2, '0');
  return `${settings.checksum === 'nmea' ? '$' : ''}${body}*${sum}`;
}

/** Where a value of a message belongs: T = (raw - offset) * scale. */
export interface TextLineChannel {
  readonly element: number;
  readonly axis: number;
  readonly scale: number;
  readonly offset: number;
  /** The raw value that says that the field is too large. */
  readonly overflow?: number;
  /** Range of the chip, T, where the settings name one. */
  readonly range?: number;
}

/**
 * One channel per entry of the settings' `columns`.
 * @param elements names of the sensor's elements, in their order
 * @throws {InputError} for an element that the sensor does not have, counts without a scale, a range that is not known
 */
export function textLineChannels(settings: TextLineSettings, elements: readonly string[]): TextLineChannel[] {
  const { preset } = settings;
  if (settings.unit === 'counts' && preset === undefined && settings.scale === undefined) {
    throw new InputError('readings in counts have no scale', { advice: "give 'preset', or another unit and 'scale'" });
  }
  const chip: ChipScale | undefined = preset === undefined ? undefined : chipScale(preset, settings.range);
  const exponent = parseUnit(settings.unit)?.exponent ?? 0;
  return settings.columns.map(entry => {
    const element = textLineElement(String(entry.element), elements);
    if (element < 0) {
      throw new InputError(`the sensor has no element '${entry.element}'`, {
        advice: `name one of ${elements.join(', ')}, or its number from 0`,
      });
    }
    const factor = chip === undefined ? 1 / 10 ** -exponent : chip.scale[entry.axis];
    return {
      element,
      axis: entry.axis,
      scale: factor * (settings.scale ?? 1),
      offset: settings.offset ?? chip?.zero ?? 0,
      ...(chip?.overflow === undefined ? {} : { overflow: chip.overflow }),
      ...(chip?.range === undefined ? {} : { range: chip.range }),
    };
  });
}

/** The number of an element by its name, or by its number from 0; -1: there is none. */
export function textLineElement(text: string, elements: readonly string[]): number {
  const named = elements.indexOf(text);
  if (named >= 0) return named;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  return number < elements.length ? number : -1;
}
