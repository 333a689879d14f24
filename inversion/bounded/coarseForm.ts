import type { DenseWorkspace, SparseRows } from '../../src/linearAlgebra/index.js';
import type { Outline } from '../../src/model/outline.js';
import { interpolationAt } from './cubicConvolution.js';
import type { ReducedForm } from './elimination.js';
import { type InteriorLattice, interiorLattice, type Laplacian, laplacian } from './interiorLattice.js';
import { Memo } from './memo.js';
import type { BoundedModel } from './model.js';
import { transpose } from './tileBasis.js';

/** Lattice of the departure for such choices, in pitches of the fine one. */
export const COARSE = 2;
/** Weights of an interpolation that are zero but for rounding. */
const NOTHING = 1e-12;

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
  readonly large: Memo | undefined;
}

/** The same quadratic form, Q' S Q, with the departures interpolated from a lattice `factor` times as wide. */
export function coarseForm(
  model: BoundedModel,
  reduced: ReducedForm,
  outline: Outline,
  factor: number,
  dense: DenseWorkspace,
): CoarseForm {
  const made = reduced.memo.once(`coarse by ${factor}`, () => coarseMatrix(model, reduced, outline, factor, dense));
  const { restricted, prolonged, interior, laplacian, ...matrix } = made;
  return {
    model: { ...model, interior, laplacian },
    reduced: { ...reduced, ...matrix, gradient: restricted(reduced.gradient, 1) },
    restricted,
    prolonged,
  };
}

function coarseMatrix(
  model: BoundedModel,
  reduced: ReducedForm,
  outline: Outline,
  factor: number,
  dense: DenseWorkspace,
): CoarseMatrix {
  const fine = model.interior;
  const interior = interiorLattice(outline, factor * Math.sqrt(fine.dx * fine.dy));
  const sheets = model.departures.length;
  const n = reduced.n;
  const m = sheets * interior.count + model.patterns.length;
  // Rows of Q, one after another: up to 16 coarse nodes for each fine one, and every pattern itself.
  const begin = new Int32Array(n + 1);
  const index = new Int32Array(16 * n);
  const value = new Float64Array(16 * n);
  const nodes = new Int32Array(16);
  const [weights, slope] = [new Float64Array(16), new Float64Array(16)];
  for (let i = 0, at = 0; i < n; i++) {
    const sheet = Math.floor(i / fine.count);
    const u = i - sheet * fine.count;
    begin[i] = at;
    if (sheet < sheets) {
      const count = interpolationAt(interior, fine.x[u], fine.y[u], nodes, weights, slope, slope);
      for (let k = 0; k < count; k++) {
        // Fine nodes on lines of the coarse ones take nothing of what is beside.
        if (Math.abs(weights[k]) < NOTHING) continue;
        index[at] = sheet * interior.count + nodes[k];
        value[at++] = weights[k];
      }
    } else {
      index[at] = sheets * interior.count + i - sheets * fine.count;
      value[at++] = 1;
    }
    begin[i + 1] = at;
  }
  // Q'S Q = Q' (Q'S)' for symmetric S.
  const columns = columnsOf(begin, index, value, m);
  const form = new Float64Array(m * m);
  dense.temporarily(() => {
    const half = dense.allocate(m * n);
    dense.mirror(reduced.form, n, 'below');
    dense.addSparse(columns, reduced.form, n, half);
    const turned = dense.room(n * m);
    transpose(half, m, n, turned);
    const product = dense.allocate(m * m);
    dense.addSparse(columns, turned, m, product);
    form.set(product);
  });
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
    large: reduced.large && new Memo(),
  };
}

/** The rows of Q', from those of Q: columns and values from `begin[i]` to `begin[i + 1]`. */
function columnsOf(begin: Int32Array, index: Int32Array, value: Float64Array, m: number): SparseRows {
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
  return { start, index: row, factor };
}
