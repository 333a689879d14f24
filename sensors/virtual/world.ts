import type { Vector3 } from '../../src/model/rig.js';

/** The field that virtual sensors stand in. */
export interface World {
  /**
   * Field at points of the cell's axes, T: cell, leads, surroundings and drift, without the sensor's own noise.
   * @param points x, y, z of each, m
   * @param current through the cell, A
   * @param time since the start, s
   * @param out bx, by, bz of each
   */
  field(points: Float64Array, current: number, time: number, out: Float64Array): void;
}

/** What the virtual devices share: where the stage stands and what current flows, at any time. */
export interface VirtualBench {
  readonly world: World;
  /** The stage's position at a time, m, in its own coordinates. */
  position(time: number): Vector3;
  /** A. */
  current(time: number): number;
}
