import { DeviceError } from '../../src/errors.js';
import type { RigSensor } from '../../src/model/rig.js';
import {
  type AnalogueCommand,
  type AnalogueMessage,
  type AnalogueSettings,
  analogue,
  analogueField,
  analogueSettings,
} from '../codecs/analogue.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import type { Scale } from './elementStream.js';
import { PolledMagnetometer } from './polledMagnetometer.js';
import type { DeviceContext } from './port.js';

const REPLY_SECONDS = 2;

/**
 * A sensor with a voltage as its output (fluxgate, AMR bridge) behind a converter that prints volts, or is asked for them.
 * A converter folds everything above half its rate back into the band: it needs a filter before it.
 */
export class AnalogueMagnetometer extends PolledMagnetometer<AnalogueMessage, AnalogueCommand> {
  readonly #raw: readonly Float64Array[];

  constructor(
    context: DeviceContext,
    private readonly settings: AnalogueSettings,
    sensor: RigSensor,
  ) {
    super(context, analogue(settings), sensor, element => scaleOf(settings, element));
    this.#raw = sensor.elements.map(element => new Float64Array(element.axes.length));
    sensor.elements.forEach(({ name, axes }, element) => {
      if (axes.every((_, axis) => settings.channels.some(c => c.element === element && c.axis === axis))) return;
      throw new DeviceError(`${sensor.name}: not every axis of the element '${name}' has a channel`, {
        advice: "complete 'channels' of its options",
      });
    });
  }

  protected override async setUp(): Promise<void> {
    this.identity = 'analogue';
    if (this.settings.over === 'scpi') await this.read();
    else await this.firstReading("check the speed of the port, and 'separator' and 'channels' of its options");
  }

  protected override async begin(): Promise<void> {
    if (this.settings.over === 'scpi') await super.begin();
  }

  protected override accept(message: AnalogueMessage, time: number): void {
    if (message.kind === 'volts') this.#push(message.volts, time);
  }

  protected override async read(): Promise<void> {
    const volts = await this.queue.request<readonly number[]>(
      'a reading',
      () => this.port.send({ kind: 'read' }),
      message => (message.kind === 'volts' ? { done: message.volts } : 'push'),
      REPLY_SECONDS,
    );
    this.#push(volts, this.port.clock.now());
  }

  #push(volts: readonly number[], hostTime: number): void {
    const flags = new Array<number>(this.#raw.length).fill(0);
    this.settings.channels.forEach(({ element, axis, limit_V }, k) => {
      const raw = this.#raw[element];
      if (raw === undefined || axis >= raw.length) return;
      raw[axis] = volts[k];
      if (limit_V !== undefined && Math.abs(volts[k]) >= limit_V) flags[element] |= FLAGS.overrange;
    });
    const times = { counter: Number.NaN, deviceTime: Number.NaN, hostTime };
    this.#raw.forEach((raw, element) => {
      this.streams[element].push(raw, 0, times, flags[element]);
    });
  }
}

function scaleOf(settings: AnalogueSettings, element: number): Scale {
  const own = settings.channels.filter(channel => channel.element === element);
  return (raw, at, field, fieldAt, channels) => {
    for (let c = 0; c < channels; c++) {
      const channel = own.find(({ axis }) => axis === c);
      field[fieldAt + c] = channel === undefined ? Number.NaN : analogueField(channel, raw[at + c]);
    }
  };
}

/** The driver `analogue` of rig.yaml. */
export const analogueDriver: SensorDriver<AnalogueSettings> = {
  settings: analogueSettings,
  baud: 115_200,
  make: (context, options, sensor) => new AnalogueMagnetometer(context, options, sensor),
};
