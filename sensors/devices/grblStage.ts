import { z } from 'zod';
import { DeviceError } from '../../src/errors.js';
import type { Interval, RigStage, Vector3 } from '../../src/model/rig.js';
import { abortable, wait } from '../clock.js';
import { type GrblMessage, grblAlarm, grblErrorText } from '../codecs/grbl.js';
import { NoAnswer, type Verdict } from './commandQueue.js';
import type { StageDriver } from './driver.js';
import { FREE_IT, GrblConversation } from './grblConversation.js';
import type { DeviceEvent, MotionStage } from './interfaces.js';
import type { DeviceContext } from './port.js';
import {
  ARRIVAL_TOLERANCE,
  checkArrival,
  checkLimits,
  distance,
  gcodeTarget,
  moveTimeout,
  travelOf,
} from './stageParts.js';

const settings = z.strictObject({
  axes: z
    .union([z.literal(2), z.literal(3)])
    .default(3)
    .describe('the number of axes that move'),
  positive_space: z
    .boolean()
    .default(false)
    .describe('the sign of the machine coordinates: true, 0 to +travel; by default -travel to 0'),
  homing_s: z.number().positive().max(600).default(60).describe('the longest time of homing, s'),
});
type Settings = z.output<typeof settings>;

const BOOT_SECONDS = 2.5;
/** Between two questions for the status; more than 10 per second upset the controller. */
const POLL_SECONDS = 0.1;
/** A controller that stands still for this long after it took a move will not begin any more. */
const START_SECONDS = 0.5;
/** Without a way made for this long, the stage is stalled. */
const STALL_SECONDS = 5;
const MM = 1e-3;
/** Settings of the controller: travel of x, y, z. */
const TRAVEL = [130, 131, 132];

/**
 * A stage under GRBL 1.1 or grblHAL. Moves are absolute in machine coordinates (G53), so that a repeated line does no harm;
 * one line is on its way at a time. `ok` only says that a move was taken: it has arrived when the controller is idle and
 * stands there. A banner that nobody asked for, an alarm or a lost connection fail what is under way.
 */
export class GrblStage implements MotionStage {
  readonly #grbl: GrblConversation;

  constructor(
    context: DeviceContext,
    private readonly settings: Settings,
    private readonly travel: RigStage['travel'],
  ) {
    this.#grbl = new GrblConversation(context);
  }

  get name(): string {
    return this.#grbl.name;
  }

  get identity(): string {
    const { identity, version } = this.#grbl;
    return version === '' ? identity : `${identity} (${version})`;
  }

