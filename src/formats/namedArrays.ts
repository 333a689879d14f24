import { InputError } from '../errors.js';
import { COMPONENTS, type FieldScan } from '../fieldScan.js';
import { scaleAllByPowerOfTen } from '../units.js';
import {
  type Column,
  type ColumnName,
  checkFileVersion,
  columnKind,
  FILE_VERSION,
  FILE_VERSION_NAME,
  interpretColumn,
  isColumn,
  quadratureColumn,
  RELATIVE_UNIT_NAME,
  sharedRelativeUnit,
  siUnit,
} from './columns.js';
import { columnsOfScan, requireColumns, scanFromParts } from './scanParts.js';
import { isSquidLayout, scanFromSquidLayout } from './squidLayout.js';

/**
 * Scans as a set of named arrays, which is what NPZ, MAT and HDF5 files are. Three layouts are understood:
 * - table: arrays named like the columns of a CSV file (`x_mm`, `bz_uT`), one value per sample; single values (`z_mm`,
 *   `current_A`) hold for all samples; arrays of several dimensions are tables too when all have one shape (`meshgrid`);
 * - map: two-dimensional fields, rows = y, with one-dimensional axes `x_mm` and `y_mm`;
 * - the layout of {@link scanFromSquidLayout}.
 * In maps `NaN` marks a pixel that was not measured: it becomes a sample that is not there.
 */

export interface NamedArray {
  /** With unit (`bz_uT`), or bare when `unit` is given. */
  readonly name: string;
  /** Row-major; [] for a single value. */
  readonly shape: readonly number[];
  readonly data: Float64Array | readonly string[];
  readonly unit?: string;
}

/** Text array with the names of the sensors that `sensor` counts from 0. */
export const SENSOR_NAMES = 'sensor_names';

interface Found extends Column {
  readonly header: string;
  readonly shape: readonly number[];
  /** In SI. */
  readonly data: Float64Array;
}

/**
 * Builds a scan. Arrays that are no columns are left alone, unless they have as many values as there are samples: that
 * is a misspelt column.
 * @param declaredUnit a relative unit declared by the user.
 * @throws {InputError} naming the array at fault.
 */
export function scanFromArrays(arrays: readonly NamedArray[], declaredUnit?: string): FieldScan {
  if (isSquidLayout(arrays)) return scanFromSquidLayout(arrays);
  const byName = new Map(arrays.map(array => [array.name, array]));
  const version = byName.get(FILE_VERSION_NAME)?.data[0];
  if (typeof version === 'number') checkFileVersion(version);
  const declared = textOf(byName.get(RELATIVE_UNIT_NAME))?.[0] ?? declaredUnit;
  const { columns, unknown, sensor } = sortOut(arrays, declared);
  const relativeUnit = sharedRelativeUnit([...columns.values()]);
  requireColumns(name => columns.has(name));

  const first = columns.get(COMPONENTS.find(name => columns.has(name))!)!;
  const [x, y] = [columns.get('x')!, columns.get('y')!];
  const isMap = first.shape.length === 2 && x.shape.length === 1 && y.shape.length === 1;
  const shape = isMap ? first.shape : largestShape([...columns.values()]);
  if (isMap) checkAxes(first, x, y);
  const count = shape.reduce((product, n) => product * n, 1);
  const stray = unknown.find(array => count > 1 && array.data.length === count && typeof array.data[0] === 'number');
  if (stray !== undefined) interpretColumn(stray.name, {}, declared, stray.unit);

  const spread = new Map<ColumnName, Float64Array>();
  let sigma: number | undefined;
  for (const [name, column] of columns) {
    if (name === 'sigma' && column.data.length === 1) sigma = column.data[0];
    else if (isMap && (name === 'x' || name === 'y')) spread.set(name, meshgrid(column.data, shape, name));
    else spread.set(name, broadcast(column, shape, count));
  }
  const sensors = sensor && sensorColumn(sensor, textOf(byName.get(SENSOR_NAMES)), count);
  const keep = shape.length > 1 ? measuredSamples(spread, count) : undefined;
  if (keep !== undefined) {
    const pick = (data: Float64Array) => Float64Array.from(keep, i => data[i]);
    for (const [name, data] of spread) spread.set(name, pick(data));
  }
  return scanFromParts({
    columns: spread,
    sensor: sensors && keep ? Int32Array.from(keep, i => sensors.index[i]) : sensors?.index,
    sensorNames: sensors?.names,
    sigma,
    relativeUnit,
  });
}

function sortOut(arrays: readonly NamedArray[], declared: string | undefined) {
  const columns = new Map<ColumnName, Found>();
  const unknown: NamedArray[] = [];
  let sensor: NamedArray | undefined;
  for (const array of arrays) {
    if (array.name === FILE_VERSION_NAME || array.name === RELATIVE_UNIT_NAME || array.name === SENSOR_NAMES) continue;
    if (!isColumn(array.name, declared)) {
      unknown.push(array);
      continue;
    }
    const column = interpretColumn(array.name, {}, declared, array.unit);
    if (column.name === 'sensor') {
      sensor = array;
      continue;
    }
    if (!(array.data instanceof Float64Array)) {
      throw new InputError('holds text where numbers belong', { column: array.name, advice: 'save it as numbers' });
    }
    if (columns.has(column.name)) {
      const advice = `keep one of '${columns.get(column.name)!.header}' and '${array.name}'`;
      throw new InputError(`'${column.name}' is there twice`, { column: array.name, advice });
    }
    const data = column.exponent === 0 ? array.data : scaleAllByPowerOfTen(array.data.slice(), column.exponent);
    columns.set(column.name, { ...column, header: array.name, shape: array.shape, data });
  }
  return { columns, unknown, sensor };
}

