import { type DenseWorkspace, plainAlgebra } from '../../src/linearAlgebra/index.js';
import type { EliminationRoom, ReducedForm } from './elimination.js';
import type { ModelRows } from './keptRows.js';
import type { BoundedModel } from './model.js';
import { fittedReadings } from './modelRows.js';
import { crossProducts } from './normalEquations.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';

/**
 * What the readings say of the departures alone: the outside, the tabs' profiles, the background and all other patterns
 * eliminated with their priors, min over all of them of |A x - b|^2 + priors = energy - 2 gradient.d + d' form d.
 */
export interface DepartureForm {
  /** The model behind it. */
  readonly model: BoundedModel;
  readonly tabs: TabColumns;
  readonly readings: ScanReadings;
  /** Departures: those of the interior lattice, sheet by sheet. */
  readonly n: number;
  /** n x n, both triangles. */
  readonly form: Float64Array;
  readonly gradient: Float64Array;
  readonly energy: number;
  /** Readings that were used, less what the sheets outside spend. */
  readonly freedoms: number;
  /** The departures and patterns that the bounded inversion found. */
  readonly kept: Float64Array;
  /** Prior variance of laplacian psi with which it did, (A/m^2)^2, per sheet at every node. */
  readonly variance: readonly Float64Array[];
  /** The departures followed by the patterns that go with them, and with a field that is there as well. */
  keptOf(departures: Float64Array, also?: AlsoField): Float64Array;
  /** Posterior covariance of the patterns for given departures, p x p. */
  patternCovariance(): Float64Array;
  /** Field of departures along the readings' directions, T. */
  fieldOf(departures: Float64Array): Float64Array;
  /** What a field that is there as well (T, per reading) does to the form. */
  also(field: Float64Array): AlsoField;
}

/** With a further known field the minimum is energy - 2 gradient.d + d' form d + 2 cross.d + square - 2 along. */
export interface AlsoField {
  /** n */
  readonly cross: Float64Array;
  readonly square: number;
  readonly along: number;
  /** Its products with the patterns. */
  readonly patterns: Float64Array;
}

/** What the form is made from, as the inversion leaves it. */
export interface FormSources {
  readonly model: BoundedModel;
  readonly reduced: ReducedForm;
  readonly room: EliminationRoom;
  readonly rows: ModelRows | undefined;
  readonly readings: ScanReadings;
  readonly weights: Float64Array;
  readonly tabs: TabColumns;
  readonly kept: Float64Array;
  readonly variance: readonly Float64Array[];
}

/** Eliminates the patterns from a reduced form. Copies what it needs out of the workspace. */
export function departureForm(sources: FormSources, dense: DenseWorkspace): DepartureForm {
  const { model, reduced, room, weights } = sources;
  const n = model.departures.length * model.interior.count;
  const p = model.patterns.length;
  const all = reduced.n;
  const corner = new Float64Array(p * p);
  const cross = new Float64Array(p * n);
  for (let a = 0; a < p; a++) {
    const row = (n + a) * all;
    cross.set(reduced.form.subarray(row, row + n), a * n);
    corner.set(reduced.form.subarray(row + n, row + n + a + 1), a * p);
    corner[a * p + a] += 1 / model.patterns[a].sd ** 2;
  }
  plainAlgebra.cholesky(corner, p);
  const half = cross.slice();
  plainAlgebra.forwardSolve(corner, p, half, n);
  const own = reduced.gradient.slice(n, n + p);
  const solved = own.slice();
  plainAlgebra.forwardSolve(corner, p, solved, 1);
  const form = new Float64Array(n * n);
  for (let i = 0; i < n; i++) form.set(reduced.form.subarray(i * all, i * all + i + 1), i * n);
  plainAlgebra.addGram(half, p, n, form, { sign: -1 });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) form[j * n + i] = form[i * n + j];
  const gradient = reduced.gradient.slice(0, n);
  plainAlgebra.addCross(half, p, n, solved, 1, gradient, { sign: -1 });
  const outside = copyOfOutside(model, room);
  const used = weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  const energy = reduced.energy - squareOf(solved);
  const freedoms = used - reduced.outsideDegrees;
  const parts = { ...sources, n, p, corner, cross, half, own, solved, form, gradient, outside, energy, freedoms };
  return closedForm({ ...parts, kept: sources.kept.slice() }, dense);
}

