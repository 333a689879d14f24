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
  // With T the lower triangle of S and half its diagonal, S = T + T' and Q'SQ = G + G' for G = Q'T Q.
  const columns = columnsOf(begin, index, value, m);
  const half = new Float64Array(m * n);
  addTransposed(columns, reduced.form, n, half);
  const form = new Float64Array(m * m);
  addSymmetric(columns, half, n, form);
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

/** Columns of Q, one after another: rows, ascending, and values from `start[c]` to `start[c + 1]`. */
interface SparseColumns {
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly factor: Float64Array;
}

/** From rows: columns and values from `begin[i]` to `begin[i + 1]`. */
function columnsOf(begin: Int32Array, index: Int32Array, value: Float64Array, m: number): SparseColumns {
  const n = begin.length - 1;
  const start = new Int32Array(m + 1);
  for (let e = 0; e < begin[n]; e++) start[index[e] + 1]++;
  for (let c = 0; c < m; c++) start[c + 1] += start[c];
  const row = new Int32Array(begin[n]);
  const factor = new Float64Array(begin[n]);
  const next = start.slice();
  for (let i = 0; i < n; i++) {
    for (let e = begin[i]; e < begin[i + 1]; e++) {
      const at = next[index[e]]++;
      row[at] = i;
      factor[at] = value[e];
    }
  }
  return { start, row, factor };
}

/** out (m x n) += Q'T, T the lower triangle (n x n) with half its diagonal; four rows of it at once. */
function addTransposed({ start, row, factor }: SparseColumns, lower: Float64Array, n: number, out: Float64Array): void {
  for (let c = 0, to = 0; c + 1 < start.length; c++, to += n) {
    const end = start[c + 1];
    for (let e = start[c]; e < end; e++) out[to + row[e]] += 0.5 * factor[e] * lower[row[e] * (n + 1)];
    for (let e = start[c]; e < end; e += 4) {
      // Beyond the last row: that row again, times zero.
      const at = (k: number) => row[Math.min(e + k, end - 1)] * n;
      const times = (k: number) => (e + k < end ? factor[e + k] : 0);
      const [r0, r1, r2, r3] = [at(0), at(1), at(2), at(3)];
      const [f0, f1, f2, f3] = [times(0), times(1), times(2), times(3)];
      for (let j = 0, last = row[e]; j < last; j++) {
        out[to + j] += f0 * lower[r0 + j] + f1 * lower[r1 + j] + f2 * lower[r2 + j] + f3 * lower[r3 + j];
      }
      for (let k = e + 1; k < Math.min(e + 4, end); k++) {
        for (let j = row[e]; j < row[k]; j++) out[to + j] += factor[k] * lower[row[k] * n + j];
      }
    }
  }
}

/** Lower triangle of out (m x m) += G + G' for G = half Q; four rows of it at once. */
function addSymmetric({ start, row, factor }: SparseColumns, half: Float64Array, n: number, out: Float64Array): void {
  const m = start.length - 1;
  const add = (a: number, b: number, sum: number) => {
    if (b <= a) out[a * m + b] += sum;
    if (b >= a) out[b * m + a] += sum;
  };
  for (let a = 0; a < m; a += 4) {
    // Beyond the last row: that row again.
    const [r0, r1, r2, r3] = [0, 1, 2, 3].map(k => Math.min(a + k, m - 1) * n);
    for (let b = 0; b < m; b++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let e = start[b]; e < start[b + 1]; e++) {
        const f = factor[e];
        const j = row[e];
        s0 += f * half[r0 + j];
        s1 += f * half[r1 + j];
        s2 += f * half[r2 + j];
        s3 += f * half[r3 + j];
      }
      add(a, b, s0);
      if (a + 1 < m) add(a + 1, b, s1);
      if (a + 2 < m) add(a + 2, b, s2);
      if (a + 3 < m) add(a + 3, b, s3);
    }
  }
}
