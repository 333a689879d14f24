import { InputError } from '../errors.js';
import { type Grid, gridSize, xAxis, yAxis } from '../grid.js';
import type { Hdf5Reader } from './hdf5.js';
import type { Hdf5Attributes, Hdf5Writer } from './hdf5Write.js';

/** NeXus groups (NXdata) with maps on a regular grid, as scans and results share them. */

/** Attributes of the root group; the entry's own `default` leads on to the picture. */
export const ROOT_ATTRIBUTES: Hdf5Attributes = { NX_class: 'NXroot', default: 'entry', creator: 'Savart' };

/** One data set of a map group. */
export interface MapLayer {
  readonly name: string;
  /** `[iz][iy][ix]`, or `[iy][ix]` for a single sheet. */
  readonly values: Float64Array;
  readonly units: string;
}

/**
 * Writes an NXdata group with its axes `y`, `x` (m) and `z`: a leading axis where there are several sheets, else a single
 * number. The first layer is the one that plots by default, those of `auxiliary` beside it.
 */
export function writeMapGroup(
  file: Hdf5Writer,
  path: string,
  grid: Grid,
  z: readonly number[],
  layers: readonly MapLayer[],
  attributes: Hdf5Attributes = {},
): void {
  const axes = z.length > 1 ? ['z', 'y', 'x'] : ['y', 'x'];
  file.group(path, { NX_class: 'NXdata', signal: layers[0].name, axes, ...attributes });
  // Start and pitch stand beside each axis, so that the grid comes back without rounding.
  file.dataset(`${path}/x`, xAxis(grid), { units: 'm', start: grid.x0, pitch: grid.dx });
  file.dataset(`${path}/y`, yAxis(grid), { units: 'm', start: grid.y0, pitch: grid.dy });
  file.dataset(`${path}/z`, z.length > 1 ? Float64Array.from(z) : z[0], { units: 'm' });
  const shape = z.length > 1 ? [z.length, grid.ny, grid.nx] : [grid.ny, grid.nx];
  for (const { name, values, units } of layers) {
    file.dataset(`${path}/${name}`, values, { units, interpretation: 'image' }, shape);
  }
}

/**
 * Grid and heights of a map group.
 * @throws {InputError} when an axis is missing, not regular or not finite.
 */
export function readMapAxes(file: Hdf5Reader, path: string): { grid: Grid; z: Float64Array } {
  const x = readAxis(file, `${path}/x`);
  const y = readAxis(file, `${path}/y`);
  const z = numbers(file, `${path}/z`) ?? Float64Array.of(0);
  if (z.length === 0 || !z.every(Number.isFinite)) throw bad(`${path}/z`, 'is no list of heights');
  return { grid: { nx: x.n, ny: y.n, x0: x.start, y0: y.start, dx: x.pitch, dy: y.pitch }, z };
}

/**
 * The values of a layer, or undefined when there is no such data set.
 * @throws {InputError} when it does not fit the axes.
 */
export function readLayer(file: Hdf5Reader, path: string, grid: Grid, sheets: number): Float64Array | undefined {
  const values = numbers(file, path);
  if (values !== undefined && values.length !== sheets * grid.ny * grid.nx) {
    throw bad(path, `has ${values.length} values for ${sheets} x ${grid.ny} x ${grid.nx} pixels`);
  }
  return values;
}

/** The maps of all sheets one behind the other, `[iz][iy][ix]`; NaN where a sheet has none. */
export function stackSheets(maps: readonly (Float64Array | undefined)[], grid: Grid): Float64Array {
  const size = gridSize(grid);
  const out = new Float64Array(maps.length * size).fill(Number.NaN);
  maps.forEach((map, k) => {
    if (map !== undefined) out.set(map, k * size);
  });
  return out;
}

/** The maps of each sheet, copies: the reverse of {@link stackSheets}. */
export function unstackSheets(
  values: Float64Array | undefined,
  grid: Grid,
  sheets: number,
): Float64Array[] | undefined {
  if (values === undefined) return undefined;
  const size = gridSize(grid);
  return Array.from({ length: sheets }, (_, k) => values.slice(k * size, (k + 1) * size));
}

/** A data set of numbers, or undefined. */
export function numbers(file: Hdf5Reader, path: string): Float64Array | undefined {
  const data = file.array(path)?.data;
  return data instanceof Float64Array ? data : undefined;
}

/** A text that is an attribute, or undefined. */
export function textAttribute(file: Hdf5Reader, path: string, name: string): string | undefined {
  const value = file.attribute(path, name);
  return typeof value === 'string' ? value : undefined;
}

function readAxis(file: Hdf5Reader, path: string): { n: number; start: number; pitch: number } {
  const values = numbers(file, path);
  if (values === undefined || values.length === 0) throw bad(path, 'the axis is missing');
  const n = values.length;
  const startValue = file.attribute(path, 'start');
  const pitchValue = file.attribute(path, 'pitch');
  const start = typeof startValue === 'number' ? startValue : values[0];
  const pitch = typeof pitchValue === 'number' ? pitchValue : (values[n - 1] - values[0]) / (n - 1);
  const slack = 1e-3 * pitch + 1e-12 * Math.abs(start);
  const fits = values.every((value, i) => Math.abs(value - start - i * pitch) <= slack);
  if (!(pitch > 0 && pitch < Number.POSITIVE_INFINITY && fits)) throw bad(path, 'is no regular ascending axis');
  return { n, start, pitch };
}

/** The error for a damaged or foreign group. */
export function bad(path: string, message: string): InputError {
  return new InputError(message, { column: path, advice: 'give a file that Savart wrote, or write it again' });
}
