import type { CompiledKernel } from '../transforms/compileKernel.js';
import { largestOf, spanOf } from './checks.js';
import type {
  Background,
  CrossOptions,
  DenseWorkspace,
  GramOptions,
  InverseOptions,
  Numbers,
  ScatterOptions,
  Single,
  SolveOptions,
  SparseRows,
} from './denseWorkspace.js';
import { type DipoleRows, functionsOf, kernelDipoleRows } from './dipoleRows.js';
import { gram, KernelBackground } from './kernelBackground.js';
import { factorise, solveBack, solveForward, solveOne } from './kernelCholesky.js';
import { addFewColumns, FEW_COLUMNS } from './kernelColumns.js';
import { diagonalOfInverse, inverse } from './kernelInverse.js';
import { KernelMemory } from './kernelMemory.js';
import {
  blocksOf,
  DEPTH,
  isShort,
  mirror,
  pack,
  panelsFor,
  product,
  rowsOf,
  scatter,
  sparse,
  standing,
  symmetric,
  times,
  timesTransposed,
} from './kernelSteps.js';

/** The WebAssembly kernel behind the interface. */
export class KernelWorkspace implements DenseWorkspace {
  private readonly memory: KernelMemory;
  /** The workspaces beside this one that are in use, and one that was: its pages are there already. */
  private readonly others: KernelWorkspace[] = [];
  private spare: KernelWorkspace | undefined;

  /** @param thrifty whether a workspace beside this one is used again when `temporarily` ends; else it stays as long as its arrays */
  constructor(
    private readonly kernel: CompiledKernel,
    private readonly bytes: number,
    private readonly thrifty = false,
  ) {
    this.memory = new KernelMemory(kernel, bytes);
  }

  beside(bytes: number): DenseWorkspace {
    if (!this.thrifty) return new KernelWorkspace(this.kernel, bytes);
    const { spare } = this;
    this.spare = undefined;
    const other = spare && spare.bytes >= bytes ? spare : new KernelWorkspace(this.kernel, bytes);
    this.others.push(other);
    return other;
  }

  /** Bytes that were ever allocated at one time, here and in what is spare. */
  get used(): number {
    return this.memory.touched + (this.spare?.used ?? 0);
  }

  allocate(length: number): Float64Array {
    return this.memory.allocate(length);
  }

  room(length: number): Float64Array {
    return this.memory.room(length);
  }

  copied(values: Float64Array): Float64Array {
    return this.memory.copied(values);
  }

  roomSingle(length: number): Float32Array {
    return this.memory.roomSingle(length);
  }

  temporarily<T>(work: () => T): T {
    const mark = this.others.length;
    try {
      return this.memory.temporarily(work);
    } finally {
      for (const other of this.others.splice(mark)) {
        other.memory.empty();
        this.spare = other;
      }
    }
  }

  behind<T>(bytes: number, work: (background: Background) => T): T {
    const { memory } = this;
    return memory.temporarily(() => {
      try {
        return work(new KernelBackground(memory, bytes));
      } finally {
        memory.settle();
      }
    });
  }

  addGram(A: Numbers, rows: number, n: number, C: Float64Array, options: GramOptions = {}): void {
    const { strideC = n } = options;
    const length = spanOf(C, n, n, strideC);
    const { memory } = this;
    memory.withArrays(at =>
      gram(memory, memory, A, rows, n, { at: at(C, length, true), stride: 8 * strideC }, options),
    );
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
    const { sign = 1, weights, stride = n, strideB = k, strideOut = k, single, transposed = false } = options;
    const { length: lengthA, matrixAt } = standing(A, rows, n, options);
    const lengthB = spanOf(B, rows, k, strideB);
    const lengthOut = spanOf(out, n, k, strideOut);
    if (lengthA === 0 || lengthB === 0) return;
    if (k <= FEW_COLUMNS && !transposed && weights === undefined) {
      const { memory } = this;
      memory.withArrays(at => {
        const matrix = { at: at(A, lengthA), stride: A.BYTES_PER_ELEMENT * stride };
        if (k === 1 && strideB === 1 && strideOut === 1 && B instanceof Float64Array) {
          timesTransposed(memory, matrix, rows, n, at(B, rows), at(out, n, true), sign, isShort(A));
          return;
        }
        const [from, to] = [
          { values: B, stride: strideB },
          { values: out, stride: strideOut },
        ];
        addFewColumns(memory, matrix, rows, n, from, k, to, sign, isShort(A));
      });
      return;
    }
    const { memory } = this;
    memory.withArrays(at => {
      const target = { at: at(out, lengthOut, true), stride: 8 * strideOut };
      const left = matrixAt(at(A, lengthA));
      const right = standing(B, rows, k, { stride: strideB }).matrixAt(at(B, lengthB));
      const w = weights && at(weights, spanOf(weights, 1, rows, rows));
      const p = panelsFor(memory, n, DEPTH, single);
      const q = panelsFor(memory, k, DEPTH, single);
      for (const { first, size } of blocksOf(rows, DEPTH)) {
        pack(memory, p, rowsOf(left, first, n, size));
        const source = rowsOf(right, first, k, size);
        pack(memory, q, w === undefined ? source : { ...source, weights: w + 8 * first });
        product(memory, p, q, size, target, n, k, sign, false);
      }
    });
  }

  mirror(C: Float64Array, n: number, from: 'below' | 'above'): void {
    const length = spanOf(C, n, n, n);
    this.memory.withArrays(at => mirror(this.memory, at(C, length, true), n, 8 * n, from));
  }

