import type { Dataset, File, Group } from 'h5wasm';
import { OutputError, SavartError } from '../errors.js';
import { FILE_VERSION, FILE_VERSION_NAME } from './columns.js';
import { discard, load, nextFileName, retireAfter } from './hdf5Library.js';

/** Making HDF5 files in memory. */

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
 * @throws {OutputError} when the library cannot make it, mostly for want of memory.
 */
export async function writeHdf5(attributes: Hdf5Attributes, build: (file: Hdf5Writer) => void): Promise<Uint8Array> {
  const { h5, module } = await load();
  const name = nextFileName();
  let file: File | undefined;
  try {
    // HDF5 1.8 is the oldest layout with checksums on its structure, and every reader knows it.
    file = new h5.File(name, 'w', { libver: 'v108' });
    setAttributes(file, { [FILE_VERSION_NAME]: FILE_VERSION, ...attributes });
    build(writerOf(file));
    file.close();
    file = undefined;
    return module.FS.readFile(name);
  } catch (cause) {
    if (cause instanceof SavartError) throw cause;
    retireAfter(cause);
    throw new OutputError('the HDF5 file cannot be made', {
      advice: 'it must fit into memory: write less at a time',
      cause,
    });
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
