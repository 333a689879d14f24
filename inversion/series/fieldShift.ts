import type { FieldScan } from '../../src/fieldScan.js';
import { scanReadings } from '../bounded/scanReadings.js';
import { DriftBasis, driftGroups } from '../susceptibility/drift.js';
import type { Slab, SusceptibilitySolution } from '../susceptibility/solution.js';
import { slabField } from '../susceptibility/susceptibilityInversion.js';
import { plainAlgebra } from '../../src/linearAlgebra/index.js';

/** The field of a reference map at the readings of a scan, and how it changes when the cell moves, T and T/m. */
export interface ReferenceField {
  readonly scan: FieldScan;
  readonly field: Float64Array;
  /** Change with a motion of the cell along +x and +y. */
  readonly alongX: Float64Array;
  readonly alongY: Float64Array;
}

/** How far the cell lies from where it lay in the reference, m. */
export interface FieldShift {
  readonly x: number;
  readonly y: number;
  readonly error: number;
  /** More than {@link CLEAR} errors and {@link LEAST}: then its field is taken off. */
  readonly significant: boolean;
}

const STEP = 0.1e-3;
/** Local changes of chi pull at the shift: it must stand out. */
const CLEAR = 5;
const LEAST = 20e-6;

/** @param tiles the reference's map */
export function referenceField(
  scan: FieldScan,
  slab: Slab,
  tiles: SusceptibilitySolution['tiles'],
): ReferenceField {
  const at = (dx: number, dy: number) =>
    slabField({ ...scan, x: scan.x.map(v => v - dx), y: scan.y.map(v => v - dy) }, slab, tiles);
  const slope = (dx: number, dy: number) => {
    const [up, down] = [at(dx, dy), at(-dx, -dy)];
    return up.map((v, r) => (v - down[r]) / (2 * STEP));
  };
  return { scan, field: at(0, 0), alongX: slope(STEP, 0), alongY: slope(0, STEP) };
}

/**
 * The shift of the cell between two scans by least squares: readings = factor x field + shift . its slopes + offsets of every
 * sensor and axis. The factor takes up a uniform change of chi. The residual, local changes included, sets the error.
 * @param reference at the places of `scan`
 */
export function fieldShift(scan: FieldScan, reference: ReferenceField): FieldShift | undefined {
  const readings = scanReadings(scan);
  const linear = scan.time !== undefined;
  const groups = driftGroups(scan, readings, linear ? 'linear' : 'constant');
  const factor = readings.sigma.map(s => 1 / s);
  const time = linear ? Float64Array.from(readings.sample, s => scan.time![s]) : undefined;
  const basis = new DriftBasis(groups, factor, time);
  const columns = [reference.field, reference.alongX, reference.alongY, readings.value].map(column => {
    const weighted = column.map((v, r) => v * factor[r]);
    basis.project(weighted);
    return weighted;
  });
  const scale = columns.slice(0, 3).map(c => Math.sqrt(c.reduce((sum, v) => sum + v * v, 0)));
  if (scale.some(s => !(s > 0))) return undefined;
  const form = new Float64Array(9);
  const c = new Float64Array(3);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  for (let i = 0; i < 3; i++) {
    c[i] = dot(columns[i], columns[3]) / scale[i];
    for (let j = 0; j < 3; j++) form[3 * i + j] = dot(columns[i], columns[j]) / (scale[i] * scale[j]);
  }
  const inverse = new Float64Array(9);
  try {
    plainAlgebra.cholesky(form, 3);
    plainAlgebra.solveCholesky(form, 3, c, 1);
    plainAlgebra.inverseFromCholesky(form, 3, inverse);
  } catch {
    return undefined;
  }
  const left = columns[3].map((v, r) => v - c.reduce((sum, k, i) => sum + (k / scale[i]) * columns[i][r], 0));
  const variance = dot(left, left) / Math.max(1, readings.count - basis.columns.length - 3);
  const gain = c[0] / scale[0];
  const error = Math.sqrt(Math.max(variance, readings.sigmaStated ? 1 : 0) * Math.max(inverse[4] / scale[1] ** 2, inverse[8] / scale[2] ** 2)) / Math.abs(gain);
  const [x, y] = [c[1] / scale[1] / gain, c[2] / scale[2] / gain];
  const size = Math.hypot(x, y);
  return { x, y, error, significant: size > CLEAR * error && size > LEAST };
}
