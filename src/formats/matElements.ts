import { Unzlib } from 'fflate';
import { InputError } from '../errors.js';

/** The elements that MATLAB files of version 5 to 7 are made of: tags, compressed elements and arrays of numbers. */

export const COMPRESSED = 15;
export const MATRIX = 14;
const LARGEST_RATIO = 1032;

/** Bytes of one number of each data type (miINT8 ... miUINT64, miUTF8/16/32); 0 for types that hold no numbers. */
const SIZES = [0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4];

/** A tagged piece of a file: its data type and bytes, and where the next one begins. */
export interface Element {
  readonly type: number;
  readonly data: Uint8Array;
  readonly next: number;
}

/** One tagged element; small ones keep type and size in one word and their data in the tag. */
export function readElement(bytes: Uint8Array, at: number, little: boolean): Element {
  if (at + 8 > bytes.length) throw truncated();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32(at, little);
  const small = word >>> 16;
  if (small !== 0) {
    if (small > 4) throw damaged('an element has an impossible size');
    return { type: word & 0xffff, data: bytes.subarray(at + 4, at + 4 + small), next: at + 8 };
  }
  const size = view.getUint32(at + 4, little);
  const end = at + 8 + size;
  if (end > bytes.length) throw truncated();
  // Elements are padded to 8 bytes, except compressed ones.
  const next = word === COMPRESSED ? end : Math.min(at + 8 + Math.ceil(size / 8) * 8, bytes.length);
  return { type: word, data: bytes.subarray(at + 8, end), next };
}

/** Unpacks one variable. Its own tag says its size; nothing beyond that, or beyond what deflate can do, is kept. */
export function inflate(packed: Uint8Array, little: boolean): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let size = -1;
  const stream = new Unzlib(piece => {
    pieces.push(piece);
    length += piece.length;
    if (size < 0 && length >= 8) size = view(join(pieces, length)).getUint32(4, little);
    if (size > packed.length * LARGEST_RATIO) throw damaged('a compressed variable claims an impossible size');
    if (size >= 0 && length > size + 16) throw damaged('a compressed variable is longer than it says');
  });
  try {
    // Even steps, so that the checksum at the end does not fall into two.
    const step = Math.ceil(packed.length / Math.ceil(packed.length / 65_536));
    for (let at = 0; at < packed.length; at += step)
      stream.push(packed.subarray(at, at + step), at + step >= packed.length);
  } catch (cause) {
    throw cause instanceof InputError ? cause : damaged('a compressed variable cannot be unpacked', cause);
  }
  const out = join(pieces, length);
  if (size < 0 || length < size + 8 || adler32(out) !== checksum(packed))
    throw damaged('the checksum of a compressed variable does not fit');
  return out;
}

/** The numbers of an element of any numeric type. */
export function numbers({ type, data }: Element, little: boolean): Float64Array {
  const size = SIZES[type] ?? 0;
  if (size === 0 || data.length % size !== 0) throw damaged(`an array of type ${type} cannot be read`);
  const v = view(data);
  const read: Readonly<Record<number, (at: number) => number>> = {
    1: at => v.getInt8(at),
    3: at => v.getInt16(at, little),
    5: at => v.getInt32(at, little),
    6: at => v.getUint32(at, little),
    7: at => v.getFloat32(at, little),
    9: at => v.getFloat64(at, little),
    12: at => Number(v.getBigInt64(at, little)),
    13: at => Number(v.getBigUint64(at, little)),
    18: at => v.getUint32(at, little),
  };
  const get = read[type] ?? (size === 2 ? (at: number) => v.getUint16(at, little) : (at: number) => v.getUint8(at));
  const out = new Float64Array(data.length / size);
  for (let i = 0; i < out.length; i++) out[i] = get(i * size);
  return out;
}

export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function checksum(packed: Uint8Array): number {
  return packed.length < 4 ? -1 : view(packed).getUint32(packed.length - 4, false);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    // 3800 sums fit into 32 bits before they must be reduced.
    for (const end = Math.min(i + 3800, bytes.length); i < end; i++) b += a += bytes[i];
    a %= 65_521;
    b %= 65_521;
  }
  return ((b << 16) | a) >>> 0;
}

function truncated(): InputError {
  return new InputError('the file ends within a variable', { advice: 'it is truncated: copy it again' });
}

export function damaged(message: string, cause?: unknown): InputError {
  return new InputError(message, { advice: 'the file is damaged: save it again', cause });
}
