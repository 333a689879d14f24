import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import type { ReducedForm } from './elimination.js';
import type { BoundedModel } from './model.js';
import type { TabColumns } from './tabColumns.js';

/**
 * What the readings say of the departures alone: the outside, the tabs' profiles, the background and all other patterns
 * eliminated with their priors, min over all of them of |A x - b|^2 + priors = energy - 2 gradient.d + d' form d.
 */
export interface DepartureForm {
  /** The model behind it; its sheets outside are left out. */
  readonly model: BoundedModel;
  readonly tabs: TabColumns;
  /** Departures: those of the interior lattice, sheet by sheet. */
  readonly n: number;
  /** n x n, both triangles. */
  readonly form: Float64Array;
  readonly gradient: Float64Array;
  readonly energy: number;
  /** The departures and patterns that the bounded inversion found. */
  readonly kept: Float64Array;
  /** The departures followed by the patterns that go with them. */
  keptOf(departures: Float64Array): Float64Array;
}

/** Eliminates the patterns from a reduced form. Copies what it needs out of the workspace. */
export function departureForm(
  model: BoundedModel,
  reduced: ReducedForm,
  tabs: TabColumns,
  kept: Float64Array,
): DepartureForm {
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
  return {
    model: { ...model, outside: [] },
    tabs,
    n,
    form,
    gradient,
    energy: reduced.energy - solved.reduce((sum, v) => sum + v * v, 0),
    kept: kept.slice(),
    keptOf(departures) {
      const out = new Float64Array(n + p);
      out.set(departures);
      const right = own.slice();
      for (let a = 0; a < p; a++) {
        for (let i = 0; i < n; i++) right[a] -= cross[a * n + i] * departures[i];
      }
      plainAlgebra.solveCholesky(corner, p, right, 1);
      out.set(right, n);
      return out;
    },
  };
}
