import { crc32 } from 'node:zlib';

/*
 * The journal is a row of frames: four bytes SAVJ, u32 length of the payload, u32 CRC-32 of the payload (little-endian),
 * payload. A frame that was cut off or damaged is passed over: the next SAVJ whose length and CRC agree goes on.
 */

const HEAD = 12;
const MARK = Uint8Array.of(0x53, 0x41, 0x56, 0x4a);
/** Longer payloads are taken for damage. */
export const MOST_PAYLOAD = 1 << 26;

/** A frame around a payload. */
export function frame(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(HEAD + payload.length);
  out.set(MARK);
  const view = new DataView(out.buffer);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, crc32(payload), true);
  out.set(payload, HEAD);
  return out;
}

/** Bytes in, whole payloads out; fed in chunks of any size. */
export class Deframer {
  #kept = new Uint8Array(0);
  /** Offset in the file of the first byte kept. */
  #offset = 0;
  /** End of the last whole frame in the file: what follows is cut off or damaged. */
  end = 0;
  /** Bytes passed over between whole frames. */
  damaged = 0;

  push(bytes: Uint8Array, onPayload: (payload: Uint8Array) => void): void {
    const all = new Uint8Array(this.#kept.length + bytes.length);
    all.set(this.#kept);
    all.set(bytes, this.#kept.length);
    let at = 0;
    while (at + HEAD <= all.length) {
      const length = payloadLength(all, at);
      if (length > MOST_PAYLOAD) {
        at = nextMark(all, at + 1);
        continue;
      }
      if (at + HEAD + length > all.length) break;
      if (!this.#take(all, at, length, onPayload)) at = nextMark(all, at + 1);
      else at += HEAD + length;
    }
    this.#kept = all.slice(at);
    this.#offset += at;
  }

  /** At the end of the file: what a damaged length held back is searched for whole frames. */
  finish(onPayload: (payload: Uint8Array) => void): void {
    const all = this.#kept;
    for (let at = nextMark(all, 1); at + HEAD <= all.length; ) {
      const length = payloadLength(all, at);
      const whole = at + HEAD + length <= all.length && this.#take(all, at, length, onPayload);
      at = whole ? at + HEAD + length : nextMark(all, at + 1);
    }
    this.#offset += all.length;
    this.#kept = new Uint8Array(0);
  }

  #take(all: Uint8Array, at: number, length: number, onPayload: (payload: Uint8Array) => void): boolean {
    const payload = all.subarray(at + HEAD, at + HEAD + length);
    if (new DataView(all.buffer, all.byteOffset + at).getUint32(8, true) !== crc32(payload)) return false;
    this.damaged += this.#offset + at - this.end;
    this.end = this.#offset + at + HEAD + length;
    onPayload(payload);
    return true;
  }
}

/**
 * The length that stands in a head; more than any payload where there is no mark. No payload is empty: zeros behind a mark, which
 * a power cut leaves and which have the check sum 0, are no frame.
 */
function payloadLength(all: Uint8Array, at: number): number {
  for (let i = 0; i < MARK.length; i++) if (all[at + i] !== MARK[i]) return Infinity;
  return new DataView(all.buffer, all.byteOffset + at).getUint32(4, true) || Infinity;
}

function nextMark(all: Uint8Array, from: number): number {
  const at = Buffer.from(all.buffer, all.byteOffset, all.length).indexOf(MARK, from);
  // What may be the beginning of a mark stays.
  return at < 0 ? Math.max(from, all.length - (MARK.length - 1)) : at;
}
