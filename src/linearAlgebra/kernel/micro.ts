/** Rows of a packed panel: for every k, four numbers, 32 bytes. */
export const WIDTH = 4;
export const STEP: usize = 32;

// @ts-ignore: decorator
@inline
function more(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

// @ts-ignore: decorator
@inline
function update(at: usize, factor: v128, a: v128, b: v128): void {
  v128.store(at, more(v128.load(at), factor, a));
  v128.store(at, more(v128.load(at, 16), factor, b), 16);
}

/**
 * c (4 x 4, rows `stride` bytes apart) += sign sum over k < depth of p(k) q(k)^T, for two packed panels. Eight sums, two
 * columns, one row element and one product stay in the sixteen vector registers.
 */
export function micro(p: usize, q: usize, depth: i32, c: usize, stride: usize, sign: f64): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const even = p + (<usize>(depth & ~1)) * STEP;
  while (p < even) {
    let b0 = v128.load(q);
    let b1 = v128.load(q, 16);
    let a = v128.load64_splat(p);
    c00 = more(c00, a, b0);
    c01 = more(c01, a, b1);
    a = v128.load64_splat(p, 8);
    c10 = more(c10, a, b0);
    c11 = more(c11, a, b1);
    a = v128.load64_splat(p, 16);
    c20 = more(c20, a, b0);
    c21 = more(c21, a, b1);
    a = v128.load64_splat(p, 24);
    c30 = more(c30, a, b0);
    c31 = more(c31, a, b1);
    b0 = v128.load(q, 32);
    b1 = v128.load(q, 48);
    a = v128.load64_splat(p, 32);
    c00 = more(c00, a, b0);
    c01 = more(c01, a, b1);
    a = v128.load64_splat(p, 40);
    c10 = more(c10, a, b0);
    c11 = more(c11, a, b1);
    a = v128.load64_splat(p, 48);
    c20 = more(c20, a, b0);
    c21 = more(c21, a, b1);
    a = v128.load64_splat(p, 56);
    c30 = more(c30, a, b0);
    c31 = more(c31, a, b1);
    p += 2 * STEP;
    q += 2 * STEP;
  }
  if (depth & 1) {
    const b0 = v128.load(q);
    const b1 = v128.load(q, 16);
    c00 = more(c00, v128.load64_splat(p), b0);
    c01 = more(c01, v128.load64_splat(p), b1);
    c10 = more(c10, v128.load64_splat(p, 8), b0);
    c11 = more(c11, v128.load64_splat(p, 8), b1);
    c20 = more(c20, v128.load64_splat(p, 16), b0);
    c21 = more(c21, v128.load64_splat(p, 16), b1);
    c30 = more(c30, v128.load64_splat(p, 24), b0);
    c31 = more(c31, v128.load64_splat(p, 24), b1);
  }
  const factor = f64x2.splat(sign);
  update(c, factor, c00, c01);
  update(c + stride, factor, c10, c11);
  update(c + 2 * stride, factor, c20, c21);
  update(c + 3 * stride, factor, c30, c31);
}