function textOf(array: NamedArray | undefined): readonly string[] | undefined {
  return array === undefined || array.data instanceof Float64Array ? undefined : array.data;
}

/** The shape that the arrays of a table share; single values take part with any. */
function largestShape(columns: readonly Found[]): readonly number[] {
  let largest: Found | undefined;
  for (const column of columns) if (largest === undefined || column.data.length > largest.data.length) largest = column;
  return largest!.shape;
}

function checkAxes(field: Found, x: Found, y: Found): void {
  const [ny, nx] = field.shape;
  if (x.data.length === nx && y.data.length === ny) return;
  const turned = x.data.length === ny && y.data.length === nx;
  throw new InputError(
    `the map has ${ny} rows and ${nx} columns, but '${y.header}' has ${y.data.length} and '${x.header}' ${x.data.length} values`,
    {
      column: field.header,
      advice: turned ? 'transpose the map: rows are y, columns are x' : 'give one y per row and one x per column',
    },
  );
}

function meshgrid(axis: Float64Array, [ny, nx]: readonly number[], name: ColumnName): Float64Array {
  return Float64Array.from({ length: ny * nx }, (_, i) => axis[name === 'x' ? i % nx : Math.floor(i / nx)]);
}

function broadcast(column: Found, shape: readonly number[], count: number): Float64Array {
  if (column.data.length === 1 && count !== 1) return new Float64Array(count).fill(column.data[0]);
  if (column.shape.length === shape.length && column.shape.every((n, axis) => n === shape[axis])) return column.data;
  if (column.data.length === count && count === 1) return column.data;
  throw new InputError(`has the shape (${column.shape.join(', ')}), the others (${shape.join(', ')})`, {
    column: column.header,
    advice: 'give every array one value per sample, or a single value for all',
  });
}

/** Indices of the samples with a reading, or undefined when that is all of them. */
function measuredSamples(columns: ReadonlyMap<ColumnName, Float64Array>, count: number): number[] | undefined {
  const fields = COMPONENTS.flatMap(name => [name, quadratureColumn(name)]).filter(name => columns.has(name));
  const keep: number[] = [];
  for (let i = 0; i < count; i++) {
    const missing = fields.filter(name => Number.isNaN(columns.get(name)![i]));
    if (missing.length === 0) keep.push(i);
    else if (missing.length < fields.length) {
      throw new InputError(`pixel ${i + 1} has no reading, but other components have one`, {
        column: missing[0],
        advice: 'mark a pixel without a reading with NaN in all components, or save the components as separate scans',
      });
    }
  }
  return keep.length === count ? undefined : keep;
}

function sensorColumn(array: NamedArray, names: readonly string[] | undefined, count: number) {
  const { data } = array;
  if (data.length !== count && data.length !== 1) {
    throw new InputError(`has ${data.length} values for ${count} samples`, {
      column: array.name,
      advice: 'name one sensor per sample',
    });
  }
  const at = (i: number) => data[data.length === 1 ? 0 : i];
  if (names !== undefined && data instanceof Float64Array) {
    const bad = data.find(index => !Number.isInteger(index) || index < 0 || index >= names.length);
    if (bad === undefined) return { index: Int32Array.from({ length: count }, (_, i) => at(i) as number), names };
    throw new InputError(`${bad} is no index into '${SENSOR_NAMES}'`, { column: array.name, advice: 'count from 0' });
  }
  const known = new Map<string, number>();
  const index = Int32Array.from({ length: count }, (_, i) => {
    const name = String(at(i));
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  });
  return { index, names: [...known.keys()] };
}

/** A scan as arrays of the table layout in SI, bare names with their units; nothing is copied. */
export function arraysFromScan(scan: FieldScan): NamedArray[] {
  const out: NamedArray[] = [];
  for (const [name, data] of columnsOfScan(scan)) {
    out.push({ name, shape: [scan.count], data, unit: siUnit(name, scan.relativeUnit) });
  }
  if (scan.sigma !== undefined) {
    out.push({ name: 'sigma', shape: [], data: Float64Array.of(scan.sigma), unit: siUnit('sigma', scan.relativeUnit) });
  }
  if (scan.sensor !== undefined) {
    const names = sensorNamesOf(scan);
    out.push({ name: 'sensor', shape: [scan.count], data: Float64Array.from(scan.sensor), unit: '' });
    out.push({ name: SENSOR_NAMES, shape: [names.length], data: names });
  }
  if (scan.relativeUnit !== undefined) out.push({ name: RELATIVE_UNIT_NAME, shape: [], data: [scan.relativeUnit] });
  out.push({ name: FILE_VERSION_NAME, shape: [], data: Float64Array.of(FILE_VERSION) });
  return out;
}

/** The name of every sensor that the scan's indices point to. */
export function sensorNamesOf(scan: FieldScan): readonly string[] {
  const used = scan.sensor!.reduce((most, index) => Math.max(most, index + 1), 0);
  const names = scan.sensorNames ?? [];
  return names.length >= used ? names : Array.from({ length: used }, (_, i) => names[i] ?? String(i));
}

/** Name of an array with its unit (`x_m`), for formats that keep no unit apart. Relative fields keep their bare name. */
export function nameWithUnit({ name, unit }: NamedArray, relativeUnit: string | undefined): string {
  const bare =
    unit === undefined || unit === '' || (relativeUnit !== undefined && columnKind(name as ColumnName) === 'field');
  return bare ? name : `${name}_${unit === 'degC' ? 'C' : unit}`;
}
