import type { Rig } from '../../src/model/rig.js';
import type { Calibration } from '../calibration/calibration.js';
import type { SampleBlock } from '../samples.js';
import type { ScanPlan } from '../scan/plan.js';

/** Samples that one element took while one current flowed. */
export interface Phase {
  /** The current that flowed, A; for `lock_in` its peak. */
  readonly current: number;
  readonly block: SampleBlock;
  /** For `lock_in`: the phase of the current, radians, at host time 0: the current is `current * cos(2 pi f t + phase)`. */
  readonly phase?: number;
  /** The current as it was measured beside the samples, where it was: times, s, and A. */
  readonly trace?: { readonly time: Float64Array; readonly current: Float64Array };
}

/** What one element recorded while the stage stood at one point. */
export interface PointRecord {
  /** Index in `ScanPlan.steps`. */
  readonly step: number;
  /** Index in `Rig.sensors`. */
  readonly sensor: number;
  /** Index in the elements of that sensor. */
  readonly element: number;
  /** In the order in which they were taken: one for `steady` and `lock_in`, on and off, or plus and minus, repeatedly. */
  readonly phases: readonly Phase[];
  /** Temperature of the sensor, degC, where it says it. */
  readonly temperature?: number;
}

/** What one element recorded while the stage moved along one line, run-up and run-out included. */
export interface LineRecord {
  readonly step: number;
  readonly sensor: number;
  readonly element: number;
  /** Host time at which the stage began to move, s. A constant delay of it is found as lag. */
  readonly start: number;
  readonly current: number;
  readonly block: SampleBlock;
  readonly temperature?: number;
}

/** A sensor that stands still: everything it recorded, in the order of time. */
export interface ReferenceRecord {
  readonly sensor: number;
  readonly element: number;
  readonly block: SampleBlock;
}

/** All that a scan recorded. */
export interface ScanRecord {
  readonly rig: Rig;
  readonly plan: ScanPlan;
  readonly points: readonly PointRecord[];
  readonly lines: readonly LineRecord[];
  readonly references: readonly ReferenceRecord[];
  /** By the name of the sensor. */
  readonly calibrations?: Readonly<Record<string, Calibration>>;
}
