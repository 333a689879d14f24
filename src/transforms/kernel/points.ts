import { more } from './fused';
import { Job } from './job';

/**
 * Points p of blocks `from` to `to`, each with 8 x 8 numbers of the array at `source`, whose rows are `lane` bytes apart: the
 * first is number base[p], with base (int32) at `targetNext`; 8 factors of the columns at `table`, 8 of the rows at `next`, of every point.
 */

/** value[p] at the target = sum of factors times numbers. */
export function samplePass(job: Job, from: i32, to: i32): void {
  for (let p = <usize>(from * job.width); p < <usize>min(to * job.width, job.lines); p++) {
    const columns = job.table + 64 * p;
    const rows = job.next + 64 * p;
    const x0 = v128.load(columns);
    const x1 = v128.load(columns, 16);
    const x2 = v128.load(columns, 32);
    const x3 = v128.load(columns, 48);
    let at = job.source + 8 * <usize>load<i32>(job.targetNext + 4 * p);
    let sum = f64x2.splat(0);
    for (let j: usize = 0; j < 64; j += 8, at += job.lane) {
      const left = more<f64>(f64x2.mul(x0, v128.load(at)), x1, v128.load(at, 16));
      const right = more<f64>(f64x2.mul(x2, v128.load(at, 32)), x3, v128.load(at, 48));
      sum = more<f64>(sum, v128.load64_splat(rows + j), f64x2.add(left, right));
    }
    store<f64>(job.target + 8 * p, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

/** The transpose: adds to the numbers their factors times value[p] at the target. Points share numbers: one thread for all. */
export function spreadPass(job: Job, from: i32, to: i32): void {
  for (let p = <usize>(from * job.width); p < <usize>min(to * job.width, job.lines); p++) {
    const columns = job.table + 64 * p;
    const rows = job.next + 64 * p;
    const x0 = v128.load(columns);
    const x1 = v128.load(columns, 16);
    const x2 = v128.load(columns, 32);
    const x3 = v128.load(columns, 48);
    const value = v128.load64_splat(job.target + 8 * p);
    let at = job.source + 8 * <usize>load<i32>(job.targetNext + 4 * p);
    for (let j: usize = 0; j < 64; j += 8, at += job.lane) {
      const row = f64x2.mul(value, v128.load64_splat(rows + j));
      v128.store(at, more<f64>(v128.load(at), row, x0));
      v128.store(at, more<f64>(v128.load(at, 16), row, x1), 16);
      v128.store(at, more<f64>(v128.load(at, 32), row, x2), 32);
      v128.store(at, more<f64>(v128.load(at, 48), row, x3), 48);
    }
  }
}
