import { UsageError } from '../errors.js';
import { notPositiveDefinite } from './checks.js';
import type {
  Background,
  CrossOptions,
  DenseWorkspace,
  GramOptions,
  InverseOptions,
  Numbers,
  ScatterOptions,
  SolveOptions,
  SparseRows,
} from './denseWorkspace.js';
import { type DipoleRows, plainDipoleRows } from './dipoleRows.js';

/** Plain loops behind the same interface, for engines without WebAssembly with vectors, and to compare with. */
export class PlainWorkspace implements DenseWorkspace, Background {
  private used = 0;

  constructor(private readonly bytes: number) {}

  allocate(length: number): Float64Array {
    if (8 * (this.used + length) > this.bytes) throw new UsageError('the dense workspace is full');
    this.used += length;
    return new Float64Array(length);
  }

  room(length: number): Float64Array {
    return this.allocate(length);
  }

  copied(values: Float64Array): Float64Array {
    const out = this.allocate(values.length);
    out.set(values);
    return out;
  }

  roomSingle(length: number): Float32Array {
    return new Float32Array(this.allocate(Math.ceil(length / 2)).buffer, 0, length);
  }

  beside(bytes: number): DenseWorkspace {
    return new PlainWorkspace(bytes);
  }

  temporarily<T>(work: () => T): T {
    const { used } = this;
    try {
      return work();
    } finally {
      this.used = used;
    }
  }

  triangle(n: number): Float64Array {
    return this.allocate(n * n);
  }

  behind<T>(_bytes: number, work: (background: Background) => T): T {
    return this.temporarily(() => work(this));
  }

  addGram(A: Numbers, rows: number, n: number, C: Float64Array, options: GramOptions = {}): void {
    const { sign = 1, weights, strideC = n } = options;
    const { down, across } = steps(rows, n, options);
    for (let r = 0; r < rows; r++) {
      const factor = sign * (weights?.[r] ?? 1);
      for (let i = 0; i < n; i++) {
        const a = factor * A[r * down + i * across];
        for (let j = 0; j <= i; j++) C[i * strideC + j] += a * A[r * down + j * across];
      }
    }
  }

  addCross(
    A: Numbers,
    rows: number,
    n: number,
    B: Numbers,
    k: number,
    out: Float64Array,
    options: CrossOptions = {},
  ): void {
    const { sign = 1, weights, strideB = k, strideOut = k } = options;
    const { down, across } = steps(rows, n, options);
    for (let r = 0; r < rows; r++) {
      const factor = sign * (weights?.[r] ?? 1);
      for (let i = 0; i < n; i++) {
        const a = factor * A[r * down + i * across];
        for (let j = 0; j < k; j++) out[i * strideOut + j] += a * B[r * strideB + j];
      }
    }
  }

  mirror(C: Float64Array, n: number, from: 'below' | 'above'): void {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        if (from === 'below') C[j * n + i] = C[i * n + j];
        else C[i * n + j] = C[j * n + i];
      }
    }
  }

  addScattered(
    B: Float64Array,
    rows: number,
    columnsAt: Int32Array,
    C: Float64Array,
    { strideC, rowsAt, lower = false }: ScatterOptions,
  ): void {
    const n = columnsAt.length;
    for (let i = 0; i < rows; i++) {
      const row = (rowsAt?.[i] ?? i) * strideC;
      for (let j = 0; j < (lower ? i + 1 : n); j++) C[row + columnsAt[j]] += B[i * n + j];
    }
  }

  addSparse({ start, index, factor }: SparseRows, M: Float64Array, n: number, out: Float64Array): void {
    for (let i = 0; i + 1 < start.length; i++) {
      for (let e = start[i]; e < start[i + 1]; e++) {
        for (let j = 0; j < n; j++) out[i * n + j] += factor[e] * M[index[e] * n + j];
      }
    }
  }

  times(A: Numbers, rows: number, n: number, x: Float64Array, out: Float64Array, stride = n): void {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += A[r * stride + i] * x[i];
      out[r] = sum;
    }
  }

  timesTransposed(A: Numbers, rows: number, n: number, y: Float64Array, out: Float64Array, stride = n): void {
    out.fill(0, 0, n);
    for (let r = 0; r < rows; r++) for (let i = 0; i < n; i++) out[i] += A[r * stride + i] * y[r];
  }

  addSymmetric(S: Float64Array, n: number, x: Float64Array, out: Float64Array): void {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        out[i] += S[i * n + j] * x[j];
        out[j] += S[i * n + j] * x[i];
      }
      out[i] += S[i * n + i] * x[i];
    }
  }

  dipoleRows(task: DipoleRows, out: Numbers, stride: number): void {
    plainDipoleRows(task, out, stride);
  }

  cholesky(C: Float64Array, n: number, stride = n): void {
    for (let i = 0; i < n; i++) {
      const row = i * stride;
      for (let j = 0; j <= i; j++) {
        let sum = C[row + j];
        for (let k = 0; k < j; k++) sum -= C[row + k] * C[j * stride + k];
        if (j < i) C[row + j] = sum / C[j * stride + j];
        else if (sum > 0 && sum < Number.POSITIVE_INFINITY) C[row + i] = Math.sqrt(sum);
        else throw notPositiveDefinite(i, sum);
      }
    }
  }

  forwardSolve(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    const { stride = n, strideB = k } = options;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) subtractRow(B, i * strideB, j * strideB, k, L[i * stride + j]);
      for (let c = 0; c < k; c++) B[i * strideB + c] /= L[i * stride + i];
    }
  }

  backSolve(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    const { stride = n, strideB = k } = options;
    for (let i = n - 1; i >= 0; i--) {
      for (let c = 0; c < k; c++) B[i * strideB + c] /= L[i * stride + i];
      for (let j = 0; j < i; j++) subtractRow(B, j * strideB, i * strideB, k, L[i * stride + j]);
    }
  }

  solveCholesky(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    this.forwardSolve(L, n, B, k, options);
    this.backSolve(L, n, B, k, options);
  }

  inverseFromCholesky(L: Float64Array, n: number, out: Float64Array, options: InverseOptions = {}): void {
    const { stride = n, strideOut = n } = options;
    for (let i = 0; i < n; i++) {
      out.fill(0, i * strideOut, i * strideOut + n);
      out[i * strideOut + i] = 1;
    }
    this.solveCholesky(L, n, out, n, { stride, strideB: strideOut });
  }

  inverseDiagonal(L: Float64Array, n: number, stride = n): Float64Array {
    const diagonal = new Float64Array(n);
    const column = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      const left = n - j;
      column.fill(0, 0, left);
      column[0] = 1;
      this.forwardSolve(L.subarray(j * stride + j), left, column, 1, { stride });
      for (let i = 0; i < left; i++) diagonal[j] += column[i] * column[i];
    }
    return diagonal;
  }

  logDeterminant(L: Float64Array, n: number, stride = n): number {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.log(L[i * stride + i]);
    return 2 * sum;
  }
}

/** From row to row, and from column to column, of A (rows x n). */
function steps(rows: number, n: number, { stride, transposed }: Pick<GramOptions, 'stride' | 'transposed'>) {
  return transposed ? { down: 1, across: stride ?? rows } : { down: stride ?? n, across: 1 };
}

/** k elements from `at` on, minus `factor` times those from `from` on. */
function subtractRow(B: Float64Array, at: number, from: number, k: number, factor: number): void {
  for (let c = 0; c < k; c++) B[at + c] -= factor * B[from + c];
}
