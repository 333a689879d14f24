import { z } from 'zod';
import type { Codec } from './codec.js';
import { commandLine, lineDecoder, messageLine } from './lines.js';
import { fixed, parseNumbers } from './numbers.js';

/** An entry of the instrument's error queue; 0: none. */
export interface ScpiError {
  readonly code: number;
  readonly text: string;
}

export type ScpiMessage =
  /** Every field of the reply is a number. `errors`: what followed `;`, where the query asked for it. */
  | { readonly kind: 'numbers'; readonly values: readonly number[]; readonly errors?: readonly ScpiError[] }
  /** Only errors: the reply to SYSTem:ERRor?. */
  | { readonly kind: 'errors'; readonly errors: readonly ScpiError[] }
  | { readonly kind: 'text'; readonly text: string; readonly errors?: readonly ScpiError[] };

export type ScpiCommand =
  /** A line that is not answered. */
  | { readonly kind: 'command'; readonly text: string }
  /** A line with a `?`: answered by one line. */
  | { readonly kind: 'query'; readonly text: string };

const MOST = 4096;
const line = z.string().min(1).max(200);

/** Lines of SCPI and IEEE 488.2: supplies, loads, multimeters. */
export const scpi: Codec<ScpiMessage, ScpiCommand> = {
  decoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseScpiReply(line))),
  encode: command => commandLine(command.text, '\n', MOST),
  commandDecoder: () =>
    lineDecoder({ most: MOST }, (line, out) =>
      out.push({ kind: line.includes('?') ? 'query' : 'command', text: line }),
    ),
  encodeMessage: message => messageLine(formatScpiReply(message)),
};

/** `1.0E-5,2.0E-6;0,"No error"`: numbers or text, then errors where the query asked for them. */
export function parseScpiReply(line: string): ScpiMessage {
  const text = line.trim();
  const alone = parseErrors(text);
  if (alone !== undefined) return { kind: 'errors', errors: alone };
  const quote = text.indexOf('"');
  const cut = text.lastIndexOf(';', quote < 0 ? undefined : quote);
  const errors = cut < 0 ? undefined : parseErrors(text.slice(cut + 1));
  const head = errors === undefined ? text : text.slice(0, cut);
  const tail = errors === undefined ? {} : { errors };
  const values = parseNumbers(head);
  return values === undefined ? { kind: 'text', text: head, ...tail } : { kind: 'numbers', values, ...tail };
}

/** `0,"No error"` or `-113,"Undefined header",-222,"..."`; undefined where it is none. */
function parseErrors(text: string): ScpiError[] | undefined {
  const errors: ScpiError[] = [];
  const entry = /\s*([+-]?\d{1,6}),\s*"([^"]*)"\s*(?:,|$)/y;
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text);
    if (match === null) return undefined;
    errors.push({ code: Number(match[1]) + 0, text: match[2] });
  }
  return errors.length === 0 ? undefined : errors;
}

export function formatScpiReply(message: ScpiMessage): string {
  const errors = message.errors?.map(error => `${error.code},"${error.text}"`).join(',');
  if (message.kind === 'errors') return errors ?? '';
  const head = message.kind === 'numbers' ? message.values.map(String).join(',') : message.text;
  return errors === undefined ? head : `${head};${errors}`;
}

/** How a supply or load is told what to do; `{A}` stands for the current's size. */
export interface ScpiDialect {
  readonly identify: string;
  /** Sent once, in this order, before the first current. */
  readonly prepare: readonly string[];
  readonly set: string;
  readonly on: string;
  readonly off: string;
  readonly measure: string;
  readonly errors: string;
  /** Sent before the current of that sign flows (a bipolar source or a relay); absent: it has one sign. */
  readonly positive?: string;
  readonly negative?: string;
  /** What `measure` multiplied by this is in amperes of charging current. */
  readonly measureScale: number;
}

/** `options` of `scpi_supply` and `scpi_load`: another dialect than the common one, one line at a time. */
export const scpiDialectSettings = z.strictObject({
  identify: line.optional().describe('the question who it is'),
  prepare: z.array(line).max(20).optional().describe('the lines sent before the first current'),
  set: line.optional().describe('the line that sets the current; {A} stands for its size'),
  on: line.optional().describe('the line that switches it on'),
  off: line.optional().describe('the line that switches it off'),
  measure: line.optional().describe('the question for the current that flows'),
  errors: line.optional().describe('the question for errors'),
  positive: line.optional().describe('the line sent before a positive current'),
  negative: line.optional().describe('the line sent before a negative current'),
  measure_scale: z.number().optional().describe('the number that a measured current is multiplied by'),
});

const COMMON = {
  identify: '*IDN?',
  set: 'SOUR:CURR {A}',
  on: 'OUTP ON',
  off: 'OUTP OFF',
  measure: 'MEAS:CURR?',
  errors: 'SYST:ERR?',
};

/**
 * What the makers of supplies and loads agree on, with the settings put over it. A load takes current out of the cell:
 * what it measures counts as negative.
 */
export function scpiDialect(kind: 'supply' | 'load', settings: z.output<typeof scpiDialectSettings>): ScpiDialect {
  const { measure_scale, ...given } = settings;
  const load = { prepare: ['SOUR:FUNC CURR'], on: 'INP ON', off: 'INP OFF', measureScale: -1 };
  const base = kind === 'load' ? { ...COMMON, ...load } : { ...COMMON, prepare: [], measureScale: 1 };
  const lines = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...base, ...lines, ...(measure_scale === undefined ? {} : { measureScale: measure_scale }) };
}

/** A line of the dialect with the size of the current in it, A. */
export function scpiLine(template: string, current: number): string {
  return template.replaceAll('{A}', fixed(Math.abs(current), 6));
}
