import type { Codec } from './codec.js';

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

/** Lines of SCPI and IEEE 488.2: supplies, loads, multimeters. */
export declare const scpi: Codec<ScpiMessage, ScpiCommand>;

/** How a supply or load is told what to do; `{A}` stands for the current's size, `{V}` for the voltage. */
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
