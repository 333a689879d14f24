import { deflateSync, inflateSync } from 'fflate';
import { joinBytes } from '../../src/bytes.js';

/**
 * Plain data with numeric arrays as few bytes, for a report that carries its data. Floats become float32 with 16 bits behind
 * the point of their mantissa: within 8e-6 of their value, far below any error and below what is shown; those in `coarse` are
 * kept within 5e-4. Each is coded as the
 * difference from what its neighbours to the left and above predict, byte plane by byte plane, and all of it is deflated.
 * An array that stands in several places is kept once.
 */

/** An array in the description: its place in the list, of which type. */
interface Reference {
  readonly $array: number;
}

interface ArrayEntry {
  readonly type: 'float' | 'byte';
  readonly length: number;
  /** Of a row, for the prediction from above; 0 where there are none. */
  readonly width: number;
  /** Bits of the mantissa that were dropped. */
  readonly dropped: number;
}

/** How finely floats are kept: 16 bits behind the point, or 10 (5e-4) for what is known to a few digits only. */
const DROPPED = { fine: 7, coarse: 13 } as const;
const NAN_KEY = 0x7fc00000;

/** @param value plain objects, arrays, numbers, texts, Float64Array and Uint8Array @param widths lengths of rows that occur */
export function pack(
  value: unknown,
  widths: readonly number[] = [],
  coarse: ReadonlySet<unknown> = new Set(),
): Uint8Array {
  const places = new Map<Float64Array | Uint8Array, number>();
  const entries: ArrayEntry[] = [];
  const replace = (part: unknown): unknown => {
    if (part instanceof Float64Array || part instanceof Uint8Array) {
      let at = places.get(part);
      if (at === undefined) {
        at = places.size;
        places.set(part, at);
        const width = widths.find(w => w > 1 && part.length > w && part.length % w === 0) ?? 0;
        entries.push({
          type: part instanceof Uint8Array ? 'byte' : 'float',
          length: part.length,
          width,
          dropped: coarse.has(part) ? DROPPED.coarse : DROPPED.fine,
        });
      }
      return { $array: at } satisfies Reference;
    }
    if (Array.isArray(part)) return part.map(replace);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, replace(inner)]));
  };
  const described = replace(value);
  const text = new TextEncoder().encode(JSON.stringify({ entries, value: described }));
  const parts = [...places.keys()].map((array, k) =>
    array instanceof Uint8Array ? array : encodeFloats(array, entries[k]),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return deflateSync(joinBytes([length, text, ...parts]), { level: 9 });
}

/** The inverse of {@link pack}. */
export function unpack(packed: Uint8Array): unknown {
  const bytes = inflateSync(packed);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { entries, value } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as {
    entries: ArrayEntry[];
    value: unknown;
  };
  let at = 4 + length;
  const arrays = entries.map(entry => {
    const size = entry.type === 'byte' ? entry.length : 4 * entry.length;
    const part = bytes.slice(at, at + size);
    at += size;
    return entry.type === 'byte' ? part : decodeFloats(part, entry);
  });
  const restore = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(restore);
    if (typeof part !== 'object' || part === null) return part;
    if ('$array' in part) return arrays[(part as Reference).$array];
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, restore(inner)]));
  };
  return restore(value);
}

/** What the neighbours left, above, and left above predict. */
function predicted(keys: Int32Array, i: number, width: number): number {
  if (width === 0 || i < width) return i === 0 ? 0 : keys[i - 1];
  if (i % width === 0) return keys[i - width];
  return (keys[i - 1] + keys[i - width] - keys[i - width - 1]) | 0;
}

function encodeFloats(values: Float64Array, { width, dropped }: ArrayEntry): Uint8Array {
  const n = values.length;
  const bits = new Int32Array(Float32Array.from(values).buffer);
  const keys = new Int32Array(n);
  const out = new Uint8Array(4 * n);
  for (let i = 0; i < n; i++) {
    const b = Number.isNaN(values[i]) ? NAN_KEY : (bits[i] + (1 << (dropped - 1))) & ~((1 << dropped) - 1);
    // Ascending with the value: the sign's bit turned, negative ones upside down.
    keys[i] = (b < 0 ? ~(b & 0x7fffffff) : b) >> dropped;
    const difference = (keys[i] - predicted(keys, i, width)) | 0;
    const folded = (difference << 1) ^ (difference >> 31);
    for (let plane = 0; plane < 4; plane++) out[plane * n + i] = folded >>> (8 * plane);
  }
  return out;
}

function decodeFloats(bytes: Uint8Array, { length: n, width, dropped }: ArrayEntry): Float64Array {
  const keys = new Int32Array(n);
  const bits = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const folded = bytes[i] | (bytes[n + i] << 8) | (bytes[2 * n + i] << 16) | (bytes[3 * n + i] << 24);
    const difference = (folded >>> 1) ^ -(folded & 1);
    keys[i] = (predicted(keys, i, width) + difference) | 0;
    const b = keys[i] < 0 ? ~(keys[i] << dropped) & ~((1 << dropped) - 1) : keys[i] << dropped;
    bits[i] = keys[i] < 0 ? b | 0x80000000 : b;
  }
  return Float64Array.from(new Float32Array(bits.buffer));
}
