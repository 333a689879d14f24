import { availableParallelism } from 'node:os';
import type { InvertOptions } from './invertOptions.js';
import { numberOption } from './options.js';

/** What a worker may need, bytes: the matrices of the bounded method for a large scan, else little. */
const NEED = { bounded: 1.2e9, other: 0.3e9 };

/**
 * How many workers, and threads of each: by default a worker per processor, fewer where there is not the memory for them.
 * @throws {UsageError} for a number that is none.
 */
export function workersOf(
  { workers }: InvertOptions,
  bounded: boolean,
  scans: number,
): { readonly workers: number; readonly threads: number } {
  const wanted = numberOption('--workers', workers, { least: 1, most: 256, whole: true });
  const processors = availableParallelism();
  const fit = Math.floor(process.availableMemory() / (bounded ? NEED.bounded : NEED.other));
  const count = Math.min(scans, wanted ?? Math.max(1, Math.min(processors, fit)));
  return { workers: count, threads: Math.max(1, Math.floor(processors / count)) };
}
