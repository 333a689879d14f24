import type { ScanReadings } from './scanReadings.js';

/** Numbers as they are kept: in single precision where their products are. */
export type Numbers = Float32Array | Float64Array;

/** The rows of a part: A = U [S on the far columns] + what its parts say of the near ones. */
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

  /** @param weights those that the rows are multiplied by @param unknowns number of columns */
  constructor(
    readings: ScanReadings,
    private readonly root: StoredPart,
    private readonly weights: Float64Array,
    private readonly unknowns: number,
    readonly single: boolean,
  ) {
    this.leafOf = new Int32Array(readings.count);
    this.rowOf = new Int32Array(readings.count);
    this.enter(root, []);
  }

  private enter(part: StoredPart, path: readonly { part: StoredPart; from: number }[]): void {
    let from = 0;
    for (const inner of part.parts) {
      this.enter(inner, [{ part, from }, ...path]);
      from += inner.rank;
    }
    if (part.parts.length > 0) return;
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
    /** @param above coefficients of the basis of this part, for columns that are far from a larger one */
    const visit = (part: StoredPart, above: Float64Array) => {
      const { readings, parts, rank, transfer, far, short, near, rows } = part;
      const patterns = above.slice();
      addProduct(
        short,
        rank,
        far.length,
        Float64Array.from(far, j => x[j]),
        patterns,
      );
      const count = parts.length === 0 ? readings.length : parts.reduce((sum, inner) => sum + inner.rank, 0);
      const down = new Float64Array(count);
      addProduct(transfer, count, rank, patterns, down);
      let from = 0;
      for (const inner of parts) visit(inner, down.subarray(from, (from += inner.rank)));
      if (parts.length > 0) return;
      addProduct(
        rows,
        count,
        near.length,
        Float64Array.from(near, j => x[j]),
        down,
      );
      for (let k = 0; k < count; k++) out[readings[k]] = down[k] / this.weights[readings[k]];
    };
    visit(this.root, new Float64Array(this.root.rank));
    return out;
  }

  /** A'v without the weights, for several v; n x their number. */
  transposed(values: readonly Float64Array[]): Float64Array {
    const n = this.unknowns;
    const count = values.length;
    const out = new Float64Array(n * count);
    const sum = new Float64Array(n);
    const add = (columns: Int32Array, numbers: Float64Array) => {
      for (let j = 0; j < columns.length; j++) sum[columns[j]] += numbers[j];
    };
    values.forEach((v, c) => {
      sum.fill(0);
      /** U'v */
      const visit = ({ readings, parts, rank, transfer, far, short, near, rows }: StoredPart): Float64Array => {
        const up =
          parts.length === 0
            ? Float64Array.from(readings, r => v[r] / this.weights[r])
            : Float64Array.from(parts.flatMap(part => [...visit(part)]));
        if (parts.length === 0) add(near, transposedProduct(rows, up.length, near.length, up));
        const patterns = transposedProduct(transfer, up.length, rank, up);
        add(far, transposedProduct(short, rank, far.length, patterns));
        return patterns;
      };
      visit(this.root);
      for (let j = 0; j < n; j++) out[j * count + c] = sum[j];
    });
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
    const spread = ({ rank, far, short }: StoredPart) => {
      const own = transposedProduct(short, rank, far.length, patterns);
      for (let j = 0; j < far.length; j++) out[far[j]] = own[j];
    };
    spread(part);
    for (const { part: outer, from } of path) {
      const { rank, transfer } = outer;
      if (rank === 0) patterns = new Float64Array(0);
      else patterns = transposedProduct(transfer.subarray(from * rank), patterns.length, rank, patterns);
      spread(outer);
    }
  }
}

/** out += M x, M rows x columns. */
function addProduct(M: Numbers, rows: number, columns: number, x: Float64Array, out: Float64Array): void {
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += M[at++] * x[j];
    out[i] += sum;
  }
}

/** M'v, M rows x columns. */
function transposedProduct(M: Numbers, rows: number, columns: number, v: Float64Array): Float64Array {
  const out = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    const own = v[i];
    for (let j = 0; j < columns; j++) out[j] += M[at++] * own;
  }
  return out;
}
