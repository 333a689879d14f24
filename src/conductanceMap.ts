import type { Grid } from './grid.js';

/** Conductance of the damaged foil of one sheet relative to its healthy part, on pixel centres; NaN outside the outline. */
export interface ConductanceMap {
  readonly grid: Grid;
  /** Height of the sheet, m. */
  readonly z: number;
  /** Its median is 1. */
  readonly relative: Float64Array;
  /** One standard deviation. */
  readonly errors: Float64Array;
}
