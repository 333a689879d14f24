import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigSensor } from '../../src/model/rig.js';
import { parseUnit } from '../../src/units.js';
import { wait } from '../clock.js';
import { twinleafSerial, twinleafTcp } from '../codecs/twinleaf/codec.js';
import { parseMetadataReply } from '../codecs/twinleaf/metadata.js';
import type { TwinleafCommand, TwinleafMessage } from '../codecs/twinleaf/packet.js';
import { type TwinleafLayout, type TwinleafSamples, TwinleafStreams } from '../codecs/twinleaf/streams.js';
import { NoAnswer, type Verdict } from './commandQueue.js';
import type { SensorDriver } from './driver.js';
import type { DeviceContext } from './port.js';
import { StreamMagnetometer } from './streamMagnetometer.js';

const settings = z.strictObject({
  path: z.array(z.int().min(0).max(255)).max(8).default([]).describe('the way through hubs to the sensor, such as [0]'),
  stream: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('the name of the stream; by default the first with enough fields'),
  columns: z
    .array(z.string().min(1).max(60))
    .max(192)
    .optional()
    .describe('the columns of the axes, element by element; by default those in units of a field, in their order'),
});
type Settings = z.output<typeof settings>;

/** A device that hears nothing for some hundreds of milliseconds falls back to text. */
const HEARTBEAT_SECONDS = 0.1;
/** What comes in the first moments may be left from before. */
const DISCARD_SECONDS = 0.05;
const REPLY_SECONDS = 1;
/** A device may be in the middle of its start. */
const TRIES = 3;
const LAYOUT_SECONDS = 3;
const POLL_SECONDS = 0.05;

/** Twinleaf sensors (VMR, OMG, microSAM, ...) over TIO: what they measure is asked at run time. */
export class TwinleafMagnetometer extends StreamMagnetometer<TwinleafMessage, TwinleafCommand> {
  readonly #streams = new TwinleafStreams();
  readonly #raw: readonly Float64Array[];
  /** T per unit of each channel, set when the columns are known. */
  readonly #scales: readonly Float64Array[];
  #chosen: { readonly stream: number; readonly columns: readonly (readonly number[])[] } | undefined;
  #request = 1;
  #stopHeart: (() => void) | undefined;

  constructor(
    context: DeviceContext,
    private readonly settings: Settings,
    sensor: RigSensor,
  ) {
    const scales = sensor.elements.map(element => new Float64Array(element.axes.length).fill(Number.NaN));
    super(context, 'tcp' in sensor.connect ? twinleafTcp : twinleafSerial, sensor, element => {
      const scale = scales[element];
      return (raw, at, field, fieldAt, channels) => {
        for (let c = 0; c < channels; c++) field[fieldAt + c] = raw[at + c] * scale[c];
      };
    });
    this.#scales = scales;
    this.#raw = scales.map(scale => new Float64Array(scale.length));
  }

