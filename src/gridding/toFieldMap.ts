import type { AxisName, FieldMap } from '../fieldMap.js';
import type { FieldScan } from '../fieldScan.js';
import { checkExtent, mm, onePlane } from './extent.js';
import { findLattice } from './lattice.js';
import { average, findRaster } from './raster.js';
import { cartesianReadings, noteDrift, rmsSigma } from './readings.js';
import { interpolate } from './scatteredGrid.js';

export interface GriddingOptions {
  /** z of the sheet of current, m: the distance to it says which differences in height matter. Default 0. */
  readonly sheetZ?: number;
}

export interface GriddedField {
  readonly map: FieldMap;
  /** Whether values were interpolated between samples; false where every sample stands on a node of the grid. */
  readonly regridded: boolean;
  /** The pixel `iy * nx + ix` of every sample, or -1 where the nearest pixel holds no value. */
  readonly pixelOf: Int32Array;
  /** Sentences for the user: what was assumed, what it costs. */
  readonly notes: readonly string[];
}

/** Beyond this deviation, in pitches, the user is told. */
const EXACT = 1e-3;

/**
 * Brings a scan to the regular grid that the Fourier method needs.
 *
 * A regular raster is recognised whatever the order of its samples: all positions lie within 2 % of a pitch of the nodes
 * (x0 + ix dx, y0 + iy dy). Nodes without a sample are NaN, several samples on one node are averaged. Everything else,
 * a rotated raster too, is interpolated by {@link movingLeastSquares} to a grid over the bounding box with as many
 * pixels as there are samples in the area they cover; lines that run along x or y stay rows or columns. What no samples
 * surround is NaN.
 *
 * The map's z is the median of the samples'. A reading `b` along +-x, +-y or +-z becomes that component. Quadratures are
 * left out. The map's sigma is the samples' (their rms where they differ) over the root of the number of samples per
 * pixel. After interpolation that keeps the noise per area, hence its spectrum at long waves; neighbouring pixels are
 * then correlated, and the error of the interpolation comes on top.
 *
 * @param scan n samples; T (or relative unit, which is passed on) and m
 * @throws {InputError} with column and advice for fewer than 64 samples, samples on one line or at one place, heights
 * that differ by more than 20 % of the distance to the sheet or lie on both sides of it (column `z`), and for readings
 * `b` along an oblique direction, along several, or along a component that is there too (column `b`).
 */
export function toFieldMap(scan: FieldScan, options: GriddingOptions = {}): GriddedField {
  const notes: string[] = [];
  checkExtent(scan);
  const z = onePlane(scan.z, options.sheetZ ?? 0, notes);
  const readings = cartesianReadings(scan, notes);
  const sigma = rmsSigma(scan, readings, notes);
  noteDrift(scan, notes);

  const xLattice = findLattice(scan.x);
  const yLattice = findLattice(scan.y);
  const raster = xLattice && yLattice && findRaster(scan, xLattice, yLattice);
  const fields = readings.map(reading => reading.values);
  const gridded =
    raster === undefined ? interpolate(scan, xLattice, yLattice, fields) : average(raster.grid, raster.pixelOf, fields);
  const { grid, pixelOf, values } = gridded;

  if (raster === undefined) {
    notes.push(
      `The samples do not lie on a regular grid; they were interpolated to one of ${mm(grid.dx)} x ${mm(grid.dy)} mm ` +
        'pitch, which costs accuracy.',
    );
  } else if (raster.beside > EXACT * Math.min(grid.dx, grid.dy)) {
    notes.push(
      `The samples lie up to ${mm(raster.beside)} mm beside the nodes of their grid and were taken as on them.`,
    );
  }
  const components: Partial<Record<AxisName, Float64Array>> = {};
  readings.forEach(({ axis, sign }, c) => {
    components[axis] = sign < 0 ? values[c].map(b => -b) : values[c];
  });
  const map: FieldMap = {
    grid,
    z,
    components,
    ...(sigma === undefined ? {} : { sigma: sigma * gridded.noiseFactor }),
    ...(scan.relativeUnit === undefined ? {} : { relativeUnit: scan.relativeUnit }),
  };
  return { map, regridded: raster === undefined, pixelOf, notes };
}

/** Whether the samples stand on the nodes of a regular raster: then {@link toFieldMap} interpolates nothing, and is quick. */
export function onRaster(scan: FieldScan): boolean {
  const columns = findLattice(scan.x);
  const rows = findLattice(scan.y);
  return columns !== undefined && rows !== undefined && findRaster(scan, columns, rows) !== undefined;
}
