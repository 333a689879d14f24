/// <reference lib="webworker" />
import { SavartError } from '../../src/errors.js';
import { load } from '../../src/formats/hdf5Library.js';
import { detectFormat, formatScan, parseScan } from '../../src/formats/scanFile.js';
import { type Parsed, parseFile } from './parse.js';
import { buffersOf } from './transfer.js';

/** Reads files beside the page, so that a large one does not stop it. */

export interface ReadRequest {
  readonly job: number;
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** To be shown, or turned into HDF5. */
  readonly wanted: 'document' | 'hdf5';
}

export type ReadAnswer =
  | { readonly job: number; readonly parsed: Parsed }
  | { readonly job: number; readonly hdf5: Uint8Array }
  | { readonly job: number; readonly error: string };

/** Says that HDF5 is on its way: its library is loaded meanwhile. */
export interface WarmRequest {
  readonly warm: true;
}

self.onmessage = async ({ data }: MessageEvent<ReadRequest | WarmRequest>) => {
  if ('warm' in data) {
    // Where that fails, the reading says so.
    load().catch(() => {});
    return;
  }
  const { job, id, name, bytes, wanted } = data;
  try {
    if (wanted === 'hdf5') {
      const hdf5 =
        detectFormat(bytes, name) === 'hdf5' ? bytes : await formatScan(await parseScan(bytes, { file: name }), 'hdf5');
      self.postMessage({ job, hdf5 } satisfies ReadAnswer);
      return;
    }
    const parsed = await parseFile(id, name, bytes);
    self.postMessage({ job, parsed } satisfies ReadAnswer, buffersOf(parsed));
  } catch (error) {
    const text =
      error instanceof SavartError
        ? error.sentence()
        : `${name}: cannot be read (${error instanceof Error ? error.message : String(error)}).`;
    self.postMessage({ job, error: text } satisfies ReadAnswer);
  }
};
