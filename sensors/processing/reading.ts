import type { ScanSettings } from '../../src/model/rig.js';
import type { Phase } from './record.js';

/** What one element says of one point, per channel, along the element's axes. */
export interface PointReading {
  /** T: the field as it is (`steady`), of the current alone (`on_off`, `reversed`), or in phase with it (`lock_in`). */
  readonly values: Float64Array;
  /** Standard error of each value, T; samples that resemble their neighbours count as fewer. */
  readonly sigma: Float64Array;
  /** `lock_in`: out of phase with the current, T. */
  readonly quadrature?: Float64Array;
  /** What does not follow the current, T: the even part of `reversed`, the field without current of `on_off`. */
  readonly even?: Float64Array;
  /** The current for which `values` stands, A. */
  readonly current: number;
  /** Root mean square of the measured current about its mean or its sine, A; NaN: not measured. */
  readonly ripple: number;
  /** Samples that were used. */
  readonly used: number;
  /** Samples left out: beyond the range or not valid, and outliers. */
  readonly invalid: number;
  readonly outliers: number;
  /** Host time of the middle of the samples, s. */
  readonly time: number;
}

export type ReadingSettings = Pick<ScanSettings, 'scheme' | 'mains' | 'frequency'> & {
  /** Readings per second; default: as the samples' times say. */
  readonly rate?: number;
  /** Largest reading of either sign, T. */
  readonly range?: number;
};

/**
 * From the samples of a point to its reading. undefined: no valid sample in a phase.
 */
export function pointReading(phases: readonly Phase[], _settings: ReadingSettings): PointReading | undefined {
  throw new Error('soon');
}

/** Whether a point may be left: every channel's standard error is at or below the target, from enough samples. */
export function reached(_reading: PointReading | undefined, _targetSigma: number): boolean {
  throw new Error('soon');
}
