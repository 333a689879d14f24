import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import { exteriorSheet, inverter } from '../bounded/exteriorSheets.js';
import type { LinearModel } from '../bounded/linearModel.js';
import { exteriorLayouts, hatCount, modelBox, PAD, standoff, tabBoxes } from '../bounded/model.js';
import { type PatternColumn, patternColumns } from '../bounded/patterns.js';
import { middleOf, reachOf } from '../bounded/placement.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { tabColumns } from '../bounded/tabColumns.js';
import { tabFields } from '../bounded/tabFields.js';

/** A field, T, and its derivatives, T/m, along the direction of each reading. */
export interface ReadField {
  readonly value: Float64Array;
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  readonly dz: Float64Array;
  /** What the reading would be with its sensor turned a quarter about x, y and z, T. */
  readonly turned: readonly [Float64Array, Float64Array, Float64Array];
}

export interface NuisanceOptions {
  /** Standard deviation of what all gains have in common, a part of 1. */
  readonly gain: number;
  /** Standard deviation of the place of the whole scan along each axis, m; its turns are this over half the cell's diagonal. */
  readonly place: number;
  /** Pitch of the tabs' harmonic solutions, m. */
  readonly tabPitch?: number;
  /** About so many functions of the sheets outside, at most: at the inversion's own pitches, or wider ones. */
  readonly mostOutside: number;
}

/**
 * Everything that an inversion has to find beside the defect, with the inversion's own priors: unknown currents outside
 * (sheets beside the cell, beyond the sensors, crossing the plane), how the current spreads along the tabs and divides between
 * them, shares of several sheets, a constant background, gains and turns of the sensors of an array, magnetic parts; and the
 * total current or common gain, and the place of the scan.
 * @param healthy the field of the healthy cell at the readings
 */
export function nuisanceModel(
  cell: Cell & { readonly current: number },
  readings: ScanReadings,
  healthy: ReadField,
  options: NuisanceOptions,
  dense: DenseWorkspace,
): LinearModel {
  const box = modelBox(cell, readings);
  const tabs = tabColumns(cell, box, options.tabPitch === undefined ? {} : { pitch: options.tabPitch });
  const fields = tabFields(tabs, cell, readings, readings.footprint);
  const patterns = [
    ...patternColumns(cell, { ...readings, raw: healthy.value }, fields, tabs, { currentError: options.gain }),
    ...(options.place > 0 ? placePatterns(cell, readings, healthy, options.place) : []),
  ];
  const h = standoff(cell, readings);
  const near = modelBox(cell, readings, 0);
  const finest = exteriorLayouts([...cell.sheets], tabBoxes(cell), readings, h, Math.abs(cell.current));
  const hats = finest.reduce((sum, layout) => sum + hatCount(layout, outlineArea(cell.outline), near), 0);
  const wider = Math.max(1, Math.sqrt(hats / options.mostOutside));
  const layouts = finest.map(layout => ({ ...layout, pitch: wider * layout.pitch }));
  const invert = inverter(dense);
  const outside = layouts.map(layout => exteriorSheet(layout, [cell.outline], near, PAD, invert));
  return {
    departures: [],
    patterns,
    outside,
    base: new Float64Array(readings.count),
    standoff: h,
    kept: patterns.length,
    unknowns: patterns.length + outside.reduce((sum, sheet) => sum + sheet.sources.count, 0),
  };
}

/** The place of the whole scan, to first order: three shifts, and three turns about the middle of the cell. */
function placePatterns(cell: Cell, readings: ScanReadings, healthy: ReadField, sd: number): PatternColumn[] {
  const [mx, my, mz] = middleOf(cell);
  const { dx, dy, dz, turned } = healthy;
  const reach = reachOf(cell);
  const turn = (axis: 0 | 1 | 2) =>
    turned[axis].map((value, r) => {
      const [x, y, z] = [readings.x[r] - mx, readings.y[r] - my, readings.z[r] - mz];
      const moved = [y * dz[r] - z * dy[r], z * dx[r] - x * dz[r], x * dy[r] - y * dx[r]];
      return value + moved[axis];
    });
  return [
    ...[dx, dy, dz].map((field, k) => ({ name: `shift along ${'xyz'[k]}, m`, field, sd })),
    ...([0, 1, 2] as const).map(k => ({ name: `turn about ${'xyz'[k]}, rad`, field: turn(k), sd: sd / reach })),
  ];
}
