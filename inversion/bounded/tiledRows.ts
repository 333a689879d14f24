import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { ScanReadings } from './scanReadings.js';
import { gather, tileBasis } from './tileBasis.js';
import { boxOf, type ColumnPlaces, ringOf } from './tiles.js';

/** A distant function may be so much off, in parts of the largest column of the tile. */
const TOLERANCE = 1e-5;

/** Lower triangle n x n, and n numbers. */
export interface Sums {
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
}

/** The rows of a tile; without a basis, `rest` holds them all. In single precision where their products are. */
interface Tile {
  readonly readings: Int32Array;
  readonly rank: number;
  /** U, readings x rank. */
  readonly basis: Float32Array | Float64Array;
  /** S, rank x n. */
  readonly short: Float32Array | Float64Array;
  /** Columns of R, and R, readings x columns. */
  readonly near: Int32Array;
  readonly rest: Float32Array | Float64Array;
}

/**
 * The matrix A from unknowns to readings, in tiles of readings that stand together. What is far from a tile has a smooth field
 * on it: all distant functions span few patterns there (a hundred for a thousand readings). With U an orthonormal basis of
 * these, the rows of a tile are
 *
 *   A = U S + R,  S = U'A,  R = (1 - U U')A,  A'A = S'S + R'R,
 *
 * where R is kept only for the functions that U does not describe, most of them over the tile itself. S has a tenth of the
 * rows, R a quarter of the columns: their products take a fifth of the time. Which functions are described is told by what
 * remains of them, not by their distance: every column of the matrix that is kept is within {@link TOLERANCE} of A's. All that is
 * computed from it is consistent with it: sums with the normal equations, and readings taken out again.
 */
export class TiledRows {
  private readonly tiles: Tile[] = [];
  /** Tile and row in it of every reading. */
  private readonly tileOf: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly weights: Float64Array;

  /**
   * @param weights by which the rows are multiplied before they are compared; none of them is zero
   * @param single whether rows are kept, and products summed, in single precision
   */
  constructor(
    private readonly readings: ScanReadings,
    private readonly places: ColumnPlaces,
    private readonly standoff: number,
    weights: Float64Array,
    readonly single: boolean,
  ) {
    this.weights = weights.slice();
    this.tileOf = new Int32Array(readings.count);
    this.rowOf = new Int32Array(readings.count);
  }

  /**
   * Takes in a tile and adds A'A and A'b of its weighted rows.
   * @param rows A, readings of the tile x n @param right b; it is spoilt
   */
  addTile(which: Int32Array, rows: Float64Array, right: Float64Array, sums: Sums, dense: DenseWorkspace): void {
    which.forEach((r, k) => {
      this.tileOf[r] = this.tiles.length;
      this.rowOf[r] = k;
    });
    this.tiles.push(dense.temporarily(() => this.summed(which, rows, right, sums, dense)));
  }

  private summed(
    which: Int32Array,
    rows: Float64Array,
    right: Float64Array,
    { matrix, gradient }: Sums,
    dense: DenseWorkspace,
  ): Tile {
    const count = which.length;
    const { places, single } = this;
    const store = (values: Float64Array) => (single ? new Float32Array(values) : values.slice());
    const n = places.x.length;
    const stands = (j: number) => !Number.isNaN(places.x[j]);
    const squares = columnSquares(rows, count, n);
    const least = TOLERANCE ** 2 * squares.reduce((most, v, j) => (stands(j) ? Math.max(most, v) : most), 0);
    const ring = ringOf(boxOf(which, this.readings.x, this.readings.y), places, this.standoff);
    const { rank, across, along } = tileBasis(rows, count, n, ring, least, dense);
    if (rank === 0) {
      dense.addGram(rows, count, n, matrix, { single });
      dense.addCross(rows, count, n, right, 1, gradient);
      const none = new Float64Array(0);
      const near = Int32Array.from({ length: n }, (_, j) => j);
      return { readings: which, rank, basis: none, short: none, near, rest: store(rows.subarray(0, count * n)) };
    }
    const short = dense.allocate(rank * n);
    const z = dense.allocate(rank);
    dense.addCross(across, count, rank, rows, n, short);
    dense.addCross(across, count, rank, right, 1, z);
    dense.addCross(along, rank, count, z, 1, right, { sign: -1 });
    dense.addGram(short, rank, n, matrix, { single });
    dense.addCross(short, rank, n, z, 1, gradient);
    const described = columnSquares(short, rank, n);
    const near = Int32Array.from({ length: n }, (_, j) => j).filter(
      j => !stands(j) || squares[j] - described[j] > least,
    );
    const m = near.length;
    const nearShort = dense.allocate(rank * m);
    const rest = dense.allocate(count * m);
    gather(short, n, near, nearShort);
    gather(rows, n, near, rest);
    dense.addCross(along, rank, count, nearShort, m, rest, { sign: -1 });
    const form = dense.allocate(m * m);
    const slope = dense.allocate(m);
    dense.addGram(rest, count, m, form, { single });
    dense.addCross(rest, count, m, right, 1, slope);
    for (let a = 0; a < m; a++) {
      gradient[near[a]] += slope[a];
      const row = near[a] * n;
      for (let b = 0; b <= a; b++) matrix[row + near[b]] += form[a * m + b];
    }
    const [basis, ofBasis, ofNear] = [across, short, rest].map(store);
    return { readings: which, rank, basis, short: ofBasis, near, rest: ofNear };
  }

