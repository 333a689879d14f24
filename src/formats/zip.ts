import { inflateSync, type Zippable, zipSync } from 'fflate';
import { crc32 } from '../crc32.js';
import { InputError } from '../errors.js';

/**
 * ZIP archives in memory, as NPZ needs them. The directory is read here, because sizes and checksums must be checked
 * before anything is unpacked, which fflate's own reader does not do; fflate inflates and writes.
 */

/** Deflate never expands by more than this; a larger claim is a forged header. */
const LARGEST_RATIO = 1032;

const ADVICE = 'the file is truncated or damaged: copy it again';

export function isZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * The members of an archive whose name ends in `suffix`, without that suffix.
 * @throws {InputError} when the archive is damaged, encrypted, compressed in an unknown way, or beyond 4 GB.
 */
export function readZip(bytes: Uint8Array, suffix: string): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findDirectoryEnd(bytes, view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const out = new Map<string, Uint8Array>();
  let packed = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw broken('its directory is damaged');
    packed += view.getUint32(at + 20, true);
    // Members that share their data are how small archives unpack to terabytes.
    if (packed > bytes.length) throw broken('its members overlap');
    const nameLength = view.getUint16(at + 28, true);
    const nameEnd = at + 46 + nameLength;
    if (nameEnd > bytes.length) throw broken('its directory is damaged');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
    if (name.endsWith(suffix)) out.set(name.slice(0, -suffix.length), readMember(bytes, view, at, name));
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return out;
}

function readMember(bytes: Uint8Array, view: DataView, entry: number, name: string): Uint8Array {
  const flags = view.getUint16(entry + 8, true);
  const method = view.getUint16(entry + 10, true);
  const checksum = view.getUint32(entry + 16, true);
  const packed = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const header = view.getUint32(entry + 42, true);
  if (flags & 1)
    throw new InputError('is encrypted', { column: name, advice: 'unpack it and pack it again without a password' });
  if (packed === 0xffffffff || size === 0xffffffff || header === 0xffffffff) {
    throw new InputError('is larger than 4 GB', { column: name, advice: 'split the scan, or save it as HDF5' });
  }
  if (header + 30 > bytes.length || view.getUint32(header, true) !== 0x04034b50) {
    throw broken('its header is damaged', name);
  }
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (start + packed > bytes.length) throw broken('it ends before its data', name);
  const source = bytes.subarray(start, start + packed);
  const data = unpack(source, method, size, name);
  if (data.length !== size || crc32(data) !== checksum) throw broken('its checksum does not fit its data', name);
  return data;
}

function unpack(source: Uint8Array, method: number, size: number, name: string): Uint8Array {
  if (method === 0) return source;
  if (method !== 8) {
    const advice = 'use numpy.savez or numpy.savez_compressed';
    throw new InputError(`is compressed by method ${method}, which is not supported`, { column: name, advice });
  }
  if (size > source.length * LARGEST_RATIO + 64) throw broken('it claims an impossible size', name);
  try {
    return inflateSync(source, { out: new Uint8Array(size) });
  } catch (cause) {
    throw broken('its compressed data are damaged', name, cause);
  }
}

/** The end record stands last, before a comment of up to 65 535 bytes. */
function findDirectoryEnd(bytes: Uint8Array, view: DataView): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65_535); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw broken('its directory is missing');
}

function broken(message: string, name?: string, cause?: unknown): InputError {
  const place = name === undefined ? {} : { column: name };
  return new InputError(`${name === undefined ? 'the archive' : 'this member'} cannot be read: ${message}`, {
    ...place,
    advice: ADVICE,
    cause,
  });
}

/** Packs members without compressing them (measured fields hardly shrink), with a fixed date: same input, same bytes. */
export function writeZip(members: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const zippable: Zippable = {};
  for (const [name, data] of members) zippable[name] = [data, { level: 0 }];
  return zipSync(zippable, { level: 0, mtime: new Date(1980, 0, 1) });
}
