import { UsageError } from '../errors.js';
import { type CompiledKernel, compileKernel } from './compileKernel.js';
import { KERNELS as MODULES } from './kernelBytes.js';
import { type LengthPlan, lengthPlan, unitRoot } from './lengths.js';
import { Pass, type Piece } from './pass.js';
import { helperTeam, transformThreads } from './threads.js';

type Run = (job: number, scratch: number, from: number, to: number) => void;

const PAGE = 65536;
const JOB = 64;
/** Tables of addresses that a convolution needs: of its arrays, at most {@link WORK_ARRAYS} each way, and kernels. */
const SOURCES = 192;
const TARGETS = 224;
const KERNELS = 256;
const TABLES = 512;

/** Arrays of the transform's own: inputs or outputs of a convolution. */
export const WORK_ARRAYS = 4;
/** Room for this many arrays of the caller's. It costs nothing before it is used. */
const CALLERS_ARRAYS = 16;
/** Below so many numbers a pass is not worth the call of a second thread. */
const WORTH_A_CALL = 32768;

let compiled: CompiledKernel | null | undefined;

/** The kernel, compiled at the first call; null where the engine lacks WebAssembly with vectors. */
export function transformKernel(): CompiledKernel | null {
  if (compiled === undefined) compiled = compileKernel(MODULES);
  return compiled;
}

/** Kinds of passes, as kernel/index.ts and kernel/passes.ts number them. */
export const PASS = {
  complexLines: 0,
  realRows: 1,
  realRowsBack: 2,
  convolve: 3,
  trigonometric: 4,
  project: 5,
  shrink: 6,
  sample: 7,
  spread: 8,
};
/** Rows in a block, and columns: 256 bytes of a row at a visit. */
export const ROWS = 4;
export const COLUMNS = 16;

/** @throws {UsageError} if the array is shorter than what a transform reads or writes. */
export function needLength(array: Float64Array, length: number): void {
  if (array.length < length)
    throw new UsageError(`an array of ${array.length} numbers where a transform needs ${length}`);
}

/** What a pass is told; the names and the order are those of kernel/job.ts. Addresses and strides in bytes. */
export interface Job {
  kind: number;
  plan: number;
  source: number;
  target: number;
  lines: number;
  stride: number;
  lane: number;
  targetStride: number;
  targetLane: number;
  next: number;
  targetNext: number;
  reverse: number;
  scale: number;
  inputs: number;
  outputs: number;
  width: number;
  table: number;
}

export const NO_JOB: Readonly<Job> = {
  kind: 0,
  plan: 0,
  source: 0,
  target: 0,
  lines: 0,
  stride: 0,
  lane: 0,
  targetStride: 0,
  targetLane: 0,
  next: 0,
  targetNext: 0,
  reverse: 0,
  scale: 1,
  inputs: 0,
  outputs: 0,
  width: 0,
  table: 0,
};

/**
 * The memory of one transform: control words, job, plans, one scratch per thread, work arrays, and what the caller
 * allocates. It has its final size from the start (views stay valid), but pages that nobody touched cost nothing.
 */
export class Workspace {
  /** The whole memory. */
  readonly f64: Float64Array;
  private readonly i32: Int32Array;
  private readonly run: Run;
  private readonly plans = new Map<number, number>();
  private readonly scratch: number[] = [];
  private readonly end: number;
  private readonly work: number;
  private readonly piece: Piece;
  private readonly shared: Pass | undefined;
  private top = TABLES;
  /** Where the caller's arrays begin, and below what old numbers may stand. */
  private readonly callers: number;
  private touched = 0;

