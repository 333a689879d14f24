import { FLAGS, type SampleBlock } from '../samples.js';

/** Turns the raw values of a reading (from `at` on) into T along the element's axes. */
export type Scale = (raw: Float64Array, at: number, field: Float64Array, fieldAt: number, channels: number) => void;

/** Values that are multiples of a step: T = raw * scale. */
export function scaledBy(scale: number): Scale {
  return (raw, at, field, fieldAt, channels) => {
    for (let c = 0; c < channels; c++) field[fieldAt + c] = raw[at + c] * scale;
  };
}

/** What is known of a reading besides its values. */
export interface ReadingTimes {
  /** Unwrapped; NaN: the device has none. */
  readonly counter: number;
  readonly deviceTime: number;
  /** s. */
  readonly hostTime: number;
}

const FIRST_ROOM = 64;

/**
 * The readings of one element, gathered into blocks: raw and scaled values, counter, times, flags. A reading beyond the
 * range, or that is no number, is flagged here for every kind of sensor alike.
 */
export class ElementStream {
  #count = 0;
  #room = 0;
  #gap = false;
  #counter!: Float64Array;
  #deviceTime!: Float64Array;
  #hostTime!: Float64Array;
  #flags!: Uint16Array;
  #raw!: Float64Array;
  #field!: Float64Array;

  /** @param range largest field of either sign, T */
  constructor(
    readonly channels: number,
    private readonly scale: Scale,
    private readonly range: number,
  ) {
    this.#grow();
  }

  /** The next reading is flagged: something is missing before it. */
  gap(): void {
    this.#gap = true;
  }

  /** @param raw values of the reading from `at` on, one per channel */
  push(raw: Float64Array, at: number, times: ReadingTimes, flags = 0): void {
    if (this.#count === this.#room) this.#grow();
    const i = this.#count++;
    const { channels } = this;
    this.#counter[i] = times.counter;
    this.#deviceTime[i] = times.deviceTime;
    this.#hostTime[i] = times.hostTime;
    for (let c = 0; c < channels; c++) this.#raw[i * channels + c] = raw[at + c];
    this.scale(raw, at, this.#field, i * channels, channels);
    let all = flags | (this.#gap ? FLAGS.gap : 0);
    this.#gap = false;
    for (let c = 0; c < channels; c++) {
      const value = this.#field[i * channels + c];
      if (Math.abs(value) >= this.range) all |= FLAGS.overrange;
      else if (!Number.isFinite(value)) all |= FLAGS.unlocked;
    }
    this.#flags[i] = all;
  }

  /** The readings since the last time; undefined: none. */
  take(): SampleBlock | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    this.#count = 0;
    const values = count * this.channels;
    return {
      count,
      channels: this.channels,
      counter: this.#counter.slice(0, count),
      deviceTime: this.#deviceTime.slice(0, count),
      hostTime: this.#hostTime.slice(0, count),
      flags: this.#flags.slice(0, count),
      raw: this.#raw.slice(0, values),
      field: this.#field.slice(0, values),
    };
  }

  #grow(): void {
    const room = Math.max(FIRST_ROOM, 2 * this.#room);
    const grown = (old: Float64Array | undefined, length: number) => {
      const out = new Float64Array(length);
      if (old !== undefined) out.set(old);
      return out;
    };
    this.#counter = grown(this.#counter, room);
    this.#deviceTime = grown(this.#deviceTime, room);
    this.#hostTime = grown(this.#hostTime, room);
    this.#raw = grown(this.#raw, room * this.channels);
    this.#field = grown(this.#field, room * this.channels);
    const flags = new Uint16Array(room);
    if (this.#flags !== undefined) flags.set(this.#flags);
    this.#flags = flags;
    this.#room = room;
  }
}
