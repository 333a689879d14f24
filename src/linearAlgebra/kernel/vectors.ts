import { Job } from './job';

/** Rows of a block of A x, and columns of a block of A^T y: 2 kB of a row at a visit. */
export const ROWS = 16;
export const COLUMNS = 256;

/** target += sign A x for block b of the rows of A (rows x columns at source, rows `along` bytes apart), x at q. */
export function timesBlock(job: Job, b: i32): void {
  const n = job.columns;
  for (let r = b * ROWS; r < min(b * ROWS + ROWS, job.rows); r++) {
    let a = job.source + <usize>r * job.along;
    let x = job.q;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = a + 8 * <usize>(n & ~7);
    for (; a < end; a += 64, x += 64) {
      s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(x)));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(x, 16)));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), v128.load(x, 32)));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), v128.load(x, 48)));
    }
    const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    for (let i = n & ~7; i < n; i++, a += 8, x += 8) total += load<f64>(a) * load<f64>(x);
    const at = job.target + 8 * <usize>r;
    store<f64>(at, load<f64>(at) + job.sign * total);
  }
}

/** target += sign A^T y for block b of the columns of A, y at q. */
export function timesTransposedBlock(job: Job, b: i32): void {
  const first = 8 * <usize>(b * COLUMNS);
  const width = min(COLUMNS, job.columns - b * COLUMNS);
  const out = job.target + first;
  const sign = f64x2.splat(job.sign);
  const even = out + 8 * <usize>(width & ~1);
  const along = job.along;
  for (let r = 0; r < job.rows; r += 4) {
    // Rows beyond the last are read as the last, times zero.
    const last = job.rows - 1;
    const base = job.source + first;
    let a0 = base + <usize>r * along;
    let a1 = base + <usize>min(r + 1, last) * along;
    let a2 = base + <usize>min(r + 2, last) * along;
    let a3 = base + <usize>min(r + 3, last) * along;
    const y = job.q + 8 * <usize>r;
    const y0 = f64x2.mul(sign, v128.load64_splat(y));
    const y1 = r + 1 > last ? f64x2.splat(0) : f64x2.mul(sign, v128.load64_splat(y, 8));
    const y2 = r + 2 > last ? f64x2.splat(0) : f64x2.mul(sign, v128.load64_splat(y, 16));
    const y3 = r + 3 > last ? f64x2.splat(0) : f64x2.mul(sign, v128.load64_splat(y, 24));
    let t = out;
    for (; t < even; t += 16, a0 += 16, a1 += 16, a2 += 16, a3 += 16) {
      const low = f64x2.add(f64x2.mul(y0, v128.load(a0)), f64x2.mul(y1, v128.load(a1)));
      const high = f64x2.add(f64x2.mul(y2, v128.load(a2)), f64x2.mul(y3, v128.load(a3)));
      v128.store(t, f64x2.add(v128.load(t), f64x2.add(low, high)));
    }
    if (width & 1) {
      const low = f64x2.add(f64x2.mul(y0, v128.load64_splat(a0)), f64x2.mul(y1, v128.load64_splat(a1)));
      const high = f64x2.add(f64x2.mul(y2, v128.load64_splat(a2)), f64x2.mul(y3, v128.load64_splat(a3)));
      store<f64>(t, load<f64>(t) + f64x2.extract_lane(f64x2.add(low, high), 0));
    }
  }
}
