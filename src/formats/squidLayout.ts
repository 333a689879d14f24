import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { parseUnit, scaleAllByPowerOfTen } from '../units.js';
import type { NamedArray } from './namedArrays.js';
import { scanFromParts } from './scanParts.js';

/**
 * The layout in which scanning-SQUID images are published: `data` (rows = y), `xs`, `ys`, `standoff`, `length_units`,
 * `units`. One component, the flux along z; its scale is mostly relative (Phi0/A). The same layout holds the image of a
 * point-spread function.
 */

/** An image with its pitch. */
export interface Image {
  /** Row-major, `[iy][ix]`, y ascending, in the file's own unit. */
  readonly values: Float64Array;
  readonly ny: number;
  readonly nx: number;
  /** Pitch, m. */
  readonly dx: number;
  readonly dy: number;
  /** Height of the sensor above what it imaged, m, where the file says so. */
  readonly standoff?: number;
}

export function isSquidLayout(arrays: readonly NamedArray[]): boolean {
  return ['data', 'xs', 'ys'].every(name => arrays.some(array => array.name === name));
}

/**
 * The scan of such a file: component bz, z = standoff (0 when the file has none). `NaN` marks a pixel without a reading.
 * @throws {InputError} for shapes that do not fit together, or unknown units.
 */
export function scanFromSquidLayout(arrays: readonly NamedArray[]): FieldScan {
  const { data, xs, ys, exponent } = parts(arrays);
  const field = unitOf(arrays, 'units');
  if (field.quantity !== 'field') {
    throw new InputError(`'${field.symbol}' is no unit of a magnetic field`, {
      column: 'units',
      advice: 'use T, uT, nT or Phi0/A',
    });
  }
  const height = standoffOf(arrays, exponent) ?? 0;
  const [x, y, z, bz]: number[][] = [[], [], [], []];
  for (let iy = 0; iy < ys.length; iy++) {
    for (let ix = 0; ix < xs.length; ix++) {
      const value = data[iy * xs.length + ix];
      if (Number.isNaN(value)) continue;
      x.push(xs[ix]);
      y.push(ys[iy]);
      z.push(height);
      bz.push(value);
    }
  }
  const values = scaleAllByPowerOfTen(Float64Array.from(bz), field.exponent);
  return scanFromParts({
    columns: new Map([
      ['x', Float64Array.from(x)],
      ['y', Float64Array.from(y)],
      ['z', Float64Array.from(z)],
      ['bz', values],
    ]),
    relativeUnit: field.relative ? field.symbol : undefined,
  });
}

/**
 * The image in such a file, for example a point-spread function.
 * @throws {InputError} when the layout is another one or the axes are not regular.
 */
export function imageFromSquidLayout(arrays: readonly NamedArray[]): Image {
  if (!isSquidLayout(arrays)) {
    throw new InputError('is no image', { advice: "save the arrays 'data' (rows = y), 'xs', 'ys' and 'length_units'" });
  }
  const { data, xs, ys, exponent } = parts(arrays);
  const standoff = standoffOf(arrays, exponent);
  if (data.some(value => !Number.isFinite(value))) {
    throw new InputError('has pixels without a value', { column: 'data', advice: 'fill them, or cut the image' });
  }
  const [dx, dy] = [pitchOf(xs, 'xs'), pitchOf(ys, 'ys')];
  const [nx, ny] = [xs.length, ys.length];
  const values = new Float64Array(data.length);
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      values[iy * nx + ix] = data[(dy < 0 ? ny - 1 - iy : iy) * nx + (dx < 0 ? nx - 1 - ix : ix)];
    }
  }
  const pitch = { dx: Math.abs(dx), dy: Math.abs(dy) };
  return { values, ny, nx, ...pitch, ...(standoff === undefined ? {} : { standoff }) };
}

function standoffOf(arrays: readonly NamedArray[], exponent: number): number | undefined {
  const standoff = arrays.find(array => array.name === 'standoff')?.data[0];
  if (standoff === undefined) return undefined;
  if (typeof standoff !== 'number') {
    throw new InputError('is no number', { column: 'standoff', advice: 'save it as a number' });
  }
  return scaleAllByPowerOfTen(Float64Array.of(standoff), exponent)[0];
}

function parts(arrays: readonly NamedArray[]) {
  const numbers = (name: string, dimensions: number) => {
    const array = arrays.find(candidate => candidate.name === name)!;
    if (array.data instanceof Float64Array && array.shape.length === dimensions) return { ...array, data: array.data };
    throw new InputError(`must be an array of numbers with ${dimensions} dimension${dimensions === 1 ? '' : 's'}`, {
      column: name,
    });
  };
  const [data, xs, ys] = [numbers('data', 2), numbers('xs', 1), numbers('ys', 1)];
  const [ny, nx] = data.shape;
  if (xs.data.length !== nx || ys.data.length !== ny) {
    throw new InputError(`has ${ny} rows and ${nx} columns for ${ys.data.length} ys and ${xs.data.length} xs`, {
      column: 'data',
      advice: 'rows are y, columns are x',
    });
  }
  const length = unitOf(arrays, 'length_units');
  if (length.quantity !== 'length') {
    throw new InputError(`'${length.symbol}' is no unit of length`, {
      column: 'length_units',
      advice: 'use m, mm, um or nm',
    });
  }
  const { exponent } = length;
  const metres = (axis: { data: Float64Array }) => scaleAllByPowerOfTen(axis.data.slice(), exponent);
  return { data: data.data, xs: metres(xs), ys: metres(ys), exponent };
}

function unitOf(arrays: readonly NamedArray[], name: string) {
  const text = arrays.find(array => array.name === name)?.data[0];
  const unit = typeof text === 'string' ? parseUnit(text) : undefined;
  if (unit !== undefined) return unit;
  throw new InputError(text === undefined ? 'is missing' : `'${text}' is no unit that Savart knows`, {
    column: name,
    advice: `save the unit as text, for example '${name === 'units' ? 'uT' : 'um'}'`,
  });
}

/** Pitch of a regular axis, negative when it descends. */
function pitchOf(axis: Float64Array, name: string): number {
  const pitch = (axis[axis.length - 1] - axis[0]) / (axis.length - 1);
  const regular = axis.every((value, i) => Math.abs(value - axis[0] - i * pitch) <= 1e-3 * Math.abs(pitch));
  if (axis.length > 1 && pitch !== 0 && regular) return pitch;
  throw new InputError('is no regular axis of at least two pixels', { column: name, advice: 'resample the image' });
}
