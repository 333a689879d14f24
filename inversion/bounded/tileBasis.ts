import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';

/** Rows that stand for all, per column of the basis. */
const OVERSAMPLED = 2;

/**
 * An orthonormal basis of what the candidates show on some rows, rows x rank, down to remainders whose square is below `least`.
 * Undefined where it takes too many to be worth it.
 * @param columns rows x candidates @param most rank
 */
export function orthonormalBasis(
  columns: Float64Array,
  rows: number,
  candidates: number,
  least: number,
  most: number,
  dense: DenseWorkspace,
): Float64Array | undefined {
  if (candidates === 0) return undefined;
  return dense.temporarily(() => {
    const gram = dense.allocate(candidates * candidates);
    dense.addGram(columns, rows, candidates, gram);
    const pivots = pivotsOf(gram, candidates, least, most);
    const rank = pivots.length;
    if (rank === 0) return undefined;
    const across = dense.allocate(rows * rank);
    const along = dense.allocate(rank * rows);
    for (let k = 0, t = 0; k < rows; k++)
      for (let j = 0; j < rank; j++) across[t++] = columns[k * candidates + pivots[j]];
    // Twice, for the products of nearly dependent columns are known to half the digits only.
    for (let pass = 0; pass < 2; pass++) {
      const factor = dense.allocate(rank * rank);
      dense.addGram(across, rows, rank, factor);
      dense.cholesky(factor, rank);
      transpose(across, rows, rank, along);
      dense.forwardSolve(factor, rank, along, rows);
      transpose(along, rank, rows, across);
    }
    return across.slice();
  });
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

/**
 * Rows that tell what a function in the span of a basis is on all of them: by elimination with the largest remainder next
 * (empirical interpolation: Barrault, Maday, Nguyen and Patera 2004), then others, evenly spread, so that there are twice as
 * many as columns. Groups are taken whole.
 * @param basis rows x rank @param groupOf of every row; those of a group follow each other
 * @returns which rows, ascending
 */
export function tellingRows(basis: Float64Array, rank: number, groupOf: ArrayLike<number>): Int32Array {
  const rows = groupOf.length;
  const left = basis.slice();
  const taken = new Set<number>();
  const scale = new Float64Array(rank);
  for (let k = 0; k < rank; k++) {
    let pivot = 0;
    for (let i = 1; i < rows; i++) {
      if (Math.abs(left[i * rank + k]) > Math.abs(left[pivot * rank + k])) pivot = i;
    }
    taken.add(groupOf[pivot]);
    const at = pivot * rank;
    if (left[at + k] === 0) continue;
    for (let j = k + 1; j < rank; j++) scale[j] = left[at + j] / left[at + k];
    for (let i = 0; i < rows; i++) {
      const own = left[i * rank + k];
      if (own !== 0) for (let j = k + 1, t = i * rank + k + 1; j < rank; j++, t++) left[t] -= own * scale[j];
    }
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
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
}
