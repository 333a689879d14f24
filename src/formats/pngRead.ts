import { unzlibSync } from 'fflate';
import { joinBytes } from '../bytes.js';
import { InputError } from '../errors.js';
import type { Picture } from '../registration/picture.js';
import { greyOf, MOST_PIXELS } from './greyPicture.js';

/**
 * PNG as grey values: 1 to 16 bits, grey, colour or palette (colours by their luminance), with or without transparency (fully
 * transparent pixels hold no value). W3C PNG specification, third edition, sections 5, 7, 9 and 11. Checksums are not looked
 * at; interlaced pictures are not read.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** @throws {InputError} when it is damaged, too large or interlaced */
export function readPng(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || !isPng(bytes)) throw damaged('its header is missing');
  const [width, height, depth, type, interlaced] = [
    view.getUint32(16),
    view.getUint32(20),
    bytes[24],
    bytes[25],
    bytes[28],
  ];
  const channels = CHANNELS[type];
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth)) throw damaged('its header makes no sense');
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) {
    throw new InputError(`a picture of ${width} x ${height} pixels is not read`, { advice: 'reduce it first' });
  }
  if (interlaced !== 0) throw new InputError('interlaced PNG is not read', { advice: 'save it without interlacing' });
  const parts: Uint8Array[] = [];
  let [palette, clear]: (Uint8Array | undefined)[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw damaged('it ends too early');
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') parts.push(data);
    else if (name === 'PLTE') palette = data;
    else if (name === 'tRNS') clear = data;
    else if (name === 'IEND') break;
    at += 12 + length;
  }
  const stride = Math.ceil((width * channels * depth) / 8);
  const rows = inflated(parts, (stride + 1) * height);
  const pixel = Math.max(1, (channels * depth) >> 3);
  unfilter(rows, stride, height, pixel);
  const sample = (row: number, k: number) => sampleAt(rows, row * (stride + 1) + 1, k, depth);
  const values = new Float64Array(width * height);
  for (let v = 0, i = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) {
      if (type === 3) {
        const entry = sample(v, u);
        if (palette === undefined || 3 * entry + 2 >= palette.length) throw damaged('its palette is too short');
        values[i] =
          clear?.[entry] === 0
            ? Number.NaN
            : greyOf(palette[3 * entry], palette[3 * entry + 1], palette[3 * entry + 2]);
        continue;
      }
      const at = u * channels;
      if (channels % 2 === 0 && sample(v, at + channels - 1) === 0) values[i] = Number.NaN;
      else values[i] = channels < 3 ? sample(v, at) : greyOf(sample(v, at), sample(v, at + 1), sample(v, at + 2));
    }
  }
  return { width, height, values };
}

function inflated(parts: readonly Uint8Array[], size: number): Uint8Array {
  let out: Uint8Array;
  try {
    // Given its size, the library allocates nothing more, whatever the file says.
    out = unzlibSync(joinBytes(parts), { out: new Uint8Array(size) });
  } catch (error) {
    throw damaged('its data cannot be unpacked', error);
  }
  if (out.length < size) throw damaged('it ends too early');
  return out;
}

/** Undoes the filters of section 9 in place: none, left, up, mean of both, Paeth. */
function unfilter(rows: Uint8Array, stride: number, height: number, pixel: number): void {
  for (let row = 0; row < height; row++) {
    const at = row * (stride + 1);
    const filter = rows[at];
    if (filter > 4) throw damaged(`row ${row + 1} has an unknown filter`);
    if (filter === 0) continue;
    for (let k = 1; k <= stride; k++) {
      const left = k > pixel ? rows[at + k - pixel] : 0;
      const up = row > 0 ? rows[at + k - stride - 1] : 0;
      const corner = row > 0 && k > pixel ? rows[at + k - stride - 1 - pixel] : 0;
      const guess = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      rows[at + k] = (rows[at + k] + guess) & 0xff;
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function sampleAt(rows: Uint8Array, start: number, k: number, depth: number): number {
  if (depth === 8) return rows[start + k];
  if (depth === 16) return rows[start + 2 * k] * 256 + rows[start + 2 * k + 1];
  const bit = k * depth;
  return (rows[start + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function damaged(what: string, cause?: unknown): InputError {
  return new InputError(`cannot be read as PNG: ${what}`, { advice: 'the file is damaged: copy it again', cause });
}
