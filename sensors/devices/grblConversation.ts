import { DeviceError } from '../../src/errors.js';
import type { Vector3 } from '../../src/model/rig.js';
import {
  type GrblCommand,
  type GrblMessage,
  type GrblRealtime,
  type GrblStatus,
  grbl,
  grblAlarm,
  grblErrorText,
} from '../codecs/grbl.js';
import { CommandQueue, NoAnswer, type Verdict } from './commandQueue.js';
import { type DeviceContext, Port } from './port.js';

const REPLY_SECONDS = 5;
const STATUS_SECONDS = 1;
const MM = 1e-3;
const INCH = 25.4e-3;
/** Setting of the controller: reports in inches. */
const REPORT_INCHES = 13;
export const FREE_IT = 'free the stage, check its switches, then home it';

/**
 * What is said between a host and GRBL: one line on its way at a time, one question for the status at a time (a second one
 * would be lost), banners, alarms, settings. A banner that nobody asked for, an alarm or a lost connection fail what is under
 * way, and the position is no longer trusted.
 */
export class GrblConversation {
  readonly port: Port<GrblMessage, GrblCommand>;
  readonly #queue: CommandQueue<GrblMessage>;
  /** Settings of the controller by number, as it listed them. */
  readonly values = new Map<number, number>();
  identity = 'GRBL';
  version = '';
  /** Whether the controller knows where it stands. */
  trusted = true;
  #asked: ((status: GrblStatus | Error) => void)[] = [];
  /** Who waits for the next banner. */
  #onBanner: (() => void) | undefined;
  #offset: readonly number[] = [0, 0, 0];

  constructor(context: DeviceContext) {
    this.port = new Port(context, grbl);
    this.#queue = new CommandQueue(context.name, context.clock);
  }

  get name(): string {
    return this.port.name;
  }

  async open(): Promise<void> {
    await this.port.open(
      messages => {
        for (const message of messages) this.#handle(message);
      },
      error => this.#queue.fail(error),
    );
  }

  /** Fails what waits for an answer. */
  fail(error: DeviceError): void {
    this.#queue.fail(error);
  }

  /** What was sent before is forgotten: the next answer belongs to the next line. */
  restart(): void {
    this.#queue.restart();
  }

  /** Acted on at once, without an answer. @throws {DeviceError} when the connection is gone */
  realtime(name: GrblRealtime): void {
    this.port.send({ kind: 'realtime', name });
  }

  tryRealtime(name: GrblRealtime): void {
    this.port.trySend({ kind: 'realtime', name });
  }

  /** Sends a line. @throws {DeviceError} refused, lost; {@link NoAnswer} */
  line(text: string, timeout = REPLY_SECONDS): Promise<true> {
    return this.request(
      text,
      text,
      message => {
        if (message.kind === 'ok') return { done: true };
        return message.kind === 'error' ? { refused: `error ${message.code}, ${grblErrorText(message.code)}` } : 'push';
      },
      timeout,
    );
  }

  /** Sends a line and judges what comes by a rule of its own. @param what it is called in messages */
  request<Result>(
    what: string,
    text: string,
    judge: (message: GrblMessage) => Verdict<Result>,
    timeout: number,
  ): Promise<Result> {
    return this.#queue.request(what, () => this.port.send({ kind: 'line', text }), judge, timeout);
  }

  /** Resolves at the next banner. */
  banner(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.port.clock.after(seconds, () => {
        this.#onBanner = undefined;
        reject(new NoAnswer(`${this.name} did not greet`));
      });
      this.#onBanner = () => {
        this.#onBanner = undefined;
        cancel();
        resolve();
      };
    });
  }

  /** Asks where it stands and what it does. @throws {NoAnswer} */
  status(): Promise<GrblStatus> {
    return new Promise((resolve, reject) => {
      this.#asked.push(answer => (answer instanceof Error ? reject(answer) : resolve(answer)));
      if (this.#asked.length > 1) return;
      const asked = this.#asked;
      try {
        this.port.send({ kind: 'realtime', name: 'status' });
      } catch (error) {
        this.#tell(error as Error);
        return;
      }
      this.port.clock.after(STATUS_SECONDS, () => {
        if (this.#asked === asked) this.#tell(new NoAnswer(`${this.name} did not answer ? within ${STATUS_SECONDS} s`));
      });
    });
  }

  #tell(answer: GrblStatus | Error): void {
    const asked = this.#asked;
    this.#asked = [];
    for (const listener of asked) listener(answer);
  }

  /** The position in machine coordinates, m. */
  positionOf({ mpos, wpos, wco }: GrblStatus): Vector3 {
    const unit = this.values.get(REPORT_INCHES) === 1 ? INCH : MM;
    const offset = wco ?? this.#offset;
    const of = (i: number) => (mpos === undefined ? (wpos?.[i] ?? Number.NaN) + (offset[i] ?? 0) : mpos[i]) * unit;
    return [of(0), of(1), of(2)];
  }

  #handle(message: GrblMessage): void {
    if (message.kind === 'status') {
      if (message.wco !== undefined) this.#offset = message.wco;
      this.#tell(message);
      return;
    }
    if (this.#queue.offer(message)) return;
    switch (message.kind) {
      case 'banner':
        this.#greeted(message.text);
        break;
      case 'alarm': {
        const { text, positionLost } = grblAlarm(message.code);
        if (positionLost) this.trusted = false;
        this.#queue.fail(new DeviceError(`${this.name}: alarm ${message.code}, ${text}`, { advice: FREE_IT }));
        this.port.emit({ kind: 'alarm', message: `${this.name}: alarm ${message.code}, ${text}` });
        break;
      }
      case 'setting':
        this.values.set(message.number, message.value);
        break;
      case 'feedback':
        if (message.tag === 'VER') this.version = message.text;
        else if (message.tag === 'MSG') this.port.emit({ kind: 'note', message: `${this.name}: ${message.text}` });
        break;
      case 'ok':
      case 'error':
        this.port.emit({ kind: 'note', message: `${this.name}: an answer that nothing waits for (${message.kind})` });
        break;
      default:
        break;
    }
  }

  #greeted(text: string): void {
    this.identity = text.replace(/\s*\[.*$/, '');
    if (this.#onBanner !== undefined) {
      this.#onBanner();
      return;
    }
    this.trusted = false;
    const message = `${this.name} was reset by itself`;
    this.#queue.fail(new DeviceError(message, { advice: 'check its power and cable, then home it' }));
    this.port.emit({ kind: 'reset', message });
  }
}
