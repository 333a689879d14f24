/**
 * One step over panels, described once in memory and carried out in pieces by any thread: `run` does the blocks from `from`
 * to `to`. The numbers are written by `kernelMemory.ts`, in the same order. Strides in bytes; they may be negative.
 */
@unmanaged
export class Job {
  kind: i32;
  /** Packed panels of rows and of columns; a panel takes `panel` bytes. */
  p: usize;
  q: usize;
  panel: usize;
  depth: i32;
  /** Element (i, k) of what is packed: at source + i along + k deep. */
  source: usize;
  along: usize;
  deep: usize;
  /** Indices i that there are. */
  count: i32;
  /** One factor for every k, or 0. */
  weights: usize;
  /** A product's matrix, rows x columns, and the distance of its rows. */
  target: usize;
  stride: usize;
  rows: i32;
  columns: i32;
  sign: f64;
  /** Only the lower triangle of the product. */
  lower: i32;
  /** Panels, or the matrix that is multiplied by a vector, in single precision. */
  single: i32;
  /** The first pivot that is not positive, or -1, and its value. */
  failed: i32;
  /** Numbers that are packed, or fields that are written, in single precision. */
  short: i32;
  pivot: f64;
}
