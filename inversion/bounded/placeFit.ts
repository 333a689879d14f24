import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { addScaled } from '../../src/linearAlgebra/vectors.js';
import { COARSE, coarseForm } from './coarseForm.js';
import { solveKept } from './departurePrior.js';
import type { EliminationRoom, ReducedForm } from './elimination.js';
import type { ModelRows } from './keptRows.js';
import { knownFields } from './knownFields.js';
import type { BoundedModel } from './model.js';
import { crossProducts } from './normalEquations.js';
import { type Motion, middleOf, motionOf } from './placement.js';
import { difference, type FieldTask, harmonicField, harmonicPsi, moved } from './predictedField.js';
import type { ScanReadings } from './scanReadings.js';
import { solveSparse } from './sparsePrior.js';
import { type Swelling, swellingColumns } from './swelling.js';
import { solveUniform } from './uniformSolution.js';

/** What must be done to the samples so that they fit the model best, with its standard errors. */
export interface PlaceFit {
  readonly motion: Motion;
  readonly error: Motion;
  /** Where it was asked for. */
  readonly swelling?: Swelling;
}

export interface PlaceTask extends FieldTask {
  readonly weights: Float64Array;
  readonly room: EliminationRoom;
  /** The rows of the form, where they are at hand. */
  readonly rows: ModelRows | undefined;
  readonly dense: DenseWorkspace;
  /** Whether the height may vary smoothly over the cell. */
  readonly swelling: boolean;
}

/** Prior deviations: m for shifts, rad for turns, m for swellings. */
const PRIOR_SD = [3e-3, 3e-3, 3e-3, 30e-3, 30e-3, 30e-3, 2e-3, 2e-3, 2e-3];
/** Shifts and the rotation in the plane; the tilts are fitted apart, for they take up what a height should. */
const WITHOUT_TILT = [0, 1, 2, 5];
const ALL = [0, 1, 2, 3, 4, 5];
const SWELLINGS = [6, 7, 8];
/** It takes more rounds until a shift has left the departure than until that is sharp. */
const ROUNDS = 10;

/**
 * Place of the scan as further unknowns p of the linear model, solved together with all others under the sparse prior:
 * reading = A x + G p. A shift that the departure took up would bend psi all along the outline, which a sparse laplacian
 * psi does not do, so that it goes into p. G is the derivative of the healthy cell and the known leads alone. Departure and
 * sheets outside are left out: in the wrong place they are the image of the error, and would shrink the step.
 *
 * Six numbers of the whole scan need no detail: the departures stand on the lattice of the choice of lambda.
 *
 * Correct to first order: moved samples should be fitted again.
 * @param kept unknowns under the uniform prior of `density`
 */
export function placeFit(task: PlaceTask, fine: ReducedForm, kept: Float64Array, density: number): PlaceFit {
  const columns = [...placeColumns(task, kept), ...(task.swelling ? swellingColumns(task, kept) : [])];
  const { dense } = task;
  const { model, reduced, restricted } = coarseForm(task.model, fine, task.cell.outline, COARSE, dense);
  const added = widened(task, columns);
  const wide = { ...added, cross: restricted(added.cross, columns.length) };
  const start = { density, kept: solveUniform(model, reduced, density, dense, false).x };
  const found = (which: readonly number[], prior: Prior) =>
    dense.temporarily(() => solved(model, reduced, wide, which, prior, dense));
  const firm = found(WITHOUT_TILT, start);
  const tilted = found(ALL, firm);
  const join = (part: 'value' | 'error') => motionOf(ALL.map(i => (firm[part][i] ?? tilted[part][i])!));
  const place = { motion: join('value'), error: join('error') };
  if (!task.swelling) return place;
  const swollen = found([...WITHOUT_TILT, ...SWELLINGS], start);
  const [coefficients, errors] = (['value', 'error'] as const).map(part => SWELLINGS.map(i => swollen[part][i]));
  return { ...place, swelling: { coefficients, errors } };
}

/**
 * Derivatives of what the readings see of the healthy cell and the known leads with respect to the six numbers of a
 * motion, T/m and T/rad. With g the gradient of a reading and B the field there, a turn about the axis e changes it by
 * g . (e x (r - middle)) + B . (e x n).
 */
