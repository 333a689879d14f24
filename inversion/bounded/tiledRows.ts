import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Box } from '../../src/model/outline.js';
import type { PointSources } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';

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

/** Readings that a tile has at most. */
const MOST = 1200;
/** A distant function may be so much off, in parts of the largest column of the tile. */
const TOLERANCE = 1e-5;
/** Distances from the tile, in standoffs, between which the functions stand that the basis is made of. */
const RING = [2.5, 6] as const;
/** So many of them are looked at, and chosen as long as they are fewer than this part of the readings. */
const CANDIDATES = 400;
const MOST_CHOSEN = 0.3;

/** Lower triangle n x n, and n numbers. */
export interface Sums {
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
}

/** The rows of a tile; without a basis, `rest` holds them all. In single precision, as their products are formed. */
interface Tile {
  readonly readings: Int32Array;
  readonly rank: number;
  /** U, readings x rank. */
  readonly basis: Float32Array;
  /** S, rank x n. */
  readonly short: Float32Array;
  /** Columns of R, and R, readings x columns. */
  readonly near: Int32Array;
  readonly rest: Float32Array;
}

/** Where the functions of the columns stand, m; NaN for those that stand nowhere. */
export interface ColumnPlaces {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Places of the functions of each set, one after another. */
export function functionPlaces({ x, y, count, hats }: PointSources): ColumnPlaces {
  if (hats === undefined) return { x, y };
  const place = (from: Float64Array) =>
    Float64Array.from({ length: count }, (_, f) => {
      const own = hats.subarray(9 * f, 9 * f + 9).filter(s => s < from.length);
      return own.reduce((sum, s) => sum + from[s], 0) / own.length;
    });
  return { x: place(x), y: place(y) };
}

/** The readings in tiles of about the same number, samples whole. */
export function readingTiles({ x, y, first }: ScanReadings): Int32Array[] {
  const samples: number[] = [];
  for (let s = 0; s + 1 < first.length; s++) if (first[s + 1] > first[s]) samples.push(s);
  const count = first[first.length - 1];
  const out: Int32Array[] = [];
  const split = (part: readonly number[], tiles: number) => {
    if (tiles === 1 || part.length < 2) {
      out.push(Int32Array.from(part.flatMap(s => Array.from({ length: first[s + 1] - first[s] }, (_, c) => first[s] + c))));
      return;
    }
    const box = boxOf(part.map(s => first[s]), x, y);
    const along = box.x1 - box.x0 > box.y1 - box.y0 ? x : y;
    const sorted = part.toSorted((a, b) => along[first[a]] - along[first[b]]);
    const half = tiles >> 1;
    const cut = Math.round((part.length * half) / tiles);
    split(sorted.slice(0, cut), half);
    split(sorted.slice(cut), tiles - half);
  };
  split(samples, Math.ceil(count / MOST));
  return out;
}

function boxOf(which: ArrayLike<number>, x: Float64Array, y: Float64Array): Box {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (let k = 0; k < which.length; k++) {
    box.x0 = Math.min(box.x0, x[which[k]]);
    box.x1 = Math.max(box.x1, x[which[k]]);
    box.y0 = Math.min(box.y0, y[which[k]]);
    box.y1 = Math.max(box.y1, y[which[k]]);
  }
  return box;
}

export class TiledRows {
  private readonly tiles: Tile[] = [];
  /** Tile and row in it of every reading. */
  private readonly tileOf: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly weights: Float64Array;

  /** @param weights by which the rows are multiplied before they are compared; none of them is zero */
  constructor(
    private readonly readings: ScanReadings,
    private readonly places: ColumnPlaces,
    private readonly standoff: number,
    weights: Float64Array,
  ) {
    this.weights = weights.slice();
    this.tileOf = new Int32Array(readings.count);
    this.rowOf = new Int32Array(readings.count);
  }

