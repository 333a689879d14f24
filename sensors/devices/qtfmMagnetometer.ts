import { z } from 'zod';
import type { RigSensor } from '../../src/model/rig.js';
import {
  type QtfmCommand,
  type QtfmGen1Message,
  type QtfmGen2Message,
  qtfmGen1,
  qtfmGen1Field,
  qtfmGen2,
} from '../codecs/qtfm.js';
import { ClockUnwrapper, CounterUnwrapper } from '../codecs/unwrap.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import { type Scale, scaledBy } from './elementStream.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const settings = z.strictObject({
  start: z.string().max(60).default('').describe('the characters sent to begin'),
  stop: z.string().max(60).default('').describe('the characters sent to end'),
  counter_wrap: z.number().positive().default(500).describe('the value at which its counter begins at 0 again'),
  counter_step: z.number().positive().optional().describe('the step of its counter; by default 1, second generation 2'),
  clock_wrap_ms: z
    .number()
    .positive()
    .default(2 ** 32)
    .describe('the value at which its clock begins at 0 again, ms'),
  least_strength: z
    .number()
    .min(0)
    .default(0)
    .describe('the signal strength below which it is not locked (first generation)'),
});
type Settings = z.output<typeof settings>;

const NO_READINGS = "check its generation (driver qtfm_gen1 or qtfm_gen2), and 'start' of its options";

/** QuSpin total-field magnetometer: one reading along the ambient field, which `axes` of its element states. */
abstract class QtfmMagnetometer<Message> extends StreamMagnetometer<Message, QtfmCommand> {
  protected readonly raw = new Float64Array(1);
  protected readonly counter: CounterUnwrapper;

  constructor(
    context: DeviceContext,
    codec: ConstructorParameters<typeof StreamMagnetometer<Message, QtfmCommand>>[1],
    protected readonly settings: Settings,
    sensor: RigSensor,
    scale: Scale,
    step: number,
  ) {
    super(context, codec, sensor, () => scale);
    this.requireChannels(1, 1);
    this.counter = new CounterUnwrapper(settings.counter_wrap, settings.counter_step ?? step);
  }

  protected override async setUp(): Promise<void> {
    this.#say(this.settings.start);
    await this.firstReading(NO_READINGS);
  }

  protected override async begin(): Promise<void> {
    if (this.settings.stop !== '') this.#say(this.settings.start);
  }

  protected override async end(): Promise<void> {
    this.#say(this.settings.stop);
  }

  /** The counter, and a gap where it leaps. */
  protected counted(value: number | undefined): number {
    if (value === undefined) return Number.NaN;
    const counter = this.counter.push(value);
    if (this.counter.missing > 0 || this.counter.restarted) this.gap();
    return counter;
  }

  #say(characters: string): void {
    for (const character of characters) this.port.send({ kind: 'character', character });
  }
}

class QtfmGen1Magnetometer extends QtfmMagnetometer<QtfmGen1Message> {
  constructor(context: DeviceContext, options: Settings, sensor: RigSensor) {
    const scale: Scale = (raw, at, field, fieldAt) => {
      field[fieldAt] = qtfmGen1Field(raw[at]);
    };
    super(context, qtfmGen1, options, sensor, scale, 1);
  }

  protected override accept(message: QtfmGen1Message, time: number): void {
    if (message.kind === 'text') this.identity = `QTFM ${message.text}`.slice(0, 80);
    if (message.kind !== 'data') return;
    this.raw[0] = message.mag;
    const weak = message.strength !== undefined && message.strength < this.settings.least_strength;
    const times = { counter: this.counted(message.counter), deviceTime: Number.NaN, hostTime: time };
    this.streams[0].push(this.raw, 0, times, weak ? FLAGS.unlocked : 0);
  }
}

class QtfmGen2Magnetometer extends QtfmMagnetometer<QtfmGen2Message> {
  readonly #clock: ClockUnwrapper;

  constructor(context: DeviceContext, options: Settings, sensor: RigSensor) {
    super(context, qtfmGen2, options, sensor, scaledBy(1e-9), 2);
    this.#clock = new ClockUnwrapper(1e-3, options.clock_wrap_ms);
  }

  protected override accept(message: QtfmGen2Message, time: number): void {
    if (message.kind === 'text') this.identity = `QTFM ${message.text}`.slice(0, 80);
    if (message.kind !== 'data') return;
    this.raw[0] = message.scalar;
    const counter = this.counted(message.counter);
    const deviceTime = message.time === undefined ? Number.NaN : this.#clock.push(message.time, time);
    if (this.#clock.jumped) this.gap();
    const flags = message.scalarValid === false ? FLAGS.unlocked : 0;
    this.streams[0].push(this.raw, 0, { counter, deviceTime, hostTime: time }, flags);
  }
}

/** The driver `qtfm_gen1` of rig.yaml. */
export const qtfmGen1Driver: SensorDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, sensor) => new QtfmGen1Magnetometer(context, options, sensor),
};

/** The driver `qtfm_gen2` of rig.yaml. */
export const qtfmGen2Driver: SensorDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, sensor) => new QtfmGen2Magnetometer(context, options, sensor),
};
