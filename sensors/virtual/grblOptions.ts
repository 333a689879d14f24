import type { Interval, Vector3 } from '../../src/model/rig.js';

/** How a simulated GRBL stage is made; see `VirtualGrbl`. */
export interface VirtualGrblOptions {
  /** Soft limits in the stage's own coordinates, m; it is homed at the end that is nearer to 0. */
  readonly travel: { readonly x: Interval; readonly y: Interval; readonly z?: Interval };
  /** Highest speed along an axis, m/s. */
  readonly speed?: number;
  /** Along an axis, m/s^2. */
  readonly acceleration?: number;
  /** Where it stands when it is switched on, m; by default in the middle. */
  readonly start?: Vector3;
  /** Speed of homing, m/s. */
  readonly homingSpeed?: number;
  /** Whether it asks to be homed ($22). */
  readonly homing?: boolean;
  /** The banner. */
  readonly banner?: string;
  /** Bytes that its input holds. */
  readonly inputBytes?: number;
}
