import type { Vector3 } from '../../src/model/rig.js';

/** A stretch of a straight line, in mm and s: uniform acceleration up, a cruise, uniform deceleration to rest. */
interface Stretch {
  readonly from: Vector3;
  readonly direction: Vector3;
  readonly length: number;
  readonly start: number;
  /** Speed at the beginning, and the highest. */
  readonly initial: number;
  readonly peak: number;
  readonly acceleration: number;
  readonly end: number;
}

export interface Move {
  readonly to: Vector3;
  /** mm/s along the path. */
  readonly speed: number;
  /** mm/s^2 along the path. */
  readonly acceleration: number;
}

/** Stretches that are remembered, so that a sensor can ask where the stage was a while ago. */
const REMEMBERED = 256;

/**
 * A stage that moves in straight lines, one after the other, coming to rest between them (real planners round corners
 * within their junction deviation; here every corner is a stop). Exact in time, no steps.
 */
export class StraightMotion {
  readonly #queue: Move[] = [];
  readonly #past: Stretch[] = [];
  #held = false;
  #moving = false;
  #braking = false;
  #rest: Vector3;

  constructor(at: Vector3) {
    this.#rest = at;
  }

  /** Moves that wait or run. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Adds a move; it begins at `time` where none is before it. */
  push(move: Move, time: number): void {
    this.#queue.push(move);
    if (this.#queue.length === 1 && !this.#held) this.#begin(time);
  }

  /** When the running stretch ends, s; Infinity: nothing moves. */
  get nextEnd(): number {
    const last = this.#past.at(-1);
    return last !== undefined && this.#moving ? last.end : Number.POSITIVE_INFINITY;
  }

  /** To be called when {@link nextEnd} has come: begins the next move. */
  finish(): void {
    const last = this.#past.at(-1)!;
    this.#moving = false;
    // Where it was held the move is not done with; where it was not, it ends exactly at its target.
    this.#rest = this.#braking ? pointAt(last, last.end) : this.#queue.shift()!.to;
    this.#braking = false;
    if (this.#queue.length > 0 && !this.#held) this.#begin(last.end);
  }

  get moving(): boolean {
    return this.#moving;
  }
  get held(): boolean {
    return this.#held;
  }

  /** Slows down to rest and keeps the rest of the moves for {@link resume}. */
  hold(time: number): void {
    if (this.#held) return;
    this.#held = true;
    const last = this.#past.at(-1);
    if (!this.#moving || this.#braking || last === undefined) return;
    this.#braking = true;
    const speed = speedAt(last, time);
    const from = pointAt(last, time);
    this.#past.pop();
    this.#remember({ ...last, end: time });
    const length = speed ** 2 / (2 * last.acceleration);
    const remaining = last.length - distanceAt(last, time);
    // Where it is slowing down anyway, it comes to rest at the target.
    const stop = Math.min(length, remaining);
    const brake = { ...last, from, length: stop, start: time, initial: speed, peak: speed };
    this.#remember({ ...brake, end: time + speed / last.acceleration });
  }

  resume(time: number): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#queue.length > 0 && !this.#moving) this.#begin(time);
  }

  /** Stands still at once, the rest forgotten. */
  stop(time: number): void {
    const at = this.position(time);
    const last = this.#past.at(-1);
    if (this.#moving && last !== undefined) {
      this.#past.pop();
      this.#remember({ ...last, end: time });
      // From here on it stands where it was stopped.
      this.#remember({ ...last, from: at, length: 0, start: time, initial: 0, peak: 0, end: time });
    }
    this.#rest = at;
    this.#moving = this.#held = this.#braking = false;
    this.#queue.length = 0;
  }

  /** mm; also of times a while ago. */
  position(time: number): Vector3 {
    for (let i = this.#past.length - 1; i >= 0; i--) {
      const stretch = this.#past[i];
      if (time >= stretch.start) return pointAt(stretch, Math.min(time, stretch.end));
    }
    return this.#past.length > 0 ? this.#past[0].from : this.#rest;
  }

  /** mm/s. */
  speed(time: number): number {
    const last = this.#past.at(-1);
    return last !== undefined && this.#moving ? speedAt(last, time) : 0;
  }

  #begin(time: number): void {
    const { to, speed, acceleration } = this.#queue[0];
    const from = this.#rest;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const scale = length > 0 ? 1 / length : 0;
    const direction: Vector3 = [(to[0] - from[0]) * scale, (to[1] - from[1]) * scale, (to[2] - from[2]) * scale];
    const peak = Math.min(speed, Math.sqrt(acceleration * length));
    const duration = peak > 0 ? peak / acceleration + length / peak : 0;
    this.#remember({ from, direction, length, start: time, initial: 0, peak, acceleration, end: time + duration });
    this.#moving = true;
  }

  #remember(stretch: Stretch): void {
    this.#past.push(stretch);
    if (this.#past.length > REMEMBERED) this.#past.shift();
  }
}

/** Distance gone since the start of a stretch, mm. */
function distanceAt(s: Stretch, time: number): number {
  const t = Math.max(0, time - s.start);
  if (s.peak === 0) return 0;
  const up = (s.peak - s.initial) / s.acceleration;
  const down = s.peak / s.acceleration;
  const rise = s.initial * up + (s.acceleration * up ** 2) / 2;
  const fall = s.peak ** 2 / (2 * s.acceleration);
  const cruise = Math.max(0, s.length - rise - fall) / s.peak;
  if (t < up) return s.initial * t + (s.acceleration * t ** 2) / 2;
  if (t < up + cruise) return rise + s.peak * (t - up);
  const left = Math.max(0, up + cruise + down - t);
  return s.length - (s.acceleration * left ** 2) / 2;
}

function speedAt(s: Stretch, time: number): number {
  const gone = distanceAt(s, time);
  const rising = Math.sqrt(s.initial ** 2 + 2 * s.acceleration * gone);
  const falling = Math.sqrt(2 * s.acceleration * Math.max(0, s.length - gone));
  return time >= s.end ? 0 : Math.min(s.peak, rising, falling);
}

function pointAt(s: Stretch, time: number): Vector3 {
  const gone = distanceAt(s, time);
  return [s.from[0] + s.direction[0] * gone, s.from[1] + s.direction[1] * gone, s.from[2] + s.direction[2] * gone];
}
