import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigSensor } from '../../src/model/rig.js';
import { wait } from '../clock.js';
import {
  HMR2300_MOST,
  HMR2300_T_PER_COUNT,
  type Hmr2300Command,
  type Hmr2300Message,
  hmr2300,
} from '../codecs/hmr2300.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import { scaledBy } from './elementStream.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const settings = z.strictObject({
  format: z.enum(['binary', 'ascii']).default('binary').describe('the form of the readings'),
  device: z.int().min(0).max(99).default(99).describe('the number of the sensor on its bus; 99: whoever is there'),
});
type Settings = z.output<typeof settings>;

/** Readings per second that it can be set to. */
const RATES = [10, 20, 25, 30, 40, 50, 60, 100, 123, 154];
const REPLY_SECONDS = 1;
/** After a command it takes some seven periods of its clock until readings are right again. */
const PAUSE_PERIODS = 7;

/** Honeywell HMR2300, three axes. It has neither counter nor clock. */
export class Hmr2300Magnetometer extends StreamMagnetometer<Hmr2300Message, Hmr2300Command> {
  readonly #raw = new Float64Array(3);

  constructor(
    context: DeviceContext,
    private readonly settings: Settings,
    sensor: RigSensor,
  ) {
    super(context, hmr2300(settings.format), sensor, () => scaledBy(HMR2300_T_PER_COUNT));
    this.requireChannels(3, 1);
    if (!RATES.includes(sensor.rate)) {
      throw new DeviceError(`${sensor.name} cannot give ${sensor.rate} readings per second`, {
        advice: `set rate_Hz to one of ${RATES.join(', ')}`,
      });
    }
  }

  protected override async setUp(): Promise<void> {
    this.port.send({ kind: 'stop' });
    await wait(this.port.clock, PAUSE_PERIODS / RATES[0]);
    this.identity = `HMR2300 ${await this.#ask('#')}`;
    await this.#change(this.settings.format === 'binary' ? 'B' : 'A');
    await this.#change(`R=${this.sensor.rate}`);
  }

  protected override async begin(): Promise<void> {
    this.port.send({ kind: 'command', device: this.settings.device, text: 'C' });
    await wait(this.port.clock, PAUSE_PERIODS / this.sensor.rate);
  }

  protected override async end(): Promise<void> {
    this.port.send({ kind: 'stop' });
  }

  protected override accept(message: Hmr2300Message, time: number): void {
    if (message.kind !== 'sample') return;
    this.#raw.set(message.counts);
    const clipped = message.counts.some(count => Math.abs(count) >= HMR2300_MOST);
    const times = { counter: Number.NaN, deviceTime: Number.NaN, hostTime: time };
    this.streams[0].push(this.#raw, 0, times, clipped ? FLAGS.overrange : 0);
  }

  /** It takes no change that was not announced by WE. */
  async #change(text: string): Promise<void> {
    await this.#ask('WE');
    await this.#ask(text);
  }

  #ask(text: string): Promise<string> {
    return this.queue.request<string>(
      `*${this.settings.device}${text}`,
      () => this.port.send({ kind: 'command', device: this.settings.device, text }),
      message => {
        if (message.kind !== 'reply') return 'push';
        return /^re-?enter/i.test(message.text) ? { refused: message.text } : { done: message.text };
      },
      REPLY_SECONDS,
    );
  }
}

/** The driver `hmr2300` of rig.yaml. */
export const hmr2300Driver: SensorDriver<Settings> = {
  settings,
  baud: 9600,
  make: (context, options, sensor) => new Hmr2300Magnetometer(context, options, sensor),
};
