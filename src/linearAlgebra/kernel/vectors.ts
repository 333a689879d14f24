import { more } from '../../transforms/kernel/fused';
import { Job } from './job';

/** Rows of a block of A x, and columns of a block of A^T y: 2 kB of a row at a visit. */
export const ROWS = 16;
export const COLUMNS = 256;
/** Rows of a visit of few vectors: about as many pages as a processor knows the places of. */
const VISIT = 48;

/** Two numbers of T in double precision. */
// @ts-ignore: decorator
@inline
export function two<T>(at: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** target += sign A x for block b of the rows of A (rows x columns of T at source, rows `along` bytes apart), x at q. */
function timesRows<T>(job: Job, b: i32): void {
  const n = job.columns;
  const size = sizeof<T>();
  for (let r = b * ROWS; r < min(b * ROWS + ROWS, job.rows); r++) {
    let a = job.source + <usize>r * job.along;
    let x = job.q;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = a + size * <usize>(n & ~7);
    for (; a < end; a += 8 * size, x += 64) {
      s0 = more<f64>(s0, two<T>(a), v128.load(x));
      s1 = more<f64>(s1, two<T>(a + 2 * size), v128.load(x, 16));
      s2 = more<f64>(s2, two<T>(a + 4 * size), v128.load(x, 32));
      s3 = more<f64>(s3, two<T>(a + 6 * size), v128.load(x, 48));
    }
    const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    for (let i = n & ~7; i < n; i++, a += size, x += 8) total += <f64>load<T>(a) * load<f64>(x);
    const at = job.target + 8 * <usize>r;
    store<f64>(at, load<f64>(at) + job.sign * total);
  }
}

export function timesBlock(job: Job, b: i32): void {
  if (job.single) timesRows<f32>(job, b);
  else timesRows<f64>(job, b);
}

/** target += sign A^T y for block b of the columns of A, for `count` vectors y at q and as many of target, one behind the other. */
function timesColumns<T>(job: Job, b: i32): void {
  const size = sizeof<T>();
  const first = b * COLUMNS;
  const width = min(COLUMNS, job.columns - first);
  const base = job.source + size * <usize>first;
  const triples = job.count - (job.count % 3);
  for (let r = 0; r < job.rows; r += VISIT) {
    const count = min(VISIT, job.rows - r);
    const a = base + <usize>r * job.along;
    for (let v = 0; v < triples; v += 3) {
      const y = job.q + 8 * (<usize>v * job.rows + r);
      const out = job.target + 8 * (<usize>v * job.columns + first);
      for (let c = 0; c < width; c += 4) {
        threeVectors<T>(job, count, min(4, width - c), a + size * <usize>c, y, out + 8 * <usize>c);
      }
    }
  }
  if (triples == job.count) return;
  for (let r = 0; r < job.rows; r += 4) {
    for (let v = triples; v < job.count; v++) {
      const y = job.q + 8 * (<usize>v * job.rows + r);
      fourRows<T>(job, r, width, base, y, job.target + 8 * (<usize>v * job.columns + first));
    }
  }
}

/** What `count` rows add to `width` columns, at most 4, of three vectors: the sums stay in registers. @param a first of them in row 0 */
// @ts-ignore: decorator
@inline
function threeVectors<T>(job: Job, count: i32, width: i32, a: usize, y: usize, out: usize): void {
  const next = 8 * <usize>job.rows;
  const line = 8 * <usize>job.columns;
  if (width < 4) {
    for (let c = 0; c < width; c++, a += sizeof<T>(), out += 8) {
      for (let v: usize = 0; v < 3; v++) {
        let sum: f64 = 0;
        for (let r: usize = 0; r < <usize>count; r++) {
          sum += <f64>load<T>(a + r * job.along) * load<f64>(y + v * next + 8 * r);
        }
        store<f64>(out + v * line, load<f64>(out + v * line) + job.sign * sum);
      }
    }
    return;
  }
  let s0 = f64x2.splat(0);
  let t0 = s0;
  let s1 = s0;
  let t1 = s0;
  let s2 = s0;
  let t2 = s0;
  const end = y + 8 * <usize>count;
  for (; y < end; y += 8, a += job.along) {
    const low = two<T>(a);
    const high = two<T>(a + 2 * sizeof<T>());
    const y0 = v128.load64_splat(y);
    const y1 = v128.load64_splat(y + next);
    const y2 = v128.load64_splat(y + 2 * next);
    s0 = more<f64>(s0, y0, low);
    t0 = more<f64>(t0, y0, high);
    s1 = more<f64>(s1, y1, low);
    t1 = more<f64>(t1, y1, high);
    s2 = more<f64>(s2, y2, low);
    t2 = more<f64>(t2, y2, high);
  }
  const sign = f64x2.splat(job.sign);
  addPairs(out, sign, s0, t0);
  addPairs(out + line, sign, s1, t1);
  addPairs(out + 2 * line, sign, s2, t2);
}

// @ts-ignore: decorator
@inline
function addPairs(out: usize, sign: v128, low: v128, high: v128): void {
  v128.store(out, more<f64>(v128.load(out), sign, low));
  v128.store(out, more<f64>(v128.load(out, 16), sign, high), 16);
}

/** What rows r to r + 3 add to so many columns of one vector. @param base first of them in row 0 @param y factor of row r @param out theirs */
// @ts-ignore: decorator
@inline
function fourRows<T>(job: Job, r: i32, width: i32, base: usize, y: usize, out: usize): void {
  const size = sizeof<T>();
  const along = job.along;
  const sign = job.sign;
  const even = out + 8 * <usize>(width & ~1);
  // Rows beyond the last are read as the last, times zero.
  const last = job.rows - 1;
  let a0 = base + <usize>r * along;
  let a1 = base + <usize>min(r + 1, last) * along;
  let a2 = base + <usize>min(r + 2, last) * along;
  let a3 = base + <usize>min(r + 3, last) * along;
  const f0 = sign * load<f64>(y);
  const f1 = r + 1 > last ? 0 : sign * load<f64>(y, 8);
  const f2 = r + 2 > last ? 0 : sign * load<f64>(y, 16);
  const f3 = r + 3 > last ? 0 : sign * load<f64>(y, 24);
  const y0 = f64x2.splat(f0);
  const y1 = f64x2.splat(f1);
  const y2 = f64x2.splat(f2);
  const y3 = f64x2.splat(f3);
  let t = out;
  for (; t < even; t += 16, a0 += 2 * size, a1 += 2 * size, a2 += 2 * size, a3 += 2 * size) {
    const low = more<f64>(more<f64>(v128.load(t), y0, two<T>(a0)), y1, two<T>(a1));
    const high = more<f64>(f64x2.mul(y2, two<T>(a2)), y3, two<T>(a3));
    v128.store(t, f64x2.add(low, high));
  }
  if (width & 1) {
    const low = f0 * <f64>load<T>(a0) + f1 * <f64>load<T>(a1);
    const high = f2 * <f64>load<T>(a2) + f3 * <f64>load<T>(a3);
    store<f64>(t, load<f64>(t) + (low + high));
  }
}

export function timesTransposedBlock(job: Job, b: i32): void {
  if (job.single) timesColumns<f32>(job, b);
  else timesColumns<f64>(job, b);
}

/** target += S x for a symmetric matrix S at source (lower triangle, rows x rows of f64), x at q: two rows at a visit. */
export function symmetricBlock(job: Job): void {
  const n = job.rows;
  const x = job.q;
  const out = job.target;
  for (let r = 0; r < n; r += 2) {
    const two = r + 1 < n;
    let a = job.source + <usize>r * job.along;
    let b = two ? a + job.along : a;
    const own = load<f64>(x + 8 * <usize>r);
    const next = two ? load<f64>(x + 8 * <usize>r, 8) : 0;
    const xa = f64x2.splat(own);
    const xb = f64x2.splat(next);
    let sa = f64x2.splat(0);
    let sb = sa;
    // r is even: its rows have as many pairs before the diagonal.
    for (let j: usize = 0; j < 8 * <usize>r; j += 16, a += 16, b += 16) {
      const va = v128.load(a);
      const vb = v128.load(b);
      const vx = v128.load(x + j);
      sa = more<f64>(sa, va, vx);
      sb = more<f64>(sb, vb, vx);
      v128.store(out + j, more<f64>(more<f64>(v128.load(out + j), va, xa), vb, xb));
    }
    const at = out + 8 * <usize>r;
    const below = two ? load<f64>(b) : 0;
    const first = f64x2.extract_lane(sa, 0) + f64x2.extract_lane(sa, 1);
    store<f64>(at, load<f64>(at) + first + load<f64>(a) * own + below * next);
    if (!two) continue;
    const second = f64x2.extract_lane(sb, 0) + f64x2.extract_lane(sb, 1);
    store<f64>(at, load<f64>(at, 8) + second + below * own + load<f64>(b, 8) * next, 8);
  }
}
