import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigSensor } from '../../src/model/rig.js';
import { wait } from '../clock.js';
import { type QzfmCommand, type QzfmLed, type QzfmMessage, qzfm, qzfmField, qzfmParameter } from '../codecs/qzfm.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const settings = z.strictObject({
  axis: z.enum(['x', 'y', 'z']).default('z').describe("the sensor's axis that is read, one at a time"),
  prepare: z
    .boolean()
    .default(true)
    .describe('the choice whether it is started, zeroed and calibrated before the scan (some minutes)'),
  lock_s: z.number().positive().max(3600).default(600).describe('the longest time until it is locked, s'),
  zero_s: z.number().positive().max(600).default(25).describe('the time of zeroing the field, s'),
  calibrate_s: z.number().positive().max(60).default(5).describe('the time of calibrating, s'),
  linear_nT: z.number().positive().default(4).describe('the field beyond which it is not linear any more, nT'),
});
type Settings = z.output<typeof settings>;

/** Without a status line for this long nobody is there. */
const GREETING_SECONDS = 3;
/** After a change of axis old readings still come. */
const FLUSH_SECONDS = 0.5;
/** Relative error of the cell's temperature at which it may be calibrated, and how long that is waited for. */
const TEMPERATURE_ERROR = 1e-3;
const POLL_SECONDS = 0.25;
const AXIS_COMMANDS = { x: 'axisX', y: 'axisY', z: 'axisZ' } as const;

/**
 * QuSpin QZFM, one axis. It is locked, zeroed and calibrated before the scan, and never zeroed within it: a new zero makes
 * the calibration void. Readings beyond some nanotesla are flagged, for there it bends.
 */
export class QzfmMagnetometer extends StreamMagnetometer<QzfmMessage, QzfmCommand> {
  readonly #raw = new Float64Array(1);
  readonly #leds = new Map<QzfmLed, boolean>();
  #heard = false;
  #temperatureError = Number.NaN;

  constructor(
    context: DeviceContext,
    private readonly settings: Settings,
    sensor: RigSensor,
  ) {
    super(context, qzfm, { ...sensor, range: Math.min(sensor.range, settings.linear_nT * 1e-9) }, () => {
      return (raw, at, field, fieldAt) => {
        field[fieldAt] = qzfmField(raw[at]);
      };
    });
    this.requireChannels(1, 1);
  }

  protected override async setUp(signal?: AbortSignal): Promise<void> {
    this.port.send({ kind: 'noPrint' });
    await this.#until(() => this.#heard, GREETING_SECONDS, 'does not answer', 'check power and port', signal);
    this.identity = 'QuSpin QZFM';
    if (this.settings.prepare) await this.#prepare(signal);
    this.port.send({ kind: AXIS_COMMANDS[this.settings.axis] });
    await wait(this.port.clock, FLUSH_SECONDS, signal);
  }

  protected override async begin(): Promise<void> {
    this.port.send({ kind: 'print' });
    await wait(this.port.clock, FLUSH_SECONDS);
  }

  protected override async end(): Promise<void> {
    this.port.send({ kind: 'noPrint' });
  }

  protected override accept(message: QzfmMessage, time: number): void {
    this.#heard = true;
    if (message.kind === 'led') this.#leds.set(message.led, message.on);
    else if (message.kind === 'parameter' && message.number === 4) {
      this.#temperatureError = Math.abs(qzfmParameter(message.number, message.value));
    } else if (message.kind === 'text') this.note(message.text);
    else if (message.kind === 'data') {
      this.#raw[0] = message.value;
      const times = { counter: Number.NaN, deviceTime: Number.NaN, hostTime: time };
      this.streams[0].push(this.#raw, 0, times, this.#locked() ? 0 : FLAGS.unlocked);
    }
  }

  async #prepare(signal: AbortSignal | undefined): Promise<void> {
    const { lock_s, zero_s, calibrate_s } = this.settings;
    if (!this.#allOn()) {
      this.port.send({ kind: 'autoStart' });
      this.note(`starting: laser and cell lock within ${lock_s} s`);
      await this.#until(
        () => this.#allOn(),
        lock_s,
        'did not lock',
        'check the shield and the laser, then try again',
        signal,
      );
    }
    this.port.send({ kind: 'zeroOn' });
    this.note('zeroing the field');
    await wait(this.port.clock, zero_s, signal);
    this.port.send({ kind: 'zeroOff' });
    const steady = () => !(this.#temperatureError > TEMPERATURE_ERROR);
    await this.#until(steady, lock_s, 'has no steady temperature', 'wait until it is warm, then try again', signal);
    this.port.send({ kind: 'calibrate' });
    await wait(this.port.clock, calibrate_s, signal);
  }

  /** While readings are printed its lights are silent: what they said last counts. */
  #locked(): boolean {
    return this.#leds.get('laserLock') !== false && this.#leds.get('cellTemperature') !== false;
  }

  #allOn(): boolean {
    return (['laser', 'cellTemperature', 'laserLock'] as const).every(led => this.#leds.get(led) === true);
  }

  async #until(
    done: () => boolean,
    seconds: number,
    what: string,
    advice: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { clock } = this.port;
    const end = clock.now() + seconds;
    while (!done()) {
      if (!this.port.isOpen || clock.now() > end) throw new DeviceError(`${this.name} ${what}`, { advice });
      await wait(clock, POLL_SECONDS, signal);
    }
  }
}

/** The driver `qzfm` of rig.yaml. */
export const qzfmDriver: SensorDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, sensor) => new QzfmMagnetometer(context, options, sensor),
};
