import { Job } from './job';

/** Rows of a block. */
export const ROWS = 8;

/** target[q[i], p[j]] += source[i, j] for block b of the rows i, or only j <= i; q 0 for q[i] = i. */
export function scatterBlock(job: Job, b: i32): void {
  for (let i = b * ROWS; i < min(b * ROWS + ROWS, job.rows); i++) {
    const row = job.q ? load<i32>(job.q + 4 * <usize>i) : i;
    const target = job.target + <usize>row * job.stride;
    let from = job.source + <usize>i * job.along;
    const end = job.p + 4 * <usize>(job.lower ? i + 1 : job.columns);
    for (let column = job.p; column < end; column += 4, from += 8) {
      const at = target + 8 * <usize>load<i32>(column);
      store<f64>(at, load<f64>(at) + load<f64>(from));
    }
  }
}

/** Rows of a block of {@link mirrorBlock} and {@link clearBlock}, and columns of a square of it. */
const SQUARE = 32;

/** Rows of block b: each number below the diagonal to its mirror image above, or back; square by square. */
export function mirrorBlock(job: Job, b: i32): void {
  const up = job.sign > 0;
  const stride = job.stride;
  const first = b * SQUARE;
  const last = min(first + SQUARE, job.rows);
  for (let j0 = 0; j0 < last; j0 += SQUARE) {
    for (let i = first; i < last; i++) {
      let below = job.target + <usize>i * stride + 8 * <usize>j0;
      let above = job.target + <usize>j0 * stride + 8 * <usize>i;
      for (let j = j0; j < min(j0 + SQUARE, i); j++, below += 8, above += stride) {
        if (up) store<f64>(above, load<f64>(below));
        else store<f64>(below, load<f64>(above));
      }
    }
  }
}

/** Rows of block b of a triangle become zero, up to the diagonal. */
export function clearBlock(job: Job, b: i32): void {
  for (let i = b * SQUARE; i < min(b * SQUARE + SQUARE, job.rows); i++) {
    memory.fill(job.target + <usize>i * job.stride, 0, 8 * <usize>(i + 1));
  }
}
