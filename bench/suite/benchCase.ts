/** Arrays by name, as they go between the two sides. */
export type Arrays = Readonly<Record<string, Float64Array>>;

/** Whether the two sides found the same: a difference that must not exceed its tolerance. */
export interface Agreement {
  /** What the difference is, for the table. */
  readonly of: string;
  readonly difference: number;
  readonly tolerance: number;
}

/** One piece of work that Savart and numpy or scipy both do, on the same numbers, both warm and with their arrays at hand. */
export interface BenchCase {
  /** Unique within its job, and stable: committed ratios are looked up by it. */
  readonly id: string;
  /** What is done, for the table. */
  readonly work: string;
  /** What stands on the other side, for the table. */
  readonly peer: string;
  /** What the other side is told, and the arrays that it gets. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly arrays: Arrays;
  /** The ratio that is aimed at, where there is one. */
  readonly aim?: number;
  /** Does the work once; this is what is timed. */
  run(): void;
  /** Compares what the last run left with what the other side found. */
  compare(theirs: Arrays): Agreement;
}

/** The cases of one kind of work; `NAME.py` beside this file is the other side. */
export interface BenchJob {
  readonly name: string;
  readonly title: string;
  /** Makes each case when its turn comes. */
  readonly cases: readonly CaseMaker[];
}

export interface CaseMaker {
  readonly id: string;
  /** Part of `--quick`. */
  readonly quick?: boolean;
  /** Part of the guard: steady enough to be judged on a loaded machine. */
  readonly guarded?: boolean;
  make(id: string): BenchCase;
}

/** |ours - theirs| / |theirs|. */
export function relativeDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let [difference, norm] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    difference += (ours[i] - theirs[i]) ** 2;
    norm += theirs[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** The two sides agree where their arrays differ by no more than `tolerance` of the norm. */
export function sameValues(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): Agreement {
  return { of: 'values', difference: relativeDifference(ours, theirs), tolerance };
}
