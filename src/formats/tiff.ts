import { unzlibSync } from 'fflate';
import { InputError } from '../errors.js';
import type { Picture } from '../registration/picture.js';
import { greyOf, MOST_PIXELS } from './greyPicture.js';

/**
 * The first picture of a TIFF as grey values, after Adobe's TIFF 6.0 and its supplement on deflate: strips or tiles, of 8 and
 * 16 bit integers, 32 bit integers and 32 or 64 bit floating-point numbers, one value per pixel or several interleaved (colours
 * by their luminance), of either byte order, plain, deflated or run-length coded, with or without horizontal differences.
 */

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  strips: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tiles: 324,
  tileBytes: 325,
  format: 339,
} as const;
/** Bytes of a value by the type of its entry; 0 where it is no number. */
const SIZES = [0, 1, 0, 2, 4, 0, 1, 0, 2, 4];
const [PLAIN, DEFLATE, OLD_DEFLATE, RUNS] = [1, 8, 32946, 32773];
const SAVE = 'save it uncompressed';

export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return (a === 0x49 && b === 0x49 && c === 42 && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 42);
}

/** @throws {InputError} when it is damaged, too large, or of a kind that is not read */
export function readTiff(bytes: Uint8Array): Picture {
  if (!isTiff(bytes)) throw damaged('its header is missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  try {
    return decode(view, readTags(view, little), little);
  } catch (error) {
    // DataView throws where an offset leads beyond the file.
    throw error instanceof RangeError ? damaged('an offset leads beyond its end') : error;
  }
}

function readTags(view: DataView, little: boolean): (tag: number) => readonly number[] {
  const directory = view.getUint32(4, little);
  const tags = new Map<number, number[]>();
  for (let k = view.getUint16(directory, little), at = directory + 2; k > 0; k--, at += 12) {
    const [type, count] = [view.getUint16(at + 2, little), view.getUint32(at + 4, little)];
    const size = SIZES[type] ?? 0;
    if (size === 0 || count * size > view.byteLength) continue;
    const start = count * size <= 4 ? at + 8 : view.getUint32(at + 8, little);
    const read = (i: number) =>
      size === 1
        ? view.getUint8(start + i)
        : size === 2
          ? view.getUint16(start + 2 * i, little)
          : view.getUint32(start + 4 * i, little);
    tags.set(
      view.getUint16(at, little),
      Array.from({ length: count }, (_, i) => read(i)),
    );
  }
  return tag => tags.get(tag) ?? [];
}

