import { crc32 } from '../../../src/crc32.js';
import { InputError } from '../../../src/errors.js';
import type { Codec, Decoder } from '../codec.js';
import { frameDecoder } from '../frames.js';
import { latin1, messageLine } from '../lines.js';
import type { TwinleafCommand, TwinleafMessage, TwinleafPacket } from './packet.js';
import { formatPacket, HEADER_BYTES, MOST_PACKET, packetLength, parsePacket } from './packetBytes.js';

const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;
const NEWLINE = 0x0a;
const CRC_BYTES = 4;

/** Twinleaf TIO over a serial port: packets with CRC-32 in SLIP frames. */
export const twinleafSerial: Codec<TwinleafMessage, TwinleafCommand> = {
  decoder: () => serialDecoder(message => message),
  encode: serialBytes,
  commandDecoder: () => serialDecoder(packetOnly),
  encodeMessage: message => (isPacket(message) ? serialBytes(message) : otherBytes(message)),
};

/** Twinleaf TIO over TCP (port 7855): bare packets. */
export const twinleafTcp: Codec<TwinleafMessage, TwinleafCommand> = {
  decoder: () => tcpDecoder(message => message),
  encode: formatPacket,
  commandDecoder: () => tcpDecoder(packetOnly),
  encodeMessage(message) {
    if (isPacket(message)) return formatPacket(message);
    throw new InputError(`nothing but packets goes over TCP, no '${message.kind}'`);
  },
};

function isPacket(message: TwinleafMessage): message is TwinleafPacket {
  return message.kind !== 'text' && message.kind !== 'damaged';
}

function packetOnly(message: TwinleafMessage): TwinleafCommand | undefined {
  return isPacket(message) ? message : undefined;
}

/** A line of the text mode, or a frame that is no packet. */
function otherBytes(message: Exclude<TwinleafMessage, TwinleafPacket>): Uint8Array {
  return message.kind === 'text' ? messageLine(message.text) : Uint8Array.of(END, 0xff, END);
}

function serialBytes(packet: TwinleafPacket): Uint8Array {
  const bytes = formatPacket(packet);
  const crc = crc32(bytes);
  const out = new Uint8Array(2 * (bytes.length + CRC_BYTES) + 2);
  let length = 0;
  out[length++] = END;
  for (let i = 0; i < bytes.length + CRC_BYTES; i++) {
    const byte = i < bytes.length ? bytes[i] : (crc >>> (8 * (i - bytes.length))) & 0xff;
    if (byte === END || byte === ESCAPE) {
      out[length++] = ESCAPE;
      out[length++] = byte === END ? ESCAPED_END : ESCAPED_ESCAPE;
    } else out[length++] = byte;
  }
  out[length++] = END;
  return out.slice(0, length);
}

/**
 * Frames between END bytes. Errors before the first good packet are not reported: a port opened in mid-stream always
 * begins with half a frame, and the device may still speak text.
 */
function serialDecoder<Message>(pick: (message: TwinleafMessage) => Message | undefined): Decoder<Message> {
  const frame = new Uint8Array(MOST_PACKET + CRC_BYTES);
  let length = 0;
  let escaped = false;
  let broken = false;
  let seenGood = false;
  const give = (message: TwinleafMessage, out: Message[]) => {
    const picked = pick(message);
    if (picked !== undefined) out.push(picked);
  };
  const end = (out: Message[]) => {
    const packet = broken || escaped ? undefined : checkedPacket(frame.subarray(0, length));
    if (packet !== undefined) {
      seenGood = true;
      give(packet, out);
    } else if (length > 0 && !broken && isText(frame, length)) giveLines(out);
    else if ((length > 0 || broken) && seenGood) give({ kind: 'damaged' }, out);
    length = 0;
    escaped = broken = false;
  };
  const giveLines = (out: Message[]) => {
    for (const line of latin1(frame, 0, length).split(/[\r\n]+/))
      if (line !== '') give({ kind: 'text', text: line }, out);
  };
  return {
    push(bytes, out) {
      for (let i = 0; i < bytes.length; i++) {
        let byte = bytes[i];
        if (byte === END) {
          end(out);
          continue;
        }
        if (escaped) {
          escaped = false;
          if (byte === ESCAPED_END) byte = END;
          else if (byte === ESCAPED_ESCAPE) byte = ESCAPE;
          else broken = true;
        } else if (byte === ESCAPE) {
          escaped = true;
          continue;
        } else if (byte === 0 && length === 0) continue; // no type is 0; USB converters put zeros before the first frame
        if (broken) continue;
        if (length === frame.length) {
          broken = true;
          continue;
        }
        frame[length++] = byte;
        if (!seenGood && byte === NEWLINE && isText(frame, length)) {
          giveLines(out);
          length = 0;
        }
      }
    },
    reset() {
      length = 0;
      escaped = broken = seenGood = false;
    },
  };
}

function checkedPacket(frame: Uint8Array): TwinleafPacket | undefined {
  const length = frame.length - CRC_BYTES;
  if (length < HEADER_BYTES) return undefined;
  const crc = frame[length] | (frame[length + 1] << 8) | (frame[length + 2] << 16) | (frame[length + 3] << 24);
  const bytes = frame.subarray(0, length);
  return crc >>> 0 === crc32(bytes) ? parsePacket(bytes) : undefined;
}

/** Printable lines, with an end of line somewhere. */
function isText(frame: Uint8Array, length: number): boolean {
  let ends = false;
  for (let i = 0; i < length; i++) {
    const byte = frame[i];
    if (byte === 0x0d || byte === NEWLINE) ends = true;
    else if (byte !== 0x09 && (byte < 0x20 || byte > 0x7e)) return false;
  }
  return ends;
}

/**
 * Packets one behind the other. TCP loses nothing, so this hardly ever matters: after bytes that begin no packet, two
 * packets in a row are asked for before the first of them is believed.
 */
function tcpDecoder<Message>(pick: (message: TwinleafMessage) => Message | undefined): Decoder<Message> {
  let lost = false;
  const give = (message: TwinleafMessage, out: Message[]) => {
    const picked = pick(message);
    if (picked !== undefined) out.push(picked);
  };
  return frameDecoder<Message>(
    MOST_PACKET + HEADER_BYTES,
    (bytes, out) => {
      if (bytes.length < HEADER_BYTES) return 0;
      const length = packetLength(bytes);
      const next = bytes.subarray(length);
      if (length > 0 && bytes.length < length) return 0;
      if (length > 0 && lost && next.length < HEADER_BYTES) return 0;
      if (length === 0 || (lost && packetLength(next) === 0)) {
        if (!lost) give({ kind: 'damaged' }, out);
        lost = true;
        return 1;
      }
      lost = false;
      const packet = parsePacket(bytes.subarray(0, length));
      if (packet !== undefined) give(packet, out);
      return length;
    },
    () => {
      lost = false;
    },
  );
}
