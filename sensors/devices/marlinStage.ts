import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { Interval, RigStage, Vector3 } from '../../src/model/rig.js';
import { abortable, wait } from '../clock.js';
import { type MarlinCommand, type MarlinMessage, marlin } from '../codecs/marlin.js';
import { trajectory } from '../scan/trajectory.js';
import { CommandQueue, NoAnswer } from './commandQueue.js';
import type { StageDriver } from './driver.js';
import type { DeviceEvent, MotionStage } from './interfaces.js';
import { type DeviceContext, Port } from './port.js';
import { checkArrival, checkLimits, distance, gcodeTarget, moveTimeout, travelOf } from './stageParts.js';

const settings = z.strictObject({
  axes: z
    .union([z.literal(2), z.literal(3)])
    .default(3)
    .describe('the number of axes that move'),
  homing_s: z.number().positive().max(600).default(120).describe('the longest time of homing, s'),
});
type Settings = z.output<typeof settings>;

const BOOT_SECONDS = 5;
const REPLY_SECONDS = 5;
/** A line that was damaged so often is given up. */
const MOST_RESENDS = 5;
const MM = 1e-3;

/**
 * A stage under Marlin. Every line carries its number and checksum; a damaged one is sent again, up to five times. It has
 * arrived when M400 is answered and M114 agrees with the target, for Marlin cuts moves beyond its end stops short without
 * a word. `echo:busy` keeps the wait alive. A second `start` is a reset.
 */
export class MarlinStage implements MotionStage {
  readonly #port: Port<MarlinMessage, MarlinCommand>;
  readonly #queue: CommandQueue<MarlinMessage>;
  #identity = 'Marlin';
  #limits: readonly Interval[] | undefined;
  #next = 0;
  #booting = true;
  #onStart: (() => void) | undefined;
  #trusted = true;

  constructor(
    context: DeviceContext,
    private readonly settings: Settings,
    private readonly stage: Pick<RigStage, 'travel' | 'acceleration'>,
  ) {
    this.#port = new Port(context, marlin);
    this.#queue = new CommandQueue(context.name, context.clock);
  }

  get name(): string {
    return this.#port.name;
  }

  get identity(): string {
    return this.#identity;
  }

  get limits(): readonly Interval[] | undefined {
    return this.#limits?.slice(0, this.axes);
  }

