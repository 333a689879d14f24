import { joinBytes } from '../bytes.js';

/**
 * Writing MATLAB version 5 files (`save -v6`: not compressed, little-endian) after MathWorks' published description of
 * the format: double arrays and character arrays.
 */

export interface MatInput {
  /** A MATLAB identifier of at most 63 letters, digits and underscores. */
  readonly name: string;
  /** As MATLAB's `size`; at least two dimensions. For text: the number of rows alone counts. */
  readonly shape: readonly number[];
  /** Row-major numbers, or the rows of a character array. */
  readonly data: Float64Array | readonly string[];
}

const DOUBLE_CLASS = 6;
const CHAR_CLASS = 4;
const INT8 = 1;
const UINT16 = 4;
const INT32 = 5;
const UINT32 = 6;
const DOUBLE = 9;
const MATRIX = 14;

/** Writes variables. */
export function writeMat(variables: readonly MatInput[]): Uint8Array {
  const header = new Uint8Array(128);
  header.fill(0x20, 0, 116);
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, written by Savart'));
  // Version 1, and the two letters by which a reader sees the byte order.
  header.set([0x00, 0x01, 0x49, 0x4d], 124);
  return joinBytes([header, ...variables.map(matrix)]);
}

function matrix({ name, shape, data }: MatInput): Uint8Array {
  const numeric = data instanceof Float64Array;
  const width = numeric ? 0 : Math.max(0, ...data.map(text => text.length));
  const dimensions = numeric ? shape : [data.length, width];
  const content = numeric ? toFortran(data, shape) : characters(data, width);
  const label = new TextEncoder().encode(name);
  const padded = (size: number) => 8 + Math.ceil(size / 8) * 8;
  const total = padded(8) + padded(4 * dimensions.length) + padded(label.length) + padded(content.byteLength);
  const out = new Uint8Array(8 + total);
  const view = new DataView(out.buffer);
  let at = 0;
  const tag = (type: number, size: number) => {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, size, true);
    const start = at + 8;
    at += type === MATRIX ? 8 : padded(size);
    return start;
  };
  tag(MATRIX, total);
  view.setUint32(tag(UINT32, 8), numeric ? DOUBLE_CLASS : CHAR_CLASS, true);
  const sizes = tag(INT32, 4 * dimensions.length);
  dimensions.forEach((n, axis) => {
    view.setInt32(sizes + 4 * axis, n, true);
  });
  out.set(label, tag(INT8, label.length));
  out.set(
    new Uint8Array(content.buffer, content.byteOffset, content.byteLength),
    tag(numeric ? DOUBLE : UINT16, content.byteLength),
  );
  return out;
}

/** Row-major to column-major. */
function toFortran(data: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.filter(n => n !== 1).length < 2) return data;
  const out = new Float64Array(data.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let from = 0; from < data.length; from++) {
    let to = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) to = to * shape[axis] + index[axis];
    out[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

function characters(rows: readonly string[], width: number): Uint16Array {
  const out = new Uint16Array(rows.length * width).fill(0x20);
  rows.forEach((text, row) => {
    for (let i = 0; i < text.length; i++) out[i * rows.length + row] = text.charCodeAt(i);
  });
  return out;
}
