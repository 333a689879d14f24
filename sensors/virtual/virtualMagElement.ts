import {
  MAGELEMENT_DEAD_ZONE,
  MAGELEMENT_FRAME,
  MAGELEMENT_T_PER_COUNT,
  type MagElementFrame,
  magelement,
} from '../codecs/magelement.js';
import { FLAGS } from '../samples.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

const FRAMES = 40;
const RATE = 1000;

/** Geometrics MagElement: blocks of 40 at 1 kHz, or decimated records; a heartbeat every second. */
export class VirtualMagElement implements VirtualDevice {
  readonly #out = new Outbox();
  readonly #clock: SampleClock;
  readonly #heartbeat = new SampleClock(1);
  readonly #field: Float64Array;
  #frames: MagElementFrame[] = [];
  #count = 0;

  /** @param rate of decimated records, 1/s; absent: blocks */
  constructor(
    readonly model: SensorModel,
    readonly rate?: number,
  ) {
    this.#clock = new SampleClock(rate ?? RATE);
    this.#field = new Float64Array(model.channels);
  }

  /** It takes no commands. */
  receive(_bytes: Uint8Array, time: number): void {
    this.#advance(time);
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #advance(time: number): void {
    if (!this.#clock.running) {
      this.#clock.start(time);
      this.#heartbeat.start(time);
    }
    this.#clock.due(time, at => this.#sample(at));
    this.#heartbeat.due(time, () => {
      this.#out.put(magelement.encodeMessage({ kind: 'heartbeat', payload: new Uint8Array(100) }));
    });
  }

  #sample(time: number): void {
    const flags = this.model.read(time, this.#field);
    const valid = (flags & FLAGS.unlocked) === 0;
    const [first, second = first] = [...this.#field].map(Math.abs);
    const index = this.#count++;
    if (this.rate !== undefined) {
      this.#out.put(
        magelement.encodeMessage({
          kind: 'decimated',
          index,
          field: first * 1e9,
          strength: 1,
          valid: valid ? 1 : 0,
          compass: [0, 0, 0],
          acceleration: [0, 0, 1],
          gyro: [0, 0, 0],
          temperature: 25,
        }),
      );
      return;
    }
    const status = (flags & FLAGS.deadZone) === 0 ? 0 : MAGELEMENT_DEAD_ZONE;
    const marks = valid ? MAGELEMENT_FRAME.mag1Valid | MAGELEMENT_FRAME.mag2Valid : 0;
    this.#frames.push({
      frameId: (index & MAGELEMENT_FRAME.counter) | marks,
      systemStatus: 0,
      mag1: Math.round(first / MAGELEMENT_T_PER_COUNT),
      mag1Status: status,
      mag2: Math.round(second / MAGELEMENT_T_PER_COUNT),
      mag2Status: status,
      aux: [0, 0, 0, 0],
      adc: [0, 0, 0, 0],
    });
    if (this.#frames.length < FRAMES) return;
    this.#out.put(magelement.encodeMessage({ kind: 'block', index: index - FRAMES + 1, frames: this.#frames }));
    this.#frames = [];
  }
}
