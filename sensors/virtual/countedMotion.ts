import type { Vector3 } from '../../src/model/rig.js';
import { type Move, StraightMotion } from './straightMotion.js';

/**
 * A stage in motion with the position that its controller counts, mm: that differs from the true one before homing, and after
 * steps were lost.
 */
export class CountedMotion extends StraightMotion {
  /** True minus counted position. */
  #offset: Vector3;

  /** @param at where it stands and counts zero */
  constructor(at: Vector3) {
    super(at);
    this.#offset = at;
  }

  /** Where it takes itself to be, in whole micrometres. */
  counted(time: number): number[] {
    return this.position(time).map((value, i) => Math.round((value - this.#offset[i]) * 1000) / 1000 + 0);
  }

  /** Adds a move to a place as it counts. */
  pushCounted(move: Move, time: number): void {
    const to = move.to.map((value, i) => value + this.#offset[i]) as unknown as Vector3;
    this.push({ ...move, to }, time);
  }

  /** From now on it takes itself to be there. */
  countFrom(counted: readonly number[], time: number): void {
    this.#offset = this.position(time).map((value, i) => value - counted[i]) as unknown as Vector3;
  }

  /** Steps are lost as it is stopped at once. */
  loseSteps(): void {
    this.#offset = [this.#offset[0] + 0.05, this.#offset[1] - 0.04, this.#offset[2]];
  }
}
