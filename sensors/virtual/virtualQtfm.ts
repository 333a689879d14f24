import { QTFM_GEN1_PER_NT, qtfmGen1, qtfmGen2 } from '../codecs/qtfm.js';
import { FLAGS } from '../samples.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

const AXES = ['X', 'Y', 'Z'] as const;
const COUNTER_WRAP = 500;

/**
 * QuSpin QTFM: the total field, by itself. Channel 0 of its model is that field; channels 1 to 3, where it has them,
 * are the vector of generation 2, one component per line in turns.
 */
export class VirtualQtfm implements VirtualDevice {
  readonly #out = new Outbox();
  readonly #clock: SampleClock;
  readonly #field: Float64Array;
  #count = 0;
  #start = Number.NaN;

  /** @param rate readings per second */
  constructor(
    readonly generation: 1 | 2,
    readonly model: SensorModel,
    readonly rate = 250,
    /** What the clock of generation 2 shows at the start, ms. */
    readonly clockStart = 0,
  ) {
    this.#clock = new SampleClock(rate);
    this.#field = new Float64Array(model.channels);
  }

  /** It needs no commands here. */
  receive(_bytes: Uint8Array, time: number): void {
    this.#advance(time);
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #advance(time: number): void {
    if (Number.isNaN(this.#start)) {
      this.#start = time;
      this.#clock.start(time);
    }
    this.#clock.due(time, at => this.#sample(at));
  }

  #sample(time: number): void {
    const flags = this.model.read(time, this.#field);
    const total = Math.abs(this.#field[0]) * 1e9;
    const valid = (flags & (FLAGS.unlocked | FLAGS.deadZone | FLAGS.overrange)) === 0;
    const n = this.#count++;
    if (this.generation === 1) {
      const mag = Math.round(total * QTFM_GEN1_PER_NT);
      const strength = valid ? 120 : 5;
      this.#out.put(qtfmGen1.encodeMessage({ kind: 'data', mag, strength, counter: n % COUNTER_WRAP }));
      return;
    }
    const axis = n % 3;
    const vector = { axis: AXES[axis], value: Number((this.#field[1 + axis] * 1e9).toFixed(3)) + 0, valid };
    this.#out.put(
      qtfmGen2.encodeMessage({
        kind: 'data',
        scalar: Number(total.toFixed(3)),
        scalarValid: valid,
        ...(this.#field.length >= 4 ? { vector } : {}),
        counter: (2 * n) % COUNTER_WRAP,
        time: Math.round(this.clockStart + (time - this.#start) * 1000),
        scalarSensitivity: valid ? 139 : 9,
        vectorSensitivity: 107,
      }),
    );
  }
}
