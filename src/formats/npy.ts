import { InputError } from '../errors.js';
import { type Literal, parsePythonLiteral } from './pythonLiteral.js';

/**
 * NumPy arrays (NPY 1.0 to 3.0): booleans, integers, floats of 2 to 8 bytes and text of either byte order, C and Fortran
 * order, any number of dimensions including none, and structured arrays (columns with names). Numbers come out as
 * doubles, row-major.
 */

export interface NpyArray {
  /** Row-major; [] for a single value. */
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
}

/** An array, or the columns of a structured one, each with the shape of the whole. */
export type NpyContent =
  | ({ readonly kind: 'array' } & NpyArray)
  | { readonly kind: 'table'; readonly columns: ReadonlyMap<string, NpyArray> };

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads an array.
 * @throws {InputError} for a wrong magic string, a damaged header, a data type that holds no numbers or text, and data
 * shorter than the header promises. Nothing larger than the file's own size is allocated.
 */
export function readNpy(bytes: Uint8Array): NpyContent {
  const { descr, fortran, shape, offset } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
  const count = shape.reduce((product, n) => product * n, 1);
  const fields = typeof descr === 'string' ? undefined : readFields(descr);
  if (fields === undefined && dtypeOf(descr).kind === 'V') throw unsupported(JSON.stringify(descr));
  const itemSize = fields === undefined ? dtypeOf(descr).size : fields.reduce((sum, field) => sum + field.type.size, 0);
  if (!Number.isSafeInteger(count) || count * itemSize > view.byteLength || (itemSize === 0 && count > 1)) {
    throw new InputError(`the array of shape (${shape.join(', ')}) is longer than the file`, {
      advice: 'the file is truncated or damaged: copy it again',
    });
  }
  const read = (type: Dtype, at: number) => readColumn(view, type, at, itemSize, count);
  const finish = (data: Float64Array | string[]): NpyArray => ({
    shape,
    data: fortran ? fromFortran(data, shape) : data,
  });
  if (fields === undefined) return { kind: 'array', ...finish(read(dtypeOf(descr), 0)) };
  let at = 0;
  const columns = new Map<string, NpyArray>();
  for (const { name, type } of fields) {
    if (columns.has(name)) throw damaged(`the column '${name}' is there twice`);
    if (type.kind !== 'V') columns.set(name, finish(read(type, at)));
    at += type.size;
  }
  return { kind: 'table', columns };
}

function readHeader(bytes: Uint8Array): { descr: Literal; fortran: boolean; shape: number[]; offset: number } {
  if (!isNpy(bytes)) {
    throw new InputError('is not a NumPy file (its first bytes are not those of NPY)', {
      advice: 'write it with numpy.save',
    });
  }
  if (bytes.length < 10) throw damaged('the file ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major < 1 || major > 3) throw damaged(`version ${major} of NPY is unknown`);
  const start = major === 1 ? 10 : 12;
  const length =
    bytes.length < start ? Number.POSITIVE_INFINITY : major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = start + length;
  if (offset > bytes.length) throw damaged('the file ends within its header');
  let header: Literal;
  try {
    header = parsePythonLiteral(
      new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, offset)),
    );
  } catch (cause) {
    throw damaged('the header is not a Python dictionary', cause);
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header))
    throw damaged('the header is no dictionary');
  const { descr, fortran_order: fortran, shape } = header;
  if (descr === undefined || typeof fortran !== 'boolean' || !isShape(shape))
    throw damaged('the header lacks an entry');
  return { descr, fortran, shape, offset };
}

function isShape(value: Literal | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every(n => Number.isSafeInteger(n) && (n as number) >= 0);
}

interface Dtype {
  /** b, i, u, f, S, U as NumPy has them; V is padding. */
  readonly kind: string;
  readonly size: number;
  readonly little: boolean;
}

function dtypeOf(descr: Literal): Dtype {
  const match = typeof descr === 'string' ? /^([<>|=]?)([a-zA-Z?])(\d{0,9})$/.exec(descr) : null;
  if (match === null) throw unsupported(JSON.stringify(descr));
  const kind = match[2] === '?' ? 'b' : match[2];
  const width = match[3] === '' ? 1 : Number(match[3]);
  const type = { kind, size: kind === 'U' ? width * 4 : width, little: match[1] !== '>' };
  const sizes: Readonly<Record<string, readonly number[]>> = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8] };
  if (kind === 'U' || kind === 'S' || kind === 'V' || sizes[kind]?.includes(width)) return type;
  throw unsupported(`'${descr}'`);
}

function unsupported(descr: string): InputError {
  const advice = descr.includes('O')
    ? 'Python objects cannot be read safely: save plain arrays (array.astype(float))'
    : descr.includes('c')
      ? 'save real and imaginary part as two arrays (bz_uT and bz_q_uT)'
      : 'save it as float64 (array.astype(float))';
  return new InputError(`has the data type ${descr}, which holds no plain numbers or text`, { advice });
}

function readFields(descr: Literal): { name: string; type: Dtype }[] {
  if (!Array.isArray(descr) || descr.length === 0) throw unsupported(JSON.stringify(descr));
  return descr.map(field => {
    if (!Array.isArray(field) || field.length !== 2) throw unsupported(JSON.stringify(field));
    const [title, type] = field;
    const name = Array.isArray(title) ? title[1] : title;
    if (typeof name !== 'string') throw damaged('a column has no name');
    return { name, type: dtypeOf(type) };
  });
}

function readColumn(view: DataView, type: Dtype, at: number, stride: number, count: number): Float64Array | string[] {
  const { kind, size, little } = type;
  if (kind === 'U' || kind === 'S') {
    return Array.from({ length: count }, (_, i) => readText(view, at + i * stride, size, kind, little));
  }
  const get = reader(view, kind, size, little);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = get(at + i * stride);
  return out;
}

function reader(view: DataView, kind: string, size: number, little: boolean): (at: number) => number {
  switch (`${kind}${size}`) {
    case 'f8':
      return at => view.getFloat64(at, little);
    case 'f4':
      return at => view.getFloat32(at, little);
    case 'f2':
      return at => halfFloat(view.getUint16(at, little));
    case 'i8':
      return at => Number(view.getBigInt64(at, little));
    case 'u8':
      return at => Number(view.getBigUint64(at, little));
    case 'i4':
      return at => view.getInt32(at, little);
    case 'u4':
      return at => view.getUint32(at, little);
    case 'i2':
      return at => view.getInt16(at, little);
    case 'u2':
      return at => view.getUint16(at, little);
    case 'i1':
      return at => view.getInt8(at);
    case 'b1':
      return at => (view.getUint8(at) === 0 ? 0 : 1);
    default:
      return at => view.getUint8(at);
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Text of fixed length, filled up with zeros: UTF-32 code points (U) or bytes (S). */
function readText(view: DataView, at: number, size: number, kind: string, little: boolean): string {
  let text = '';
  for (let i = 0; i < size; i += kind === 'U' ? 4 : 1) {
    const code = kind === 'U' ? view.getUint32(at + i, little) : view.getUint8(at + i);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, '');
}

/** Column-major to row-major; the array itself where the order makes no difference. */
export function fromFortran<T extends Float64Array | string[]>(data: T, shape: readonly number[]): T {
  if (shape.filter(n => n !== 1).length < 2) return data;
  const out = data.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  for (let to = 0; to < data.length; to++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis] + index[axis];
    out[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

function damaged(message: string, cause?: unknown): InputError {
  return new InputError(message, { advice: 'the file is damaged: copy it again, or write it with numpy.save', cause });
}
