import { InputError } from '../errors.js';

/**
 * Values out of an open HDF5 file, with the checks that the library leaves out: a forged size must not allocate, a forged
 * heap must not keep it busy for ever, and a failed reading must not free what was never filled.
 */

export type H5Module = Awaited<typeof import('h5wasm')['ready']>;
type Metadata = ReturnType<H5Module['get_dataset_metadata']>;

/** An array out of a file: numbers as doubles, or text. Row-major; the shape of a single value is []. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
}

/** HDF5's classes of integers, floats, text and enumerations (which is how h5py stores booleans). */
const INTEGER = 0;
const FLOAT = 1;
const TEXT = 3;
const ENUM = 8;

/** Compression of arrays cannot do more than this; a larger claim is a forged header. */
const LARGEST_RATIO = 1032;

const DAMAGED = 'the file is truncated or damaged: copy it again';

/**
 * The values of a data set or attribute; undefined for classes that are neither numbers nor text.
 * @param path for messages.
 * @param access `fetch` fills the memory at a pointer; `reclaim` frees the strings that it points to.
 * @throws {InputError} when the values cannot be held by a file of this size, or are of a kind without a double.
 */
export function readValues(
  module: H5Module,
  metadata: Metadata,
  fileSize: number,
  path: string,
  access: { readonly fetch: (pointer: bigint) => unknown; readonly reclaim: (pointer: bigint) => unknown },
): Hdf5Array | undefined {
  const { shape, type, size, total_size: count } = metadata;
  if (shape === null || ![INTEGER, FLOAT, TEXT, ENUM].includes(type)) return undefined;
  const numberSize = type === FLOAT ? [4, 8] : [1, 2, 4, 8];
  if (type !== TEXT && !numberSize.includes(size)) {
    throw new InputError(`holds numbers of ${size * 8} bits`, { column: path, advice: 'save it as float64' });
  }
  if (!(size * count <= fileSize * LARGEST_RATIO)) {
    const message = `the array of shape (${shape.join(', ')}) is longer than the file can hold`;
    throw new InputError(message, { column: path, advice: DAMAGED });
  }
  if (count === 0) return { shape, data: type === TEXT ? [] : new Float64Array(0) };
  const address = module._malloc(size * count);
  if (address === 0) throw new InputError('does not fit into memory', { column: path, advice: 'split the file' });
  try {
    // Zeros, so that a pointer which is never set points to nothing.
    module.HEAPU8.fill(0, address, address + size * count);
    access.fetch(BigInt(address));
    if (type !== TEXT)
      return { shape, data: toDoubles(module.HEAPU8.slice(address, address + size * count), metadata) };
    if (!metadata.vlen) return { shape, data: fixedText(module.HEAPU8.slice(address, address + size * count), size) };
    const pointers = new Uint32Array(module.HEAPU8.slice(address, address + 4 * count).buffer);
    const data = Array.from(pointers, pointer => (pointer === 0 ? '' : module.UTF8ToString(pointer)));
    access.reclaim(BigInt(address));
    return { shape, data };
  } finally {
    module._free(address);
  }
}

function toDoubles(bytes: Uint8Array<ArrayBuffer>, { type, size, signed }: Metadata): Float64Array {
  const { buffer } = bytes;
  if (type === FLOAT) return size === 8 ? new Float64Array(buffer) : Float64Array.from(new Float32Array(buffer));
  switch (size) {
    case 1:
      return Float64Array.from(signed ? new Int8Array(buffer) : bytes);
    case 2:
      return Float64Array.from(signed ? new Int16Array(buffer) : new Uint16Array(buffer));
    case 4:
      return Float64Array.from(signed ? new Int32Array(buffer) : new Uint32Array(buffer));
    default:
      return Float64Array.from(signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer), Number);
  }
}

/** Text of fixed length ends at its first zero. */
function fixedText(bytes: Uint8Array, size: number): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: bytes.length / size }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    const zero = part.indexOf(0);
    return decoder.decode(zero < 0 ? part : part.subarray(0, zero)).trimEnd();
  });
}

/**
 * Checks the global heaps (where text of variable length is kept): an object of size zero, or one that runs over the end,
 * makes the library loop for ever.
 * @throws {InputError} for a damaged heap.
 */
export function checkHeaps(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(0x47); at >= 0 && at + 16 <= bytes.length; at = bytes.indexOf(0x47, at + 1)) {
    // 'GCOL', version 1, three zeros.
    if (view.getUint32(at) !== 0x47434f4c || view.getUint32(at + 4) !== 0x01000000) continue;
    const end = at + Number(view.getBigUint64(at + 8, true));
    let object = at + 16;
    while (end <= bytes.length && object + 16 <= end) {
      const size = Number(view.getBigUint64(object + 8, true));
      const step = view.getUint16(object, true) === 0 ? size : 16 + Math.ceil(size / 8) * 8;
      if (step < 16) break;
      object += step;
    }
    if (end <= bytes.length && object <= end && object + 16 > end) continue;
    throw new InputError('cannot be read as HDF5: the heap of its texts is damaged', { advice: DAMAGED });
  }
}
