import { UsageError } from '../errors.js';
import type { CompiledKernel } from '../transforms/compileKernel.js';
import { Pass, type Piece } from '../transforms/pass.js';
import { helperTeam, type PassPlace, transformThreads } from '../transforms/threads.js';
import type { Numbers } from './denseWorkspace.js';

/** Kinds of steps, as kernel/index.ts numbers them. */
export const STEP = {
  pack: 0,
  factor: 1,
  solve: 2,
  product: 3,
  times: 4,
  timesTransposed: 5,
  solveVector: 6,
  dipoles: 7,
  hats: 8,
  scatter: 9,
  mirror: 10,
  clear: 11,
  sparse: 12,
  symmetric: 13,
};

/** What a step is told; see kernel/job.ts. Addresses and strides in bytes. */
export interface Step {
  readonly kind: number;
  readonly p?: number;
  readonly q?: number;
  readonly panel?: number;
  readonly depth?: number;
  readonly source?: number;
  readonly along?: number;
  readonly deep?: number;
  readonly count?: number;
  readonly weights?: number;
  readonly target?: number;
  readonly stride?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly sign?: number;
  readonly lower?: boolean;
  readonly single?: boolean;
  readonly short?: boolean;
}

type Run = (job: number, scratch: number, from: number, to: number) => void;

const PAGE = 65536;
/** What the threads do now: the words of the pass, and its job. */
const FRONT = { words: 0, job: 64 };
/** What they do behind it, one pass after another, in a ring of so many places. */
const BEHIND = 16;
const BACK = Array.from({ length: BEHIND }, (_, i) => {
  const words = (k: number) => 192 + 128 * (k % BEHIND);
  return { words: words(i), job: words(i) + 32, after: words(i + BEHIND - 1) };
});
const FIRST_SCRATCH = 192 + 128 * BEHIND;
const SCRATCH_BYTES = 256;
/** For packed panels and copies of the caller's arrays, beside the caller's own bytes. */
const ROOM = 128 << 20;
const LARGEST = 65535 * PAGE;
/** Below so many multiplications, some microseconds, a step is not worth the call of a second thread. */
const WORTH_A_CALL = 100_000;
/** The same while the helpers have something else to do. */
const WORTH_AN_INTERRUPTION = 30 * WORTH_A_CALL;
/** Pieces that a step is cut into, per thread. */
const PIECES = 16;

/** Where steps go, and where the numbers that they need stand. */
export interface StepQueue {
  /** Address of the next so many bytes, at the start of a cache line. @throws {UsageError} when the room is used up. */
  reserve(bytes: number): number;
  /** Carries out a step of `blocks` blocks, which has so many multiplications in all. */
  step(step: Step, blocks: number, work: number): void;
  /** Calls `work` and takes back what it reserved. */
  temporarily<T>(work: () => T): T;
}

/**
 * One memory: control words, the job, a scratch for every thread, then what is allocated, like a stack. It has its final
 * size from the start (views stay valid), but pages that nobody touched cost nothing.
 */
export class KernelMemory implements StepQueue {
  readonly f64: Float64Array;
  private readonly i32: Int32Array;
  private readonly scratch: number[] = [];
  private readonly callersEnd: number;
  private readonly end: number;
  private readonly piece: Piece;
  private readonly front: Pass | undefined;
  /** The ring behind; the place of the oldest pass that was not seen to be finished, and how many have begun since. */
  private readonly back: readonly Pass[] = [];
  private oldest = 0;
  private begun = 0;
  /** What finds no place in the ring yet. */
  private readonly waiting: { readonly step: Step; readonly blocks: number }[] = [];
  private top: number;
  private readonly bottom: number;
  /** Below it, memory may hold old numbers. */
  touched = 0;

