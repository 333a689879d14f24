import type { SensorElement } from '../../src/model/rig.js';
import { bytesOf } from '../codecs/lines.js';
import { type TextLineChannel, textLine, textLineChannels } from '../codecs/textLine.js';
import { csvHeader } from '../codecs/textLineFormat.js';
import type { TextLineSettings } from '../codecs/textLineSettings.js';
import { Outbox, SampleClock } from './outbox.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

export interface VirtualTextLineOptions {
  readonly settings: TextLineSettings;
  readonly elements: readonly SensorElement[];
  readonly model: SensorModel;
  /** Readings per second. */
  readonly rate: number;
  /** What its clock shows at the start, s, and its counter: to see them begin again. */
  readonly clockStart?: number;
  readonly sequenceStart?: number;
}

const UNIT_S = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;

/** A microcontroller that prints its magnetometers' readings, one line per reading or one per element. */
export class VirtualTextLine implements VirtualDevice {
  readonly #options: VirtualTextLineOptions;
  readonly #codec: ReturnType<typeof textLine>;
  readonly #commands: ReturnType<ReturnType<typeof textLine>['commandDecoder']>;
  readonly #channels: readonly TextLineChannel[];
  /** Where the channels of each element begin in the model's readings. */
  readonly #firstChannel: readonly number[];
  readonly #out = new Outbox();
  readonly #clock: SampleClock;
  readonly #field: Float64Array;
  #booted = false;
  #bootTime = 0;
  #count = 0;

  constructor(options: VirtualTextLineOptions) {
    const { settings, elements, model } = options;
    this.#options = options;
    this.#codec = textLine(settings);
    this.#commands = this.#codec.commandDecoder();
    this.#channels = textLineChannels(
      settings,
      elements.map(element => element.name),
    );
    let next = 0;
    this.#firstChannel = elements.map(element => (next += element.axes.length) - element.axes.length);
    this.#clock = new SampleClock(options.rate);
    this.#field = new Float64Array(model.channels);
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    const { start, stop } = this.#options.settings;
    const commands: { text: string }[] = [];
    this.#commands.push(bytes, commands as never);
    for (const { text } of commands) {
      if (text === start.at(-1) && !this.#clock.running) this.#clock.start(time);
      else if (text === stop.at(-1)) this.#clock.stop();
    }
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #advance(time: number): void {
    if (!this.#booted) {
      this.#booted = true;
      this.#bootTime = time;
      const header = csvHeader(this.#options.settings);
      if (header !== undefined) this.#out.put(bytesOf(`${header.join(',')}\r\n`));
      if (this.#options.settings.start.length === 0) this.#clock.start(time);
    }
    this.#clock.due(time, at => this.#sample(at));
  }

  #sample(time: number): void {
    const { settings, elements, model } = this.#options;
    model.read(time, this.#field);
    const extra: { time?: number; sequence?: number } = {};
    if (settings.time !== undefined) {
      const wrap = settings.time.wrap ?? 2 ** 32;
      const passed = time - this.#bootTime + (this.#options.clockStart ?? 0);
      extra.time = Math.floor(passed / UNIT_S[settings.time.unit]) % wrap;
    }
    if (settings.sequence !== undefined) {
      const { step, wrap } = settings.sequence;
      extra.sequence = ((this.#options.sequenceStart ?? 0) + this.#count * step) % (wrap ?? 2 ** 32);
    }
    this.#count++;
    const lines = settings.element_column === undefined ? [undefined] : elements.map((_, i) => i);
    for (const element of lines) {
      const values = this.#channels.map(channel => this.#raw(channel, element ?? channel.element));
      const name = element === undefined ? {} : { element: elements[element].name };
      this.#out.put(this.#codec.encodeMessage({ kind: 'sample', values, ...name, ...extra }));
    }
  }

  #raw(channel: TextLineChannel, element: number): number {
    const field = this.#field[this.#firstChannel[element] + channel.axis];
    const { preset, unit } = this.#options.settings;
    const range = channel.range ?? Number.POSITIVE_INFINITY;
    if (channel.overflow !== undefined && Math.abs(field / channel.scale) > -channel.overflow / 2)
      return channel.overflow;
    const raw = Math.min(range, Math.max(-range, field)) / channel.scale + channel.offset;
    return preset !== undefined || unit === 'counts' ? Math.round(raw) : Number(raw.toPrecision(9));
  }
}
