import { DeviceError } from '../../src/errors.js';
import type { Interval, RigStage, Vector3 } from '../../src/model/rig.js';

/** What motion stages of every kind share. */

/** How far a stage may stand from where it was sent, m. */
export const ARRIVAL_TOLERANCE = 20e-6;

const AXIS = ['x', 'y', 'z'] as const;

/** Millimetres for G-code: to the tenth of a micrometre. */
export function gcode(metres: number): string {
  return String(Math.round(metres * 1e7) / 1e4);
}

/** `X1 Y2 Z3` for the axes that the stage has. */
export function gcodeTarget(position: Vector3, axes: number): string {
  return AXIS.slice(0, axes)
    .map((axis, i) => `${axis.toUpperCase()}${gcode(position[i])}`)
    .join(' ');
}

/**
 * @param limits per axis, m
 * @throws {DeviceError} when a target lies beyond a limit; nothing was moved.
 */
export function checkLimits(name: string, target: Vector3, limits: readonly Interval[] | undefined): void {
  limits?.forEach(([low, high], i) => {
    if (target[i] >= low - 1e-9 && target[i] <= high + 1e-9) return;
    throw new DeviceError(
      `${name}: ${AXIS[i]} = ${mm(target[i])} mm lies beyond its travel of ${mm(low)} to ${mm(high)} mm`,
      { advice: 'make the area smaller, or move the cell (cell_at_mm); nothing was moved' },
    );
  });
}

/** The travel that rig.yaml states, axis by axis. */
export function travelOf({ travel: { x, y, z } }: Pick<RigStage, 'travel'>): readonly Interval[] {
  return z === undefined ? [x, y] : [x, y, z];
}

/** Largest distance along the stage's axes, m. */
export function distance(a: Vector3, b: Vector3, axes: number): number {
  let most = 0;
  for (let i = 0; i < axes; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** @throws {DeviceError} where the stage does not stand where it was sent. */
export function checkArrival(name: string, target: Vector3, at: Vector3, axes: number): void {
  if (distance(target, at, axes) <= ARRIVAL_TOLERANCE) return;
  throw new DeviceError(`${name} stands at ${place(at)} instead of ${place(target)}`, {
    advice: "check the stage's own limits and that nothing is in its way, then home it",
  });
}

/** How long a move may take before something is wrong, s: twice what it should, and 5 s. */
export function moveTimeout(length: number, feed: number): number {
  return 5 + (2 * length) / feed;
}

export function place(position: Vector3): string {
  return `(${position.map(mm).join(', ')}) mm`;
}

function mm(metres: number): string {
  return String(Math.round(metres * 1e6) / 1e3);
}
