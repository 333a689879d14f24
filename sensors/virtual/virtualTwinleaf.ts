import { bytesOf, latin1 } from '../codecs/lines.js';
import { ByteReader, ByteWriter, utf8 } from '../codecs/twinleaf/bytes.js';
import { twinleafSerial, twinleafTcp } from '../codecs/twinleaf/codec.js';
import { formatMetadataReply } from '../codecs/twinleaf/metadata.js';
import type { TwinleafCommand, TwinleafPacket, TwinleafPath } from '../codecs/twinleaf/packet.js';
import { TWINLEAF_TYPES, writeTwinleafValue } from '../codecs/twinleaf/values.js';
import { Outbox, SampleClock } from './outbox.js';
import {
  SEGMENTS,
  STREAM,
  serialOf,
  type TwinleafState,
  twinleafRecord,
  twinleafRecords,
  wantedRecords,
} from './twinleafRecords.js';
import type { SensorModel, VirtualDevice } from './virtualDevice.js';

export interface VirtualTwinleafOptions {
  readonly model: SensorModel;
  readonly transport: 'serial' | 'tcp';
  /** Samples per second before decimation; a whole number. */
  readonly rate: number;
  /** Names of the columns, one per channel of the model; by default x, y, z. */
  readonly columns?: readonly string[];
  /** One of {@link TWINLEAF_TYPES}, the same for every column; values in nT. */
  readonly type?: number;
  readonly name?: string;
  readonly path?: TwinleafPath;
  readonly session?: number;
  /** Samples of a segment before the next one begins; a multiple of the rate. */
  readonly segmentLength?: number;
  /** Start of its time, s of the Unix epoch. */
  readonly startTime?: number;
}

const ERRORS = { notFound: 2, argumentSize: 4, invalid: 5 } as const;
const HEARTBEAT_S = 0.1;
const METADATA_S = 1;
/** A packet is sent at least so often, s. */
const PACKET_S = 0.01;
const MOST_PAYLOAD = 496;
const PERIODIC = 1;
const UPDATE = 2;
const LAST = 4;

/** A Twinleaf sensor: text until it is spoken to in packets, then RPC, metadata every second, and one stream. */
export class VirtualTwinleaf implements VirtualDevice {
  readonly #codec;
  readonly #commands;
  readonly #out = new Outbox();
  readonly #clock: SampleClock;
  readonly #heartbeat = new SampleClock(1 / HEARTBEAT_S);
  readonly #metadata = new SampleClock(1 / METADATA_S);
  readonly #greeting = new SampleClock(1);
  readonly #field: Float64Array;
  readonly #columns: readonly string[];
  readonly #type: number;
  readonly #path: TwinleafPath;
  readonly #packet: Uint8Array;
  readonly #view: DataView;
  readonly #sampleSize: number;
  #filled = 0;
  /** Of the first sample in the packet being filled. */
  #first = 0;
  #segment = 0;
  #segmentStart: number;
  #session: number;
  #decimation = 1;
  #booted = false;
  #binary: boolean;
  #textIn = '';
  #now = 0;

  constructor(readonly options: VirtualTwinleafOptions) {
    this.#codec = options.transport === 'serial' ? twinleafSerial : twinleafTcp;
    this.#commands = this.#codec.commandDecoder();
    this.#clock = new SampleClock(options.rate);
    this.#field = new Float64Array(options.model.channels);
    this.#columns = options.columns ?? ['x', 'y', 'z'].slice(0, options.model.channels);
    this.#type = options.type ?? TWINLEAF_TYPES.f32;
    this.#path = options.path ?? [];
    this.#sampleSize = this.#columns.length * (this.#type >> 4);
    this.#packet = new Uint8Array(MOST_PAYLOAD - (MOST_PAYLOAD % this.#sampleSize));
    this.#view = new DataView(this.#packet.buffer);
    this.#segmentStart = options.startTime ?? 1_700_000_000;
    this.#session = options.session ?? 0x11223344;
    this.#binary = options.transport === 'tcp';
  }

  /** Fault: it begins anew, in text mode and with another session. */
  restart(time: number): void {
    this.#advance(time);
    this.#booted = false;
    this.#binary = this.options.transport === 'tcp';
    this.#session = (this.#session + 1) >>> 0;
    this.#first = this.#filled = this.#segment = 0;
    this.#commands.reset();
    this.#advance(time);
  }

