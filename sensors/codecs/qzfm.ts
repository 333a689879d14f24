import type { Codec } from './codec.js';
import { lineDecoder, messageLine } from './lines.js';
import { fixed } from './numbers.js';

export const QZFM_LEDS = ['laser', 'cellTemperature', 'laserLock', 'fieldZeroed', 'master'] as const;
export type QzfmLed = (typeof QZFM_LEDS)[number];

export type QzfmMessage =
  /** `#...` */
  | { readonly kind: 'text'; readonly text: string }
  /** `|21` */
  | { readonly kind: 'led'; readonly led: QzfmLed; readonly on: boolean }
  /** `~0733582.50`: number and value as it stands there; see {@link qzfmParameter}. */
  | { readonly kind: 'parameter'; readonly number: number; readonly value: number }
  /** `!8400953`: as it stands there; see {@link qzfmField}. */
  | { readonly kind: 'data'; readonly value: number }
  | { readonly kind: 'other'; readonly text: string };

/** Commands are single characters without an end. */
export const QZFM_COMMANDS = {
  autoStart: '>',
  zeroOn: 'D',
  zeroOff: 'E',
  calibrate: '9',
  print: '7',
  noPrint: '8',
  coilsOff: 'V',
  zeroXyz: 'i',
  zeroYz: 'h',
  modeZ: 'C',
  modeY: 'F',
  modeDual: 'B',
  axisX: 'G',
  axisY: '@',
  axisZ: '?',
  gainThird: 'a',
  gainOne: '`',
  gainThree: 'b',
  gainTenth: '\x1e',
  master: 'q',
  slave: 'r',
  reboot: 'e',
  modulationOff: '3',
} as const;
export type QzfmCommand = { readonly kind: keyof typeof QZFM_COMMANDS };

const BY_CHARACTER = new Map(
  Object.entries(QZFM_COMMANDS).map(([kind, character]) => [character.charCodeAt(0), kind as QzfmCommand['kind']]),
);

/** QuSpin QZFM, generations 2 and 3, over its USB port (115200 8N1). */
export const qzfm: Codec<QzfmMessage, QzfmCommand> = {
  decoder: () => lineDecoder({ most: 256 }, (line, out) => out.push(parse(line))),
  encode: command => Uint8Array.of(QZFM_COMMANDS[command.kind].charCodeAt(0)),
  commandDecoder: () => ({
    push(bytes, out) {
      for (const byte of bytes) {
        const kind = BY_CHARACTER.get(byte);
        if (kind !== undefined) out.push({ kind });
      }
    },
    reset() {},
  }),
  encodeMessage: message => messageLine(format(message)),
};

function parse(line: string): QzfmMessage {
  switch (line[0]) {
    case '#':
      return { kind: 'text', text: line.slice(1) };
    case '|': {
      const match = /^\|([1-5])([01])$/.exec(line);
      if (match !== null) return { kind: 'led', led: QZFM_LEDS[Number(match[1]) - 1], on: match[2] === '1' };
      break;
    }
    case '~': {
      const match = /^~(\d\d)(\d{1,9}(?:\.\d{1,15})?)$/.exec(line);
      if (match !== null) return { kind: 'parameter', number: Number(match[1]), value: Number(match[2]) };
      break;
    }
    case '!':
      if (/^!\d{7}$/.test(line)) return { kind: 'data', value: Number(line.slice(1)) };
      break;
  }
  return { kind: 'other', text: line };
}

function format(message: QzfmMessage): string {
  switch (message.kind) {
    case 'text':
      return `#${message.text}`;
    case 'led':
      return `|${QZFM_LEDS.indexOf(message.led) + 1}${message.on ? 1 : 0}`;
    case 'parameter':
      return `~${String(message.number).padStart(2, '0')}${fixed(message.value, 2)}`;
    case 'data':
      return `!${String(message.value).padStart(7, '0')}`;
    default:
      return message.text;
  }
}

/** Middle of the scale of data values and of the error of the cell's temperature. */
export const QZFM_ZERO = 8_388_608;
/** T per unit of a data value. */
export const QZFM_T_PER_COUNT = 1e-14;

/** T of a data value: (v - 8388608) * 0.01 pT. */
export function qzfmField(value: number): number {
  return (value - QZFM_ZERO) * QZFM_T_PER_COUNT;
}

/**
 * What a parameter says: 7, 8, 9 the compensation field along z, y, x, T ((v - 32768) pT); 4 the error of the cell's
 * temperature, relative to its scale; others as they stand.
 */
export function qzfmParameter(number: number, value: number): number {
  if (number >= 7 && number <= 9) return (value - 32_768) * 1e-12;
  return number === 4 ? (value - QZFM_ZERO) / 524_288 : value;
}
