import { more } from '../../transforms/kernel/fused';
import { Job } from './job';

/** Columns of a block: what it takes of the matrix stays in the cache, where each row is wanted several times. */
export const COLUMNS = 64;
/** Columns at a visit: they stay in registers while the rows of the matrix pass. */
const VISIT = 16;

/**
 * target[i] += sum of factor e times row index[e] of the matrix at source, e from start[i] to start[i + 1], for block b of
 * the columns; start at p, index at q, factors at weights.
 */
export function sparseBlock(job: Job, b: i32): void {
  const begin = b * COLUMNS;
  const end = min(begin + COLUMNS, job.columns);
  const whole = end - (end - begin) % VISIT;
  const along = job.along;
  for (let i = 0; i < job.rows; i++) {
    const first = load<i32>(job.p + 4 * <usize>i);
    const last = load<i32>(job.p + 4 * <usize>i, 4);
    const row = job.target + <usize>i * job.stride;
    for (let j = begin; j < whole; j += VISIT) {
      const to = row + 8 * <usize>j;
      const source = job.source + 8 * <usize>j;
      let s0 = v128.load(to);
      let s1 = v128.load(to, 16);
      let s2 = v128.load(to, 32);
      let s3 = v128.load(to, 48);
      let s4 = v128.load(to, 64);
      let s5 = v128.load(to, 80);
      let s6 = v128.load(to, 96);
      let s7 = v128.load(to, 112);
      for (let e = first; e < last; e++) {
        const from = source + <usize>load<i32>(job.q + 4 * <usize>e) * along;
        const factor = v128.load64_splat(job.weights + 8 * <usize>e);
        s0 = more<f64>(s0, factor, v128.load(from));
        s1 = more<f64>(s1, factor, v128.load(from, 16));
        s2 = more<f64>(s2, factor, v128.load(from, 32));
        s3 = more<f64>(s3, factor, v128.load(from, 48));
        s4 = more<f64>(s4, factor, v128.load(from, 64));
        s5 = more<f64>(s5, factor, v128.load(from, 80));
        s6 = more<f64>(s6, factor, v128.load(from, 96));
        s7 = more<f64>(s7, factor, v128.load(from, 112));
      }
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
    }
    for (let j = whole; j < end; j++) {
      const to = row + 8 * <usize>j;
      let sum = load<f64>(to);
      for (let e = first; e < last; e++) {
        const from = job.source + <usize>load<i32>(job.q + 4 * <usize>e) * along + 8 * <usize>j;
        sum += load<f64>(job.weights + 8 * <usize>e) * load<f64>(from);
      }
      store<f64>(to, sum);
    }
  }
}
