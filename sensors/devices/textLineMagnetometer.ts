import type { RigSensor } from '../../src/model/rig.js';
import {
  type TextLineChannel,
  type TextLineCommand,
  type TextLineMessage,
  textLine,
  textLineChannels,
  textLineElement,
} from '../codecs/textLine.js';
import { type TextLineSettings, textLineSettings } from '../codecs/textLineSettings.js';
import { ClockUnwrapper, CounterUnwrapper } from '../codecs/unwrap.js';
import { FLAGS } from '../samples.js';
import type { SensorDriver } from './driver.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const SECONDS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;
/** Where a clock that says nothing of it begins again: a word of 32 bits. */
const WORD = 2 ** 32;

/** A microcontroller that prints its readings as lines of text. */
export class TextLineMagnetometer extends StreamMagnetometer<TextLineMessage, TextLineCommand> {
  readonly #names: readonly string[];
  readonly #channels: readonly TextLineChannel[];
  readonly #raw: readonly Float64Array[];
  readonly #counter: CounterUnwrapper | undefined;
  readonly #clock: ClockUnwrapper | undefined;

  constructor(
    context: DeviceContext,
    private readonly settings: TextLineSettings,
    sensor: RigSensor,
  ) {
    const names = sensor.elements.map(element => element.name);
    const channels = textLineChannels(settings, names);
    super(context, textLine(settings), sensor, element => scaleOf(channels, element));
    this.#names = names;
    this.#channels = channels;
    this.#raw = sensor.elements.map(element => new Float64Array(element.axes.length));
    const { sequence, time } = settings;
    this.#counter = sequence && new CounterUnwrapper(sequence.wrap ?? Infinity, sequence.step);
    this.#clock = time && new ClockUnwrapper(SECONDS[time.unit], time.wrap ?? WORD);
  }

  protected override async setUp(): Promise<void> {
    this.#say(this.settings.start);
    await this.firstReading("check the speed of the port, and 'format' and 'columns' of its options");
  }

  protected override async end(): Promise<void> {
    this.#say(this.settings.stop);
  }

  protected override async begin(): Promise<void> {
    if (this.settings.stop.length > 0) this.#say(this.settings.start);
  }

  protected override accept(message: TextLineMessage, time: number): void {
    if (message.kind === 'damaged') {
      this.gap();
      return;
    }
    if (message.kind === 'text') {
      if (this.identity === this.sensor.driver && message.text.trim() !== '')
        this.identity = message.text.trim().slice(0, 80);
      return;
    }
    const counter = message.sequence === undefined ? Number.NaN : (this.#counter?.push(message.sequence) ?? Number.NaN);
    const deviceTime = message.time === undefined ? Number.NaN : (this.#clock?.push(message.time, time) ?? Number.NaN);
    const counted = this.#counter !== undefined && (this.#counter.missing > 0 || this.#counter.restarted);
    if (counted || this.#clock?.jumped === true) this.gap();
    const named = message.element === undefined ? undefined : textLineElement(message.element, this.#names);
    for (let element = 0; element < this.#raw.length; element++) {
      if (named !== undefined && named !== element) continue;
      const raw = this.#raw[element].fill(Number.NaN);
      let any = false;
      let flags = 0;
      this.#channels.forEach((channel, k) => {
        if ((named ?? channel.element) !== element || channel.axis >= raw.length) return;
        const value = message.values[k];
        raw[channel.axis] = value;
        any ||= !Number.isNaN(value);
        const beyond = Math.abs((value - channel.offset) * channel.scale) >= (channel.range ?? Infinity);
        if (beyond || value === channel.overflow) flags |= FLAGS.overrange;
      });
      if (any) this.streams[element].push(raw, 0, { counter, deviceTime, hostTime: time }, flags);
    }
  }

  #say(lines: readonly string[]): void {
    for (const text of lines) this.port.send({ kind: 'line', text });
  }
}

function scaleOf(channels: readonly TextLineChannel[], element: number) {
  const own = channels.filter(channel => channel.element === element);
  // Where every line names its element, the columns are those of all of them.
  const of = (axis: number) => own.find(c => c.axis === axis) ?? channels.find(c => c.axis === axis);
  const scales = [0, 1, 2].map(axis => of(axis) ?? { scale: Number.NaN, offset: 0 });
  return (raw: Float64Array, at: number, field: Float64Array, fieldAt: number, count: number) => {
    for (let c = 0; c < count; c++) field[fieldAt + c] = (raw[at + c] - scales[c].offset) * scales[c].scale;
  };
}

/** The driver `text_line` of rig.yaml. */
export const textLineDriver: SensorDriver<TextLineSettings> = {
  settings: textLineSettings,
  baud: 115_200,
  make: (context, options, sensor) => new TextLineMagnetometer(context, options, sensor),
};