  /**
   * Takes in a tile and adds A'A and A'b of its weighted rows, in single precision.
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
    const { places } = this;
    const n = places.x.length;
    const stands = (j: number) => !Number.isNaN(places.x[j]);
    const squares = columnSquares(rows, count, n);
    const least = TOLERANCE ** 2 * squares.reduce((most, v, j) => (stands(j) ? Math.max(most, v) : most), 0);
    const ring = ringOf(boxOf(which, this.readings.x, this.readings.y), places, this.standoff);
    const { rank, across, along } = tileBasis(rows, count, n, ring, least, dense);
    if (rank === 0) {
      dense.addGram(rows, count, n, matrix, { single: true });
      dense.addCross(rows, count, n, right, 1, gradient);
      const none = new Float32Array(0);
      const near = Int32Array.from({ length: n }, (_, j) => j);
      return { readings: which, rank, basis: none, short: none, near, rest: new Float32Array(rows.subarray(0, count * n)) };
    }
    const short = dense.allocate(rank * n);
    const z = dense.allocate(rank);
    dense.addCross(across, count, rank, rows, n, short);
    dense.addCross(across, count, rank, right, 1, z);
    dense.addCross(along, rank, count, z, 1, right, { sign: -1 });
    dense.addGram(short, rank, n, matrix, { single: true });
    dense.addCross(short, rank, n, z, 1, gradient);
    const described = columnSquares(short, rank, n);
    const near = Int32Array.from({ length: n }, (_, j) => j).filter(j => !stands(j) || squares[j] - described[j] > least);
    const m = near.length;
    const nearShort = dense.allocate(rank * m);
    const rest = dense.allocate(count * m);
    gather(short, n, near, nearShort);
    gather(rows, n, near, rest);
    dense.addCross(along, rank, count, nearShort, m, rest, { sign: -1 });
    const form = dense.allocate(m * m);
    const slope = dense.allocate(m);
    dense.addGram(rest, count, m, form, { single: true });
    dense.addCross(rest, count, m, right, 1, slope);
    for (let a = 0; a < m; a++) {
      gradient[near[a]] += slope[a];
      const row = near[a] * n;
      for (let b = 0; b <= a; b++) matrix[row + near[b]] += form[a * m + b];
    }
    const [basis, ofBasis, ofNear] = [across, short, rest].map(values => new Float32Array(values));
    return { readings: which, rank, basis, short: ofBasis, near, rest: ofNear };
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

/** Columns in a ring around the tile, at most {@link CANDIDATES}; none where most functions are close. */
function ringOf(box: Box, { x, y }: ColumnPlaces, standoff: number): Int32Array {
  const ring: number[] = [];
  let far = 0;
  for (let j = 0; j < x.length; j++) {
    const distance = Math.max(box.x0 - x[j], x[j] - box.x1, box.y0 - y[j], y[j] - box.y1);
    if (!(distance > RING[0] * standoff)) continue;
    far++;
    if (distance < RING[1] * standoff) ring.push(j);
  }
  if (2 * far < x.length) return new Int32Array(0);
  const step = Math.max(1, ring.length / CANDIDATES);
  return Int32Array.from({ length: Math.floor(ring.length / step) }, (_, k) => ring[Math.floor(k * step)]);
}

/** An orthonormal basis U of patterns of a tile, readings x rank and rank x readings. Rank 0: not worth it. */
interface TileBasis {
  readonly rank: number;
  readonly across: Float64Array;
  readonly along: Float64Array;
}

/** A basis of what the candidates show on the tile, down to remainders whose square is below `least`. */
function tileBasis(
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
function gather(from: Float64Array, n: number, columns: ArrayLike<number>, to: Float64Array): void {
  const m = columns.length;
  if (m === 0) return;
  const rows = to.length / m;
  for (let k = 0, t = 0; k < rows; k++) {
    const at = k * n;
    for (let j = 0; j < m; j++) to[t++] = from[at + columns[j]];
  }
}

function columnSquares(rows: Float64Array, count: number, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let k = 0, at = 0; k < count; k++) for (let j = 0; j < n; j++, at++) out[j] += rows[at] * rows[at];
  return out;
}
