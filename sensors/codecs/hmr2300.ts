import type { Codec } from './codec.js';

/** T per count: 15000 counts per gauss. */
export const HMR2300_T_PER_COUNT = 1e-4 / 15_000;
/** Largest count of either sign: 2 G. */
export const HMR2300_MOST = 30_000;

export type Hmr2300Message =
  /** Counts of x, y, z. */
  | { readonly kind: 'sample'; readonly counts: readonly [number, number, number] }
  /** `OK`, `ASCII ON`, `Re-enter`, `SER# 1234`, ... */
  | { readonly kind: 'reply'; readonly text: string };

export type Hmr2300Command =
  /** `*99WE`: device 0..99 (99: all) and what follows, such as WE, A, B, R=20, P, C, #, H, Q. */
  | { readonly kind: 'command'; readonly device: number; readonly text: string }
  /** ESC: ends continuous output. */
  | { readonly kind: 'stop' };

export type Hmr2300Format = 'ascii' | 'binary';

export declare function hmr2300(format: Hmr2300Format): Codec<Hmr2300Message, Hmr2300Command>;
