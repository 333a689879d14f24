import { InputError } from '../../src/errors.js';
import type { Decoder } from './codec.js';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface LineOptions {
  /** Longest line, bytes; a longer one is dropped up to its end. */
  readonly most: number;
  /** The one character that ends a line; by default `\r` and `\n`, of which `\r\n` ends it once and adds an empty one. */
  readonly end?: string;
  /** Whether empty lines are passed on. */
  readonly keepEmpty?: boolean;
}

/**
 * Lines of text out of chunks of any size: bytes as Latin-1, NULs dropped. What is kept is never longer than
 * `most`.
 * @param parse appends to `out` what a line says, without its end
 */
export function lineDecoder<Message>(
  options: LineOptions,
  parse: (line: string, out: Message[]) => void,
): Decoder<Message> {
  const buffer = new Uint8Array(options.most);
  const end = options.end?.charCodeAt(0) ?? NEWLINE;
  const other = options.end === undefined ? RETURN : end;
  let length = 0;
  let tooLong = false;
  return {
    push(bytes, out) {
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i];
        if (byte === end || byte === other) {
          if (!tooLong && (length > 0 || options.keepEmpty)) parse(latin1(buffer, 0, length), out);
          length = 0;
          tooLong = false;
        } else if (byte !== 0) {
          if (length === buffer.length) tooLong = true;
          else buffer[length++] = byte;
        }
      }
    },
    reset() {
      length = 0;
      tooLong = false;
    },
  };
}

/** Bytes from `start` to `end` as Latin-1; for short pieces. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** Characters up to U+00FF as bytes. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * A line to be sent to a device.
 * @throws {InputError} where it holds anything but printable ASCII and tabs, or is longer than `most`
 */
export function commandLine(text: string, end: string, most: number): Uint8Array {
  if (!/^[\t\x20-\x7e]*$/.test(text)) {
    throw new InputError(`a device cannot be told ${JSON.stringify(text.slice(0, 60))}`, {
      advice: 'send printable ASCII characters only, one line at a time',
    });
  }
  if (text.length > most) {
    throw new InputError(`a line of ${text.length} characters is too long for the device`, {
      advice: `send ${most} characters at most`,
    });
  }
  return bytesOf(text + end);
}

/** A line that a simulated device sends: Latin-1 without NUL and line ends. @throws {InputError} */
export function messageLine(text: string, end = '\r\n'): Uint8Array {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code === NEWLINE || code === RETURN || code > 0xff) {
      throw new InputError(`no device sends ${JSON.stringify(text.slice(0, 60))} in one line`);
    }
  }
  return bytesOf(text + end);
}
