import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import {
  arraysFromScan,
  type NamedArray,
  nameWithUnit,
  SENSOR_NAMES,
  scanFromArrays,
  sensorNamesOf,
} from './namedArrays.js';
import { type NpyArray, readNpy } from './npy.js';
import { writeNpy, writeNpyTable } from './npyWrite.js';
import type { BareMap, ScanReadOptions } from './scanReadOptions.js';
import { type Image, imageFromSquidLayout } from './squidLayout.js';
import { isZip, readZip, writeZip } from './zip.js';

/**
 * Scans as NumPy files. An NPZ holds the arrays that `namedArrays.ts` describes; a structured NPY holds the same columns;
 * a bare two-dimensional NPY is a map of one component whose geometry the caller must give. Written in SI, so nothing is
 * rounded.
 */

/**
 * Reads a scan from NPZ.
 * @throws {InputError} naming the member at fault.
 */
export function parseScanNpz(bytes: Uint8Array, options: ScanReadOptions = {}): FieldScan {
  return inFile(options, () => scanFromArrays(readNpz(bytes), options.relativeUnit));
}

/** Writes a scan as NPZ: `x_m`, `bz_T`, ...; see {@link arraysFromScan}. */
export function formatScanNpz(scan: FieldScan): Uint8Array {
  const members = new Map<string, Uint8Array>();
  for (const array of arraysFromScan(scan)) {
    members.set(`${nameWithUnit(array, scan.relativeUnit)}.npy`, writeNpy(array));
  }
  return writeZip(members);
}

/**
 * Reads a scan from a single NPY array: a structured one with columns like `x_mm`, `bz_uT`, or a two-dimensional map
 * (rows = y) whose geometry stands in `options.map`.
 * @throws {InputError} when the geometry is missing.
 */
export function parseScanNpy(bytes: Uint8Array, options: ScanReadOptions = {}): FieldScan {
  return inFile(options, () => {
    const content = readNpy(bytes);
    if (content.kind === 'table') {
      const arrays = [...content.columns].map(([name, array]) => ({ name, ...array }));
      return scanFromArrays(arrays, options.relativeUnit);
    }
    if (options.map === undefined) {
      throw new InputError(`holds a bare array of shape (${content.shape.join(', ')}), without positions or units`, {
        advice:
          'say its pitch, component, unit and height, or save an NPZ with x_mm, y_mm, z_mm and a field like bz_uT',
      });
    }
    return scanFromArrays(mapArrays(content, options.map), options.relativeUnit);
  });
}

/** Writes a scan as one structured NPY array; the noise, the relative unit and the version are columns of their own. */
export function formatScanNpy(scan: FieldScan): Uint8Array {
  const columns = new Map<string, Float64Array | readonly string[]>();
  for (const array of arraysFromScan(scan)) {
    if (array.name === SENSOR_NAMES) continue;
    const name = nameWithUnit(array, scan.relativeUnit);
    if (array.name === 'sensor') {
      const names = sensorNamesOf(scan);
      columns.set(
        name,
        Array.from(scan.sensor!, index => names[index]),
      );
    } else if (array.data instanceof Float64Array) {
      columns.set(name, array.shape.length === 0 ? new Float64Array(scan.count).fill(array.data[0]) : array.data);
    } else columns.set(name, new Array<string>(scan.count).fill(array.data[0]));
  }
  return writeNpyTable(columns);
}

/**
 * Reads an image, for example a point-spread function, from an NPZ with `data` (rows = y), `xs`, `ys`, `length_units`.
 * @throws {InputError} for another layout or irregular axes.
 */
export function readImage(bytes: Uint8Array, options: Pick<ScanReadOptions, 'file'> = {}): Image {
  return inFile(options, () => imageFromSquidLayout(readNpz(bytes)));
}

/** The arrays of an NPZ. */
export function readNpz(bytes: Uint8Array): NamedArray[] {
  if (!isZip(bytes)) {
    throw new InputError('is not an NPZ file (its first bytes are not those of a ZIP archive)', {
      advice: 'write it with numpy.savez',
    });
  }
  const arrays: NamedArray[] = [];
  for (const [name, member] of readZip(bytes, '.npy')) {
    try {
      const content = readNpy(member);
      if (content.kind === 'array') arrays.push({ name, shape: content.shape, data: content.data });
      else for (const [column, array] of content.columns) arrays.push({ name: column, ...array });
    } catch (error) {
      throw error instanceof InputError ? error.at({ column: name }) : error;
    }
  }
  return arrays;
}

function mapArrays(array: NpyArray, map: BareMap): NamedArray[] {
  if (array.shape.length !== 2 || !(array.data instanceof Float64Array)) {
    throw new InputError(`a map has two dimensions, not the shape (${array.shape.join(', ')})`, {
      advice: 'save rows = y, columns = x',
    });
  }
  const [ny, nx] = array.shape;
  const [px, py] = typeof map.pitch === 'number' ? [map.pitch, map.pitch] : map.pitch;
  const [x0, y0] = map.origin ?? [0, 0];
  const axis = (n: number, start: number, step: number) => Float64Array.from({ length: n }, (_, i) => start + i * step);
  return [
    { name: 'x', shape: [nx], data: axis(nx, x0, px), unit: 'm' },
    { name: 'y', shape: [ny], data: axis(ny, y0, py), unit: 'm' },
    { name: 'z', shape: [], data: Float64Array.of(map.z), unit: 'm' },
    { name: map.component, shape: [ny, nx], data: array.data, unit: map.unit },
  ];
}

function inFile<T>(options: Pick<ScanReadOptions, 'file'>, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}
