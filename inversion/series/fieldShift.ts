import type { FieldScan } from '../../src/fieldScan.js';
import { dot } from '../../src/linearAlgebra/vectors.js';
import { type ScanReadings, scanReadings } from '../bounded/scanReadings.js';
import { DriftBasis, driftGroups } from '../susceptibility/drift.js';
import { slabField } from '../susceptibility/slabField.js';
import type { Slab, SusceptibilitySolution } from '../susceptibility/solution.js';

/** The field of a reference map at the readings of a scan, and how it changes when the cell moves, T and T/m. */
export interface ReferenceField {
  readonly scan: FieldScan;
  readonly field: Float64Array;
  /** Change with a motion of the cell along +x and +y. */
  readonly alongX: Float64Array;
  readonly alongY: Float64Array;
}

/** How far the cell lies from where it lay in the reference, and the standard errors of that, m. */
export interface FieldShift {
  readonly x: number;
  readonly y: number;
  readonly xError: number;
  readonly yError: number;
}

const STEP = 0.1e-3;
/** The error is told by leaving out one of so many by so many parts of the scanned area. */
const PARTS = 3;

/** @param tiles the reference's map */
export function referenceField(scan: FieldScan, slab: Slab, tiles: SusceptibilitySolution['tiles']): ReferenceField {
  const at = (dx: number, dy: number) =>
    slabField({ ...scan, x: scan.x.map(v => v - dx), y: scan.y.map(v => v - dy) }, slab, tiles);
  const slope = (dx: number, dy: number) => {
    const [up, down] = [at(dx, dy), at(-dx, -dy)];
    return up.map((v, r) => (v - down[r]) / (2 * STEP));
  };
  return { scan, field: at(0, 0), alongX: slope(STEP, 0), alongY: slope(0, STEP) };
}

/**
 * The shift d of the cell between two scans by least squares: their difference = c f + (1 + c) d . slopes of f + offsets of every
 * sensor and axis, f the reference's field and 1 + c the factor on it. A map of the change would explain half of a shift by
 * chi along the edges; one factor does not, and a hot spot moves the edges little. What one factor leaves is structure, not
 * noise: the errors are those of the jackknife over parts of the area (Kuensch 1989), which counts it.
 * @param difference readings of the scan minus those of the reference, T @param reference at the places of `scan`
 * @returns undefined where the field has no slopes
 */
export function fieldShift(
  scan: FieldScan,
  difference: Float64Array,
  reference: ReferenceField,
): FieldShift | undefined {
  const readings = scanReadings(scan);
  const factor = readings.sigma.map(s => 1 / s);
  const whole = shiftOf(scan, readings, difference, reference, factor);
  if (whole === undefined) return undefined;
  const part = partsOf(readings.x, readings.y);
  const without = Array.from({ length: PARTS ** 2 }, (_, p) => {
    const left = factor.map((f, r) => (part[r] === p ? 0 : f));
    return shiftOf(scan, readings, difference, reference, left);
  }).filter(shift => shift !== undefined);
  const error = (axis: 0 | 1) => {
    const mean = without.reduce((sum, shift) => sum + shift[axis], 0) / without.length;
    const square = without.reduce((sum, shift) => sum + (shift[axis] - mean) ** 2, 0);
    return Math.sqrt((square * (without.length - 1)) / without.length);
  };
  return { x: whole[0], y: whole[1], xError: error(0), yError: error(1) };
}

/** Which part of the scanned area every reading lies in. */
function partsOf(x: Float64Array, y: Float64Array): Int32Array {
  const along = (values: Float64Array) => {
    const low = values.reduce((a, b) => Math.min(a, b));
    const size = values.reduce((a, b) => Math.max(a, b)) - low || 1;
    return values.map(v => Math.min(PARTS - 1, Math.floor((PARTS * (v - low)) / size)));
  };
  const [u, v] = [along(x), along(y)];
  return Int32Array.from(u, (part, r) => part + PARTS * v[r]);
}

/** @param factor one over the standard deviation of each reading, 0 where it is left out */
function shiftOf(
  scan: FieldScan,
  readings: ScanReadings,
  difference: Float64Array,
  reference: ReferenceField,
  factor: Float64Array,
): readonly [x: number, y: number] | undefined {
  const linear = scan.time !== undefined;
  const time = linear ? Float64Array.from(readings.sample, s => scan.time![s]) : undefined;
  const basis = new DriftBasis(driftGroups(scan, readings, linear ? 'linear' : 'constant'), factor, time);
  const [f, ...columns] = [reference.field, reference.alongX, reference.alongY, difference].map(column => {
    const weighted = column.map((v, r) => v * factor[r]);
    basis.project(weighted);
    return weighted;
  });
  const alike = columns.map(column => dot(column, f) / dot(f, f));
  const [sx, sy, b] = columns.map((column, k) => column.map((v, r) => v - alike[k] * f[r]));
  const [xx, xy, yy, bx, by] = [dot(sx, sx), dot(sx, sy), dot(sy, sy), dot(sx, b), dot(sy, b)];
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-12 * xx * yy)) return undefined;
  const [x, y] = [(yy * bx - xy * by) / determinant, (xx * by - xy * bx) / determinant];
  const scale = 1 + alike[2] - alike[0] * x - alike[1] * y;
  return scale > 0 ? [x / scale, y / scale] : undefined;
}