  /** How many numbers are kept. */
  get size(): number {
    return this.tiles.reduce((sum, { basis, short, rest }) => sum + basis.length + short.length + rest.length, 0);
  }

  /** A x, without the weights. */
  times(x: Float64Array): Float64Array {
    const out = new Float64Array(this.readings.count);
    for (const { readings, rank, basis, short, near, rest } of this.tiles) {
      const m = near.length;
      const patterns = new Float64Array(rank);
      for (let k = 0, at = 0; k < rank; k++) for (let j = 0; j < x.length; j++) patterns[k] += short[at++] * x[j];
      const own = Float64Array.from(near, j => x[j]);
      for (let i = 0; i < readings.length; i++) {
        let sum = 0;
        for (let k = 0, at = i * rank; k < rank; k++, at++) sum += basis[at] * patterns[k];
        for (let j = 0, at = i * m; j < m; j++, at++) sum += rest[at] * own[j];
        out[readings[i]] = sum / this.weights[readings[i]];
      }
    }
    return out;
  }

  /** A'v without the weights, for several v; n x their number. */
  transposed(values: readonly Float64Array[]): Float64Array {
    const n = this.places.x.length;
    const count = values.length;
    const out = new Float64Array(n * count);
    const sum = new Float64Array(n);
    values.forEach((v, c) => {
      sum.fill(0);
      for (const { readings, rank, basis, short, near, rest } of this.tiles) {
        const m = near.length;
        const patterns = new Float64Array(rank);
        const own = new Float64Array(m);
        for (let i = 0; i < readings.length; i++) {
          const value = v[readings[i]] / this.weights[readings[i]];
          for (let k = 0, at = i * rank; k < rank; k++, at++) patterns[k] += basis[at] * value;
          for (let j = 0, at = i * m; j < m; j++, at++) own[j] += rest[at] * value;
        }
        for (let k = 0, at = 0; k < rank; k++) for (let j = 0; j < n; j++) sum[j] += short[at++] * patterns[k];
        for (let j = 0; j < m; j++) sum[near[j]] += own[j];
      }
      for (let j = 0; j < n; j++) out[j * count + c] = sum[j];
    });
    return out;
  }

  /** Writes the row of a reading, times a weight. */
  row(r: number, weight: number, out: Float64Array): void {
    const { rank, basis, short, near, rest } = this.tiles[this.tileOf[r]];
    const [n, m, i] = [out.length, near.length, this.rowOf[r]];
    const factor = weight / this.weights[r];
    out.fill(0);
    for (let k = 0, at = 0; k < rank; k++) {
      const c = factor * basis[i * rank + k];
      for (let j = 0; j < n; j++) out[j] += c * short[at++];
    }
    for (let j = 0; j < m; j++) out[near[j]] += factor * rest[i * m + j];
  }
}

function columnSquares(rows: Float64Array, count: number, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let k = 0, at = 0; k < count; k++) for (let j = 0; j < n; j++, at++) out[j] += rows[at] * rows[at];
  return out;
}
