import { DeviceError } from '../../src/errors.js';
import type { Clock } from '../clock.js';
import type { Codec, Decoder } from '../codecs/codec.js';
import type { ByteLink } from '../transport/byteLink.js';
import type { DeviceEvent } from './interfaces.js';

/** Opens the connection of one device; called at most once per device. */
export type OpenLink = () => Promise<ByteLink>;

/** Asks the person at the bench; resolves with what was typed. @throws {DeviceError} when nobody is there. */
export type Prompt = (question: string, signal?: AbortSignal) => Promise<string>;

/** What every driver is given. */
export interface DeviceContext {
  /** The device's name in messages. */
  readonly name: string;
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly prompt: Prompt;
}

/** Messages of one chunk of bytes, with the host's time at which it came, s. */
export type OnMessages<Message> = (messages: readonly Message[], time: number) => void;

/**
 * The wire of a device: link and codec together, opened once. A loss is told once as `lost`; after it nothing is sent any
 * more, and another connection is another device.
 */
export class Port<Message, Command> {
  #link: ByteLink | undefined;
  #closing = false;
  #lost: string | undefined;
  readonly #decoder: Decoder<Message>;
  readonly #listeners: ((event: DeviceEvent) => void)[] = [];

  constructor(
    readonly context: DeviceContext,
    private readonly codec: Codec<Message, Command>,
  ) {
    this.#decoder = codec.decoder();
  }

  get name(): string {
    return this.context.name;
  }

  get clock(): Clock {
    return this.context.clock;
  }

  get isOpen(): boolean {
    return this.#link?.isOpen === true;
  }

  /** @throws {DeviceError} when it cannot be opened, or was open before. */
  async open(onMessages: OnMessages<Message>, onLost: (error: DeviceError) => void): Promise<void> {
    if (this.#link !== undefined) throw new DeviceError(`${this.name} was opened before`);
    const link = await this.context.openLink();
    this.#link = link;
    const messages: Message[] = [];
    link.onBytes(bytes => {
      messages.length = 0;
      this.#decoder.push(bytes, messages);
      if (messages.length > 0) onMessages(messages, this.clock.now());
    });
    link.onClose(reason => {
      if (this.#closing) return;
      this.#lost = `the connection to ${this.name} (${link.place}) was lost${reason === undefined ? '' : `: ${reason}`}`;
      onLost(this.#lostError());
      this.emit({ kind: 'lost', message: this.#lost });
    });
  }

  /** @throws {DeviceError} when the connection is gone. */
  send(command: Command): void {
    this.sendBytes(this.codec.encode(command));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.isOpen) throw this.#lostError();
    this.#link!.write(bytes);
  }

  /** {@link send} for what must not fail: nothing happens when the connection is gone. */
  trySend(command: Command): void {
    if (this.isOpen) this.#link!.write(this.codec.encode(command));
  }

  onEvent(listener: (event: DeviceEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: DeviceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#link?.close().catch(() => undefined);
  }

  #lostError(): DeviceError {
    return new DeviceError(this.#lost ?? `${this.name} is not connected`, {
      advice: 'check the cable and the power',
    });
  }
}
