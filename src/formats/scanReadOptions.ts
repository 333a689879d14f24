import type { ComponentName } from '../fieldScan.js';

/** The geometry of a bare array, which holds nothing but numbers. */
export interface BareMap {
  /** Distance of neighbouring pixels, m; one number, or that along x and along y. */
  readonly pitch: number | readonly [number, number];
  readonly component: Exclude<ComponentName, 'b'>;
  /** Unit of the numbers (`uT`, `Phi0/A`). */
  readonly unit: string;
  /** Height of the measuring plane, m. */
  readonly z: number;
  /** Position of the first pixel, m; default 0, 0. */
  readonly origin?: readonly [number, number];
}

/** What the reader of a scan may be told besides the bytes. */
export interface ScanReadOptions {
  /** Name of the file, for messages. */
  readonly file?: string;
  /** Declares that field columns are in this unit, whose scale in tesla is unknown. */
  readonly relativeUnit?: string;
  /** How to read a bare two-dimensional NPY array (rows = y). */
  readonly map?: BareMap;
}