  get #axes(): number {
    return this.travel.z === undefined ? 2 : 3;
  }

  /** The controller knows how far each axis travels; on which side of 0 that lies, rig.yaml says. */
  get limits(): readonly Interval[] | undefined {
    const { x, y, z = x } = this.travel;
    const lengths = TRAVEL.slice(0, this.#axes).map(number => this.#grbl.values.get(number));
    if (lengths.some(value => value === undefined)) return undefined;
    return lengths.map((mm, i) => ([x, y, z][i][1] > 0 ? [0, mm! * MM] : [-mm! * MM, 0]));
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#grbl.open();
    // Opening the port resets most controllers; those that are not reset do not greet.
    await this.#grbl.banner(BOOT_SECONDS).catch(() => undefined);
    signal?.throwIfAborted();
    const status = await this.#grbl.status().catch(() => undefined);
    if (status === undefined) {
      // After a hard limit it hears nothing but a reset.
      this.#grbl.realtime('reset');
      await this.#grbl.banner(BOOT_SECONDS).catch(() => {
        throw new DeviceError(`${this.name}: no GRBL controller answers`, {
          advice: 'check the port and its speed (connect: {baud: 115200})',
        });
      });
    }
    this.#grbl.restart();
    await this.#grbl.line('$I');
    await this.#grbl.line('$$');
  }

  onEvent(listener: (event: DeviceEvent) => void): void {
    this.#grbl.port.onEvent(listener);
  }

  async home(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    let alarm: number | undefined;
    // A failed homing says ALARM, and ok all the same.
    const judge = (message: GrblMessage): Verdict<true> => {
      if (message.kind === 'alarm') alarm = message.code;
      if (message.kind === 'ok') return alarm === undefined ? { done: true } : { refused: grblAlarm(alarm).text };
      return message.kind === 'error' ? { refused: grblErrorText(message.code) } : 'push';
    };
    try {
      await abortable(this.#grbl.request('homing ($H)', '$H', judge, this.settings.homing_s), signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new DeviceError(message, {
        advice: 'check the limit switches and free the stage, then try again',
        cause: error,
      });
    }
    const { state } = await this.#grbl.status();
    if (alarm !== undefined || state !== 'Idle') {
      throw new DeviceError(`${this.name} did not find its home (${state})`, {
        advice: 'check the limit switches and free the stage, then try again',
      });
    }
    this.#grbl.trusted = true;
  }

  async moveTo(target: Vector3, feed: number, signal?: AbortSignal, onStart?: (time: number) => void): Promise<void> {
    signal?.throwIfAborted();
    checkLimits(this.name, target, travelOf({ travel: this.travel }));
    checkLimits(this.name, target, this.limits);
    if (!this.#grbl.trusted) {
      throw new DeviceError(`${this.name} does not know where it stands`, { advice: 'home it first' });
    }
    const axes = this.#axes;
    const length = distance(await this.position(), target, axes);
    const words = `G90 G21 G94 G53 G1 ${gcodeTarget(target, axes)} F${Math.round((feed * 60) / MM)}`;
    for (let attempt = 0; ; attempt++) {
      onStart?.(this.#grbl.port.clock.now());
      await this.#settled(this.#grbl.line(words));
      if (await this.#arrive(target, moveTimeout(length, feed), signal)) return;
      // The target is absolute: sending it again does no harm.
      if (attempt > 0) checkArrival(this.name, target, await this.position(), axes);
      else this.#grbl.port.emit({ kind: 'note', message: `${this.name}: a move was lost and is sent again` });
    }
  }

  async position(): Promise<Vector3> {
    return this.#grbl.positionOf(await this.#grbl.status());
  }

  async halt(): Promise<void> {
    try {
      this.#grbl.tryRealtime('hold');
      for (let tries = 0; tries < 20 && this.#grbl.port.isOpen; tries++) {
        const { state, sub } = await this.#grbl.status();
        if (state === 'Alarm') return;
        if (state === 'Idle' || (state === 'Hold' && sub !== 1)) break;
        await wait(this.#grbl.port.clock, POLL_SECONDS);
      }
      this.#grbl.fail(new DeviceError(`${this.name} was stopped`));
      // Standing still, a reset drops the rest of the way and keeps the position.
      this.#grbl.tryRealtime('reset');
      await this.#grbl.banner(BOOT_SECONDS);
      this.#grbl.restart();
    } catch {
      // Lost or mute: a reset is all that is left, and it may find nobody.
      this.#grbl.trusted = false;
      this.#grbl.tryRealtime('reset');
    }
  }

  close(): Promise<void> {
    return this.#grbl.port.close();
  }

  /** Goes on after a lost `ok`: where the controller is idle, an empty line brings question and answer together again. */
  async #settled(line: Promise<true>): Promise<void> {
    try {
      await line;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const { state } = await this.#grbl.status();
      if (state !== 'Idle' && state !== 'Run') throw error;
      this.#grbl.restart();
      await this.#grbl.line('');
      this.#grbl.port.emit({
        kind: 'note',
        message: `${this.name}: an answer was lost; question and answer agree again`,
      });
    }
  }

  /** Waits until the controller is idle. @returns whether it stands at the target */
  async #arrive(target: Vector3, timeout: number, signal: AbortSignal | undefined): Promise<boolean> {
    const { clock } = this.#grbl.port;
    const axes = this.#axes;
    const end = clock.now() + timeout;
    let before: Vector3 | undefined;
    let moved = clock.now();
    for (;;) {
      signal?.throwIfAborted();
      const { state, ...status } = await this.#grbl.status();
      const at = this.#grbl.positionOf({ ...status, state });
      if (state === 'Alarm') throw new DeviceError(`${this.name} is in alarm`, { advice: FREE_IT });
      if (state === 'Idle' && distance(target, at, axes) <= ARRIVAL_TOLERANCE) return true;
      if (before === undefined || distance(before, at, axes) > 0) moved = clock.now();
      before = at;
      // A move begins some time after it was taken.
      if (state === 'Idle' && clock.now() - moved > START_SECONDS) return false;
      if (clock.now() - moved > STALL_SECONDS || clock.now() > end) {
        throw new DeviceError(`${this.name} does not get on (${state})`, {
          advice: 'check that nothing is in its way and that its motors have power',
        });
      }
      await wait(clock, POLL_SECONDS, signal);
    }
  }
}

/** The driver `grbl` of rig.yaml. */
export const grblDriver: StageDriver<Settings> = {
  settings,
  baud: 115_200,
  make: (context, options, { travel }) => new GrblStage(context, options, travel),
};
