import { DeviceError } from '../../src/errors.js';
import type { Clock } from '../clock.js';

/**
 * What a message means to the command that waits: `done` answers it, `refused` too; `alive` is a sign of life, from which
 * the wait counts anew; `push` is not for it.
 */
export type Verdict<Result> =
  | { readonly done: Result }
  | { readonly refused: string; readonly advice?: string }
  | 'alive'
  | 'push';

interface Pending<Message> {
  readonly what: string;
  readonly timeout: number;
  send(): void;
  /** True: the message was for it. */
  judge(message: Message): boolean | 'alive';
  fail(error: Error): void;
}

/**
 * Commands that a device answers, one at a time: the next is sent when the last is answered. Only a message that the
 * oldest unanswered command takes for its answer completes it; everything else is left to others. An answer that does not
 * come breaks the order of question and answer, so that nothing more is sent until {@link restart}: whoever owns the queue
 * first finds out where the device stands.
 */
export class CommandQueue<Message> {
  readonly #pending: Pending<Message>[] = [];
  #cancelTimer: (() => void) | undefined;
  #broken: Error | undefined;

  constructor(
    private readonly name: string,
    private readonly clock: Clock,
  ) {}

  get idle(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Sends when its turn has come, and resolves with the answer.
   * @param what the command as people would say it, for errors
   * @param timeout s, from sending or the last sign of life
   * @throws {DeviceError} refused, or not answered in time; what {@link fail} was given
   */
  request<Result>(
    what: string,
    send: () => void,
    judge: (message: Message) => Verdict<Result>,
    timeout: number,
  ): Promise<Result> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise<Result>((resolve, reject) => {
      this.#pending.push({
        what,
        timeout,
        send,
        judge: message => {
          const verdict = judge(message);
          if (verdict === 'push') return false;
          if (verdict === 'alive') return 'alive';
          if ('done' in verdict) resolve(verdict.done);
          else reject(new DeviceError(`${this.name} refused ${what}: ${verdict.refused}`, adviceOf(verdict.advice)));
          return true;
        },
        fail: reject,
      });
      if (this.#pending.length === 1) this.#next();
    });
  }

  /** Shows a message to the command that waits. @returns whether it was its answer */
  offer(message: Message): boolean {
    const oldest = this.#pending[0];
    if (oldest === undefined) return false;
    const taken = oldest.judge(message);
    if (taken === false) return false;
    this.#cancelTimer?.();
    if (taken === 'alive') this.#watch(oldest);
    else {
      this.#pending.shift();
      this.#next();
    }
    return true;
  }

  /** Every command that waits fails, and so does every later one until {@link restart}. */
  fail(error: Error): void {
    this.#broken = error;
    this.#cancelTimer?.();
    for (const { fail } of this.#pending.splice(0)) fail(error);
  }

  /** A new epoch: what was asked before is forgotten. */
  restart(): void {
    if (this.#pending.length > 0) this.fail(new DeviceError(`${this.name} began anew`));
    this.#broken = undefined;
  }

  #next(): void {
    const oldest = this.#pending[0];
    if (oldest === undefined) return;
    try {
      oldest.send();
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    // A link without delay may have answered within.
    if (this.#pending[0] === oldest) this.#watch(oldest);
  }

  #watch(oldest: Pending<Message>): void {
    this.#cancelTimer = this.clock.after(oldest.timeout, () => {
      this.fail(new NoAnswer(`${this.name} did not answer ${oldest.what} within ${oldest.timeout.toPrecision(2)} s`));
    });
  }
}

/** The answer to a command did not come in time. */
export class NoAnswer extends DeviceError {
  constructor(message: string) {
    super(message, { advice: 'check power, cable and speed of the port' });
  }
}

function adviceOf(advice: string | undefined): { readonly advice?: string } {
  return advice === undefined ? {} : { advice };
}
