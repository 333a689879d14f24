import { UsageError } from '../errors.js';
import { largestOf, spanOf } from './checks.js';
import type { Background, GramOptions, Numbers, ScatterOptions } from './denseWorkspace.js';
import type { KernelMemory, Step, StepQueue } from './kernelMemory.js';
import {
  blocksOf,
  clear,
  DEPTH,
  type Place,
  pack,
  panelsFor,
  product,
  rowsOf,
  scatter,
  standing,
} from './kernelSteps.js';

/** Bytes that may lie idle below what is in use; at most half of the room. */
const MOST_BURIED = 64 << 20;

/**
 * Steps that the helpers do behind the caller, and a room of their own for what they need. It is a stack that is taken back
 * late: what was reserved last may be wanted by a step that waits.
 */
export class KernelBackground implements Background, StepQueue {
  private readonly end: number;
  private readonly mostBuried: number;
  /** First byte that is free, and first that will be when all steps are done. */
  private top: number;
  private kept: number;
  /** Bytes below `kept` that were given back before what stands above them was reserved. */
  private buried = 0;

  /** @param bytes of the room, taken from the memory */
  constructor(
    private readonly memory: KernelMemory,
    bytes: number,
  ) {
    this.top = this.kept = memory.reserve(bytes);
    this.end = this.top + bytes;
    this.mostBuried = Math.min(MOST_BURIED, bytes / 2);
  }

  reserve(bytes: number): number {
    const size = 64 * Math.ceil(bytes / 64);
    const { memory } = this;
    const given = this.top - this.kept;
    if (given > 0) {
      if (this.top + size > this.end || this.buried + given > this.mostBuried) memory.settle();
      if (memory.settled) this.top = this.kept;
      else this.buried += given;
    }
    const at = this.top;
    if (at + size > this.end) {
      throw new UsageError(`no room for ${bytes} bytes more of what is done behind`, { advice: 'ask for more' });
    }
    this.top = this.kept = at + size;
    return at;
  }

  temporarily<T>(work: () => T): T {
    const { kept, buried } = this;
    try {
      return work();
    } finally {
      this.kept = kept;
      this.buried = buried;
    }
  }

  step(step: Step, blocks: number, work: number): void {
    this.memory.later(step, blocks, work);
  }

  triangle(n: number): Float64Array {
    const at = this.reserve(8 * n * n);
    clear(this, at, n);
    return this.memory.f64.subarray(at / 8, at / 8 + n * n);
  }

  addGram(A: Numbers, rows: number, n: number, C: Float64Array, options: GramOptions = {}): void {
    const { strideC = n } = options;
    spanOf(C, n, n, strideC);
    const target = { at: this.address(C), stride: 8 * strideC };
    gram(this.memory, this, A, rows, n, target, options);
  }

  addScattered(B: Float64Array, rows: number, columnsAt: Int32Array, C: Float64Array, options: ScatterOptions): void {
    const { strideC, rowsAt, lower = false } = options;
    const n = columnsAt.length;
    if (spanOf(B, rows, n, n) === 0) return;
    spanOf(C, rowsAt === undefined ? rows : largestOf(rowsAt) + 1, largestOf(columnsAt) + 1, strideC);
    const target = { at: this.address(C), stride: 8 * strideC };
    this.temporarily(() => {
      const columns = this.copied(columnsAt);
      const at = rowsAt && (rowsAt === columnsAt ? columns : this.copied(rowsAt));
      scatter(this, this.address(B), rows, n, target, columns, at, lower);
    });
  }

  /** Address of a copy. */
  private copied(values: Int32Array): number {
    const at = this.reserve(4 * values.length);
    new Int32Array(this.memory.f64.buffer, at, values.length).set(values);
    return at;
  }

  private address(array: Float64Array): number {
    if (array.buffer === this.memory.f64.buffer) return array.byteOffset;
    throw new UsageError('what is done behind needs its numbers in the workspace', { advice: 'allocate them there' });
  }
}

/**
 * target (n x n, lower) += sign A^T diag(weights) A for A (rows x n).
 * @param queue where the products go; the packing is done at once, so that A may change then
 */
export function gram(
  memory: KernelMemory,
  queue: StepQueue,
  A: Numbers,
  rows: number,
  n: number,
  target: Place,
  options: GramOptions,
): void {
  const { sign = 1, weights, single } = options;
  const { length, matrixAt } = standing(A, rows, n, options);
  if (length === 0) return;
  memory.withArrays(at => {
    const matrix = matrixAt(at(A, length));
    const w = weights && at(weights, spanOf(weights, 1, rows, rows));
    for (const { first, size } of blocksOf(rows, DEPTH)) {
      queue.temporarily(() => {
        const p = panelsFor(queue, n, size, single);
        const q = w === undefined ? p : panelsFor(queue, n, size, single);
        const source = rowsOf(matrix, first, n, size);
        pack(memory, p, source);
        if (w !== undefined) pack(memory, q, { ...source, weights: w + 8 * first });
        product(queue, p, q, size, target, n, n, sign, true);
      });
    }
  });
}
