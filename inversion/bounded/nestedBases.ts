import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { joined } from '../../src/linearAlgebra/vectors.js';
import type { LinearModel } from './linearModel.js';
import { fillColumns } from './modelRows.js';
import type { ScanReadings } from './scanReadings.js';
import { columnSquares, type OrthonormalBasis, orthonormalBasis, tellingRows, transpose } from './tileBasis.js';
import { boxOf, type ColumnPlaces, distancesFrom, type Part, ringOf } from './tiles.js';

/** A distant function may be so much off on a part, in parts of the largest column there. */
const TOLERANCE = 1e-5;
/** Bases are so much more exact, for the sake of functions that they are not made of. */
const MARGIN = 3;
/** A basis must have fewer columns than this part of the readings, and of the columns of the bases that it joins. */
const WORTH = { readings: 0.35, bases: 0.7 };

/** What distant functions look like on a part: U, readings x rank, orthonormal. */
export interface Basis {
  readonly rank: number;
  /** U of a part that is not cut further, readings x rank; else U = diag(U of its parts) transfer, (sum of their ranks) x rank. */
  readonly transfer: Float64Array;
  /** Readings that tell the coefficients of a distant function, and from its values there these: coefficients = inverse values. */
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
 * parts as well, so that it need be known at their telling readings only.
 */
export function withBases(task: BasisTask, part: Part): Branch {
  const { readings } = part;
  const parts = part.parts.map(p => withBases(task, p));
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
        { transposed: true },
      );
      from += m;
      to += rank;
    }
  }
  const most = count * (bases.length === 0 ? WORTH.readings : WORTH.bases);
  const found = orthonormalBasis(columns, count, c, least / MARGIN ** 2, most, dense);
  if (found === undefined) return undefined;
  const { rank } = found;
  const there = bases.length === 0 ? found : { ...found, patterns: atTelling(bases, found, count, dense) };
  const which = tellingRows(
    there,
    known.map(r => readings.sample[r]),
    dense,
  );
  const m = which.length;
  const telling = which.map(k => known[k]);
  const along = new Float64Array(rank * m);
  for (let j = 0, t = 0; j < rank; j++)
    for (let k = 0; k < m; k++) along[t++] = there.patterns[j * known.length + which[k]];
  const gram = dense.allocate(rank * rank);
  dense.addGram(along, m, rank, gram, { transposed: true });
  dense.cholesky(gram, rank);
  const inverse = along.slice();
  dense.solveCholesky(gram, rank, inverse, m);
  const transfer = new Float64Array(count * rank);
  transpose(found.patterns, rank, count, transfer);
  return { rank, transfer, telling, inverse, along, least };
}

/** The patterns at the telling readings of the parts. @param count sum of the ranks of these */
function atTelling(
  bases: readonly Basis[],
  { patterns, all }: OrthonormalBasis,
  count: number,
  dense: DenseWorkspace,
): Float64Array {
  const rows = bases.reduce((sum, { telling }) => sum + telling.length, 0);
  const out = dense.allocate(all * rows);
  let [from, to] = [0, 0];
  for (const { rank, telling, along } of bases) {
    const m = telling.length;
    const options = { transposed: true, stride: count, strideOut: rows };
    dense.addCross(patterns.subarray(from), rank, all, along, m, out.subarray(to), options);
    from += rank;
    to += m;
  }
  return out;
}

/** Of the columns of a matrix. */
function largestSquare(values: Float64Array, columns: number): number {
  return columnSquares(values, columns).reduce((a, b) => Math.max(a, b), 0);
}
