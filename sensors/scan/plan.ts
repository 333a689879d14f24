import type { Interval, Vector3 } from '../../src/model/rig.js';

/** A sensing element that moves over the cell. */
export interface PlannedElement {
  /** Index in `Rig.sensors`. */
  readonly sensor: number;
  /** Index in the elements of that sensor. */
  readonly element: number;
  /** `sensor` or `sensor/element`, for people and for the scan's `sensorNames`. */
  readonly name: string;
  /** From the stage's point, m. */
  readonly offset: Vector3;
  readonly axes: readonly Vector3[];
  /** s. */
  readonly delay: number;
}

/** The stage stands here and every element reads. */
export interface PointStep {
  readonly kind: 'point';
  /** The stage's point in the cell's axes, m: an element stands at this plus its offset. */
  readonly at: Vector3;
  /** The same in the stage's own coordinates, m. */
  readonly stage: Vector3;
  /** Numbers the lines of the whole scan. */
  readonly line: number;
  /** Index in the heights of the plan. */
  readonly plane: number;
  /** Index of the step of which this is a repetition, to see drift; not a new place of the map. */
  readonly repeatOf?: number;
}

/** The stage runs from `from` to `to`; readings count between `first` and `last`, where its speed is constant. */
export interface LineStep {
  readonly kind: 'line';
  /** The stage's point in the cell's axes, m. */
  readonly from: Vector3;
  readonly to: Vector3;
  /** The same in the stage's own coordinates, m. */
  readonly stageFrom: Vector3;
  readonly stageTo: Vector3;
  /** Where readings begin and end to count, m from `from`. */
  readonly counts: Interval;
  /** m/s. */
  readonly feed: number;
  readonly line: number;
  readonly plane: number;
  /** A line across the others, which ties their levels together. */
  readonly tie: boolean;
  /** Index of the step that ran along the same line the other way. */
  readonly repeatOf?: number;
}

/** Something that only a person can do before the scan goes on. */
export interface AskStep {
  readonly kind: 'ask';
  readonly text: string;
}

export type ScanStep = PointStep | LineStep | AskStep;

/** What a scan will do, in its order. */
export interface ScanPlan {
  readonly steps: readonly ScanStep[];
  readonly elements: readonly PlannedElement[];
  /** Heights of the planes, m, in the order in which they are read. */
  readonly heights: readonly number[];
  /** The raster that the map gets, in the cell's axes, m. */
  readonly columns: Float64Array;
  readonly rows: Float64Array;
  readonly pitch: number;
  /** Readings per element, repetitions and ties included. */
  readonly readings: number;
  /** Estimate of the whole, s, without homing and without what waits for people. */
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** Where an element stands when the stage's point stands at `at`, in the cell's axes, m. */
export function elementPosition(at: Vector3, element: Pick<PlannedElement, 'offset'>): Vector3 {
  return [at[0] + element.offset[0], at[1] + element.offset[1], at[2] + element.offset[2]];
}