  constructor(kernel: CompiledKernel, bytes: number) {
    const threads = kernel.shared ? transformThreads() : 1;
    for (let i = 0; i < threads; i++) this.scratch.push(FIRST_SCRATCH + i * SCRATCH_BYTES);
    this.bottom = FIRST_SCRATCH + threads * SCRATCH_BYTES;
    this.top = this.bottom;
    // A little more than asked for, because every array starts at a cache line.
    this.callersEnd = this.top + bytes + PAGE;
    const pages = Math.ceil(Math.min(this.callersEnd + ROOM, LARGEST) / PAGE);
    this.end = pages * PAGE;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: kernel.shared });
    this.f64 = new Float64Array(memory.buffer);
    this.i32 = new Int32Array(memory.buffer, 0, PAGE / 4);
    const run = new WebAssembly.Instance(kernel.module, { env: { memory } }).exports.run as Run;
    const own = this.scratch[0];
    this.piece = (from, to) => run(FRONT.job, own, from, to);
    if (threads > 1) {
      const team = helperTeam();
      const id = team.attach(this, kernel.module, memory, [FRONT, ...BACK], this.scratch);
      const pass = ({ words, job }: PassPlace) =>
        new Pass(
          new Int32Array(memory.buffer, words, 5),
          (from, to) => run(job, own, from, to),
          () => team.call(id),
        );
      this.front = pass(FRONT);
      this.back = BACK.map(pass);
    }
  }

  reserve(bytes: number, end = this.end): number {
    const at = this.top;
    const top = at + 64 * Math.ceil(bytes / 64);
    if (top > end) {
      throw new UsageError(`the dense workspace has no room for ${bytes} bytes more`, {
        advice: 'ask for a larger one, and allocate matrices in it',
      });
    }
    this.top = top;
    this.touched = Math.max(this.touched, top);
    return at;
  }

  allocate(length: number): Float64Array {
    const { touched } = this;
    const array = this.room(length);
    return array.fill(0, 0, Math.max(0, (touched - array.byteOffset) / 8));
  }

  room(length: number): Float64Array {
    const at = this.reserve(8 * length, this.callersEnd) / 8;
    return this.f64.subarray(at, at + length);
  }

  copied(values: Float64Array): Float64Array {
    const array = this.room(values.length);
    array.set(values);
    return array;
  }

  roomSingle(length: number): Float32Array {
    const { buffer, byteOffset } = this.room(Math.ceil(length / 2));
    return new Float32Array(buffer, byteOffset, length);
  }

  /** Takes back all that was reserved. */
  empty(): void {
    this.top = this.bottom;
  }

  temporarily<T>(work: () => T): T {
    const mark = this.top;
    try {
      return work();
    } finally {
      this.top = mark;
    }
  }

  /** Calls `work` with a function that says where an array stands; what stands elsewhere is copied here, and back. */
  withArrays<T>(work: (at: (array: Numbers | Int32Array, length: number, written?: boolean) => number) => T): T {
    return this.temporarily(() => {
      const back: (() => void)[] = [];
      const result = work((array, length, written = false) => {
        if (array.buffer === this.f64.buffer) return array.byteOffset;
        const at = this.reserve(array.BYTES_PER_ELEMENT * length);
        const Kind = array.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => typeof array;
        const copy = new Kind(this.f64.buffer, at, length);
        copy.set(array.subarray(0, length));
        if (written) back.push(() => array.set(copy));
        return at;
      });
      for (const copyBack of back) copyBack();
      return result;
    });
  }

  step(step: Step, blocks: number, work: number): void {
    if (blocks <= 0) return;
    this.goOn();
    this.write(step, FRONT.job);
    const worth = this.settled ? WORTH_A_CALL : WORTH_AN_INTERRUPTION;
    if (this.front === undefined || blocks < 2 || work < worth) this.piece(0, blocks);
    else {
      this.front.begin(blocks, PIECES * this.scratch.length);
      this.front.finish();
    }
  }

  /**
   * Leaves a step to the helpers, who do one after another in the order in which they came, while the caller does something
   * else; without helpers it is done at once. Its numbers must not be touched until {@link settle}.
   */
  later(step: Step, blocks: number, work: number): void {
    if (blocks <= 0) return;
    if (this.back.length === 0 || (work < WORTH_A_CALL && this.settled)) this.step(step, blocks, work);
    else this.waiting.push({ step, blocks });
    this.goOn();
  }

  /** Whether nothing is left that was to be done later. */
  get settled(): boolean {
    while (this.begun > 0 && this.back[this.oldest].finished) this.forget();
    return this.begun === 0 && this.waiting.length === 0;
  }

  /** Does, with the helpers, what is left of it. */
  settle(): void {
    for (; !this.settled; this.goOn()) {
      if (this.begun === 0) continue;
      this.back[this.oldest].finish();
    }
  }

  /** Begins what waits, as far as there are places. One stays free: the pass after it would take the new one for its forerunner. */
  private goOn(): void {
    while (this.waiting.length > 0) {
      if (this.begun === BEHIND - 1) {
        if (!this.back[this.oldest].finished) return;
        this.forget();
      }
      const { step, blocks } = this.waiting.shift()!;
      const next = (this.oldest + this.begun++) % BEHIND;
      this.write(step, BACK[next].job);
      this.back[next].begin(blocks, PIECES * this.scratch.length);
    }
  }

  private forget(): void {
    this.oldest = (this.oldest + 1) % BEHIND;
    this.begun--;
  }

  private write(step: Step, job: number): void {
    const { i32, f64 } = this;
    const at = job / 4;
    i32[at] = step.kind;
    i32[at + 1] = step.p ?? 0;
    i32[at + 2] = step.q ?? 0;
    i32[at + 3] = step.panel ?? 0;
    i32[at + 4] = step.depth ?? 0;
    i32[at + 5] = step.source ?? 0;
    i32[at + 6] = step.along ?? 0;
    i32[at + 7] = step.deep ?? 0;
    i32[at + 8] = step.count ?? 0;
    i32[at + 9] = step.weights ?? 0;
    i32[at + 10] = step.target ?? 0;
    i32[at + 11] = step.stride ?? 0;
    i32[at + 12] = step.rows ?? 0;
    i32[at + 13] = step.columns ?? 0;
    f64[(job + 56) / 8] = step.sign ?? 1;
    i32[at + 16] = step.lower ? 1 : 0;
    i32[at + 17] = step.single ? 1 : 0;
    i32[at + 19] = step.short ? 1 : 0;
  }

  /** What a factorisation says: the first pivot that is not positive, or -1, and its value. */
  failed(): { pivot: number; value: number } {
    return { pivot: this.i32[FRONT.job / 4 + 18], value: this.f64[(FRONT.job + 80) / 8] };
  }
}
