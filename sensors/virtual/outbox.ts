import { joinBytes } from '../../src/bytes.js';

/** Bytes that a simulated device has to send. */
export class Outbox {
  #parts: Uint8Array[] = [];

  put(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#parts.push(bytes);
  }

  /** Everything since the last call. */
  take(): Uint8Array {
    const bytes = joinBytes(this.#parts);
    this.#parts = [];
    return bytes;
  }
}

/** The moments of regular sampling. */
export class SampleClock {
  #next = Number.POSITIVE_INFINITY;
  #start = 0;
  #count = 0;

  /** @param rate samples per second */
  constructor(public rate: number) {}

  get running(): boolean {
    return Number.isFinite(this.#next);
  }

  /** The first sample comes one period later. */
  start(time: number): void {
    this.#start = time;
    this.#count = 0;
    this.#next = time + 1 / this.rate;
  }
  stop(): void {
    this.#next = Number.POSITIVE_INFINITY;
  }

  /** Calls `take` for every sample that has become due, with its time. */
  due(time: number, take: (time: number) => void): void {
    // The slack keeps a sample that is due now from being late by a rounding.
    while (this.#next <= time + 1e-9) {
      const at = this.#next;
      this.#count++;
      this.#next = this.#start + (this.#count + 1) / this.rate;
      take(at);
    }
  }
}
