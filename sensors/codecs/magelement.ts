import type { Codec } from './codec.js';

/** One of the 40 samples of a block, 1 ms apart. */
export interface MagElementFrame {
  readonly frameId: number;
  readonly systemStatus: number;
  /** Counts of 5e-5 nT of the two heads. */
  readonly mag1: number;
  readonly mag1Status: number;
  readonly mag2: number;
  readonly mag2Status: number;
  readonly aux: readonly number[];
  readonly adc: readonly number[];
}

export type MagElementMessage =
  | { readonly kind: 'block'; readonly index: number; readonly frames: readonly MagElementFrame[] }
  | {
      readonly kind: 'decimated';
      readonly index: number;
      /** nT. */
      readonly field: number;
      readonly strength: number;
      readonly valid: number;
      readonly compass: readonly number[];
      readonly acceleration: readonly number[];
      readonly gyro: readonly number[];
      readonly temperature: number;
    }
  /** 100 bytes that are not described. */
  | { readonly kind: 'heartbeat'; readonly payload: Uint8Array };

/** It only speaks. */
export declare const magelement: Codec<MagElementMessage, never>;
/** T per count of {@link MagElementFrame.mag1}. */
export const MAGELEMENT_T_PER_COUNT = 5e-14;
