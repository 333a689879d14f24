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
    /** @param patterns coefficients of the basis of this part, for columns that are far from a larger one; spoilt */
    const visit = (part: StoredPart, patterns: Float64Array) => {
      const { readings, parts, rank, transfer, far, short, near, rows } = part;
      addProduct(short, rank, far.length, gathered(x, far), patterns);
      const count = parts.length === 0 ? readings.length : parts.reduce((sum, inner) => sum + inner.rank, 0);
      const down = new Float64Array(count);
      addProduct(transfer, count, rank, patterns, down);
      let from = 0;
      for (const inner of parts) visit(inner, down.subarray(from, (from += inner.rank)));
      if (parts.length > 0) return;
      addProduct(rows, count, near.length, gathered(x, near), down);
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
    const add = (columns: Int32Array, numbers: Float64Array, c: number) => {
      for (let j = 0; j < columns.length; j++) out[columns[j] * count + c] += numbers[j];
    };
    /** U'v for every v, while the numbers of the part are at hand. */
    const visit = ({ readings, parts, rank, transfer, far, short, near, rows }: StoredPart): Float64Array[] => {
      const inner = parts.map(visit);
      return values.map((v, c) => {
        const up = parts.length === 0 ? this.unweighted(v, readings) : joined(inner.map(patterns => patterns[c]));
        if (parts.length === 0) add(near, transposedProduct(rows, up.length, near.length, up), c);
        const patterns = transposedProduct(transfer, up.length, rank, up);
        add(far, transposedProduct(short, rank, far.length, patterns), c);
        return patterns;
      });
    };
    visit(this.root);
    return out;
  }

  /** Some of v, without the weights. */
  private unweighted(v: Float64Array, readings: Int32Array): Float64Array {
    const out = gathered(v, readings);
    for (let k = 0; k < out.length; k++) out[k] /= this.weights[readings[k]];
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

function gathered(from: Float64Array, which: Int32Array): Float64Array {
  const out = new Float64Array(which.length);
  for (let k = 0; k < out.length; k++) out[k] = from[which[k]];
  return out;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** out += M x, M rows x columns; four rows at once, whose sums do not wait for each other. */
function addProduct(M: Numbers, rows: number, columns: number, x: Float64Array, out: Float64Array): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const [a, b, c, d] = [i * columns, (i + 1) * columns, (i + 2) * columns, (i + 3) * columns];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < columns; j++) {
      const own = x[j];
      s0 += M[a + j] * own;
      s1 += M[b + j] * own;
      s2 += M[c + j] * own;
      s3 += M[d + j] * own;
    }
    out[i] += s0;
    out[i + 1] += s1;
    out[i + 2] += s2;
    out[i + 3] += s3;
  }
  for (; i < rows; i++) {
    let sum = 0;
    for (let j = 0, at = i * columns; j < columns; j++, at++) sum += M[at] * x[j];
    out[i] += sum;
  }
}

/** M'v, M rows x columns; four rows at once, so that the sums are read and written less often. */
function transposedProduct(M: Numbers, rows: number, columns: number, v: Float64Array): Float64Array {
  const out = new Float64Array(columns);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const [a, b, c, d] = [i * columns, (i + 1) * columns, (i + 2) * columns, (i + 3) * columns];
    const [v0, v1, v2, v3] = [v[i], v[i + 1], v[i + 2], v[i + 3]];
    for (let j = 0; j < columns; j++) out[j] += M[a + j] * v0 + M[b + j] * v1 + (M[c + j] * v2 + M[d + j] * v3);
  }
  for (; i < rows; i++) {
    const own = v[i];
    for (let j = 0, at = i * columns; j < columns; j++, at++) out[j] += M[at] * own;
  }
  return out;
}