  protected override async setUp(signal?: AbortSignal): Promise<void> {
    this.#beat();
    await wait(this.port.clock, DISCARD_SECONDS, signal);
    const text = new TextDecoder();
    this.identity = text.decode(await this.#call('dev.desc'));
    for (const metadata of parseMetadataReply(await this.#call('dev.metadata'))) this.#streams.metadata({ metadata });
    const end = this.port.clock.now() + LAYOUT_SECONDS;
    while ((this.#chosen = this.#choose()) === undefined) {
      if (this.port.clock.now() > end) throw this.#noStream();
      await wait(this.port.clock, POLL_SECONDS, signal);
    }
    const { rate } = this.#streams.layout(this.#chosen.stream)!;
    if (Number.isFinite(rate) && Math.abs(rate / this.rate - 1) > 0.01) {
      this.note(`gives ${rate} readings per second, not the ${this.rate} of rate_Hz`);
    }
  }

  protected override accept(message: TwinleafMessage, time: number): void {
    if (message.kind === 'damaged') {
      this.gap();
      return;
    }
    if (message.kind === 'text' || !samePath(message.path, this.settings.path)) return;
    if (message.kind === 'samples') this.#samples(this.#streams.samples(message), time);
    else if (message.kind === 'metadata') this.#streams.metadata(message);
    else if (message.kind === 'heartbeat' && message.session !== undefined) {
      if (this.#streams.session(message.session))
        this.port.emit({ kind: 'reset', message: `${this.name} was reset by itself` });
    } else if (message.kind === 'log') this.note(message.text);
    else if (message.kind === 'proxy' && message.status !== 1) {
      this.port.emit({ kind: 'lost', message: `the hub lost ${this.name}` });
    }
  }

  protected override lost(): void {
    this.#stopHeart?.();
    this.#stopHeart = undefined;
  }

  #samples(samples: TwinleafSamples | undefined, hostTime: number): void {
    const chosen = this.#chosen;
    if (samples === undefined || samples.stream !== chosen?.stream) return;
    if (samples.boundary) this.gap();
    for (let i = 0; i < samples.count; i++) {
      const times = { counter: samples.counter[i], deviceTime: samples.time[i], hostTime };
      for (let element = 0; element < chosen.columns.length; element++) {
        const columns = chosen.columns[element];
        const raw = this.#raw[element];
        for (let c = 0; c < columns.length; c++) raw[c] = samples.values[i * samples.columns + columns[c]];
        this.streams[element].push(raw, 0, times);
      }
    }
  }

  /** The stream and its columns, as soon as they are known. */
  #choose(): { readonly stream: number; readonly columns: readonly (readonly number[])[] } | undefined {
    const wanted = this.settings.columns;
    const channels = this.#raw.reduce((sum, raw) => sum + raw.length, 0);
    for (const layout of this.#streams.layouts()) {
      if (this.settings.stream !== undefined && layout.name !== this.settings.stream) continue;
      const found =
        wanted?.map(name => layout.columns.findIndex(column => column.name === name)) ?? fieldColumns(layout);
      if (found.length < channels || found.includes(-1)) continue;
      let next = 0;
      const columns = this.#raw.map((raw, element) =>
        Array.from(raw, (_, c) => {
          const column = found[next++];
          this.#scales[element][c] = fieldUnit(layout.columns[column].units) ?? 1e-9;
          return column;
        }),
      );
      return { stream: layout.stream, columns };
    }
    return undefined;
  }

  #noStream(): DeviceError {
    const has = this.#streams.layouts().map(({ name, columns }) => `${name}: ${columns.map(c => c.name).join(', ')}`);
    return new DeviceError(
      `${this.name} has no stream with the ${this.#raw.reduce((sum, raw) => sum + raw.length, 0)} columns that rig.yaml wants`,
      { advice: `correct 'stream' and 'columns' of its options; it has ${has.join('; ') || 'none'}` },
    );
  }

  /** Calls a method of the device; a call that gets lost is made again. */
  async #call(method: string, args = new Uint8Array(0)): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      const id = this.#request++ & 0xffff;
      const judge = (message: TwinleafMessage): Verdict<Uint8Array> => {
        if (message.kind === 'reply' && message.id === id) return { done: message.payload };
        return message.kind === 'refusal' && message.id === id ? { refused: `error ${message.code}` } : 'push';
      };
      const { path } = this.settings;
      const send = () => this.port.send({ kind: 'request', path, id, method, args });
      try {
        return await this.queue.request(method, send, judge, REPLY_SECONDS);
      } catch (error) {
        if (!(error instanceof NoAnswer) || attempt === TRIES) throw error;
        this.queue.restart();
      }
    }
  }

  #beat(): void {
    if (!this.port.isOpen) return;
    this.port.trySend({ kind: 'heartbeat', path: [] });
    this.#stopHeart = this.port.clock.after(HEARTBEAT_SECONDS, () => this.#beat());
  }
}

/** Columns in units of a field, in their order. */
function fieldColumns(layout: TwinleafLayout): number[] {
  return layout.columns.flatMap((column, i) => (fieldUnit(column.units) === undefined ? [] : [i]));
}

/** T per unit; undefined where it is no unit of a field. */
function fieldUnit(units: string): number | undefined {
  const unit = parseUnit(units);
  return unit?.quantity === 'field' && !unit.relative ? 10 ** unit.exponent : undefined;
}

function samePath(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((port, i) => port === b[i]);
}

/** The driver `twinleaf` of rig.yaml. */
export const twinleafDriver: SensorDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, sensor) => new TwinleafMagnetometer(context, options, sensor),
};
