import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';

/** Rows that stand for all, per column of the basis. */
const OVERSAMPLED = 2;

/** Orthonormal patterns of the rows, all x rows; the first `rank` of them are the basis, the others what it misses the most. */
export interface OrthonormalBasis {
  readonly rank: number;
  readonly all: number;
  readonly patterns: Float64Array;
}

/** The remainders go on to be looked at until they are so many times smaller, */
const BEYOND = 6;
/** or their squares are this part of the largest, where the products of columns no longer tell them from nothing. */
const ROUNDING = 1e-12;

/**
 * An orthonormal basis of what the candidates show on some rows, down to remainders whose square is below `least`. Undefined
 * where it takes too many to be worth it.
 * @param columns rows x candidates @param most rank
 */
export function orthonormalBasis(
  columns: Float64Array,
  rows: number,
  candidates: number,
  least: number,
  most: number,
  dense: DenseWorkspace,
): OrthonormalBasis | undefined {
  if (candidates === 0) return undefined;
  return dense.temporarily(() => {
    const gram = dense.allocate(candidates * candidates);
    dense.addGram(columns, rows, candidates, gram);
    const { pivots, rank } = pivotsOf(gram, candidates, least, Math.min(most, candidates - 1), dense);
    if (rank === 0) return undefined;
    const all = pivots.length;
    const patterns = dense.room(all * rows);
    for (let j = 0, t = 0; j < all; j++) {
      for (let k = 0, at = pivots[j]; k < rows; k++, at += candidates) patterns[t++] = columns[at];
    }
    // Twice, for the products of nearly dependent columns are known to half the digits only.
    for (let pass = 0; pass < 2; pass++) {
      const factor = dense.allocate(all * all);
      dense.addGram(patterns, rows, all, factor, { transposed: true });
      dense.cholesky(factor, all);
      dense.forwardSolve(factor, all, patterns, rows);
    }
    return { rank, all, patterns: patterns.slice() };
  });
}

/**
 * The columns that describe all, from their products: Cholesky decomposition with the largest remainder next, until that is
 * below `least` (Harbrecht, Peters and Schneider 2012), and some more. None where it takes too many.
 * @param gram c x c, lower triangle
 */
function pivotsOf(
  gram: Float64Array,
  c: number,
  least: number,
  most: number,
  dense: DenseWorkspace,
): { pivots: number[]; rank: number } {
  const left = Float64Array.from({ length: c }, (_, i) => gram[i * c + i]);
  /** Rows of the triangular factor, each over all candidates. */
  const factor = dense.room(c * c);
  const known = dense.allocate(c);
  const pivots: number[] = [];
  const end = Math.max(least / BEYOND ** 2, ROUNDING * left.reduce((a, b) => Math.max(a, b), 0));
  let rank = 0;
  for (;;) {
    let pivot = 0;
    for (let i = 1; i < c; i++) if (left[i] > left[pivot]) pivot = i;
    if (left[pivot] > least) rank = pivots.length + 1;
    if (rank > most) return { pivots, rank: 0 };
    if (!(left[pivot] > end) || pivots.length === c) return { pivots, rank: Math.min(rank, pivots.length) };
    const row = factor.subarray(pivots.length * c, (pivots.length + 1) * c);
    for (let i = 0; i < c; i++) row[i] = i < pivot ? gram[pivot * c + i] : gram[i * c + pivot];
    for (let k = 0; k < pivots.length; k++) known[k] = factor[k * c + pivot];
    dense.addCross(factor, pivots.length, c, known, 1, row, { sign: -1 });
    const scale = 1 / Math.sqrt(left[pivot]);
    for (let i = 0; i < c; i++) {
      row[i] *= scale;
      left[i] -= row[i] * row[i];
    }
    left[pivot] = 0;
    pivots.push(pivot);
  }
}

/**
 * Rows that tell what a function in the span of a basis is on all of them, and whether it is in it: by elimination with the
 * largest remainder next (empirical interpolation: Barrault, Maday, Nguyen and Patera 2004), then others, evenly spread, so that
 * there are twice as many as columns of the basis. Groups are taken whole.
 * @param groupOf of every row; those of a group follow each other
 * @returns which rows, ascending
 */
export function tellingRows(
  { patterns, rank, all }: OrthonormalBasis,
  groupOf: ArrayLike<number>,
  dense: DenseWorkspace,
): Int32Array {
  const rows = groupOf.length;
  const left = dense.copied(patterns);
  const taken = new Set<number>();
  const pivots = new Int32Array(all);
  /** What the patterns before show at each pivot: row p has p numbers and the one at the pivot itself. */
  const atPivots = new Float64Array(all * all);
  const factors = dense.allocate(all);
  for (let k = 0; k < all; k++) {
    const own = left.subarray(k * rows, (k + 1) * rows);
    // What the patterns before explain: nothing may remain at their pivots.
    for (let p = 0; p < k; p++) {
      let rest = own[pivots[p]];
      for (let q = 0, at = p * all; q < p; q++, at++) rest -= factors[q] * atPivots[at];
      const size = atPivots[p * all + p];
      factors[p] = size === 0 ? 0 : rest / size;
    }
    dense.addCross(left, k, rows, factors, 1, own, { sign: -1 });
    let pivot = 0;
    for (let i = 1; i < rows; i++) if (Math.abs(own[i]) > Math.abs(own[pivot])) pivot = i;
    taken.add(groupOf[pivot]);
    pivots[k] = pivot;
    for (let q = 0; q <= k; q++) atPivots[k * all + q] = left[q * rows + pivot];
  }
  const sizes = new Map<number, number>();
  for (let i = 0; i < rows; i++) sizes.set(groupOf[i], (sizes.get(groupOf[i]) ?? 0) + 1);
  let chosen = [...taken].reduce((sum, group) => sum + sizes.get(group)!, 0);
  const others = [...sizes.keys()].filter(group => !taken.has(group));
  const missing = Math.max(0, OVERSAMPLED * rank - chosen);
  const perGroup = rows / sizes.size;
  const step = Math.max(1, Math.floor((others.length * perGroup) / Math.max(1, missing)));
  for (let phase = 0; phase < step && chosen < OVERSAMPLED * rank; phase++) {
    for (let k = phase; k < others.length && chosen < OVERSAMPLED * rank; k += step) {
      taken.add(others[k]);
      chosen += sizes.get(others[k])!;
    }
  }
  return Int32Array.from({ length: rows }, (_, i) => i).filter(i => taken.has(groupOf[i]));
}

export function transpose(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let j = 0, t = 0; j < columns; j++) for (let i = 0, at = j; i < rows; i++, at += columns) to[t++] = from[at];
}

/** Sums of squares of the columns of a matrix. */
export function columnSquares(values: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(columns);
  for (let at = 0; at < values.length; ) {
    for (let j = 0; j < columns; j++, at++) out[j] += values[at] * values[at];
  }
  return out;
}
