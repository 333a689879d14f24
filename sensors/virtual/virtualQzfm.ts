import { QZFM_T_PER_COUNT, QZFM_ZERO, type QzfmCommand, type QzfmMessage, qzfm } from '../codecs/qzfm.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

export interface VirtualQzfmOptions {
  /** From `>` until everything is locked, s; minutes in earnest. */
  readonly warmUp?: number;
  /** Time constant with which the coils settle, s. */
  readonly zeroTime?: number;
  readonly calibrationTime?: number;
  /** Largest field that the coils compensate, T. */
  readonly coils?: number;
}

const DATA_RATE = 200;
const STATUS_RATE = 7.5;
const COIL_ZERO = 32_768;

/** QuSpin QZFM: start, zero, calibrate, print one axis. Its model gives x, y, z (or fewer). */
export class VirtualQzfm implements VirtualDevice {
  readonly #commands = qzfm.commandDecoder();
  readonly #out = new Outbox();
  readonly #data = new SampleClock(DATA_RATE);
  readonly #status = new SampleClock(STATUS_RATE);
  readonly #field: Float64Array;
  readonly #compensation = new Float64Array(3);
  /** What is said at which time. */
  readonly #later: { readonly time: number; readonly messages: readonly QzfmMessage[]; readonly locked?: boolean }[] =
    [];
  #booted = false;
  #zeroing = false;
  #lastZero = 0;
  #axis = 2;
  #locked = false;

  constructor(
    readonly model: SensorModel,
    readonly options: VirtualQzfmOptions = {},
  ) {
    this.#field = new Float64Array(model.channels);
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    const commands: QzfmCommand[] = [];
    this.#commands.push(bytes, commands);
    for (const { kind } of commands) this.#obey(kind, time);
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #say(...messages: QzfmMessage[]): void {
    for (const message of messages) this.#out.put(qzfm.encodeMessage(message));
  }

  #obey(kind: QzfmCommand['kind'], time: number): void {
    const led = (name: 'laser' | 'cellTemperature' | 'laserLock' | 'fieldZeroed' | 'master', on: boolean) =>
      ({ kind: 'led', led: name, on }) as const;
    const axes = { axisX: 0, axisY: 1, axisZ: 2 } as const;
    if (kind === 'autoStart') {
      const warmUp = this.options.warmUp ?? 2;
      this.#say({ kind: 'text', text: 'Auto start' }, led('laser', true));
      this.#later.push({ time: time + warmUp / 2, messages: [led('cellTemperature', true)] });
      this.#later.push({ time: time + warmUp, messages: [led('laserLock', true)], locked: true });
    } else if (kind === 'zeroOn') {
      this.#zeroing = true;
      this.#lastZero = time;
      this.#later.push({ time: time + (this.options.zeroTime ?? 0.5) * 5, messages: [led('fieldZeroed', true)] });
    } else if (kind === 'zeroOff') this.#zeroing = false;
    else if (kind === 'coilsOff') {
      this.#compensation.fill(0);
      this.#say(led('fieldZeroed', false));
    } else if (kind === 'calibrate') {
      this.#say({ kind: 'text', text: 'Calibrating' });
      const done = { kind: 'text', text: 'Calibration done: 1.02, 0.98, 1.00' } as const;
      this.#later.push({ time: time + (this.options.calibrationTime ?? 1), messages: [done] });
    } else if (kind === 'print') {
      this.#data.start(time);
      this.#status.stop();
    } else if (kind === 'noPrint') {
      this.#data.stop();
      this.#status.start(time);
    } else if (kind === 'axisX' || kind === 'axisY' || kind === 'axisZ') this.#axis = axes[kind];
    else if (kind === 'master' || kind === 'slave') this.#say(led('master', kind === 'master'));
    else if (kind === 'reboot') {
      this.#booted = this.#locked = this.#zeroing = false;
      this.#compensation.fill(0);
      this.#later.length = 0;
      this.#data.stop();
      this.#advance(time);
    } else this.#say({ kind: 'text', text: kind });
  }

  #advance(time: number): void {
    if (!this.#booted) {
      this.#booted = true;
      this.#status.start(time);
      this.#say({ kind: 'text', text: 'QZFM' }, { kind: 'led', led: 'laser', on: false });
    }
    this.#later.sort((a, b) => a.time - b.time);
    while (this.#later.length > 0 && this.#later[0].time <= time) {
      const { messages, locked } = this.#later.shift()!;
      this.#say(...messages);
      if (locked === true) this.#locked = true;
    }
    if (this.#zeroing) this.#zero(time);
    this.#status.due(time, () => this.#parameters());
    this.#data.due(time, at => {
      const value = Math.round(this.#reading(at, this.#axis) / QZFM_T_PER_COUNT) + QZFM_ZERO;
      this.#say({ kind: 'data', value: Math.max(0, Math.min(9_999_999, value)) });
    });
  }

  /** The coils follow the field with their time constant. */
  #zero(time: number): void {
    const part = 1 - Math.exp(-(time - this.#lastZero) / (this.options.zeroTime ?? 0.5));
    this.#lastZero = time;
    this.model.read(time, this.#field);
    const most = this.options.coils ?? 50e-9;
    for (let i = 0; i < this.#field.length && i < 3; i++) {
      const aim = Math.max(-most, Math.min(most, this.#field[i]));
      this.#compensation[i] += part * (aim - this.#compensation[i]);
    }
  }

  /** Not locked, it reads nothing. */
  #reading(time: number, axis: number): number {
    this.model.read(time, this.#field);
    const channel = Math.min(axis, this.#field.length - 1);
    return this.#locked ? this.#field[channel] - this.#compensation[channel] : 0;
  }

  #parameters(): void {
    const coil = (number: number, axis: number) =>
      ({ kind: 'parameter', number, value: Number((this.#compensation[axis] * 1e12 + COIL_ZERO).toFixed(2)) }) as const;
    const error = this.#locked ? 100 : 400_000;
    this.#say({ kind: 'parameter', number: 4, value: QZFM_ZERO + error }, coil(7, 2), coil(8, 1), coil(9, 0));
  }
}