export function placeColumns(task: FieldTask, kept: Float64Array): Float64Array[] {
  const { cell, tabs, readings } = task;
  const { count, x, y, z, nx, ny, nz } = readings;
  const axes = [0, 1, 2];
  const { field, gradient } = harmonicField(task, harmonicPsi(task, kept));
  const shifts = [gradient.x, gradient.y, gradient.z];
  if (cell.leads.length > 0 || cell.returnPlate) {
    const [zero, one] = [new Float64Array(count), new Float64Array(count).fill(1)];
    const along = axes.map((a): ScanReadings => {
      const [ex, ey, ez] = axes.map(b => (a === b ? one : zero));
      return { ...readings, nx: ex, ny: ey, nz: ez };
    });
    const make = () => [...moved(readings), ...along].map(copy => knownFields(cell, copy, tabs, readings.footprint));
    const known = task.geometry ? task.geometry.once('known fields beside', make) : make();
    for (const a of axes) {
      addScaled(shifts[a], 1, difference(known[2 * a], known[2 * a + 1]));
      addScaled(field[a], 1, known[6 + a]);
    }
  }
  const middle = middleOf(cell);
  const [from, normal] = [[x, y, z].map((values, a) => values.map(v => v - middle[a])), [nx, ny, nz]];
  const turns = axes.map(a => {
    const [b, c] = [(a + 1) % 3, (a + 2) % 3];
    const [fromB, fromC, normalB, normalC] = [from[b], from[c], normal[b], normal[c]];
    const [shiftB, shiftC, fieldB, fieldC] = [shifts[b], shifts[c], field[b], field[c]];
    const out = new Float64Array(count);
    for (let r = 0; r < count; r++) {
      const moves = shiftC[r] * fromB[r] - shiftB[r] * fromC[r];
      out[r] = moves + fieldC[r] * normalB[r] - fieldB[r] * normalC[r];
    }
    return out;
  });
  return [...shifts, ...turns];
}

/** What further columns G add to a form from which the sheets outside were eliminated. */
interface Widened {
  /** Kept unknowns x columns. */
  readonly cross: Float64Array;
  /** Columns x columns. */
  readonly gram: Float64Array;
  readonly gradient: Float64Array;
}

/** With L L' the factor of what lies outside and Y = L^-1 N_ok: A'W G - Y' l, G'W G - l' l, G'W b - l' s for l = L^-1 O'W G. */
function widened(task: PlaceTask, columns: readonly Float64Array[]): Widened {
  const { model, readings, weights, room, dense } = task;
  const { unknowns: n, kept } = model;
  const k = columns.length;
  const outside = n - kept;
  const products = crossProducts(model, readings, weights, columns, task.rows);
  const [cross, lower] = [products.slice(0, kept * k), products.slice(kept * k)];
  dense.forwardSolve(room.normal.subarray(kept * n + kept), outside, lower, k, { stride: n });
  dense.addCross(room.normal.subarray(kept * n), outside, kept, lower, k, cross, { sign: -1, stride: n });
  const [gram, gradient] = [new Float64Array(k * k), new Float64Array(k)];
  const row = new Float64Array(k);
  for (let r = 0; r < readings.count; r++) {
    weightedRow(columns, r, weights[r], row);
    addProducts(row, 1, (readings.value[r] - model.base[r]) * weights[r], gram, gradient);
  }
  for (let i = 0; i < outside; i++) {
    addProducts(lower.subarray(i * k, (i + 1) * k), -1, room.solved[i], gram, gradient);
  }
  return { cross, gram, gradient };
}

function weightedRow(columns: readonly Float64Array[], r: number, weight: number, out: Float64Array): void {
  for (let a = 0; a < out.length; a++) out[a] = columns[a][r] * weight;
}

/** gram += sign row row', gradient += sign row right */
function addProducts(row: Float64Array, sign: number, right: number, gram: Float64Array, gradient: Float64Array): void {
  const k = row.length;
  for (let a = 0; a < k; a++) {
    const own = sign * row[a];
    gradient[a] += own * right;
    for (let b = 0; b < k; b++) gram[a * k + b] += own * row[b];
  }
}

/** The variance of laplacian psi; or what the sparse prior needs to find its own, a first solution among it. */
type Prior = { readonly variance: readonly Float64Array[] } | { readonly density: number; readonly kept: Float64Array };

/** Values and errors of the chosen numbers, at their index. */
function solved(
  model: BoundedModel,
  reduced: ReducedForm,
  { cross, gram, gradient: slope }: Widened,
  which: readonly number[],
  prior: Prior,
  dense: DenseWorkspace,
): { readonly value: number[]; readonly error: number[]; readonly variance: readonly Float64Array[] } {
  const { n } = reduced;
  const k = cross.length / n;
  const m = n + which.length;
  const form = dense.allocate(m * m);
  const gradient = new Float64Array(m);
  gradient.set(reduced.gradient);
  for (let i = 0; i < n; i++) form.set(reduced.form.subarray(i * n, i * n + i + 1), i * m);
  which.forEach((c, a) => {
    gradient[n + a] = slope[c];
    for (let i = 0; i < n; i++) form[(n + a) * m + i] = cross[i * k + c];
    for (let b = 0; b <= a; b++) form[(n + a) * m + n + b] = gram[c * k + which[b]];
  });
  const patterns = which.map(c => ({ name: 'place', field: new Float64Array(0), sd: PRIOR_SD[c] }));
  const wide = { ...model, kept: m, patterns: [...model.patterns, ...patterns] };
  const wideForm = { ...reduced, n: m, form, gradient };
  const { solution, variance } =
    'variance' in prior
      ? { solution: solveKept(wide, wideForm, prior.variance, dense, false, which.length), variance: prior.variance }
      : solveSparse(wide, wideForm, prior.density, { x: prior.kept }, dense, { rounds: ROUNDS, last: which.length });
  const [value, error]: number[][] = [[], []];
  which.forEach((c, a) => {
    value[c] = solution.x[n + a];
    error[c] = Math.sqrt(solution.lastVariance![a]);
  });
  return { value, error, variance };
}
