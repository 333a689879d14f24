import { Job } from './job';
import { micro, widthOf, WIDTH } from './micro';

/** Rows and columns of a block of the product: its two sets of panels stay in the second cache. */
export const TILE = 64;

/** What of a tile lies in the matrix, and in its lower triangle where only that is wanted. */
function partial<T>(job: Job, p: usize, q: usize, i: i32, j: i32, room: usize): void {
  const step = 8 * <usize>widthOf<T>();
  memory.fill(room, 0, WIDTH * step);
  micro<T>(p, q, job.depth, room, step, job.sign);
  for (let a = i; a < min(i + WIDTH, job.rows); a++) {
    const end = min(j + widthOf<T>(), job.lower ? a + 1 : job.columns);
    let at = job.target + <usize>a * job.stride + 8 * <usize>j;
    let from = room + <usize>(a - i) * step;
    for (let b = j; b < end; b++, at += 8, from += 8) store<f64>(at, load<f64>(at) + load<f64>(from));
  }
}

/** Rows from ti TILE and columns from tj TILE of the product of panels of T. */
function productOf<T>(job: Job, ti: i32, tj: i32, room: usize): void {
  const width = widthOf<T>();
  const lastI = min(ti * TILE + TILE, job.rows);
  const lastJ = min(tj * TILE + TILE, job.columns);
  for (let j = tj * TILE; j < lastJ; j += width) {
    const q = job.q + <usize>(j / width) * job.panel;
    for (let i = job.lower ? max(j, ti * TILE) : ti * TILE; i < lastI; i += WIDTH) {
      const p = job.p + <usize>(i / width) * job.panel + <usize>(i % width) * sizeof<T>();
      const cut = i + WIDTH > job.rows || j + width > job.columns || (job.lower && i < j + width);
      if (cut) partial<T>(job, p, q, i, j, room);
      else micro<T>(p, q, job.depth, job.target + <usize>i * job.stride + 8 * <usize>j, job.stride, job.sign);
    }
  }
}

/** target += sign P Q^T for block b. Of a lower triangle, the blocks count row after row up to the diagonal. */
export function productBlock(job: Job, b: i32, room: usize): void {
  let ti: i32;
  let tj: i32;
  if (job.lower) {
    ti = <i32>((Math.sqrt(8 * <f64>b + 1) - 1) / 2);
    while (ti * (ti + 1) / 2 > b) ti--;
    while ((ti + 1) * (ti + 2) / 2 <= b) ti++;
    tj = b - ti * (ti + 1) / 2;
  } else {
    const across = (job.columns + TILE - 1) / TILE;
    ti = b / across;
    tj = b - ti * across;
  }
  if (job.single) productOf<f32>(job, ti, tj, room);
  else productOf<f64>(job, ti, tj, room);
}
