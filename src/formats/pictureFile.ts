import { InputError } from '../errors.js';
import { interpolate } from '../gridding/scatteredGrid.js';
import type { Picture } from '../registration/picture.js';
import { isMat, readMat } from './mat.js';
import type { NamedArray } from './namedArrays.js';
import { isNpy, readNpy } from './npy.js';
import { readNpz } from './npzScan.js';
import { isPng, readPng } from './pngRead.js';
import { isTiff, readTiff } from './tiff.js';
import { isZip } from './zip.js';

/** A picture of a file, or several of one place. */
export interface PictureFile {
  readonly width: number;
  readonly height: number;
  /** At least one; row 0 on top. */
  readonly frames: readonly Float64Array[];
  /** Of the array, where it has one. */
  readonly name: string;
  /** What was taken for granted, a sentence. */
  readonly note: string;
}

const AS_MATRIX = 'The first row of the matrix is at the bottom.';
const MOST_VALUES = 50e6;

export function isPicture(bytes: Uint8Array): boolean {
  return isPng(bytes) || isTiff(bytes);
}

/**
 * A picture (PNG, TIFF), a matrix (NPY, NPZ, MAT of version 5 to 7: the largest array of two or three dimensions, of three the
 * last counts the frames; text of numbers in rows), or a table of three columns x, y, value.
 * @throws {InputError} when it is none of these
 */
export function readPicture(bytes: Uint8Array): PictureFile {
  if (isPicture(bytes)) {
    const { width, height, values } = isPng(bytes) ? readPng(bytes) : readTiff(bytes);
    return { width, height, frames: [values], name: '', note: '' };
  }
  if (isMat(bytes)) return fromArrays(readMat(bytes).variables);
  if (isZip(bytes)) return fromArrays(readNpz(bytes));
  if (isNpy(bytes)) {
    const content = readNpy(bytes);
    if (content.kind === 'table') throw noPicture('it is a table with names');
    return fromArrays([{ name: '', ...content }]);
  }
  return fromText(new TextDecoder().decode(bytes));
}

function fromArrays(arrays: readonly NamedArray[]): PictureFile {
  const numbers = arrays.flatMap(({ name, shape, data }) =>
    data instanceof Float64Array && (shape.length === 2 || shape.length === 3) && Math.min(shape[0], shape[1]) > 1
      ? [{ name, shape, data }]
      : [],
  );
  const largest = numbers.sort((a, b) => b.data.length - a.data.length)[0];
  if (largest === undefined) throw noPicture('it holds no matrix of numbers');
  const { name, data } = largest;
  const [height, width, count = 1] = largest.shape;
  // An axis that descends is the only thing that tells that the first row is the top one.
  const axis = arrays.find(a => /^y/i.test(a.name) && a.data instanceof Float64Array && a.data.length === height)?.data;
  const descends = axis instanceof Float64Array && axis[height - 1] < axis[0];
  const frames = Array.from({ length: count }, (_, k) => {
    const out = new Float64Array(width * height);
    for (let v = 0, i = 0; v < height; v++) {
      const row = descends ? v : height - 1 - v;
      for (let u = 0; u < width; u++, i++) out[i] = data[(row * width + u) * count + k];
    }
    return out;
  });
  return {
    width,
    height,
    frames,
    name,
    note: axis === undefined ? AS_MATRIX : 'Its rows are ordered by their y.',
  };
}

/** Numbers in rows, divided by spaces, commas, semicolons or tabs. Lines that begin with % or # are comments. */
function fromText(text: string): PictureFile {
  const rows: number[][] = [];
  let count = 0;
  for (const [k, line] of text.split(/\r\n|\r|\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[%#]/.test(trimmed)) continue;
    const row = trimmed
      .split(/[\s,;]+/)
      .filter(cell => cell !== '')
      .map(cell => (/^nan$/i.test(cell) ? Number.NaN : Number(cell)));
    if (row.some((value, i) => Number.isNaN(value) && !/nan/i.test(trimmed.split(/[\s,;]+/)[i] ?? ''))) {
      throw new InputError('is no matrix of numbers', {
        line: k + 1,
        advice: 'write numbers in rows, and nothing else',
      });
    }
    if (rows.length > 0 && row.length !== rows[0].length) {
      throw new InputError(`this row has ${row.length} numbers, the first ${rows[0].length}`, {
        line: k + 1,
        advice: 'give every row as many numbers',
      });
    }
    count += row.length;
    if (count > MOST_VALUES) throw noPicture('it is too large');
    rows.push(row);
  }
  if (rows.length < 2 || rows[0].length < 2) throw noPicture('it holds no matrix of numbers');
  if (rows[0].length === 3 && rows.length > 8) return fromScattered(rows);
  const [height, width] = [rows.length, rows[0].length];
  return { width, height, frames: [Float64Array.from(rows.reverse().flat())], name: '', note: AS_MATRIX };
}

/** Scattered x, y, value, in any unit of length, on a raster. */
function fromScattered(rows: readonly (readonly number[])[]): PictureFile {
  const kept = rows.filter(row => row.every(Number.isFinite));
  const [x, y, value] = [0, 1, 2].map(k => Float64Array.from(kept, row => row[k]));
  const scan = { count: kept.length, x, y, z: new Float64Array(kept.length), components: {} };
  const { grid, values } = interpolate(scan, undefined, undefined, [value]);
  const { nx, ny } = grid;
  const out = new Float64Array(nx * ny);
  for (let v = 0; v < ny; v++) out.set(values[0].subarray((ny - 1 - v) * nx, (ny - v) * nx), v * nx);
  return {
    width: nx,
    height: ny,
    frames: [out],
    name: '',
    note: `${kept.length} points x, y, value on a raster of ${nx} × ${ny}.`,
  };
}

/** The frame whose values differ most: where there is most to see. */
export function liveliestFrame(frames: readonly Float64Array[]): number {
  let [best, most] = [0, -1];
  frames.forEach((values, k) => {
    let [n, sum, square] = [0, 0, 0];
    for (const v of values) {
      if (!Number.isFinite(v)) continue;
      n++;
      sum += v;
      square += v * v;
    }
    const variance = n > 0 ? square / n - (sum / n) ** 2 : 0;
    if (variance > most) [best, most] = [k, variance];
  });
  return best;
}

/** The picture of a frame. */
export function frameOf({ width, height, frames }: PictureFile, k: number): Picture {
  return { width, height, values: frames[Math.min(frames.length - 1, Math.max(0, k))] };
}

function noPicture(why: string): InputError {
  return new InputError(`cannot be read as a picture: ${why}`, {
    advice: 'give a PNG, a TIFF, or a matrix as CSV, NPY or MAT',
  });
}