  /**
   * @param lengths of the lines that will be transformed
   * @param arrayBytes size of a work array
   * @param workArrays how many of them
   */
  constructor(
    kernel: CompiledKernel,
    lengths: readonly number[],
    readonly arrayBytes: number,
    workArrays: number,
  ) {
    const longest = Math.max(...lengths);
    const threads = kernel.shared ? transformThreads() : 1;
    // Line buffers of 16 columns, and as much again for every input of a convolution and for its result.
    const scratchBytes = 256 * longest * (workArrays + 2) + 4096;
    const tableBytes = lengths.reduce((sum, n) => sum + 40 * n + 4096, 0);
    this.end = TABLES + tableBytes + threads * scratchBytes + (workArrays + CALLERS_ARRAYS) * (arrayBytes + 64);
    const pages = Math.ceil(this.end / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: kernel.shared });
    this.f64 = new Float64Array(memory.buffer);
    this.i32 = new Int32Array(memory.buffer);
    const instance = new WebAssembly.Instance(kernel.module, { env: { memory } });
    this.run = instance.exports.run as Run;
    for (const n of lengths) this.plans.set(n, this.writePlan(lengthPlan(n)));
    while (this.scratch.length < threads) this.scratch.push(this.reserve(scratchBytes));
    this.work = this.reserve(workArrays * (arrayBytes + 64));
    this.callers = this.top;
    const { run } = this;
    const own = this.scratch[0];
    this.piece = (from, to) => run(JOB, own, from, to);
    if (threads > 1) {
      const team = helperTeam();
      const id = team.attach(this, kernel.module, memory, [{ words: 0, job: JOB }], this.scratch);
      this.shared = new Pass(new Int32Array(memory.buffer, 0, 5), this.piece, () => team.call(id));
    }
  }

  /** Address of the next so many bytes, at the start of a cache line. */
  private reserve(bytes: number): number {
    const at = this.top;
    this.top += 64 * Math.ceil(bytes / 64);
    return at;
  }

  private writePlan(plan: LengthPlan): number {
    const at = this.reserve(16 + 12 * plan.stages.length);
    const permutation = this.reserve(4 * plan.permutation.length);
    this.i32.set(plan.permutation, permutation / 4);
    this.i32.set([plan.n, plan.first, permutation, plan.stages.length], at / 4);
    plan.stages.forEach(({ radix, span, twiddles }, s) => {
      const address = this.reserve(8 * twiddles.length);
      this.f64.set(twiddles, address / 8);
      this.i32.set([radix, span, address], at / 4 + 4 + 3 * s);
    });
    return at;
  }

  /** Address of the plan of a length that was given to the constructor. */
  plan(n: number): number {
    return this.plans.get(n)!;
  }

  /** Address of cos and sin of pi k / 2n, k = 0 ... n. */
  quarterTurn(n: number): number {
    const at = this.reserve(16 * (n + 1));
    for (let k = 0; k <= n; k++) {
      const { cos, sin } = unitRoot(k, 4 * n);
      this.f64[at / 8 + 2 * k] = cos;
      this.f64[at / 8 + 2 * k + 1] = sin;
    }
    return at;
  }

  /** Address of work array i. */
  workArray(i: number): number {
    return this.work + i * 64 * Math.ceil(this.arrayBytes / 64);
  }

  /** An array of the caller's; an ordinary one where the room is used up. */
  allocate(length: number): Float64Array {
    if (this.top + 8 * length > this.end) return new Float64Array(length);
    const at = this.reserve(8 * length) / 8;
    const array = this.f64.subarray(at, at + length);
    array.fill(0, 0, Math.max(0, (this.touched - array.byteOffset) / 8));
    this.touched = Math.max(this.touched, this.top);
    return array;
  }

  /** Takes back all that was allocated. */
  free(): void {
    this.top = this.callers;
  }

  /** Address of an array, if it stands in this memory; otherwise -1. */
  address(array: Float64Array | Int32Array): number {
    return array.buffer === this.f64.buffer ? array.byteOffset : -1;
  }

  /** Tells a convolution its arrays (address, and 1 for a spectrum) and its kernels (address and kind). */
  setTables(sources: readonly number[], targets: readonly number[], kernels: readonly number[]): void {
    this.i32.set(sources, SOURCES / 4);
    this.i32.set(targets, TARGETS / 4);
    this.i32.set(kernels, KERNELS / 4);
  }

  /** Tells a projection its responses. */
  setResponses(
    responses: readonly { readonly address: number; readonly kind: number; readonly weight: number }[],
  ): void {
    responses.forEach(({ address, kind, weight }, k) => {
      this.i32.set([address, kind], KERNELS / 4 + 4 * k);
      this.f64[KERNELS / 8 + 2 * k + 1] = weight;
    });
  }

  /** Carries out a pass over `arrays` arrays, in blocks of `width` lines. */
  pass(job: Job, arrays: number, width: number, length: number): void {
    const { i32 } = this;
    const at = JOB / 4;
    const blocks = Math.ceil(job.lines / width);
    i32[at] = job.kind;
    i32[at + 1] = job.plan;
    i32[at + 2] = job.source;
    i32[at + 3] = job.target;
    i32[at + 4] = job.lines;
    i32[at + 5] = job.stride;
    i32[at + 6] = job.lane;
    i32[at + 7] = job.targetStride;
    i32[at + 8] = job.targetLane;
    i32[at + 9] = job.next;
    i32[at + 10] = job.targetNext;
    i32[at + 11] = job.reverse;
    i32[at + 12] = blocks;
    i32[at + 13] = job.inputs;
    this.f64[(JOB + 56) / 8] = job.scale;
    i32[at + 16] = job.outputs;
    i32[at + 17] = SOURCES;
    i32[at + 18] = TARGETS;
    i32[at + 19] = KERNELS;
    i32[at + 20] = job.width;
    i32[at + 21] = job.table;
    const all = blocks * arrays;
    const { shared } = this;
    if (shared === undefined || all < 2 || job.lines * length * arrays < WORTH_A_CALL) this.piece(0, all);
    else {
      shared.begin(all, 8 * this.scratch.length);
      shared.finish();
    }
  }
}
