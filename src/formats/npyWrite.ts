import type { NpyArray } from './npy.js';

/** Writing NumPy arrays (NPY 1.0, or 3.0 where a name is not Latin-1): `<f8` and `<U`, row-major. */

/** An array of numbers or of text as NPY. */
export function writeNpy(array: NpyArray): Uint8Array {
  const width = textWidth(array.data);
  const descr = array.data instanceof Float64Array ? "'<f8'" : `'<U${width}'`;
  const itemSize = array.data instanceof Float64Array ? 8 : 4 * width;
  const { bytes, view } = start(descr, array.shape, itemSize * array.data.length);
  writeColumn(view, array.data, 0, itemSize, width);
  return bytes;
}

/** Columns of equal length as a structured array, which `numpy.load` gives back with their names. */
export function writeNpyTable(columns: ReadonlyMap<string, Float64Array | readonly string[]>): Uint8Array {
  const parts = [...columns].map(([name, data]) => ({ name, data, width: textWidth(data) }));
  const sizes = parts.map(({ data, width }) => (data instanceof Float64Array ? 8 : 4 * width));
  const stride = sizes.reduce((sum, size) => sum + size, 0);
  const fields = parts.map(({ name, data, width }) => {
    const quoted = `'${name.replace(/[\\']/g, '\\$&')}'`;
    return `(${quoted}, '${data instanceof Float64Array ? '<f8' : `<U${width}`}')`;
  });
  const count = parts[0]?.data.length ?? 0;
  const { bytes, view } = start(`[${fields.join(', ')}]`, [count], stride * count);
  let at = 0;
  parts.forEach(({ data, width }, k) => {
    writeColumn(view, data, at, stride, width);
    at += sizes[k];
  });
  return bytes;
}

/** Code points of the longest text, at least 1. */
function textWidth(data: Float64Array | readonly string[]): number {
  let width = 1;
  if (!(data instanceof Float64Array)) for (const text of data) width = Math.max(width, [...text].length);
  return width;
}

function start(descr: string, shape: readonly number[], dataSize: number): { bytes: Uint8Array; view: DataView } {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${tuple}, }`;
  const plain = new TextEncoder().encode(dictionary);
  // Version 1 holds 65 535 bytes of Latin-1; the wide header of version 3 takes the rest.
  const wide = plain.length !== dictionary.length || plain.length > 65_000;
  const prefix = wide ? 12 : 10;
  const total = Math.ceil((prefix + plain.length + 1) / 64) * 64;
  const bytes = new Uint8Array(total + dataSize);
  bytes.fill(0x20, prefix, total);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, wide ? 3 : 1, 0]);
  bytes.set(plain, prefix);
  bytes[total - 1] = 0x0a;
  const header = new DataView(bytes.buffer);
  if (wide) header.setUint32(8, total - prefix, true);
  else header.setUint16(8, total - prefix, true);
  return { bytes, view: new DataView(bytes.buffer, total) };
}

function writeColumn(
  view: DataView,
  data: Float64Array | readonly string[],
  at: number,
  stride: number,
  width: number,
) {
  if (data instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) view.setFloat64(at + i * stride, data[i], true);
    return;
  }
  data.forEach((text, i) => {
    let k = at + i * stride;
    for (const character of text) {
      view.setUint32(k, character.codePointAt(0)!, true);
      k += 4;
    }
    if (k > at + i * stride + 4 * width) throw new RangeError('text is wider than its column');
  });
}
