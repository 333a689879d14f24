import { InputError } from '../errors.js';
import type { Vector3 } from './buffers.js';

/**
 * Coordinates carry a rounding error of about 1e-16 of their size, so a point that is meant to lie on a conductor ends
 * up beside it by that much, where the field would be huge or have an arbitrary sign. Within this fraction of the
 * source's coordinates a point counts as lying on the conductor.
 */
const COINCIDENCE = 16 * Number.EPSILON;

/** Distance (m) within which a point counts as on a conductor whose coordinates and lengths are `extents` (m). */
export function coincidenceDistance(...extents: number[]): number {
  let sum = 0;
  for (const extent of extents) sum += Math.abs(extent);
  return COINCIDENCE * sum;
}

/** `target` if `value` lies within `tolerance` of it, else `value`. */
export function snap(value: number, target: number, tolerance: number): number {
  return Math.abs(value - target) <= tolerance ? target : value;
}

/** {@link snap} onto +`target` or -`target`, whichever is on the side of `value`. */
export function snapToEither(value: number, target: number, tolerance: number): number {
  return value < 0 ? snap(value, -target, tolerance) : snap(value, target, tolerance);
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/**
 * The vector scaled to length 1.
 * @throws {InputError} if it has no direction; the message names it `what`.
 */
export function unit(v: Vector3, what: string): Vector3 {
  const length = Math.hypot(v[0], v[1], v[2]);
  if (!(length > 0 && length < Infinity)) {
    throw new InputError(`${what} has no direction: (${v.join(', ')})`, {
      advice: 'give finite numbers, not all zero',
    });
  }
  return [v[0] / length, v[1] / length, v[2] / length];
}

/** @throws {InputError} unless `value` is a positive finite number; the message names it `what`. */
export function requirePositive(value: number, what: string): void {
  if (!(value > 0 && value < Infinity)) {
    throw new InputError(`${what} must be positive and finite, not ${value}`);
  }
}

/** @throws {InputError} unless the components are finite numbers; the message names the vector `what`. */
export function requireFinite(v: Vector3, what: string): void {
  if (!v.every(Number.isFinite)) throw new InputError(`${what} must be finite, not (${v.join(', ')})`);
}