  /** Fault: samples that never come. */
  skip(samples: number): void {
    this.#flush();
    this.#first += samples;
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    const commands: TwinleafCommand[] = [];
    this.#commands.push(bytes, commands);
    if (!this.#binary && commands.length === 0) this.#hearText(latin1(bytes));
    if (!this.#binary && commands.length > 0) {
      this.#binary = true;
      this.#describe(PERIODIC);
      this.#first = this.#filled = 0;
      for (const clock of [this.#clock, this.#heartbeat, this.#metadata]) clock.start(time);
      this.#greeting.stop();
    }
    for (const command of commands) if (command.kind === 'request') this.#call(command);
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #send(packet: TwinleafPacket): void {
    this.#out.put(this.#codec.encodeMessage(packet));
  }

  /** In text mode it answers questions by name, ended by a return. */
  #hearText(text: string): void {
    this.#textIn = (this.#textIn + text).slice(-200);
    const lines = this.#textIn.split(/[\r\n]+/);
    this.#textIn = lines.pop() ?? '';
    for (const line of lines) {
      const answer = line === 'dev.desc' ? this.#description : line === 'dev.name' ? this.#name : undefined;
      if (line !== '') this.#out.put(bytesOf(`${answer ?? `${line}: not found`}\r\n`));
    }
  }

  get #name(): string {
    return this.options.name ?? 'VMR';
  }
  get #description(): string {
    return `Twinleaf ${this.#name} R5`;
  }
  get #rate(): number {
    return this.options.rate / this.#decimation;
  }

  #advance(time: number): void {
    this.#now = time;
    if (!this.#booted) {
      this.#booted = true;
      for (const clock of [this.#clock, this.#heartbeat, this.#metadata]) clock.stop();
      if (this.#binary) {
        this.#describe(PERIODIC);
        for (const clock of [this.#clock, this.#heartbeat, this.#metadata]) clock.start(time);
      } else {
        this.#out.put(bytesOf(`${this.#description}\r\n`));
        this.#greeting.start(time);
      }
    }
    this.#greeting.due(time, () => this.#out.put(bytesOf(`${this.#description}\r\n`)));
    this.#metadata.due(time, () => this.#describe(PERIODIC));
    this.#heartbeat.due(time, () => this.#send({ kind: 'heartbeat', path: this.#path, session: this.#session }));
    this.#clock.due(time, at => this.#sample(at));
  }

  #sample(time: number): void {
    this.options.model.read(time, this.#field);
    const width = this.#type >> 4;
    for (let i = 0; i < this.#columns.length; i++) {
      const at = this.#filled * this.#sampleSize + i * width;
      writeTwinleafValue(this.#view, at, this.#type, this.#field[i] * 1e9);
    }
    this.#filled++;
    const most = Math.min(this.#packet.length / this.#sampleSize, Math.max(1, Math.floor(this.#rate * PACKET_S)));
    const length = this.options.segmentLength ?? 1000 * this.options.rate;
    const rolls = this.#first + this.#filled >= length;
    if (this.#filled >= most || rolls) this.#flush();
    if (!rolls) return;
    this.#segmentStart += this.#first / this.#rate;
    this.#nextSegment();
  }

  #nextSegment(): void {
    this.#segment = (this.#segment + 1) % SEGMENTS;
    this.#first = 0;
    const metadata = twinleafRecord(this.#state, 'segment');
    this.#send({ kind: 'metadata', path: this.#path, flags: UPDATE | LAST, metadata });
  }

  #flush(): void {
    if (this.#filled === 0) return;
    const payload = this.#packet.slice(0, this.#filled * this.#sampleSize);
    this.#send({
      kind: 'samples',
      path: this.#path,
      stream: STREAM,
      first: this.#first,
      segment: this.#segment,
      payload,
    });
    this.#first += this.#filled;
    this.#filled = 0;
  }

  /** What its metadata tell. */
  get #state(): TwinleafState {
    return {
      name: this.#name,
      columns: this.#columns,
      type: this.#type,
      sampleSize: this.#sampleSize,
      session: this.#session,
      segment: this.#segment,
      segmentStart: this.#segmentStart,
      rate: this.options.rate,
      decimation: this.#decimation,
    };
  }

  #describe(flags: number): void {
    const records = twinleafRecords(this.#state);
    records.forEach((metadata, i) => {
      const last = i === records.length - 1 ? LAST : 0;
      this.#send({ kind: 'metadata', path: this.#path, flags: flags | last, metadata });
    });
  }

  #call(request: Extract<TwinleafCommand, { kind: 'request' }>): void {
    const { id, method, args } = request;
    const reply = (payload: Uint8Array) => this.#send({ kind: 'reply', path: this.#path, id, payload });
    const refuse = (code: number) =>
      this.#send({ kind: 'refusal', path: this.#path, id, code, detail: new Uint8Array(0) });
    if (method === 'dev.name') reply(utf8(this.#name));
    else if (method === 'dev.desc') reply(utf8(this.#description));
    else if (method === 'dev.serial') reply(utf8(serialOf(this.#name)));
    else if (method === 'dev.metadata') reply(formatMetadataReply(wantedRecords(this.#state, args)));
    else if (method !== 'data.rate') refuse(ERRORS.notFound);
    else if (args.length === 0) reply(new ByteWriter().f32(this.#rate).done());
    else if (args.length !== 4) refuse(ERRORS.argumentSize);
    else this.#setRate(new ByteReader(args).f32(), reply, refuse);
  }

  /** The next whole division of its rate, as f32; a new segment begins. */
  #setRate(rate: number, reply: (payload: Uint8Array) => void, refuse: (code: number) => void): void {
    if (!(rate > 0 && rate <= this.options.rate)) {
      refuse(ERRORS.invalid);
      return;
    }
    this.#flush();
    this.#segmentStart = Math.ceil(this.#segmentStart + this.#first / this.#rate);
    this.#decimation = Math.max(1, Math.round(this.options.rate / rate));
    this.#clock.rate = this.#rate;
    if (this.#clock.running) this.#clock.start(this.#now);
    this.#nextSegment();
    reply(new ByteWriter().f32(this.#rate).done());
  }
}
