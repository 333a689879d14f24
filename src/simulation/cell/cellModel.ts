import type { Grid } from '../../grid.js';
import type { Polarity } from '../../model/cell.js';

/**
 * One electrode pair on pixels: what its foils and electrodes are like at every place. All arrays nx * ny, row-major.
 *
 * A tab with a length is a neck of its foil: its pixels lie outside the outline (`inside` 0), carry that foil alone, and
 * its current enters at the far end. The grid covers the bounding box of the outline and the necks.
 */
export interface CellModel {
  /** Pixel centres; the outline's bounding box is a whole number of pixels. */
  readonly grid: Grid;
  /** 1 where the pixel belongs to the cell (steps at slanted edges); 0 outside and in the necks of tabs. */
  readonly inside: Uint8Array;
  /** Sheet conductance of the positive foil, conductivity times thickness, S; 0: no foil. */
  readonly positive: Float64Array;
  /** The same of the negative foil. */
  readonly negative: Float64Array;
  /** Conductance of the electrodes, 1 / area-specific resistance, S/m^2; 0: dead. */
  readonly reaction: Float64Array;
  /** Open-circuit voltage U, V. */
  readonly openCircuit: Float64Array;
  /** Electronic short between the foils, S/m^2, without a voltage in series. */
  readonly short: Float64Array;
  /** Where current enters and leaves each foil. */
  readonly tabs: readonly TabInjection[];
}

/** The current of one tab, spread over pixels. */
export interface TabInjection {
  readonly name: string;
  readonly polarity: Polarity;
  /** Part of the current, + into the cell's plane. */
  readonly share: number;
  /** Pixels on the outline along the tab, or at the far end of its neck. */
  readonly pixels: Int32Array;
  /** Each pixel's part of the tab's current; adds up to 1. */
  readonly part: Float64Array;
  /** The side of the pixels that the current comes through: unit normal out of the cell. */
  readonly normal: readonly [number, number];
}

/** Potentials and currents of one electrode pair. Arrays per pixel are NaN where there is nothing to have a value. */
export interface CellState {
  readonly model: CellModel;
  /** A through the pair: what a share of 1 stands for; + charging where the positive tabs have positive shares. */
  readonly current: number;
  /** Mean positive-tab potential minus mean negative-tab potential (weights: share and part), V. */
  readonly voltage: number;
  /** Potential at pixel centres, V; NaN outside the cell and the necks. */
  readonly positivePotential: Float64Array;
  readonly negativePotential: Float64Array;
  /** Current through the electrodes from the positive to the negative foil, A/m^2, shorts excluded; NaN outside. */
  readonly reactionCurrent: Float64Array;
  /** Current through shorts from the positive to the negative foil, A/m^2; NaN outside. */
  readonly shortCurrent: Float64Array;
  /** Sheet currents of the foils through the faces of pixels, A. Faces on the rim are 0: tab currents are sources. */
  readonly positiveFaces: Faces;
  readonly negativeFaces: Faces;
}

/** Currents through the faces of pixels in the direction of +x and +y, A: x (nx + 1) * ny, y nx * (ny + 1), row-major. */
export interface Faces {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export { cellModel } from './buildModel.js';
export { steadyState } from './steadyState.js';
