import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { joined } from '../../src/linearAlgebra/vectors.js';
import type { LinearModel } from './linearModel.js';
import { fillColumns } from './modelRows.js';
import type { ScanReadings } from './scanReadings.js';
import { columnSquares, orthonormalBasis, tellingRows, transpose } from './tileBasis.js';
import { boxOf, type ColumnPlaces, distancesFrom, MOST, type Part, ringOf } from './tiles.js';

/** A distant function may be so much off on a part, in parts of the largest column there. */
const TOLERANCE = 4e-6;
/** Bases are so much more exact, for the sake of functions that they are not made of. */
const MARGIN = 3;
/** A basis must have fewer columns than this part of the readings, and of the columns of the bases that it joins. */
const WORTH = { readings: 0.35, bases: 0.7 };

/** What distant functions look like on a part: U, readings x rank, orthonormal. */
export interface Basis {
  readonly rank: number;
  /** U of a part that is not cut further, readings x rank; else U = diag(U of its parts) transfer, (sum of their ranks) x rank. */
  readonly transfer: Float64Array;
  /** Readings that tell the coefficients of a distant function, and from its values there these: coefficients = inverse' values. */
  readonly telling: Int32Array;
  readonly inverse: Float64Array;
  /** U of these readings, transposed: rank x telling. */
  readonly along: Float64Array;
  /** Square of what may be missing on all readings of the part. */
  readonly least: number;
}

/** A part of the readings with its basis, none where it is not worth it, and its distance from every function, in standoffs. */
export interface Branch {
  readonly readings: Int32Array;
  readonly parts: readonly Branch[];
  readonly basis: Basis | undefined;
  readonly distances: Float64Array;
}

export interface BasisTask {
  readonly model: LinearModel;
  readonly readings: ScanReadings;
  /** By which rows are multiplied before they are compared; none of them is zero. */
  readonly weights: Float64Array;
  readonly places: ColumnPlaces;
  readonly dense: DenseWorkspace;
}

/**
 * Bases for a part and all that it is cut into, from the smallest to the largest: what is far from a part is far from each of its
 * parts as well, so that it need be known at their telling readings only. Tiles whose quarters have no basis are not cut.
 */
export function withBases(task: BasisTask, part: Part): Branch {
  const { readings } = part;
  let parts = part.parts.map(p => withBases(task, p));
  if (readings.length <= 1.1 * MOST && parts.some(p => p.basis === undefined)) parts = [];
  const distances = distancesFrom(boxOf(readings, task.readings.x, task.readings.y), task.places, task.model.standoff);
  return { readings, parts, distances, basis: task.dense.temporarily(() => basisOf(task, readings, parts, distances)) };
}

function basisOf(
  { model, readings, weights, dense }: BasisTask,
  own: Int32Array,
  parts: readonly Branch[],
  distances: Float64Array,
): Basis | undefined {
  const bases = parts.map(p => p.basis);
  if (!bases.every(basis => basis !== undefined)) return undefined;
  const { ring, over } = ringOf(distances, own.length);
  const c = ring.length;
  if (c === 0) return undefined;
  const known =
    bases.length === 0
      ? own
      : joined(
          bases.map(({ telling }) => telling),
          Int32Array,
        );
  const values = dense.room(known.length * c);
  fillColumns(model, readings, weights, known, ring, values, dense);
  /** The candidates in coordinates: of the readings, or of the bases of the parts. */
  let [columns, count] = [values, known.length];
  let least: number;
  if (bases.length === 0) {
    const above = dense.room(own.length * over.length);
    fillColumns(model, readings, weights, own, over, above, dense);
    const largest = Math.max(largestSquare(values, c), largestSquare(above, over.length));
    least = TOLERANCE ** 2 * largest;
  } else {
    least = Math.max(...bases.map(basis => basis.least));
    count = bases.reduce((sum, { rank }) => sum + rank, 0);
    columns = dense.allocate(count * c);
    let [from, to] = [0, 0];
    for (const { rank, telling, inverse } of bases) {
      const m = telling.length;
      dense.addCross(
        inverse,
        m,
        rank,
        values.subarray(from * c, (from + m) * c),
        c,
        columns.subarray(to * c, (to + rank) * c),
      );
      from += m;
      to += rank;
    }
  }
  const most = count * (bases.length === 0 ? WORTH.readings : WORTH.bases);
  const found = orthonormalBasis(columns, count, c, least / MARGIN ** 2, most, dense);
  if (found === undefined) return undefined;
  const { rank, all } = found;
  const there = bases.length === 0 ? found.across : atTelling(bases, found.across, all, dense);
  const which = tellingRows(
    { ...found, across: there },
    known.map(r => readings.sample[r]),
    dense,
  );
  const m = which.length;
  const telling = which.map(k => known[k]);
  const across = dense.room(m * rank);
  for (let k = 0; k < m; k++) across.set(there.subarray(which[k] * all, which[k] * all + rank), k * rank);
  const along = new Float64Array(rank * m);
  transpose(across, m, rank, along);
  const gram = dense.allocate(rank * rank);
  dense.addGram(across, m, rank, gram);
  dense.cholesky(gram, rank);
  const solved = along.slice();
  dense.solveCholesky(gram, rank, solved, m);
  const inverse = new Float64Array(m * rank);
  transpose(solved, rank, m, inverse);
  const transfer = new Float64Array(count * rank);
  for (let k = 0; k < count; k++) transfer.set(found.across.subarray(k * all, k * all + rank), k * rank);
  return { rank, transfer, telling, inverse, along, least };
}

/** U of the telling readings of the parts. */
function atTelling(bases: readonly Basis[], transfer: Float64Array, rank: number, dense: DenseWorkspace): Float64Array {
  const rows = bases.reduce((sum, { telling }) => sum + telling.length, 0);
  const out = dense.allocate(rows * rank);
  let [from, to] = [0, 0];
  for (const basis of bases) {
    const m = basis.telling.length;
    const own = transfer.subarray(from * rank, (from + basis.rank) * rank);
    dense.addCross(basis.along, basis.rank, m, own, rank, out.subarray(to * rank, (to + m) * rank));
    from += basis.rank;
    to += m;
  }
  return out;
}

/** Of the columns of a matrix. */
function largestSquare(values: Float64Array, columns: number): number {
  return columnSquares(values, columns).reduce((a, b) => Math.max(a, b), 0);
}
