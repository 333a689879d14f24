import type { Codec } from './codec.js';
import { commandLine, lineDecoder, messageLine } from './lines.js';
import { parseCount, parseNumber } from './numbers.js';
import { formatScpiReply, parseScpiReply, type ScpiMessage } from './scpi.js';

/** Numbers of a reading in the unit that was set; an overload (`OL`) is NaN. */
export type LakeshoreMessage = ScpiMessage;

export type LakeshoreF71Command =
  | { readonly kind: 'identify' }
  /** One reading; `all`: every axis. */
  | { readonly kind: 'fetch'; readonly all: boolean }
  | { readonly kind: 'temperature' }
  | { readonly kind: 'mode'; readonly mode: 'DC' | 'AC' | 'HIFR' }
  | { readonly kind: 'autoRange'; readonly on: boolean }
  /** In the unit that was set. */
  | { readonly kind: 'range'; readonly value: number }
  /** Of 10 ms each. */
  | { readonly kind: 'average'; readonly count: number }
  | { readonly kind: 'unit'; readonly unit: 'TESLA' | 'GAUSS' }
  | { readonly kind: 'tare' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'raw'; readonly text: string };

export type Lakeshore425Command =
  | { readonly kind: 'identify' }
  | { readonly kind: 'field' }
  /** 1 G, 2 T, 3 Oe, 4 A/m. */
  | { readonly kind: 'unit'; readonly unit: 1 | 2 | 3 | 4 }
  | { readonly kind: 'askUnit' }
  | { readonly kind: 'range'; readonly range: number }
  | { readonly kind: 'autoRange'; readonly on: boolean }
  | { readonly kind: 'raw'; readonly text: string };

const MOST = 4096;
const WITH_ERRORS = ';:SYSTem:ERRor:ALL?';

/** F41 and F71, over USB or TCP 7777: every command asks for the errors too. */
export const lakeshoreF71: Codec<LakeshoreMessage, LakeshoreF71Command> = {
  decoder: () => replies(),
  encode: command => commandLine(`${formatF71(command)}${WITH_ERRORS}`, '\n', MOST),
  commandDecoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseF71(line))),
  encodeMessage: message => messageLine(formatReply(message)),
};

/** 425 (57600 baud, 7 data bits, odd parity, 1 stop bit). */
export const lakeshore425: Codec<LakeshoreMessage, Lakeshore425Command> = {
  decoder: () => replies(),
  encode: command => commandLine(format425(command), '\n', MOST),
  commandDecoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parse425(line))),
  encodeMessage: message => messageLine(formatReply(message)),
};

function replies() {
  return lineDecoder<LakeshoreMessage>({ most: MOST }, (line, out) => out.push(parseReply(line)));
}

function parseReply(line: string): LakeshoreMessage {
  const message = parseScpiReply(line);
  if (message.kind !== 'text' || !/\bOL\b/.test(message.text)) return message;
  const fields = message.text.split(',').map(field => field.trim());
  const values = fields.map(field => (field === 'OL' ? Number.NaN : parseNumber(field)));
  if (fields.some((field, i) => field !== 'OL' && Number.isNaN(values[i]))) return message;
  return { kind: 'numbers', values, ...(message.errors === undefined ? {} : { errors: message.errors }) };
}

function formatReply(message: LakeshoreMessage): string {
  if (message.kind !== 'numbers' || !message.values.some(Number.isNaN)) return formatScpiReply(message);
  const text = message.values.map(value => (Number.isNaN(value) ? 'OL' : String(value))).join(',');
  return formatScpiReply({ ...message, kind: 'text', text });
}

function formatF71(command: LakeshoreF71Command): string {
  switch (command.kind) {
    case 'identify':
      return '*IDN?';
    case 'fetch':
      return command.all ? 'FETCh:DC? ALL' : 'FETCh:DC?';
    case 'temperature':
      return 'FETCh:TEMPerature?';
    case 'mode':
      return `SENSe:MODE ${command.mode}`;
    case 'autoRange':
      return `SENSe:RANGE:AUTO ${command.on ? 1 : 0}`;
    case 'range':
      return `SENSe:RANGE ${command.value}`;
    case 'average':
      return `SENSe:AVERAGE:COUNT ${command.count}`;
    case 'unit':
      return `UNIT:FIELD ${command.unit}`;
    case 'tare':
      return 'SENSe:RELATIVE:TARE';
    case 'probe':
      return 'PROBE:SNUM?';
    default:
      return command.text;
  }
}

/** SCPI words short or long, in any case. */
function parseF71(line: string): LakeshoreF71Command {
  const text = line.endsWith(WITH_ERRORS) ? line.slice(0, -WITH_ERRORS.length) : line;
  const space = text.indexOf(' ');
  const words = (space < 0 ? text : text.slice(0, space)).toUpperCase();
  const rest = space < 0 ? '' : text.slice(space + 1).trim();
  const number = parseNumber(rest);
  if (words === '*IDN?') return { kind: 'identify' };
  if (/^FETCH?:DC\?$/.test(words)) return { kind: 'fetch', all: rest.toUpperCase() === 'ALL' };
  if (/^FETCH?:TEMP(ERATURE)?\?$/.test(words)) return { kind: 'temperature' };
  if (/^SENSE?:MODE$/.test(words) && /^(DC|AC|HIFR)$/.test(rest)) {
    return { kind: 'mode', mode: rest as 'DC' | 'AC' | 'HIFR' };
  }
  if (/^SENSE?:RANGE?:AUTO$/.test(words) && /^[01]$/.test(rest)) return { kind: 'autoRange', on: rest === '1' };
  if (/^SENSE?:RANGE?$/.test(words) && !Number.isNaN(number)) return { kind: 'range', value: number };
  const count = parseCount(rest);
  if (/^SENSE?:AVER(AGE)?:COUNT?$/.test(words) && !Number.isNaN(count)) return { kind: 'average', count };
  if (/^UNIT:FIELD$/.test(words) && /^(TESLA|GAUSS)$/.test(rest)) {
    return { kind: 'unit', unit: rest as 'TESLA' | 'GAUSS' };
  }
  if (/^SENSE?:REL(ATIVE)?:TARE$/.test(words)) return { kind: 'tare' };
  if (words === 'PROBE:SNUM?') return { kind: 'probe' };
  return { kind: 'raw', text };
}

function format425(command: Lakeshore425Command): string {
  switch (command.kind) {
    case 'identify':
      return '*IDN?';
    case 'field':
      return 'RDGFIELD?';
    case 'unit':
      return `UNIT ${command.unit}`;
    case 'askUnit':
      return 'UNIT?';
    case 'range':
      return `RANGE ${command.range}`;
    case 'autoRange':
      return `AUTO ${command.on ? 1 : 0}`;
    default:
      return command.text;
  }
}

function parse425(line: string): Lakeshore425Command {
  if (line === '*IDN?') return { kind: 'identify' };
  if (line === 'RDGFIELD?') return { kind: 'field' };
  if (line === 'UNIT?') return { kind: 'askUnit' };
  const match = /^(UNIT|RANGE|AUTO) (\d{1,3})$/.exec(line);
  const value = Number(match?.[2]);
  if (match?.[1] === 'UNIT' && value >= 1 && value <= 4) return { kind: 'unit', unit: value as 1 | 2 | 3 | 4 };
  if (match?.[1] === 'RANGE') return { kind: 'range', range: value };
  if (match?.[1] === 'AUTO' && value <= 1) return { kind: 'autoRange', on: value === 1 };
  return { kind: 'raw', text: line };
}