  /** 2: no z axis. */
  private get axes(): number {
    return this.stage.travel.z === undefined ? 2 : 3;
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#port.open(
      messages => {
        for (const message of messages) this.#handle(message);
      },
      error => this.#queue.fail(error),
    );
    await this.#started(BOOT_SECONDS);
    signal?.throwIfAborted();
    try {
      await this.#line('M110 N0');
    } catch (cause) {
      throw new DeviceError(`${this.name}: no Marlin controller answers`, {
        advice: 'check the port and its speed (connect: {baud: 250000})',
        cause,
      });
    }
    for (const text of ['M115', 'G21', 'G90', 'M211']) await this.#line(text);
    this.#booting = false;
  }

  onEvent(listener: (event: DeviceEvent) => void): void {
    this.#port.onEvent(listener);
  }

  async home(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const words = this.axes === 3 ? 'G28' : 'G28 X Y';
    await abortable(this.#line(words, this.settings.homing_s), signal);
    await abortable(this.#line('M400', this.settings.homing_s), signal);
    this.#trusted = true;
  }

  async moveTo(target: Vector3, feed: number, signal?: AbortSignal, onStart?: (time: number) => void): Promise<void> {
    signal?.throwIfAborted();
    checkLimits(this.name, target, travelOf(this.stage));
    checkLimits(this.name, target, this.limits);
    if (!this.#trusted) {
      throw new DeviceError(`${this.name} does not know where it stands`, { advice: 'home it first' });
    }
    const { axes } = this;
    const length = distance(await this.position(), target, axes);
    onStart?.(this.#port.clock.now());
    await this.#line(`G1 ${gcodeTarget(target, axes)} F${Math.round((feed * 60) / MM)}`);
    // While M400 waits nothing else is heard, no stop either: most of the time passes before it.
    await wait(this.#port.clock, trajectory(length, feed, this.stage.acceleration).duration, signal);
    await abortable(this.#stands(moveTimeout(length, feed)), signal);
    checkArrival(this.name, target, await this.position(), axes);
  }

  async #stands(timeout: number): Promise<void> {
    try {
      await this.#line('M400', timeout);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new DeviceError(`${this.name} does not get on`, {
        advice: 'check that nothing is in its way and that its motors have power',
        cause: error,
      });
    }
  }

  position(): Promise<Vector3> {
    let at: Vector3 | undefined;
    return this.#numbered('M114', REPLY_SECONDS, message => {
      if (message.kind === 'position') {
        const [x, y, z] = message.position;
        at = [x * MM, y * MM, z * MM];
      }
      // An `ok` before the position belongs to a line that was sent twice.
      return message.kind === 'ok' ? at : undefined;
    });
  }

  async halt(): Promise<void> {
    this.#trusted = false;
    this.#queue.fail(new DeviceError(`${this.name} was stopped`, { advice: 'home it first' }));
    // Heeded at once where the firmware has its emergency parser, else as soon as it reads on.
    this.#port.trySend({ kind: 'line', text: 'M410' });
    this.#queue.restart();
    try {
      await this.#line('M110 N0');
      await this.#line('M400', REPLY_SECONDS);
    } catch {
      // Lost or mute: there is nothing more to be done from here.
    }
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  #line(text: string, timeout = REPLY_SECONDS): Promise<true> {
    return this.#numbered(text, timeout, message => (message.kind === 'ok' ? true : undefined));
  }

  /** Sends a numbered line; `answer` gives what completes it. */
  #numbered<Result>(
    text: string,
    timeout: number,
    answer: (message: MarlinMessage) => Result | undefined,
  ): Promise<Result> {
    let line = 0;
    let resends = 0;
    let fault: string | undefined;
    const send = () => this.#port.send({ kind: 'numbered', line, text });
    return this.#queue.request<Result>(
      text,
      () => {
        line = text.startsWith('M110') ? 0 : this.#next;
        this.#next = line + 1;
        send();
      },
      message => {
        if (message.kind === 'busy') return 'alive';
        if (message.kind === 'resend') {
          if (++resends > MOST_RESENDS) return { refused: fault ?? `asked ${resends} times to hear it again` };
          fault = undefined;
          line = this.#next = message.line;
          this.#next++;
          send();
          return 'alive';
        }
        if (message.kind === 'error') {
          if (/kill|halted/i.test(message.text)) return { refused: message.text, advice: 'reset it, then home it' };
          // What is wrong with the line is followed by the wish to hear it again.
          fault = message.text;
          return /line number|checksum/i.test(fault) ? 'alive' : { refused: fault };
        }
        if (fault !== undefined && message.kind === 'ok') return 'alive';
        const done = answer(message);
        return done === undefined ? 'push' : { done };
      },
      timeout,
    );
  }

  #handle(message: MarlinMessage): void {
    if (message.kind === 'start') {
      this.#begun();
      return;
    }
    if (this.#queue.offer(message)) return;
    switch (message.kind) {
      case 'firmware':
        this.#identity = /FIRMWARE_NAME:(.*?)(?=\s+[A-Z_]+:|$)/.exec(message.text)?.[1] ?? message.text;
        break;
      case 'echo':
      case 'text':
        this.#limits = softEndStops(message.text) ?? this.#limits;
        break;
      case 'error':
        this.#trusted = false;
        this.#queue.fail(new DeviceError(`${this.name}: ${message.text}`, { advice: 'reset it, then home it' }));
        this.#port.emit({ kind: 'alarm', message: `${this.name}: ${message.text}` });
        break;
      case 'ok':
        this.#port.emit({ kind: 'note', message: `${this.name}: an answer that nothing waits for (ok)` });
        break;
      default:
        break;
    }
  }

  #begun(): void {
    this.#next = 0;
    this.#onStart?.();
    if (this.#booting) return;
    this.#trusted = false;
    const message = `${this.name} was reset by itself`;
    this.#queue.fail(new DeviceError(message, { advice: 'check its power and cable, then home it' }));
    this.#port.emit({ kind: 'reset', message });
  }

  /** Resolves at `start`, or after the time for controllers that opening does not reset. */
  #started(seconds: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#port.clock.after(seconds, resolve);
      this.#onStart = () => {
        this.#onStart = undefined;
        cancel();
        resolve();
      };
    });
  }
}

/** `Soft endstops: On Min: X0.00 Y0.00 Z0.00 Max: X220.00 Y220.00 Z250.00` as limits in m; absent where they are off. */
function softEndStops(text: string): readonly Interval[] | undefined {
  const found = /endstops:\s*on.*min:(.*)max:(.*)$/i.exec(text);
  if (found === null) return undefined;
  const ends = (part: string) =>
    ['X', 'Y', 'Z'].map(
      axis => Number(new RegExp(`${axis}\\s*(-?\\d+(?:\\.\\d+)?)`).exec(part)?.[1] ?? Number.NaN) * MM,
    );
  const [low, high] = [ends(found[1]), ends(found[2])];
  const limits = low.map((from, i): Interval => [from, high[i]]);
  return limits.every(([from, to]) => from < to) ? limits : undefined;
}

/** The driver `marlin` of rig.yaml. */
export const marlinDriver: StageDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, stage) => new MarlinStage(context, options, stage),
};
