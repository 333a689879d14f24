import { DeviceError } from '../../src/errors.js';
import type { RigSensor, SensorElement } from '../../src/model/rig.js';
import { within } from '../clock.js';
import type { Codec } from '../codecs/codec.js';
import type { SampleBlock } from '../samples.js';
import { CommandQueue } from './commandQueue.js';
import { ElementStream, type Scale } from './elementStream.js';
import type { DeviceEvent, Magnetometer } from './interfaces.js';
import { type DeviceContext, Port } from './port.js';

/** Without a reading for this long at the start, nobody is there. */
const FIRST_READING_SECONDS = 3;

/**
 * What magnetometers of every kind share: the port, the queue of commands, one {@link ElementStream} per element, and
 * blocks that go out once per chunk of bytes. A driver says how its sensor is set up, begun and ended, and turns messages
 * into readings (`accept`).
 */
export abstract class StreamMagnetometer<Message, Command> implements Magnetometer {
  readonly elements: readonly SensorElement[];
  readonly name: string;
  identity: string;
  protected readonly port: Port<Message, Command>;
  protected readonly queue: CommandQueue<Message>;
  protected readonly streams: readonly ElementStream[];
  #onBlock: ((element: number, block: SampleBlock) => void) | undefined;
  #onReading: (() => void) | undefined;

  /** @param scale of each element */
  constructor(
    context: DeviceContext,
    codec: Codec<Message, Command>,
    protected readonly sensor: RigSensor,
    scale: (element: number) => Scale,
  ) {
    this.name = context.name;
    this.identity = sensor.driver;
    this.elements = sensor.elements;
    this.port = new Port(context, codec);
    this.queue = new CommandQueue(context.name, context.clock);
    this.streams = sensor.elements.map((e, i) => new ElementStream(e.axes.length, scale(i), sensor.range));
  }

  get rate(): number {
    return this.sensor.rate;
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.port.open(
      (messages, time) => {
        for (const message of messages) if (!this.queue.offer(message)) this.accept(message, time);
        this.deliver();
      },
      error => {
        this.queue.fail(error);
        this.lost();
      },
    );
    await this.setUp(signal);
    signal?.throwIfAborted();
  }

  onEvent(listener: (event: DeviceEvent) => void): void {
    this.port.onEvent(listener);
  }

  async start(onBlock: (element: number, block: SampleBlock) => void): Promise<void> {
    await this.begin();
    this.#onBlock = onBlock;
  }

  async stop(): Promise<void> {
    this.#onBlock = undefined;
    if (this.port.isOpen) await this.end();
  }

  async close(): Promise<void> {
    this.#onBlock = undefined;
    this.lost();
    await this.port.close();
  }

  /** Asks who answers, sets {@link identity}, and makes the sensor ready. @throws {DeviceError} */
  protected abstract setUp(signal?: AbortSignal): Promise<void>;
  /** Makes it send readings. */
  protected async begin(): Promise<void> {}
  /** Makes it stop. */
  protected async end(): Promise<void> {}
  /** A message that answers no command. */
  protected abstract accept(message: Message, time: number): void;
  /** The connection is gone or going: timers of the driver end. */
  protected lost(): void {}

  /** Hands out what the streams gathered. */
  protected deliver(): void {
    this.streams.forEach((stream, element) => {
      const block = stream.take();
      if (block === undefined) return;
      this.#onReading?.();
      this.#onBlock?.(element, block);
    });
  }

  /** The next reading of every element is flagged: something is missing before it. */
  protected gap(): void {
    for (const stream of this.streams) stream.gap();
  }

  protected note(text: string): void {
    this.port.emit({ kind: 'note', message: `${this.name}: ${text}` });
  }

  /** Resolves at the next reading. @throws {DeviceError} when none comes. */
  protected async firstReading(advice: string): Promise<void> {
    const reading = new Promise<void>(resolve => {
      this.#onReading = () => {
        this.#onReading = undefined;
        resolve();
      };
    });
    const late = () => new DeviceError(`${this.name}: nothing that looks like a reading comes`, { advice });
    await within(this.port.clock, FIRST_READING_SECONDS, reading, late);
  }

  /** @throws {DeviceError} where rig.yaml gives the elements another number of axes than the sensor has channels. */
  protected requireChannels(channels: number, elements: number): void {
    if (this.elements.length <= elements && this.elements.every(element => element.axes.length === channels)) return;
    throw new DeviceError(
      `${this.name}: this kind of sensor has ${elements === 1 ? 'one element' : `${elements} elements`} of ${channels} ${channels === 1 ? 'axis' : 'axes'}`,
      { advice: "correct 'elements' in rig.yaml" },
    );
  }
}
