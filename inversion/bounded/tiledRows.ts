import type { DenseWorkspace, Numbers } from '../../src/linearAlgebra/index.js';
import { joined } from '../../src/linearAlgebra/vectors.js';
import type { ScanReadings } from './scanReadings.js';

/** The rows of a part, in single precision where their products are: A = U [S on the far columns] + what its parts say of the near ones. */
export interface StoredPart {
  readonly readings: Int32Array;
  readonly parts: readonly StoredPart[];
  readonly rank: number;
  /** U, readings x rank; or of a part that is cut, (sum of the ranks of its parts) x rank. */
  readonly transfer: Numbers;
  /** Columns that U describes, and S, rank x their number. */
  readonly far: Int32Array;
  readonly short: Numbers;
  /** Of a part that is not cut: the other columns, and these, readings x their number. */
  readonly near: Int32Array;
  readonly rows: Numbers;
}

/** The matrix from unknowns to readings as {@link summedRows} leaves it: in parts, each with its basis. */
export class TiledRows {
  /** Smallest part and row in it of every reading, and the parts that hold it. */
  private readonly leafOf: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly leaves: {
    readonly part: StoredPart;
    readonly path: readonly { part: StoredPart; from: number }[];
  }[] = [];

  /** Room in the store for what is multiplied, and for what comes of it. */
  private readonly factor: Float64Array;
  private readonly product: Float64Array;
  private longest = 0;

  /**
   * @param store where the numbers of the parts stand
   * @param weights those that the rows are multiplied by @param unknowns number of columns
   */
  constructor(
    readings: ScanReadings,
    private readonly root: StoredPart,
    private readonly store: DenseWorkspace,
    private readonly weights: Float64Array,
    private readonly unknowns: number,
    readonly single: boolean,
  ) {
    this.leafOf = new Int32Array(readings.count);
    this.rowOf = new Int32Array(readings.count);
    this.enter(root, []);
    this.factor = store.allocate(this.longest);
    this.product = store.allocate(this.longest);
  }

  private enter(part: StoredPart, path: readonly { part: StoredPart; from: number }[]): void {
    let from = 0;
    this.longest = Math.max(this.longest, part.readings.length, part.rank, part.far.length, part.near.length);
    for (const inner of part.parts) {
      this.enter(inner, [{ part, from }, ...path]);
      from += inner.rank;
    }
    if (part.parts.length > 0) {
      this.longest = Math.max(this.longest, from);
      return;
    }
    part.readings.forEach((r, k) => {
      this.leafOf[r] = this.leaves.length;
      this.rowOf[r] = k;
    });
    this.leaves.push({ part, path });
  }

  /** How many numbers are kept. */
  get size(): number {
    const sizeOf = ({ transfer, short, rows, parts }: StoredPart): number =>
      parts.reduce((sum, part) => sum + sizeOf(part), transfer.length + short.length + rows.length);
    return sizeOf(this.root);
  }

  /** A x, without the weights. */
  times(x: Float64Array): Float64Array {
    const out = new Float64Array(this.weights.length);
    /** @param patterns coefficients of the basis of this part, for columns that are far from a larger one; spoilt */
    const visit = (part: StoredPart, patterns: Float64Array) => {
      const { readings, parts, rank, transfer, far, short, near, rows } = part;
      this.gather(x, far);
      this.addProduct(short, rank, far.length, patterns);
      const count = parts.length === 0 ? readings.length : parts.reduce((sum, inner) => sum + inner.rank, 0);
      const down = new Float64Array(count);
      this.factor.set(patterns);
      this.addProduct(transfer, count, rank, down);
      let from = 0;
      for (const inner of parts) visit(inner, down.subarray(from, (from += inner.rank)));
      if (parts.length > 0) return;
      this.gather(x, near);
      this.addProduct(rows, count, near.length, down);
      for (let k = 0; k < count; k++) out[readings[k]] = down[k] / this.weights[readings[k]];
    };
    visit(this.root, new Float64Array(this.root.rank));
    return out;
  }

  /** A'v without the weights, for several v; n x their number. */
  transposed(values: readonly Float64Array[]): Float64Array {
    const count = values.length;
    const out = new Float64Array(this.unknowns * count);
    const add = (columns: Int32Array, M: Numbers, up: Float64Array) => {
      const products = this.transposedProduct(M, columns.length, up, count);
      for (let j = 0, at = 0; j < columns.length; j++) {
        for (let c = 0, to = columns[j] * count; c < count; c++) out[to++] += products[at++];
      }
    };
    /** U'v for every v: rank x their number. */
    const visit = ({ readings, parts, rank, transfer, far, short, near, rows }: StoredPart): Float64Array => {
      const up = parts.length === 0 ? this.unweighted(values, readings) : joined(parts.map(visit));
      if (parts.length === 0) add(near, rows, up);
      const patterns = this.transposedProduct(transfer, rank, up, count);
      add(far, short, patterns);
      return patterns;
    };
    visit(this.root);
    return out;
  }

  /** Some numbers of every v, without the weights: readings x the number of v. */
  private unweighted(values: readonly Float64Array[], readings: Int32Array): Float64Array {
    const count = values.length;
    const out = new Float64Array(readings.length * count);
    for (const [c, v] of values.entries()) {
      for (let k = 0, at = c; k < readings.length; k++, at += count)
        out[at] = v[readings[k]] / this.weights[readings[k]];
    }
    return out;
  }

  /** Writes the row of a reading, times a weight. */
  row(r: number, weight: number, out: Float64Array): void {
    const { part, path } = this.leaves[this.leafOf[r]];
    const k = this.rowOf[r];
    const factor = weight / this.weights[r];
    out.fill(0);
    for (let j = 0, at = k * part.near.length; j < part.near.length; j++, at++)
      out[part.near[j]] = factor * part.rows[at];
    let patterns: Float64Array = Float64Array.from(
      part.transfer.subarray(k * part.rank, (k + 1) * part.rank),
      v => factor * v,
    );
    const spread = ({ far, short }: StoredPart) => {
      const own = this.transposedProduct(short, far.length, patterns);
      for (let j = 0; j < far.length; j++) out[far[j]] = own[j];
    };
    spread(part);
    for (const { part: outer, from } of path) {
      const { rank, transfer } = outer;
      if (rank === 0) patterns = new Float64Array(0);
      else patterns = this.transposedProduct(transfer.subarray(from * rank), rank, patterns);
      spread(outer);
    }
  }

  /** Some numbers to be multiplied. */
  private gather(from: Float64Array, which: Int32Array): void {
    const { factor } = this;
    for (let k = 0; k < which.length; k++) factor[k] = from[which[k]];
  }

  /** out += M x for M of so many rows and columns, and the x in `factor`. */
  private addProduct(M: Numbers, rows: number, columns: number, out: Float64Array): void {
    const { product } = this;
    this.store.times(M, rows, columns, this.factor, product);
    for (let i = 0; i < rows; i++) out[i] += product[i];
  }

  /** M'V for M of so many columns and V of `count`. */
  private transposedProduct(M: Numbers, columns: number, V: Float64Array, count = 1): Float64Array {
    const out = new Float64Array(columns * count);
    this.store.addCross(M, V.length / count, columns, V, count, out);
    return out;
  }
}
