import { joinBytes } from '../../src/bytes.js';
import { type Random, random } from '../../src/random.js';
import { bytesOf, latin1 } from '../codecs/lines.js';
import type { VirtualDevice } from './virtualDevice.js';

export interface LineFaults {
  readonly seed?: number;
  /** Chance that a byte from the device is changed. */
  readonly flip?: number;
  /** Chance that a poll's bytes lose their second half. */
  readonly cut?: number;
  /** Chance that random bytes come before a poll's bytes. */
  readonly garbage?: number;
}

const MOST_GARBAGE = 40;

/** The cable between a simulated device and the host, with what can happen to it; the same every time for a seed. */
export class FaultyLine implements VirtualDevice {
  readonly #random: Random;
  readonly #edits: { readonly find: string; readonly put: string; count: number }[] = [];
  #stalledFrom = Number.POSITIVE_INFINITY;
  #stalledTo = Number.POSITIVE_INFINITY;
  #unpluggedAt = Number.POSITIVE_INFINITY;
  #held = new Uint8Array(0);

  constructor(
    readonly device: VirtualDevice,
    readonly faults: LineFaults = {},
  ) {
    this.#random = random(faults.seed ?? 1);
  }

  /** The next `count` occurrences of a text from the device never arrive (`ok\r\n`). They must come in one poll. */
  drop(text: string, count = 1): void {
    this.#edits.push({ find: text, put: '', count });
  }

  /** The next `count` occurrences of a text arrive twice. */
  double(text: string, count = 1): void {
    this.#edits.push({ find: text, put: text + text, count });
  }

  /** Nothing passes in either direction from one time to another; what the device says meanwhile comes afterwards. */
  stall(from: number, to: number): void {
    this.#stalledFrom = from;
    this.#stalledTo = to;
  }

  /** From then on nothing passes any more. */
  unplug(time: number): void {
    this.#unpluggedAt = time;
  }

  /** Whoever owns the port closes it then. */
  unplugged(time: number): boolean {
    return time >= this.#unpluggedAt;
  }

  receive(bytes: Uint8Array, time: number): void {
    if (this.unplugged(time) || this.#stalled(time)) return;
    this.device.receive(bytes, time);
  }

  poll(time: number): Uint8Array {
    const said = this.device.poll(time);
    if (this.unplugged(time)) return new Uint8Array(0);
    if (this.#stalled(time)) {
      this.#held = joinBytes([this.#held, said]);
      return new Uint8Array(0);
    }
    const bytes = joinBytes([this.#held, said]);
    this.#held = new Uint8Array(0);
    return bytes.length === 0 ? bytes : this.#damage(this.#edit(bytes));
  }

  #stalled(time: number): boolean {
    return time >= this.#stalledFrom && time < this.#stalledTo;
  }

  #edit(bytes: Uint8Array): Uint8Array {
    let text: string | undefined;
    for (const edit of this.#edits) {
      if (edit.count === 0) continue;
      text ??= latin1(bytes);
      for (let at = text.indexOf(edit.find); at >= 0 && edit.count > 0; at = text.indexOf(edit.find, at)) {
        text = text.slice(0, at) + edit.put + text.slice(at + edit.find.length);
        at += edit.put.length;
        edit.count--;
      }
    }
    return text === undefined ? bytes : bytesOf(text);
  }

  #damage(bytes: Uint8Array): Uint8Array {
    const { flip = 0, cut = 0, garbage = 0 } = this.faults;
    let out = bytes;
    if (flip > 0) {
      out = out.map(byte =>
        this.#random.uniform() < flip ? byte ^ (1 << Math.floor(this.#random.uniform() * 8)) : byte,
      );
    }
    if (cut > 0 && this.#random.uniform() < cut) out = out.subarray(0, out.length >> 1);
    if (garbage > 0 && this.#random.uniform() < garbage) {
      const length = 1 + Math.floor(this.#random.uniform() * MOST_GARBAGE);
      out = joinBytes([Uint8Array.from({ length }, () => Math.floor(this.#random.uniform() * 256)), out]);
    }
    return out;
  }
}
