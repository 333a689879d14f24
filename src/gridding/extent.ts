import { InputError } from '../errors.js';
import type { FieldScan } from '../fieldScan.js';
import { median } from '../median.js';

/** With fewer samples there is no 8 x 8 map. */
const FEWEST_SAMPLES = 64;
/** The advice where samples are too few or cover no area. */
export const ENOUGH = 'scan at least 8 lines of 8 points';
/** Samples in a strip narrower than this share of its length lie on a line: rounding, not a scan, makes such strips. */
const STRIP = 1e-6;
/** Relative differences in height above the sheet that are worth a note, and that no longer make one plane. */
const UNEVEN = 0.02;
const NO_PLANE = 0.2;

/** A stretch of an axis, m. */
export interface Span {
  readonly low: number;
  readonly width: number;
}

/** The stretch that values lie in. */
export function span(values: Float64Array): Span {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, width: high - low };
}

/** @throws {InputError} for too few samples for a map, and for samples that span no area. */
export function checkExtent({ x, y, count }: FieldScan): void {
  const fail = (column: string, message: string) => new InputError(message, { column, advice: ENOUGH });
  if (count < FEWEST_SAMPLES) throw fail('x, y', `holds ${count} samples, too few for a map`);
  const across = span(x);
  const up = span(y);
  if (across.width === 0 && up.width === 0) throw fail('x, y', 'all samples stand at one place');
  if (up.width < STRIP * across.width) throw fail('y', `all samples lie on one line, y = ${mm(up.low)} mm`);
  if (across.width < STRIP * up.width) throw fail('x', `all samples lie on one line, x = ${mm(across.low)} mm`);
}

/**
 * The height of the plane that samples stand in: their median.
 * @param z n heights, m
 * @param sheetZ z of the sheet of current, m
 * @param notes takes a sentence where the heights differ by more than 2 % of the distance to the sheet
 * @throws {InputError} where they differ by more than 20 %, or lie on both sides of the sheet
 */
export function onePlane(z: Float64Array, sheetZ: number, notes: string[]): number {
  const { low, width } = span(z);
  const high = low + width;
  const plane = median(z);
  const distance = Math.abs(plane - sheetZ);
  const advice = 'split the file by height';
  if (low < sheetZ && high > sheetZ) {
    const range = `z = ${mm(low)} to ${mm(high)} mm, the sheet at ${mm(sheetZ)} mm`;
    throw new InputError(`the samples lie on both sides of the sheet (${range})`, { column: 'z', advice });
  }
  if (width > NO_PLANE * distance) {
    const range = `differ by ${mm(width)} mm at ${mm(distance)} mm from the sheet`;
    throw new InputError(`the heights ${range}, but the Fourier method needs one plane`, { column: 'z', advice });
  }
  if (width > UNEVEN * distance) {
    notes.push(
      `The heights of the samples differ by ${mm(width)} mm at ${mm(distance)} mm from the sheet; all were taken ` +
        `as at z = ${mm(plane)} mm, their median.`,
    );
  }
  return plane;
}

/** Metres as millimetres with three digits, for sentences. */
export function mm(metres: number): number {
  return Number((1e3 * metres).toPrecision(3));
}