  addScattered(B: Float64Array, rows: number, columnsAt: Int32Array, C: Float64Array, options: ScatterOptions): void {
    const { strideC, rowsAt, lower = false } = options;
    const n = columnsAt.length;
    const lengthB = spanOf(B, rows, n, n);
    const last = rowsAt === undefined ? rows : largestOf(rowsAt) + 1;
    const lengthC = spanOf(C, last, largestOf(columnsAt) + 1, strideC);
    if (lengthB === 0) return;
    const { memory } = this;
    memory.withArrays(at => {
      const target = { at: at(C, lengthC, true), stride: 8 * strideC };
      scatter(memory, at(B, lengthB), rows, n, target, at(columnsAt, n), rowsAt && at(rowsAt, rows), lower);
    });
  }

  addSparse({ start, index, factor }: SparseRows, M: Float64Array, n: number, out: Float64Array): void {
    const rows = start.length - 1;
    const entries = spanOf(factor, 1, start[rows], start[rows]);
    const lengthM = spanOf(M, largestOf(index) + 1, n, n);
    const lengthOut = spanOf(out, rows, n, n);
    if (entries === 0 || n === 0) return;
    const { memory } = this;
    memory.withArrays(at => {
      const Q = { rows, entries, start: at(start, rows + 1), index: at(index, entries), factor: at(factor, entries) };
      sparse(memory, Q, { at: at(M, lengthM), stride: 8 * n }, n, { at: at(out, lengthOut, true), stride: 8 * n });
    });
  }

  times(A: Numbers, rows: number, n: number, x: Float64Array, out: Float64Array, stride = n): void {
    const length = spanOf(A, rows, n, stride);
    spanOf(x, 1, n, n);
    out.fill(0, 0, spanOf(out, 1, rows, rows));
    if (length === 0) return;
    const { memory } = this;
    memory.withArrays(at => {
      const matrix = { at: at(A, length), stride: A.BYTES_PER_ELEMENT * stride };
      times(memory, matrix, rows, n, at(x, n), at(out, rows, true), 1, isShort(A));
    });
  }

  timesTransposed(A: Numbers, rows: number, n: number, y: Float64Array, out: Float64Array, stride = n): void {
    const length = spanOf(A, rows, n, stride);
    spanOf(y, 1, rows, rows);
    out.fill(0, 0, spanOf(out, 1, n, n));
    if (length === 0) return;
    const { memory } = this;
    memory.withArrays(at => {
      const matrix = { at: at(A, length), stride: A.BYTES_PER_ELEMENT * stride };
      timesTransposed(memory, matrix, rows, n, at(y, rows), at(out, n, true), 1, isShort(A));
    });
  }

  addSymmetric(S: Float64Array, n: number, x: Float64Array, out: Float64Array): void {
    const length = spanOf(S, n, n, n);
    spanOf(x, 1, n, n);
    spanOf(out, 1, n, n);
    const { memory } = this;
    memory.withArrays(at => symmetric(memory, { at: at(S, length), stride: 8 * n }, n, at(x, n), at(out, n, true)));
  }

  dipoleRows(task: DipoleRows, out: Numbers, stride: number): void {
    const rows = task.first[task.first.length - 1];
    const length = spanOf(out, rows, functionsOf(task), stride);
    if (length === 0) return;
    this.memory.withArrays(at =>
      kernelDipoleRows(this.memory, task, at(out, length, true), out.BYTES_PER_ELEMENT * stride, isShort(out)),
    );
  }

  cholesky(C: Float64Array, n: number, stride = n, single: Single = false): void {
    const length = spanOf(C, n, n, stride);
    if (n === 0) return;
    this.memory.withArrays(at => factorise(this.memory, { at: at(C, length, true), stride: 8 * stride }, n, single));
  }

  forwardSolve(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    this.solve(L, n, B, k, options, true, false);
  }

  backSolve(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    this.solve(L, n, B, k, options, false, true);
  }

  solveCholesky(L: Float64Array, n: number, B: Float64Array, k: number, options: SolveOptions = {}): void {
    this.solve(L, n, B, k, options, true, true);
  }

  private solve(
    L: Float64Array,
    n: number,
    B: Float64Array,
    k: number,
    { stride = n, strideB = k, single = false }: SolveOptions,
    forward: boolean,
    back: boolean,
  ): void {
    const lengthL = spanOf(L, n, n, stride);
    const lengthB = spanOf(B, n, k, strideB);
    if (lengthB === 0) return;
    this.memory.withArrays(at => {
      const triangle = { at: at(L, lengthL), stride: 8 * stride };
      const right = { at: at(B, lengthB, true), stride: 8 * strideB };
      if (k === 1 && strideB === 1) {
        solveOne(this.memory, triangle, n, right.at, forward, back);
        return;
      }
      if (forward) solveForward(this.memory, triangle, n, right, k, undefined, single);
      if (back) solveBack(this.memory, triangle, n, right, k);
    });
  }

  inverseFromCholesky(L: Float64Array, n: number, out: Float64Array, options: InverseOptions = {}): void {
    const { stride = n, strideOut = n, single = false } = options;
    const lengthL = spanOf(L, n, n, stride);
    const lengthOut = spanOf(out, n, n, strideOut);
    if (n === 0) return;
    this.memory.withArrays(at => {
      const triangle = { at: at(L, lengthL), stride: 8 * stride };
      inverse(this.memory, triangle, n, { at: at(out, lengthOut, true), stride: 8 * strideOut }, single);
    });
  }

  inverseDiagonal(L: Float64Array, n: number, stride = n): Float64Array {
    const length = spanOf(L, n, n, stride);
    return this.memory.withArrays(at => diagonalOfInverse(this.memory, { at: at(L, length), stride: 8 * stride }, n));
  }

  logDeterminant(L: Float64Array, n: number, stride = n): number {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.log(L[i * stride + i]);
    return 2 * sum;
  }
}
