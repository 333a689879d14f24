import type { Codec } from './codec.js';

/** Commands of either generation: single characters, as its manual lists them. */
export interface QtfmCommand {
  readonly kind: 'character';
  readonly character: string;
}

export type QtfmGen1Message =
  /** `!mag@strength^counter`; field = mag / 6009.342147 nT. */
  | { readonly kind: 'data'; readonly mag: number; readonly strength?: number; readonly counter?: number }
  /** `*...` */
  | { readonly kind: 'state'; readonly text: string }
  /** `#...` */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

export type QtfmGen2Message =
  | {
      readonly kind: 'data';
      /** Total field, nT. */
      readonly scalar: number;
      /** Absent: it did not say. */
      readonly scalarValid?: boolean;
      /** One component per sample, in turns, nT. */
      readonly vector?: { readonly axis: 'X' | 'Y' | 'Z'; readonly value: number; readonly valid?: boolean };
      readonly counter?: number;
      /** ms. */
      readonly time?: number;
      readonly scalarSensitivity?: number;
      readonly vectorSensitivity?: number;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

export declare const qtfmGen1: Codec<QtfmGen1Message, QtfmCommand>;
export declare const qtfmGen2: Codec<QtfmGen2Message, QtfmCommand>;
/** T of a generation-1 data value. */
export declare function qtfmGen1Field(mag: number): number;
