import type { RigStage, Vector3 } from '../../src/model/rig.js';
import { type Clock, wait } from '../clock.js';
import type { MotionStage } from '../devices/interfaces.js';
import { cellOf, stageOf } from './travel.js';

/** Heights that differ by less than this are one, m. */
const SAME = 1e-6;

/**
 * Moves the stage from place to place such that a sensor does not run into the cell: where the height changes, it goes
 * away from the cell first and sideways then, or sideways first and towards the cell then.
 */
export class Mover {
  #at: Vector3 | undefined;

  constructor(
    private readonly stage: MotionStage,
    private readonly settings: RigStage,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Somebody may have moved it by hand. */
  forget(): void {
    this.#at = undefined;
  }

  /** Goes to a place of the stage's coordinates, m, and waits until nothing rings any more. */
  async to(target: Vector3): Promise<void> {
    const { settings, stage, signal } = this;
    const from = this.#at ?? (settings.travel.z === undefined ? target : await stage.position());
    for (const place of this.#way(from, target)) await stage.moveTo(place, settings.feed, signal);
    this.#at = target;
    await wait(this.clock, settings.settle, signal);
  }

  /** Runs along a line. @returns the host's time at which the stage was told to go, s */
  async along(target: Vector3, feed: number): Promise<number> {
    let start = this.clock.now();
    await this.stage.moveTo(target, feed, this.signal, time => {
      start = time;
    });
    this.#at = target;
    return start;
  }

  #way(from: Vector3, target: Vector3): Vector3[] {
    const [now, then] = [cellOf(this.settings, from), cellOf(this.settings, target)];
    const sideways = Math.abs(now[0] - then[0]) > SAME || Math.abs(now[1] - then[1]) > SAME;
    if (!sideways || Math.abs(now[2] - then[2]) <= SAME) return [target];
    // Above the cell up is away from it, below it down.
    const away = then[2] >= 0 ? then[2] > now[2] : then[2] < now[2];
    const between: Vector3 = away ? [now[0], now[1], then[2]] : [then[0], then[1], now[2]];
    return [stageOf(this.settings, between), target];
  }
}
