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
