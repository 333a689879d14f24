import type { File } from 'h5wasm';
import { InputError } from '../errors.js';
import type { H5Module } from './hdf5Values.js';

/** Loading h5wasm, keeping its memory clean, and giving a copy up that a damaged file has spoilt. */

type Library = typeof import('h5wasm');
/** The library with its memory. */
export interface Loaded {
  readonly h5: Library;
  readonly module: H5Module;
}

let library: Promise<Loaded> | undefined;
/** How many copies there were before. */
let generation = 0;
let failures = 0;
let files = 0;

/** Failed readings after which a fresh copy is taken: each leaves an open file behind, and some thousands are too many. */
const FAILURES_PER_COPY = 500;

/** Loads the library when it is first needed, and again when the last copy was given up. */
export function load(): Promise<Loaded> {
  library ??= (async () => {
    const h5: Library = generation === 0 ? await import('h5wasm') : await importAgain();
    const module = await h5.ready;
    // Without this a damaged file is reported on the console only, and reads as empty.
    module.activate_throwing_error_handler();
    return { h5, module };
  })();
  library.catch(() => {
    library = undefined;
  });
  return library;
}

/** Another copy of the library, with a memory of its own. */
async function importAgain(): Promise<Library> {
  try {
    return await import(/* @vite-ignore */ `${import.meta.resolve('h5wasm')}?copy=${generation}`);
  } catch (cause) {
    throw new InputError('the HDF5 library was stopped by a damaged file', {
      advice: 'start the program or reload the page, and leave that file out',
      cause,
    });
  }
}

/** A name that no file in the library's memory has. */
export function nextFileName(): string {
  return `savart-${files++}.h5`;
}

/** Notes an error of the library. A trap leaves its memory in an unknown state: that copy must not be used again. */
export function retireAfter(error: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError) && ++failures % FAILURES_PER_COPY !== 0) return;
  library = undefined;
  generation++;
}

/** Removes a file from the library's memory; emptied first, because a failed reading keeps it open. */
export function discard(module: Loaded['module'], name: string, file: File | undefined): void {
  quietly(() => file?.close());
  quietly(() => module.FS.truncate(name, 0));
  quietly(() => module.FS.unlink(name));
}

function quietly(action: () => unknown): void {
  try {
    action();
  } catch {
    // The error that matters is already on its way.
  }
}
