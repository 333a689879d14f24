import type { File, Group } from 'h5wasm';
import { InputError } from '../errors.js';
import { checkFileVersion, FILE_VERSION_NAME } from './columns.js';
import { discard, type Loaded, load, nextFileName, retireAfter } from './hdf5Library.js';
import { checkHeaps, type Hdf5Array, readValues } from './hdf5Values.js';

/**
 * HDF5 in memory: bytes in, bytes out, in Node and in the browser. A thin wrapper around h5wasm, which is loaded when it
 * is first needed; everything that the HDF5 library complains about becomes an {@link InputError}.
 */

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the bytes are HDF5; the signature may stand behind a user block of 512, 1024, ... bytes (MATLAB 7.3). */
export function isHdf5(bytes: Uint8Array): boolean {
  for (let at = 0; at + 8 <= bytes.length; at = at === 0 ? 512 : 2 * at) {
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

/** An open file; paths are absolute (`/entry/scan/x`). */
export interface Hdf5Reader {
  /** What stands at the path. Links to other files count as nothing. */
  kind(path: string): 'group' | 'dataset' | undefined;
  /** Names in a group, in the file's order. */
  names(group: string): string[];
  /**
   * A data set of numbers or text; undefined where there is none or it is of another class.
   * @throws {InputError} when it is damaged, or claims to be larger than the file can hold.
   */
  array(path: string): Hdf5Array | undefined;
  /** The first value of an attribute as text or number. */
  attribute(path: string, name: string): string | number | undefined;
}

/**
 * Opens a file for the time of `read`.
 * @throws {InputError} when the bytes are no HDF5 file, truncated or damaged, or written by a newer Savart.
 */
export async function readHdf5<T>(bytes: Uint8Array, read: (file: Hdf5Reader) => T): Promise<T> {
  if (!isHdf5(bytes)) {
    throw new InputError('is not an HDF5 file (its signature is missing)', {
      advice: 'give a file that Savart, h5py or MATLAB 7.3 wrote',
    });
  }
  checkHeaps(bytes);
  const loaded = await load();
  const { h5, module } = loaded;
  const name = nextFileName();
  let file: File | undefined;
  try {
    const opened = guarded(() => {
      module.FS.writeFile(name, bytes);
      return new h5.File(name, 'r');
    })();
    file = opened;
    const reader = readerOf(loaded, opened, bytes.length);
    const version = reader.attribute('/', FILE_VERSION_NAME);
    if (typeof version === 'number') checkFileVersion(version);
    return read(reader);
  } finally {
    discard(module, name, file);
  }
}

/** The library's errors, and traps in its code, as errors about the file. */
function guarded<A extends unknown[], T>(action: (...args: A) => T): (...args: A) => T {
  return (...args) => {
    try {
      return action(...args);
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      retireAfter(cause);
      const advice = 'the file is truncated or damaged: copy it again';
      throw new InputError('cannot be read as HDF5', { advice, cause });
    }
  };
}

function readerOf({ h5, module }: Loaded, file: File, fileSize: number): Hdf5Reader {
  const isGroup = (found: unknown): found is Group => found instanceof h5.Group;
  // Step by step, because the library takes a path through a data set for damage.
  const entity = (path: string) => {
    let found: ReturnType<File['get']> = file;
    for (const name of path.split('/').filter(part => part !== '')) {
      if (!isGroup(found)) return null;
      found = found.get(name);
    }
    return found;
  };
  const { file_id: id } = file;
  return {
    kind: guarded((path: string) => {
      const found = entity(path);
      return found instanceof h5.Dataset ? 'dataset' : isGroup(found) ? 'group' : undefined;
    }),
    names: guarded((path: string) => {
      const found = entity(path);
      return isGroup(found) ? found.keys() : [];
    }),
    array: guarded((path: string) => {
      if (!(entity(path) instanceof h5.Dataset)) return undefined;
      return readValues(module, module.get_dataset_metadata(id, path), fileSize, path, {
        fetch: pointer => module.get_dataset_data(id, path, null, null, null, pointer),
        reclaim: pointer => module.reclaim_vlen_memory(id, path, '', pointer),
      });
    }),
    attribute: guarded((path: string, name: string) => {
      const found = entity(path);
      if (!(isGroup(found) || found instanceof h5.Dataset)) return undefined;
      if (!module.get_attribute_names(id, path).includes(name)) return undefined;
      return readValues(module, module.get_attribute_metadata(id, path, name), fileSize, path, {
        fetch: pointer => module.get_attribute_data(id, path, name, pointer),
        reclaim: pointer => module.reclaim_vlen_memory(id, path, name, pointer),
      })?.data[0];
    }),
  };
}
