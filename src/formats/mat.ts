import { Unzlib } from 'fflate';
import { InputError } from '../errors.js';
import { fromFortran } from './npy.js';

/**
 * MATLAB files of version 5 to 7 (`save -v6`, `-v7`), after MathWorks' published description of the format: numeric,
 * logical and character arrays, compressed or not, of either byte order. Structures, cells, objects and sparse or complex
 * arrays are noticed and passed over. Version 7.3 is HDF5.
 */

export interface MatVariable {
  readonly name: string;
  /** As MATLAB's `size`; at least two dimensions. */
  readonly shape: readonly number[];
  /** Row-major numbers, or the rows of a character array. */
  readonly data: Float64Array | readonly string[];
}

export interface MatContent {
  readonly variables: readonly MatVariable[];
  /** Variables of classes that are not read, with the class. */
  readonly skipped: readonly { readonly name: string; readonly className: string }[];
}

const COMPRESSED = 15;
const MATRIX = 14;
const HEADER = 128;
const LARGEST_RATIO = 1032;

/** Bytes of one number of each data type (miINT8 ... miUINT64, miUTF8/16/32); 0 for types that hold no numbers. */
const SIZES = [0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4];
const CLASSES = ['', 'cell array', 'structure', 'object', 'char', 'sparse matrix'];
const CHAR_CLASS = 4;
const FIRST_NUMERIC = 6;
const LAST_NUMERIC = 15;

export function isMat(bytes: Uint8Array): boolean {
  const order = String.fromCharCode(bytes[126], bytes[127]);
  const version = order === 'IM' ? bytes[125] : bytes[124];
  return bytes.length >= HEADER && (order === 'IM' || order === 'MI') && version === 1;
}

/**
 * Reads the variables of a file.
 * @throws {InputError} when it is no such file, truncated or damaged. What is allocated is bounded by the file's size (and
 * by what its compression can expand to).
 */
export function readMat(bytes: Uint8Array): MatContent {
  if (!isMat(bytes)) {
    throw new InputError('is not a MATLAB file of version 5 to 7', {
      advice: 'write it with save -v7 (or -v7.3, which is HDF5)',
    });
  }
  const little = bytes[126] === 0x49;
  const variables: MatVariable[] = [];
  const skipped: { name: string; className: string }[] = [];
  for (let at = HEADER; at < bytes.length; ) {
    const element = readElement(bytes, at, little);
    at = element.next;
    const matrix = element.type === COMPRESSED ? readElement(inflate(element.data, little), 0, little) : element;
    if (matrix.type !== MATRIX) continue;
    const variable = readMatrix(matrix.data, little);
    if ('className' in variable) skipped.push(variable);
    else variables.push(variable);
  }
  return { variables, skipped };
}

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
  readonly next: number;
}

/** One tagged element; small ones keep type and size in one word and their data in the tag. */
function readElement(bytes: Uint8Array, at: number, little: boolean): Element {
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
function inflate(packed: Uint8Array, little: boolean): Uint8Array {
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

function readMatrix(bytes: Uint8Array, little: boolean): MatVariable | { name: string; className: string } {
  const flags = readElement(bytes, 0, little);
  const dimensions = readElement(bytes, flags.next, little);
  const label = readElement(bytes, dimensions.next, little);
  const name = new TextDecoder('latin1').decode(label.data);
  if (flags.data.length < 8) throw damaged('a variable has no class');
  const word = view(flags.data).getUint32(0, little);
  const classNumber = word & 0xff;
  const complex = (word & 0x0800) !== 0;
  const numeric = classNumber >= FIRST_NUMERIC && classNumber <= LAST_NUMERIC;
  if (complex && numeric) return { name, className: 'complex array' };
  if (!numeric && classNumber !== CHAR_CLASS) return { name, className: CLASSES[classNumber] ?? 'object' };
  const shape = [...numbers(dimensions, little)];
  const count = shape.reduce((product, n) => product * n, 1);
  if (shape.length < 2 || shape.length > 32 || shape.some(n => n < 0)) throw damaged(`'${name}' has no shape`);
  const content = readElement(bytes, label.next, little);
  const values = numbers(content, little);
  if (classNumber === CHAR_CLASS) return { name, shape, data: textRows(content, values, shape) };
  if (values.length !== count)
    throw damaged(`'${name}' has ${values.length} values for the shape ${shape.join(' x ')}`);
  return { name, shape, data: fromFortran(values, [...shape]) };
}

function numbers({ type, data }: Element, little: boolean): Float64Array {
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

/** A character array is a matrix of characters; its rows are the texts, filled up with blanks. */
function textRows({ type, data }: Element, codes: Float64Array, [rows, columns]: readonly number[]): string[] {
  const utf8 = type === 16 && rows === 1;
  if (utf8) return [new TextDecoder().decode(data)];
  if (rows * columns !== codes.length) throw damaged('a text has another length than it says');
  return Array.from({ length: rows }, (_, row) => {
    let text = '';
    for (let column = 0; column < columns; column++) text += String.fromCharCode(codes[column * rows + row]);
    return text.trimEnd();
  });
}

function view(bytes: Uint8Array): DataView {
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

function damaged(message: string, cause?: unknown): InputError {
  return new InputError(message, { advice: 'the file is damaged: save it again', cause });
}
