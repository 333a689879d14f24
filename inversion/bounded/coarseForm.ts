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
  const n = reduced.n;
  const m = sheets * interior.count + model.patterns.length;
  // Rows of Q, one after another: up to 16 coarse nodes for each fine one, and every pattern itself.
  const begin = new Int32Array(n + 1);
  const index = new Int32Array(16 * n);
  const value = new Float64Array(16 * n);
  const slope = new Float64Array(16);
  for (let i = 0, at = 0; i < n; i++) {
    const sheet = Math.floor(i / fine.count);
    const u = i - sheet * fine.count;
    begin[i] = at;
    if (sheet < sheets) {
      const own = index.subarray(at, at + 16);
      at += interpolationAt(interior, fine.x[u], fine.y[u], own, value.subarray(at, at + 16), slope, slope);
      for (let k = begin[i]; k < at; k++) index[k] += sheet * interior.count;
    } else {
      index[at] = sheets * interior.count + i - sheets * fine.count;
      value[at++] = 1;
    }
    begin[i + 1] = at;
  }
  // With T the lower triangle of S and half its diagonal, S = T + T' and Q'SQ = G + G' for G = Q'T Q. First Q'T, row by row.
  const half = new Float64Array(m * n);
  const fineForm = reduced.form;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let k = begin[i]; k < begin[i + 1]; k++) {
      const v = value[k];
      const to = index[k] * n;
      for (let j = 0; j < i; j++) half[to + j] += v * fineForm[row + j];
      half[to + i] += 0.5 * v * fineForm[row + i];
    }
  }
  const form = new Float64Array(m * m);
  // Four rows of G at once, next to each other.
  const own = new Float64Array(4 * m);
  for (let first = 0; first < m; first += 4) {
    const last = Math.min(m, first + 4);
    // Beyond the last row: that row again.
    const [r0, r1, r2, r3] = [0, 1, 2, 3].map(r => Math.min(first + r, m - 1) * n);
    own.fill(0);
    for (let j = 0; j < n; j++) {
      const [h0, h1, h2, h3] = [half[r0 + j], half[r1 + j], half[r2 + j], half[r3 + j]];
      for (let k = begin[j]; k < begin[j + 1]; k++) {
        const v = value[k];
        const b = 4 * index[k];
        own[b] += h0 * v;
        own[b + 1] += h1 * v;
        own[b + 2] += h2 * v;
        own[b + 3] += h3 * v;
      }
    }
    for (let a = first; a < last; a++) {
      for (let b = 0, at = a - first; b < m; b++, at += 4) {
        if (b <= a) form[a * m + b] += own[at];
        if (b >= a) form[b * m + a] += own[at];
      }
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
        for (let e = begin[i]; e < begin[i + 1]; e++) {
          for (let c = 0; c < k; c++) out[index[e] * k + c] += value[e] * values[i * k + c];
        }
      }
      return out;
    },
    prolonged(coarse) {
      return Float64Array.from({ length: n }, (_, i) => {
        let sum = 0;
        for (let e = begin[i]; e < begin[i + 1]; e++) sum += value[e] * coarse[index[e]];
        return sum;
      });
    },
    memo: new Memo(),
    large: new Memo(),
  };
}
