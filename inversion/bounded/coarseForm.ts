import type { Outline } from '../../src/model/outline.js';
import type { ReducedForm } from './elimination.js';
import {
  type InteriorLattice,
  interiorLattice,
  interpolationAt,
  type Laplacian,
  laplacian,
} from './interiorLattice.js';
import { Memo } from './memo.js';
import type { BoundedModel } from './model.js';

/** Lattice of the departure for such choices, in pitches of the fine one. */
export const COARSE = 2;

/** The departures on a coarser lattice, for choices that take many solutions but no detail. */
export interface CoarseForm {
  readonly model: BoundedModel;
  readonly reduced: ReducedForm;
  /** Q' V for numbers V that belong to the fine unknowns, n x k: as those of the coarse ones. */
  restricted(values: Float64Array, k: number): Float64Array;
  /** Q c: what coarse unknowns are on the fine lattice. */
  prolonged(coarse: Float64Array): Float64Array;
}

/** Its part that does not depend on the values of the readings. */
interface CoarseMatrix {
  readonly interior: InteriorLattice;
  readonly laplacian: Laplacian;
  readonly n: number;
  readonly form: Float64Array;
  readonly restricted: CoarseForm['restricted'];
  readonly prolonged: CoarseForm['prolonged'];
  readonly memo: Memo;
  readonly large: Memo;
}

/** The same quadratic form, Q' S Q, with the departures interpolated from a lattice `factor` times as wide. */
export function coarseForm(model: BoundedModel, reduced: ReducedForm, outline: Outline, factor: number): CoarseForm {
  const made = reduced.memo.once(`coarse by ${factor}`, () => coarseMatrix(model, reduced, outline, factor));
  const { restricted, prolonged, interior, laplacian, ...matrix } = made;
  return {
    model: { ...model, interior, laplacian },
    reduced: { ...reduced, ...matrix, gradient: restricted(reduced.gradient, 1) },
    restricted,
    prolonged,
  };
}

function coarseMatrix(model: BoundedModel, reduced: ReducedForm, outline: Outline, factor: number): CoarseMatrix {
  const fine = model.interior;
  const interior = interiorLattice(outline, factor * Math.sqrt(fine.dx * fine.dy));
  const sheets = model.departures.length;
  const patterns = model.patterns.length;
  const n = reduced.n;
  const m = sheets * interior.count + patterns;
  // Rows of Q: up to 16 coarse nodes for each fine one.
  const counts = new Int32Array(fine.count);
  const index = new Int32Array(16 * fine.count);
  const value = new Float64Array(16 * fine.count);
  const slope = new Float64Array(16);
  for (let u = 0; u < fine.count; u++) {
    const [at, to] = [16 * u, 16 * u + 16];
    counts[u] = interpolationAt(
      interior,
      fine.x[u],
      fine.y[u],
      index.subarray(at, to),
      value.subarray(at, to),
      slope,
      slope,
    );
  }
  /** Adds `factor` times row i of Q' ... to `row`: what unknown i of the fine form is made of. */
  const spread = (i: number, factor: number, row: Float64Array) => {
    const sheet = Math.floor(i / fine.count);
    if (sheet >= sheets) row[sheets * interior.count + i - sheets * fine.count] += factor;
    else {
      const u = i - sheet * fine.count;
      for (let k = 16 * u; k < 16 * u + counts[u]; k++) row[sheet * interior.count + index[k]] += factor * value[k];
    }
  };
  const half = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const row = half.subarray(i * m, (i + 1) * m);
    for (let j = 0; j < n; j++) spread(j, i >= j ? reduced.form[i * n + j] : reduced.form[j * n + i], row);
  }
  const form = new Float64Array(m * m);
  const unit = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    unit.fill(0);
    spread(i, 1, unit);
    for (let a = 0; a < m; a++) {
      if (unit[a] === 0) continue;
      for (let b = 0; b <= a; b++) form[a * m + b] += unit[a] * half[i * m + b];
    }
  }
  return {
    interior,
    laplacian: laplacian(interior),
    n: m,
    form,
    restricted(values, k) {
      const out = new Float64Array(m * k);
      for (let i = 0; i < n; i++) {
        unit.fill(0);
        spread(i, 1, unit);
        for (let a = 0; a < m; a++) {
          if (unit[a] === 0) continue;
          for (let c = 0; c < k; c++) out[a * k + c] += unit[a] * values[i * k + c];
        }
      }
      return out;
    },
    prolonged(coarse) {
      return Float64Array.from({ length: n }, (_, i) => {
        unit.fill(0);
        spread(i, 1, unit);
        return unit.reduce((sum, v, a) => sum + v * coarse[a], 0);
      });
    },
    memo: new Memo(),
    large: new Memo(),
  };
}
