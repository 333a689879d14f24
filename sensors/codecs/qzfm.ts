import type { Codec } from './codec.js';

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

export declare const qzfm: Codec<QzfmMessage, QzfmCommand>;

/** T of a data value: (v - 8388608) * 0.01 pT. */
export declare function qzfmField(value: number): number;
/** What a parameter says: compensation fields 7 (z), 8 (y), 9 (x) in T, 4 the relative error of the cell's temperature. */
export declare function qzfmParameter(number: number, value: number): number;