/** The numbers of a form, all of them outside the workspace. */
interface Parts extends Omit<FormSources, 'reduced' | 'room'> {
  readonly n: number;
  readonly energy: number;
  readonly freedoms: number;
  readonly form: Float64Array;
  readonly gradient: Float64Array;
  /** Patterns: how many, the factor of their form, their products with the departures, L^-1 of these, their gradient, L^-1 of it. */
  readonly p: number;
  readonly corner: Float64Array;
  readonly cross: Float64Array;
  readonly half: Float64Array;
  readonly own: Float64Array;
  readonly solved: Float64Array;
  readonly outside: ReturnType<typeof copyOfOutside>;
}

function closedForm(parts: Parts, dense: DenseWorkspace): DepartureForm {
  const { model, rows, readings, weights, tabs, kept, n, p, corner, cross, half, own, solved, outside } = parts;
  const { form, gradient, energy, freedoms, variance } = parts;
  return {
    model,
    tabs,
    readings,
    n,
    form,
    gradient,
    energy,
    freedoms,
    kept,
    variance,
    keptOf(departures, also) {
      const out = new Float64Array(n + p);
      out.set(departures);
      const right = own.map((v, a) => v - (also?.patterns[a] ?? 0));
      for (let a = 0; a < p; a++) {
        for (let i = 0; i < n; i++) right[a] -= cross[a * n + i] * departures[i];
      }
      plainAlgebra.solveCholesky(corner, p, right, 1);
      out.set(right, n);
      return out;
    },
    patternCovariance() {
      const out = new Float64Array(p * p);
      plainAlgebra.inverseFromCholesky(corner, p, out);
      return out;
    },
    fieldOf(departures) {
      const x = new Float64Array(model.kept);
      x.set(departures);
      const fitted = fittedReadings({ rows }, model, readings, x, new Float64Array(model.unknowns - model.kept));
      return fitted.map((v, r) => v - model.base[r]);
    },
    also(field) {
      const products = crossProducts(model, readings, weights, [field], rows);
      const beyond = products.slice(model.kept);
      dense.forwardSolve(outside.corner, outside.count, beyond, 1);
      const inner = products.slice(0, model.kept);
      dense.addCross(outside.cross, outside.count, model.kept, beyond, 1, inner, { sign: -1 });
      let [square, along] = [-squareOf(beyond), 0];
      for (let i = 0; i < beyond.length; i++) along -= beyond[i] * outside.solved[i];
      for (let r = 0; r < field.length; r++) {
        const weighted = field[r] * weights[r] ** 2;
        square += field[r] * weighted;
        along += (readings.value[r] - model.base[r]) * weighted;
      }
      const patterns = inner.slice(n);
      const eliminated = patterns.slice();
      plainAlgebra.forwardSolve(corner, p, eliminated, 1);
      const reach = inner.slice(0, n);
      plainAlgebra.addCross(half, p, n, eliminated, 1, reach, { sign: -1 });
      for (let a = 0; a < p; a++) along -= eliminated[a] * solved[a];
      return { cross: reach, square: square - squareOf(eliminated), along, patterns };
    },
  };
}

/** Of the elimination: the factor L of the outside, L^-1 N of outside and kept, L^-1 of the outside's gradient. */
function copyOfOutside({ unknowns, kept }: BoundedModel, { normal, solved }: EliminationRoom) {
  const count = unknowns - kept;
  const corner = new Float64Array(count * count);
  const cross = new Float64Array(count * kept);
  for (let i = 0; i < count; i++) {
    const row = (kept + i) * unknowns;
    cross.set(normal.subarray(row, row + kept), i * kept);
    corner.set(normal.subarray(row + kept, row + kept + i + 1), i * count);
  }
  return { count, corner, cross, solved: solved.slice() };
}

function squareOf(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v * v, 0);
}
