import type { Grid } from '../grid.js';
import type { ProcessRecord } from '../result.js';

/** What orders the maps of a series, as the columns of a scan are named. */
export type SeriesAxis = 'soc' | 't_s' | 'temperature_C';

/** Maps of one cell over states of charge, times or temperatures, on one grid. */
export interface SeriesStack {
  readonly grid: Grid;
  readonly by: SeriesAxis;
  /** Ascending: 0..1, s, degC. */
  readonly at: Float64Array;
  readonly names: readonly string[];
  /** Index of the state that the others are compared with. */
  readonly reference: number;
  /** One per state, dimensionless; NaN outside the outline. */
  readonly chi: readonly Float64Array[];
  readonly chiErrors: readonly Float64Array[];
  /** chi minus the reference's, and its error; 0 for the reference. */
  readonly change: readonly Float64Array[];
  readonly changeErrors: readonly Float64Array[];
  readonly regions: readonly StackRegion[];
  readonly hotSpots: readonly StackHotSpot[];
  readonly process: ProcessRecord;
}

export interface StackRegion {
  readonly name: string;
  /** Per state. */
  readonly mean: Float64Array;
  readonly error: Float64Array;
  readonly change: Float64Array;
  readonly changeError: Float64Array;
  /** Places along the axis where the slope of the change turns, with errors. */
  readonly kinks: readonly { readonly at: number; readonly error: number }[];
  readonly slopes: readonly { readonly slope: number; readonly error: number }[];
}

/** A disc that changed otherwise than its surroundings; m. */
export interface StackHotSpot {
  readonly state: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly excess: number;
  readonly error: number;
  readonly sigmas: number;
  /** Excess as a part of the change around it. */
  readonly relative: number;
}
