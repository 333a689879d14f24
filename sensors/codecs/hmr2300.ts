import { InputError } from '../../src/errors.js';
import type { Codec, Decoder } from './codec.js';
import { frameDecoder } from './frames.js';
import { bytesOf, commandLine, latin1, lineDecoder, messageLine } from './lines.js';

/** T per count: 15000 counts per gauss. */
export const HMR2300_T_PER_COUNT = 1e-4 / 15_000;
/** Largest count of either sign: 2 G. */
export const HMR2300_MOST = 30_000;

export type Hmr2300Message =
  /** Counts of x, y, z. */
  | { readonly kind: 'sample'; readonly counts: readonly [number, number, number] }
  /** `OK`, `ASCII ON`, `Re-enter`, `SER# 1234`, ... */
  | { readonly kind: 'reply'; readonly text: string };

export type Hmr2300Command =
  /** `*99WE`: device 0..99 (99: all) and what follows, such as WE, A, B, R=20, P, C, #, H, Q. */
  | { readonly kind: 'command'; readonly device: number; readonly text: string }
  /** ESC: ends continuous output. */
  | { readonly kind: 'stop' };

export type Hmr2300Format = 'ascii' | 'binary';

const RETURN = 0x0d;
const ESCAPE = 0x1b;
const MOST = 128;
const FRAME = 7;
/** Good frames in a row before binary output is believed. */
const IN_ROW = 3;
/** Bytes that show every way to cut the stream into three frames. */
const ALL_WAYS = IN_ROW * FRAME + FRAME - 1;

/** Honeywell HMR2300 as it was told to answer (`*99A`, `*99B`); a change of format takes another decoder. */
export function hmr2300(format: Hmr2300Format): Codec<Hmr2300Message, Hmr2300Command> {
  return {
    decoder: format === 'binary' ? binaryDecoder : () => lineDecoder({ most: MOST, end: '\r' }, parseAscii),
    encode(command) {
      if (command.kind === 'stop') return Uint8Array.of(ESCAPE);
      const { device, text } = command;
      if (!(Number.isInteger(device) && device >= 0 && device <= 99)) {
        throw new InputError(`${device} is no number of a HMR2300`, { advice: 'give one from 0 to 99 (all)' });
      }
      return commandLine(`*${String(device).padStart(2, '0')}${text}`, '\r', MOST);
    },
    commandDecoder() {
      const lines = lineDecoder<Hmr2300Command>({ most: MOST, end: '\r' }, (line, out) => {
        const match = /^\s*\*(\d\d)(.*)$/.exec(line);
        if (match !== null) out.push({ kind: 'command', device: Number(match[1]), text: match[2] });
      });
      return {
        push(bytes, out) {
          let from = 0;
          for (let at = bytes.indexOf(ESCAPE); at >= 0; at = bytes.indexOf(ESCAPE, from)) {
            lines.push(bytes.subarray(from, at), out);
            out.push({ kind: 'stop' });
            from = at + 1;
          }
          lines.push(bytes.subarray(from), out);
        },
        reset: lines.reset,
      };
    },
    encodeMessage(message) {
      if (message.kind === 'reply') return messageLine(message.text, '\r');
      return format === 'binary' ? encodeBinary(message.counts) : encodeAscii(message.counts);
    },
  };
}

function checked(counts: readonly number[]): void {
  if (counts.every(count => Number.isInteger(count) && Math.abs(count) <= HMR2300_MOST)) return;
  throw new InputError(`counts of a HMR2300 are whole numbers up to ${HMR2300_MOST}, not ${counts.join(', ')}`);
}

function encodeBinary(counts: readonly number[]): Uint8Array {
  checked(counts);
  const bytes = new Uint8Array(FRAME);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 3; i++) view.setInt16(2 * i, counts[i]);
  bytes[6] = RETURN;
  return bytes;
}

/** Three fields of seven characters (sign, two digits, comma, three digits), two spaces after each. */
function encodeAscii(counts: readonly number[]): Uint8Array {
  checked(counts);
  const fields = counts.map(count => {
    const size = Math.abs(count);
    const thousands = String(Math.floor(size / 1000)).padStart(2, ' ');
    return `${count < 0 ? '-' : ' '}${thousands},${String(size % 1000).padStart(3, '0')}`;
  });
  return bytesOf(`${fields.join('  ')}  \r`);
}

