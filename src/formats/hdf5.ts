import type { Dataset, File, Group } from 'h5wasm';
import { InputError } from '../errors.js';
import { checkFileVersion, FILE_VERSION, FILE_VERSION_NAME } from './columns.js';
import { checkHeaps, type H5Module, type Hdf5Array, readValues } from './hdf5Values.js';

/**
 * HDF5 in memory: bytes in, bytes out, in Node and in the browser. A thin wrapper around h5wasm, which is loaded when it
 * is first needed; everything that the HDF5 library complains about becomes an {@link InputError}.
 */

type Library = typeof import('h5wasm');
interface Loaded {
  readonly h5: Library;
  readonly module: H5Module;
}

let library: Promise<Loaded> | undefined;
let generation = 0;
let failures = 0;
let files = 0;

/** Failed readings after which a fresh copy is taken: each leaves an open file behind, and some thousands are too many. */
const FAILURES_PER_COPY = 500;

function load(): Promise<Loaded> {
  library ??= (async () => {
    const h5: Library = generation === 0 ? await import('h5wasm') : await importAgain();
    const module = await h5.ready;
    // Without this a damaged file is reported on the console only, and reads as empty.
    module.activate_throwing_error_handler();
    return { h5, module };
  })();
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

/** A trap in the library's code leaves its memory in an unknown state: it must not be used again. */
function retireAfter(error: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError) && ++failures % FAILURES_PER_COPY !== 0) return;
  library = undefined;
  generation++;
}

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
  const name = `savart-${files++}.h5`;
  let file: File | undefined;
  try {
    module.FS.writeFile(name, bytes);
    file = new h5.File(name, 'r');
    const reader = readerOf(loaded, file, bytes.length);
    const version = reader.attribute('/', FILE_VERSION_NAME);
    if (typeof version === 'number') checkFileVersion(version);
    return read(reader);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    retireAfter(cause);
    throw damaged(cause);
  } finally {
    discard(module, name, file);
  }
}

/** Removes a file from the library's memory; emptied first, because a failed reading keeps it open. */
function discard(module: H5Module, name: string, file: File | undefined): void {
  quietly(() => file?.close());
  quietly(() => module.FS.truncate(name, 0));
  quietly(() => module.FS.unlink(name));
}

function damaged(cause: unknown): InputError {
  const advice = 'the file is truncated or damaged: copy it again';
  return new InputError('cannot be read as HDF5', { advice, cause });
}

function quietly(action: () => unknown): void {
  try {
    action();
  } catch {
    // The error that matters is already on its way.
  }
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
    kind: path => {
      const found = entity(path);
      return found instanceof h5.Dataset ? 'dataset' : isGroup(found) ? 'group' : undefined;
    },
    names: path => {
      const found = entity(path);
      return isGroup(found) ? found.keys() : [];
    },
    array: path => {
      if (!(entity(path) instanceof h5.Dataset)) return undefined;
      return readValues(module, module.get_dataset_metadata(id, path), fileSize, path, {
        fetch: pointer => module.get_dataset_data(id, path, null, null, null, pointer),
        reclaim: pointer => module.reclaim_vlen_memory(id, path, '', pointer),
      });
    },
    attribute: (path, name) => {
      const found = entity(path);
      if (!(isGroup(found) || found instanceof h5.Dataset)) return undefined;
      if (!module.get_attribute_names(id, path).includes(name)) return undefined;
      return readValues(module, module.get_attribute_metadata(id, path, name), fileSize, path, {
        fetch: pointer => module.get_attribute_data(id, path, name, pointer),
        reclaim: pointer => module.reclaim_vlen_memory(id, path, name, pointer),
      })?.data[0];
    },
  };
}

/** Text, numbers, or lists of text, as attributes. */
export type Hdf5Attributes = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A file in the making. */
export interface Hdf5Writer {
  /** Makes a group; those above it must be there. */
  group(path: string, attributes: Hdf5Attributes): void;
  /** Writes doubles, bytes, 32-bit integers or text; a single text or number has the shape []. */
  dataset(
    path: string,
    data: Float64Array | Int32Array | Uint8Array | readonly string[] | string | number,
    attributes?: Hdf5Attributes,
    shape?: readonly number[],
  ): void;
}

/**
 * Makes a file and returns its bytes. The root says by which version of the layout it was written.
 * @param attributes of the root group.
 */
export async function writeHdf5(attributes: Hdf5Attributes, build: (file: Hdf5Writer) => void): Promise<Uint8Array> {
  const { h5, module } = await load();
  const name = `savart-${files++}.h5`;
  let file: File | undefined;
  try {
    // HDF5 1.8 is the oldest layout with checksums on its structure, and every reader knows it.
    file = new h5.File(name, 'w', { libver: 'v108' });
    setAttributes(file, { [FILE_VERSION_NAME]: FILE_VERSION, ...attributes });
    build(writerOf(file));
    file.close();
    file = undefined;
    return module.FS.readFile(name);
  } finally {
    discard(module, name, file);
  }
}

function writerOf(file: File): Hdf5Writer {
  const split = (path: string) => {
    const at = path.lastIndexOf('/');
    const parent = at === 0 ? file : file.get(path.slice(0, at));
    return { parent: parent as Group, name: path.slice(at + 1) };
  };
  return {
    group: (path, attributes) => {
      const { parent, name } = split(path);
      setAttributes(parent.create_group(name), attributes);
    },
    dataset: (path, data, attributes = {}, shape) => {
      const { parent, name } = split(path);
      const single = typeof data === 'string' || typeof data === 'number';
      const size = single ? [] : [...(shape ?? [data.length])];
      const values = typeof data === 'number' ? Float64Array.of(data) : typeof data === 'string' ? [data] : data;
      const created = parent.create_dataset({ name, data: values as Float64Array, shape: size });
      setAttributes(created, attributes);
    },
  };
}

function setAttributes(target: Group | Dataset, attributes: Hdf5Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === 'object') target.create_attribute(name, [...value]);
    else if (typeof value === 'string' || isInt32(value)) target.create_attribute(name, value);
    else target.create_attribute(name, value, [], '<d');
  }
}

/** Whether h5wasm's own guess of the type keeps the number. */
function isInt32(value: number): boolean {
  return Object.is(value | 0, value);
}
