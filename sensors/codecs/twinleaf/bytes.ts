const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads a packet from its start; past its end it gives zeros and sets {@link short}. */
export class ByteReader {
  short = false;
  #at: number;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    at = 0,
  ) {
    this.#at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }
  u8(): number {
    return this.#next(1) ? this.#view.getUint8(this.#at++) : 0;
  }
  u16(): number {
    return this.#next(2) ? this.#view.getUint16((this.#at += 2) - 2, true) : 0;
  }
  u32(): number {
    return this.#next(4) ? this.#view.getUint32((this.#at += 4) - 4, true) : 0;
  }
  f32(): number {
    return this.#next(4) ? this.#view.getFloat32((this.#at += 4) - 4, true) : 0;
  }
  text(length: number): string {
    return decoder.decode(this.take(length));
  }
  /** A copy. */
  take(length: number): Uint8Array {
    if (!this.#next(length)) return new Uint8Array(0);
    this.#at += length;
    return this.bytes.slice(this.#at - length, this.#at);
  }
  rest(): Uint8Array {
    return this.take(this.left);
  }
  moveTo(at: number): void {
    if (at > this.bytes.length) this.short = true;
    else this.#at = at;
  }

  #next(length: number): boolean {
    if (this.left < length) this.short = true;
    return this.left >= length;
  }
}

/** Collects the bytes of a packet, least significant first. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }
  u8(...values: number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }
  u16(value: number): this {
    return this.u8(value, value >>> 8);
  }
  u24(value: number): this {
    return this.u8(value, value >>> 8, value >>> 16);
  }
  u32(value: number): this {
    return this.u8(value, value >>> 8, value >>> 16, value >>> 24);
  }
  f32(value: number): this {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, true);
    return this.u32(view.getUint32(0, true));
  }
  put(bytes: Uint8Array): this {
    return this.u8(...bytes);
  }
  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** A text as bytes (UTF-8). */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
