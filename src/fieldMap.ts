import type { Grid } from './grid.js';

/** The Cartesian components, in the order in which every loop over them runs. */
export const AXES = ['bx', 'by', 'bz'] as const;
export type AxisName = (typeof AXES)[number];

/**
 * The field on a regular grid in one plane: what the Fourier method needs and what a picture shows. `NaN` marks a pixel
 * that was not measured; the same pixels for all components.
 */
export interface FieldMap {
  readonly grid: Grid;
  /** Height of the measuring plane, m. */
  readonly z: number;
  /** T, or the relative unit. */
  readonly components: Readonly<Partial<Record<AxisName, Float64Array>>>;
  /** Standard deviation of a reading where it is known, T or the relative unit. */
  readonly sigma?: number;
  readonly relativeUnit?: string;
}
