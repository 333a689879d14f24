import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigSensor } from '../../src/model/rig.js';
import {
  type Lakeshore425Command,
  type LakeshoreF71Command,
  type LakeshoreMessage,
  lakeshore425,
  lakeshoreF71,
} from '../codecs/lakeshore.js';
import { FLAGS } from '../samples.js';
import type { Verdict } from './commandQueue.js';
import type { SensorDriver } from './driver.js';
import { scaledBy } from './elementStream.js';
import { PolledMagnetometer } from './polledMagnetometer.js';
import type { DeviceContext } from './port.js';

const f71Settings = z.strictObject({
  range_T: z.number().positive().optional().describe('the range, T; by default it chooses itself'),
  average: z.int().min(1).max(1000).default(1).describe('the number of readings of 10 ms that it averages'),
  leading: z
    .int()
    .min(0)
    .max(1)
    .default(1)
    .describe('the number of values before x, y, z in its answer: 1 where the magnitude leads'),
});
type F71Settings = z.output<typeof f71Settings>;

const settings425 = z.strictObject({
  range: z.int().min(1).max(4).optional().describe('the number of the range, 1 to 4; by default it chooses itself'),
});
type Settings425 = z.output<typeof settings425>;

const TESLA_OF_425 = 2;
const NO_TIMES = { counter: Number.NaN, deviceTime: Number.NaN };

const REPLY_SECONDS = 2;

/** What both instruments share: an answer that carries an error is a refusal. */
abstract class LakeshoreMagnetometer<Command> extends PolledMagnetometer<LakeshoreMessage, Command> {
  /** Sends a question; `take` makes of the answer what it asks for, undefined: not an answer. */
  protected ask<Result>(
    what: string,
    send: () => void,
    take: (message: LakeshoreMessage) => Result | undefined,
  ): Promise<Result> {
    const judge = (message: LakeshoreMessage): Verdict<Result> => {
      const fault = message.errors?.find(error => error.code !== 0);
      if (fault !== undefined) return { refused: fault.text };
      const result = take(message);
      return result === undefined ? 'push' : { done: result };
    };
    return this.queue.request(what, send, judge, REPLY_SECONDS);
  }
}

/** Lake Shore F41 (one axis) or F71 (three axes) teslameter. */
export class LakeshoreF71Magnetometer extends LakeshoreMagnetometer<LakeshoreF71Command> {
  readonly #raw = new Float64Array(3);

  constructor(
    context: DeviceContext,
    private readonly settings: F71Settings,
    sensor: RigSensor,
  ) {
    super(context, lakeshoreF71, sensor, () => scaledBy(1));
    this.requireChannels(this.elements[0].axes.length === 1 ? 1 : 3, 1);
  }

  protected override async setUp(): Promise<void> {
    const identify = () => this.port.send({ kind: 'identify' });
    this.identity = await this.ask('*IDN?', identify, message => (message.kind === 'text' ? message.text : undefined));
    const { range_T: range, average } = this.settings;
    await this.#set({ kind: 'unit', unit: 'TESLA' });
    await this.#set({ kind: 'mode', mode: 'DC' });
    await this.#set({ kind: 'average', count: average });
    if (range === undefined) await this.#set({ kind: 'autoRange', on: true });
    else await this.#set({ kind: 'range', value: range });
  }

  protected override async read(): Promise<void> {
    const channels = this.streams[0].channels;
    const fetch = () => this.port.send({ kind: 'fetch', all: channels === 3 });
    const values = await this.ask('a reading', fetch, message =>
      message.kind === 'numbers' ? message.values : undefined,
    );
    const first = channels === 3 ? this.settings.leading : 0;
    if (values.length < first + channels) {
      throw new DeviceError(`${this.name} gave ${values.length} values for ${channels} axes`, {
        advice: "set 'leading' of its options to 0, or correct the axes of its element",
      });
    }
    this.#raw.set(values.slice(first, first + channels));
    const flags = this.#raw.subarray(0, channels).some(Number.isNaN) ? FLAGS.overrange : 0;
    this.streams[0].push(this.#raw, 0, { ...NO_TIMES, hostTime: this.port.clock.now() }, flags);
  }

  /** Every command is answered with the errors. */
  #set(command: LakeshoreF71Command): Promise<true> {
    return this.ask(
      command.kind,
      () => this.port.send(command),
      message => (message.kind === 'errors' || message.errors !== undefined ? true : undefined),
    );
  }
}

/** Lake Shore 425 gaussmeter, one axis. */
export class Lakeshore425Magnetometer extends LakeshoreMagnetometer<Lakeshore425Command> {
  readonly #raw = new Float64Array(1);

  constructor(
    context: DeviceContext,
    private readonly settings: Settings425,
    sensor: RigSensor,
  ) {
    super(context, lakeshore425, sensor, () => scaledBy(1));
    this.requireChannels(1, 1);
  }

  protected override async setUp(): Promise<void> {
    const identify = () => this.port.send({ kind: 'identify' });
    this.identity = await this.ask('*IDN?', identify, message => (message.kind === 'text' ? message.text : undefined));
    this.port.send({ kind: 'unit', unit: TESLA_OF_425 });
    const { range } = this.settings;
    this.port.send(range === undefined ? { kind: 'autoRange', on: true } : { kind: 'range', range });
    const unit = await this.#number('UNIT?', () => this.port.send({ kind: 'askUnit' }));
    if (unit === TESLA_OF_425) return;
    throw new DeviceError(`${this.name} does not measure in tesla`, { advice: 'set its unit by hand, then try again' });
  }

  protected override async read(): Promise<void> {
    this.#raw[0] = await this.#number('a reading', () => this.port.send({ kind: 'field' }));
    const flags = Number.isNaN(this.#raw[0]) ? FLAGS.overrange : 0;
    this.streams[0].push(this.#raw, 0, { ...NO_TIMES, hostTime: this.port.clock.now() }, flags);
  }

  #number(what: string, send: () => void): Promise<number> {
    return this.ask(what, send, message => (message.kind === 'numbers' ? message.values[0] : undefined));
  }
}

/** The driver `lakeshore_f71` of rig.yaml. */
export const lakeshoreF71Driver: SensorDriver<F71Settings> = {
  settings: f71Settings,
  baud: 115_200,
  line: { rtscts: true },
  make: (context, options, sensor) => new LakeshoreF71Magnetometer(context, options, sensor),
};

/** The driver `lakeshore_425` of rig.yaml. */
export const lakeshore425Driver: SensorDriver<Settings425> = {
  settings: settings425,
  baud: 57_600,
  line: { dataBits: 7, parity: 'odd' },
  make: (context, options, sensor) => new Lakeshore425Magnetometer(context, options, sensor),
};
