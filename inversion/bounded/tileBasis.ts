import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';

/** Candidates are chosen as long as they are fewer than this part of the readings. */
const MOST_CHOSEN = 0.3;

/** An orthonormal basis U of patterns of a tile, readings x rank and rank x readings. Rank 0: not worth it. */
export interface TileBasis {
  readonly rank: number;
  readonly across: Float64Array;
  readonly along: Float64Array;
}

/** A basis of what the candidates show on the tile, down to remainders whose square is below `least`. */
export function tileBasis(
  rows: Float64Array,
  count: number,
  n: number,
  candidates: Int32Array,
  least: number,
  dense: DenseWorkspace,
): TileBasis {
  const c = candidates.length;
  const columns = dense.allocate(count * c);
  gather(rows, n, candidates, columns);
  const gram = dense.allocate(c * c);
  if (c > 0) dense.addGram(columns, count, c, gram);
  const pivots = pivotsOf(gram, c, least, MOST_CHOSEN * count);
  const rank = pivots.length;
  const along = dense.allocate(rank * count);
  const across = dense.allocate(count * rank);
  if (rank === 0) return { rank, across, along };
  gather(columns, c, pivots, across);
  // Twice, for the products of nearly dependent columns are known to half the digits only.
  for (let pass = 0; pass < 2; pass++) {
    const factor = dense.allocate(rank * rank);
    dense.addGram(across, count, rank, factor);
    dense.cholesky(factor, rank);
    transpose(across, count, rank, along);
    dense.forwardSolve(factor, rank, along, count);
    transpose(along, rank, count, across);
  }
  return { rank, across, along };
}

/**
 * The columns that describe all, from their products: Cholesky decomposition with the largest remainder next, until that is
 * below `least` (Harbrecht, Peters and Schneider 2012). None where it takes too many.
 * @param gram c x c, lower triangle
 */
function pivotsOf(gram: Float64Array, c: number, least: number, most: number): number[] {
  const left = Float64Array.from({ length: c }, (_, i) => gram[i * c + i]);
  /** Rows of the triangular factor, each over all candidates. */
  const factor = new Float64Array(c * c);
  const pivots: number[] = [];
  for (;;) {
    let pivot = 0;
    for (let i = 1; i < c; i++) if (left[i] > left[pivot]) pivot = i;
    if (!(left[pivot] > least)) return pivots;
    if (pivots.length >= Math.min(c, most)) return [];
    const row = factor.subarray(pivots.length * c, (pivots.length + 1) * c);
    for (let i = 0; i < c; i++) row[i] = i < pivot ? gram[pivot * c + i] : gram[i * c + pivot];
    for (let k = 0; k < pivots.length; k++) {
      const at = k * c;
      const known = factor[at + pivot];
      for (let i = 0; i < c; i++) row[i] -= known * factor[at + i];
    }
    const scale = 1 / Math.sqrt(left[pivot]);
    for (let i = 0; i < c; i++) {
      row[i] *= scale;
      left[i] -= row[i] * row[i];
    }
    left[pivot] = 0;
    pivots.push(pivot);
  }
}

function transpose(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
}

/** The wanted columns of a matrix of n, next to each other. */
export function gather(from: Float64Array, n: number, columns: ArrayLike<number>, to: Float64Array): void {
  const m = columns.length;
  if (m === 0) return;
  const rows = to.length / m;
  for (let k = 0, t = 0; k < rows; k++) {
    const at = k * n;
    for (let j = 0; j < m; j++) to[t++] = from[at + columns[j]];
  }
}
