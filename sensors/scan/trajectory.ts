/** Motion along a straight line that speeds up, keeps its speed and slows down: a trapezoid of speed. */
export interface Trajectory {
  /** m. */
  readonly length: number;
  /** Largest speed that is reached, m/s. */
  readonly speed: number;
  /** m/s^2. */
  readonly acceleration: number;
  /** s. */
  readonly duration: number;
}

/** @param feed speed that is asked for, m/s; short lines do not reach it */
export function trajectory(length: number, feed: number, acceleration: number): Trajectory {
  const speed = Math.min(feed, Math.sqrt(length * acceleration));
  const duration = length === 0 ? 0 : length / speed + speed / acceleration;
  return { length, speed, acceleration, duration };
}

/** Way from the start after a time, m; the start before it, the end after the duration. */
export function wayAt({ length, speed, acceleration, duration }: Trajectory, time: number): number {
  if (time <= 0) return 0;
  if (time >= duration) return length;
  const ramp = speed / acceleration;
  if (time < ramp) return (acceleration * time ** 2) / 2;
  if (time > duration - ramp) return length - (acceleration * (duration - time) ** 2) / 2;
  return speed * (time - ramp / 2);
}

/** The way that it takes to reach a speed, m. */
export function runUp(feed: number, acceleration: number): number {
  return feed ** 2 / (2 * acceleration);
}
