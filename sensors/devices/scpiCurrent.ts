import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { RigCurrent } from '../../src/model/rig.js';
import { wait } from '../clock.js';
import {
  type ScpiCommand,
  type ScpiDialect,
  type ScpiMessage,
  scpi,
  scpiDialect,
  scpiDialectSettings,
  scpiLine,
} from '../codecs/scpi.js';
import { CommandQueue, type Verdict } from './commandQueue.js';
import type { CurrentDriver } from './driver.js';
import type { CurrentSource, DeviceEvent } from './interfaces.js';
import { checkCurrent } from './manualDevices.js';
import { type DeviceContext, Port } from './port.js';

/** `options` of `scpi_supply` and `scpi_load`. */
export const scpiCurrentSettings = scpiDialectSettings.extend({
  settle_s: z.number().min(0).max(60).default(0.05).describe('the time until the current flows as told, s'),
});
type Settings = z.output<typeof scpiCurrentSettings>;

const REPLY_SECONDS = 2;

/** A supply (current into the cell) or an electronic load (out of it) that speaks SCPI. */
export class ScpiCurrent implements CurrentSource {
  readonly #port: Port<ScpiMessage, ScpiCommand>;
  readonly #queue: CommandQueue<ScpiMessage>;
  readonly #dialect: ScpiDialect;
  readonly #settle: number;
  #identity = '';
  #prepared = false;
  #on = false;

  constructor(
    context: DeviceContext,
    private readonly kind: 'supply' | 'load',
    { settle_s, ...dialect }: Settings,
    private readonly limit: number,
  ) {
    this.#port = new Port(context, scpi);
    this.#queue = new CommandQueue(context.name, context.clock);
    this.#dialect = scpiDialect(kind, dialect);
    this.#settle = settle_s;
  }

  get name(): string {
    return this.#port.name;
  }

  get identity(): string {
    return this.#identity;
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#port.open(
      messages => {
        for (const message of messages) this.#queue.offer(message);
      },
      error => this.#queue.fail(error),
    );
    this.#identity = await this.#ask(this.#dialect.identify, message =>
      message.kind === 'text' ? message.text : message.kind === 'numbers' ? message.values.join(',') : undefined,
    );
    signal?.throwIfAborted();
  }

  onEvent(listener: (event: DeviceEvent) => void): void {
    this.#port.onEvent(listener);
  }

  async set(current: number): Promise<void> {
    checkCurrent(this.name, current, this.limit);
    const { prepare, positive, negative, on, set } = this.#dialect;
    const sign = current < 0 ? negative : positive;
    // Without a way to turn it round, a supply charges and a load discharges.
    if (sign === undefined && current !== 0 && current > 0 !== (this.kind === 'supply')) {
      throw new DeviceError(`${this.name}: a ${this.kind} cannot drive ${current} A`, {
        advice: `give the lines that turn the current round ('positive', 'negative' of its options), or another sign`,
      });
    }
    if (!this.#prepared) {
      for (const text of prepare) this.#tell(text);
      this.#prepared = true;
    }
    if (sign !== undefined && current !== 0) this.#tell(sign);
    this.#tell(scpiLine(set, current));
    if (!this.#on) this.#tell(on);
    this.#on = true;
    await this.#accepted();
    await wait(this.#port.clock, this.#settle);
  }

  async measure(): Promise<number> {
    const { measure, measureScale } = this.#dialect;
    const value = await this.#ask(measure, message => (message.kind === 'numbers' ? message.values[0] : undefined));
    return value * measureScale;
  }

  async off(): Promise<void> {
    this.#on = false;
    // Past whatever waits for an answer, and twice: a line may have been half sent.
    this.#port.trySend({ kind: 'command', text: this.#dialect.off });
    this.#port.trySend({ kind: 'command', text: this.#dialect.off });
    try {
      this.#queue.restart();
      await this.#accepted();
      await wait(this.#port.clock, this.#settle);
    } catch {
      // Lost or mute: the scan tells the person to switch it off.
    }
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  #tell(text: string): void {
    this.#port.send({ kind: 'command', text });
  }

  /** Asks for errors until there is none. @throws {DeviceError} with the first of them. */
  async #accepted(): Promise<void> {
    const fault = await this.#ask(this.#dialect.errors, message =>
      message.kind === 'errors' ? (message.errors.find(error => error.code !== 0) ?? null) : undefined,
    );
    if (fault === null) return;
    throw new DeviceError(`${this.name}: ${fault.text} (${fault.code})`, {
      advice: 'correct the lines in its options in rig.yaml',
    });
  }

  #ask<Result>(text: string, take: (message: ScpiMessage) => Result | undefined): Promise<Result> {
    const judge = (message: ScpiMessage): Verdict<Result> => {
      const result = take(message);
      return result === undefined ? 'push' : { done: result };
    };
    return this.#queue.request(text, () => this.#port.send({ kind: 'query', text }), judge, REPLY_SECONDS);
  }
}

const driver = (kind: 'supply' | 'load'): CurrentDriver<Settings> => ({
  settings: scpiCurrentSettings,
  baud: 9600,
  make: (context, options, { limit }: RigCurrent) => new ScpiCurrent(context, kind, options, limit),
});

/** The driver `scpi_supply` of rig.yaml. */
export const scpiSupplyDriver = driver('supply');
/** The driver `scpi_load` of rig.yaml. */
export const scpiLoadDriver = driver('load');