function decode(view: DataView, tags: (tag: number) => readonly number[], little: boolean): Picture {
  const one = (tag: number, fallback: number) => tags(tag)[0] ?? fallback;
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)];
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) {
    throw new InputError(`a picture of ${width} x ${height} pixels is not read`, { advice: 'reduce it first' });
  }
  const [samples, bits, format] = [one(TAG.samples, 1), one(TAG.bits, 1), one(TAG.format, 1)];
  const get = readerOf(bits, format, little);
  if (get === undefined || samples < 1 || samples > 16 || tags(TAG.bits).some(b => b !== bits)) {
    throw new InputError(`TIFF with ${bits} bits of kind ${format} is not read`, {
      advice: 'save it with 8 or 16 bits, or as floating-point numbers',
    });
  }
  if (one(TAG.planar, 1) !== 1 && samples > 1) throw unread('with separate planes of colour');
  const compression = one(TAG.compression, PLAIN);
  if (![PLAIN, DEFLATE, OLD_DEFLATE, RUNS].includes(compression)) throw unread(`of compression ${compression}`);
  const differences = one(TAG.predictor, 1);
  if (differences > 2 || (differences === 2 && format === 3)) throw unread(`of predictor ${differences}`);
  const tiled = tags(TAG.tiles).length > 0;
  const across = tiled ? one(TAG.tileWidth, 0) : width;
  const down = tiled ? one(TAG.tileHeight, 0) : Math.min(height, one(TAG.rowsPerStrip, height));
  const [offsets, lengths] = tiled ? [tags(TAG.tiles), tags(TAG.tileBytes)] : [tags(TAG.strips), tags(TAG.stripBytes)];
  const columns = Math.ceil(width / across);
  const size = bits / 8;
  const partBytes = across * down * samples * size;
  if (!(across > 0 && down > 0 && across * down <= 4 * MOST_PIXELS)) throw damaged('its parts have no size');
  if (offsets.length < columns * Math.ceil(height / down)) throw damaged('parts of it are missing');
  const values = new Float64Array(width * height);
  const row = new Float64Array(across * samples);
  for (let part = 0; part < columns * Math.ceil(height / down); part++) {
    const [left, top] = [(part % columns) * across, Math.floor(part / columns) * down];
    const rows = Math.min(down, height - top);
    const coded = new Uint8Array(view.buffer, view.byteOffset + offsets[part], lengths[part] ?? partBytes);
    const data = unpacked(coded, compression, tiled ? partBytes : rows * across * samples * size);
    const numbers = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let v = 0; v < rows; v++) {
      for (let k = 0; k < row.length; k++) row[k] = get(numbers, (v * row.length + k) * size);
      if (differences === 2)
        for (let k = samples; k < row.length; k++) row[k] = (row[k] + row[k - samples]) % 2 ** bits;
      for (let u = 0; u < Math.min(across, width - left); u++) {
        const at = u * samples;
        values[(top + v) * width + left + u] = samples < 3 ? row[at] : greyOf(row[at], row[at + 1], row[at + 2]);
      }
    }
  }
  // 0: white is zero. What is bright on the screen shall be large here too.
  if (one(TAG.photometric, 1) === 0 && format === 1)
    for (let i = 0; i < values.length; i++) values[i] = 2 ** bits - 1 - values[i];
  return { width, height, values };
}

function readerOf(bits: number, format: number, little: boolean): ((v: DataView, at: number) => number) | undefined {
  if (format === 3) {
    if (bits === 32) return (v, at) => v.getFloat32(at, little);
    if (bits === 64) return (v, at) => v.getFloat64(at, little);
    return undefined;
  }
  if (bits === 8) return format === 2 ? (v, at) => v.getInt8(at) : (v, at) => v.getUint8(at);
  if (bits === 16) return format === 2 ? (v, at) => v.getInt16(at, little) : (v, at) => v.getUint16(at, little);
  if (bits === 32) return format === 2 ? (v, at) => v.getInt32(at, little) : (v, at) => v.getUint32(at, little);
  return undefined;
}

function unpacked(coded: Uint8Array, compression: number, size: number): Uint8Array {
  if (compression === PLAIN) return coded;
  if (compression === RUNS) return unrolled(coded, size);
  try {
    return unzlibSync(coded, { out: new Uint8Array(size) });
  } catch (cause) {
    throw damaged('its data cannot be unpacked', cause);
  }
}

/** PackBits: a count n from 0 to 127 and n + 1 bytes, or 1 - n from -127 to -1 and one byte as often. */
function unrolled(coded: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let at = 0, i = 0; at < coded.length && i < size; ) {
    const n = coded[at++];
    if (n < 128) {
      const run = coded.subarray(at, at + Math.min(n + 1, size - i));
      out.set(run, i);
      [at, i] = [at + n + 1, i + n + 1];
    } else if (n > 128) {
      out.fill(coded[at++], i, i + 257 - n);
      i += 257 - n;
    }
  }
  return out;
}

function unread(what: string): InputError {
  return new InputError(`TIFF ${what} is not read`, { advice: SAVE });
}

function damaged(what: string, cause?: unknown): InputError {
  return new InputError(`cannot be read as TIFF: ${what}`, { advice: 'the file is damaged: copy it again', cause });
}
