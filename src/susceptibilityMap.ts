import type { Grid } from './grid.js';
import type { ProcessRecord, Residual } from './result.js';

/** A map of a slab's magnetic susceptibility (SI, volume), uniform through its thickness. NaN outside the outline. */
export interface SusceptibilityMap {
  readonly grid: Grid;
  /** Heights of the faces, m. */
  readonly bottom: number;
  readonly top: number;
  readonly chi: Float64Array;
  /** One standard deviation. */
  readonly chiErrors?: Float64Array;
  /** Full width at half maximum of the point spread at each pixel, m. */
  readonly resolution?: Float64Array;
}

/** Remanent magnetisation of the slab along one direction, A/m, on the susceptibility's grid. */
export interface RemanenceMap {
  readonly direction: readonly [number, number, number];
  readonly magnetisation: Float64Array;
  readonly errors?: Float64Array;
}

/** Everything that a result file of a susceptibility holds. */
export interface SusceptibilityResult {
  readonly map: SusceptibilityMap;
  readonly remanence?: RemanenceMap;
  readonly residual?: Residual;
  readonly process: ProcessRecord;
}
