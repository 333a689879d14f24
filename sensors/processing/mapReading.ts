import type { ComponentName } from '../../src/fieldScan.js';
import type { Vector3 } from '../../src/model/rig.js';

/** A reading of the map before it is put into columns: along the rig's axes, or along directions of its own. */
export interface MapReading {
  /** Index in `ScanPlan.steps`. */
  readonly step: number;
  /** Index in `ScanPlan.elements`. */
  readonly element: number;
  readonly place: Vector3;
  /** s. */
  readonly time: number;
  readonly line: number;
  /** A. */
  readonly current: number;
  /** One per entry of {@link Layout.of}, T; drift is taken off in place. */
  readonly values: Float64Array;
  readonly sigma: Float64Array;
  readonly quadrature?: Float64Array;
  readonly even?: Float64Array;
  /** Of a moving line: way from its start, m. */
  readonly way?: number;
}

/** What the values of a reading are, alike for all elements. */
export interface Layout {
  /** Components; `b` where the elements do not share the rig's axes: then every value is a sample with its direction. */
  readonly components: readonly Exclude<ComponentName, 'b'>[] | 'b';
}
