import { zlibSync } from 'fflate';
import { joinBytes } from '../bytes.js';
import { crc32 } from '../crc32.js';
import { LEVELS } from './colour.js';

/**
 * A PNG with a palette (colour type 3, 8 bit): one byte per pixel, which a map needs and no more. Palette entry 0 is
 * transparent. Format: W3C PNG specification, third edition, sections 5 and 11.
 * @param indices width * height palette entries, first row on top.
 * @param palette 256 entries of red, green, blue.
 */
export function encodePng(
  width: number,
  height: number,
  indices: Uint8Array,
  palette: Uint8Array,
): Uint8Array<ArrayBuffer> {
  // Each row is preceded by its filter; filters do not help a palette, so it is always 0 (none).
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0; row < height; row++) {
    rows.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8);
  return joinBytes([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette.subarray(0, 3 * (LEVELS + 1))),
    chunk('tRNS', new Uint8Array([0])),
    chunk('IDAT', zlibSync(rows, { level: 6 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)));
  return out;
}

/** Base64 of bytes, in Node and in the browser alike. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: one call with a million arguments overflows the stack.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
