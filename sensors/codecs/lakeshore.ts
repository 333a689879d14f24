import type { Codec } from './codec.js';
import type { ScpiMessage } from './scpi.js';

/** Numbers of a reading in the unit that was set; overload is a NaN. */
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

/** F41 and F71: every command asks for the errors too. */
export declare const lakeshoreF71: Codec<LakeshoreMessage, LakeshoreF71Command>;
/** 425 (57600 baud, 7 data bits, odd parity). */
export declare const lakeshore425: Codec<LakeshoreMessage, Lakeshore425Command>;
