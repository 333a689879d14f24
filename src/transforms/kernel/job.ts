/**
 * One pass over all lines of one direction, described once in memory and carried out in pieces by any thread: `run` does
 * the blocks of lines from `from` to `to`. The numbers are written by `workspace.ts`, in the same order.
 */
@unmanaged
export class Job {
  kind: i32;
  /** Plan of the length of a line. */
  plan: usize;
  source: usize;
  target: usize;
  /** Lines of one array; the last block may hold fewer than the others. */
  lines: i32;
  /** Bytes from element to element and from line to line. */
  stride: usize;
  lane: usize;
  targetStride: usize;
  targetLane: usize;
  /** Bytes from array to array of a batch. */
  next: usize;
  targetNext: usize;
  reverse: i32;
  /** Blocks of lines in one array. */
  blocks: i32;
  /** Convolution: number of arrays in and out. Sine and cosine transforms: elements of a line, and the type. Split variables: arrays, numbers of a row. */
  inputs: i32;
  scale: f64;
  outputs: i32;
  /** Addresses of the arrays' addresses, and of the kernels', [output][input]. */
  sources: usize;
  targets: usize;
  kernels: usize;
  /** Lines in a block. */
  width: i32;
  /** cos and sin of pi k / 2n, for the sine and cosine transforms of type II. */
  table: usize;
}