function parseAscii(line: string, out: Hmr2300Message[]): void {
  // Some send a line feed too; replies and samples alike.
  const text = line.startsWith('\n') ? line.slice(1) : line;
  const counts = text.length === 27 ? [0, 9, 18].map(at => field(text.slice(at, at + 9))) : [Number.NaN];
  if (counts.some(Number.isNaN)) out.push({ kind: 'reply', text: text.trim() });
  else out.push({ kind: 'sample', counts: counts as [number, number, number] });
}

/** Sign, digits, a comma for the thousands; leading digits and the comma may be blank. */
function field(text: string): number {
  const match = /^([+-])?(\d{1,5})$/.exec(text.replace(/[ ,]/g, ''));
  if (match === null || !/^[ +-][ \d]{2}[, ][ \d]{2}\d {2}$/.test(text)) return Number.NaN;
  const size = Number(match[2]);
  if (size > HMR2300_MOST) return Number.NaN;
  return match[1] === '-' && size > 0 ? -size : size;
}

/**
 * Frames of seven bytes, never split at a carriage return: 0D occurs in the data, and a field of 22 to 24 uT even puts
 * one at the same place of every frame. Three good frames in a row tell where frames begin; where several ways to cut
 * fit, the one whose counts change least from frame to frame is right (a wrong one has a noisy low byte on top).
 */
function binaryDecoder(): Decoder<Hmr2300Message> {
  let locked = false;
  return frameDecoder<Hmr2300Message>(
    MOST,
    (bytes, out) => {
      if (locked) {
        if (bytes.length < FRAME) return 0;
        if (good(bytes, 0)) {
          out.push(sampleAt(bytes, 0));
          return FRAME;
        }
        locked = false;
      }
      const reply = replyAtStart(bytes);
      if (reply !== undefined) {
        if (reply.text !== '') out.push({ kind: 'reply', text: reply.text });
        return reply.length;
      }
      if (bytes.length < IN_ROW * FRAME) return 0;
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      let open = false;
      for (let at = 0; at < FRAME; at++) {
        const frames = Math.min(IN_ROW, Math.floor((bytes.length - at) / FRAME));
        if (!inRow(bytes, at, frames)) continue;
        if (frames < IN_ROW) {
          open = true;
          continue;
        }
        const change = changeOver(bytes, at);
        if (change < least) {
          least = change;
          best = at;
        }
      }
      // Another way to cut may still turn out to be the right one.
      if (open && bytes.length < ALL_WAYS) return 0;
      if (best < 0) return bytes.length < ALL_WAYS ? 0 : 1;
      locked = true;
      return best === 0 ? emitFirst(bytes, out) : best;
    },
    () => {
      locked = false;
    },
  );
}

function emitFirst(bytes: Uint8Array, out: Hmr2300Message[]): number {
  out.push(sampleAt(bytes, 0));
  return FRAME;
}

function good(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + FRAME - 1] !== RETURN) return false;
  for (let i = 0; i < 3; i++) if (Math.abs(countAt(bytes, at + 2 * i)) > HMR2300_MOST) return false;
  return true;
}

function inRow(bytes: Uint8Array, at: number, frames: number): boolean {
  for (let k = 0; k < frames; k++) if (!good(bytes, at + k * FRAME)) return false;
  return true;
}

function changeOver(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let k = 1; k < IN_ROW; k++) {
    for (let i = 0; i < 6; i += 2) {
      sum += Math.abs(countAt(bytes, at + k * FRAME + i) - countAt(bytes, at + (k - 1) * FRAME + i));
    }
  }
  return sum;
}

function countAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) >> 16) | bytes[at + 1];
}

function sampleAt(bytes: Uint8Array, at: number): Hmr2300Message {
  return { kind: 'sample', counts: [countAt(bytes, at), countAt(bytes, at + 2), countAt(bytes, at + 4)] };
}

/** What it says in words while it sends no data. */
const REPLY = /^\n?(OK|ASCII ON|BINARY ON|Re-enter|SER# ?\w{1,12}|ID= ?\d{1,2}|H\/W vers.{1,40}|S\/W vers.{1,40})$/;

/** A reply at the start; one that is only begun waits for more bytes as frames do. */
function replyAtStart(bytes: Uint8Array): { text: string; length: number } | undefined {
  const end = bytes.indexOf(RETURN);
  if (end < 0 || end > 60) return undefined;
  const match = REPLY.exec(latin1(bytes, 0, end));
  return match === null ? undefined : { text: match[1], length: end + 1 };
}
