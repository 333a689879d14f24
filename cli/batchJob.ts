import type { ErrorCode } from '../src/errors.js';
import type { InvertOptions } from './invertOptions.js';

/** What a worker is asked for: the geometry of a scan, or its inversion. */
export interface BatchJob {
  readonly kind: 'look' | 'invert';
  readonly scan: string;
  /** Name of the result; the worker itself writes nothing. */
  readonly out: string;
  /** Of an inversion: hash of the scan. */
  readonly sha256?: string;
}

/** A file by its content. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
}

/** What all jobs of a batch have in common: `workerData`. */
export interface BatchSettings {
  readonly options: InvertOptions;
  readonly version: string;
  /** Threads of the dense algebra of one worker. */
  readonly threads: number;
  /** What all results are made from beside the scans: the cell, the reference ... */
  readonly sides: readonly HashedFile[];
}

/** An error as it crosses from a worker, with its whole sentence. */
export interface BatchError {
  readonly code: ErrorCode | 'internal';
  readonly message: string;
  readonly sentence: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: string | undefined;
  readonly advice?: string | undefined;
  readonly stack?: string | undefined;
}

/** What is told of an inverted scan. */
export interface BatchFigures {
  readonly method: string;
  readonly target: string;
  /** Standard errors of the map over the map, root mean squares, %. */
  readonly error_pct: number | null;
  readonly chi2: number | null;
  readonly lambda: number | null;
  readonly resolution_mm: number | null;
  readonly samples: number;
  readonly rejected: number;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** A line of the batch's table. */
export interface BatchRow extends Partial<BatchFigures> {
  readonly scan: string;
  readonly out: string;
  /** `kept`: by --resume. */
  readonly status: 'done' | 'kept' | 'failed';
  readonly failure?: BatchError;
}

export type BatchAnswer =
  | { readonly geometry: string }
  | { readonly bytes: Uint8Array; readonly figures: BatchFigures }
  | { readonly failure: BatchError };
