import { more } from '../../transforms/kernel/fused';

/** Rows of a packed panel: for every k, four numbers, or eight in single precision; 32 bytes. */
export const STEP: usize = 32;
/** Rows of a tile: those of a panel, or half of them in single precision. */
export const WIDTH = 4;
/** Sums in single precision are at most so long. */
const SHORT = 64;

/** Numbers of a panel for every k, and columns of a tile. */
// @ts-ignore: decorator
@inline
export function widthOf<T>(): i32 {
  return <i32>STEP / sizeof<T>();
}

// @ts-ignore: decorator
@inline
function pair(at: usize, factor: v128, a: v128): void {
  v128.store(at, more<f64>(v128.load(at), factor, a));
}

// @ts-ignore: decorator
@inline
function update<T>(at: usize, factor: v128, a: v128, b: v128): void {
  if (sizeof<T>() == 8) {
    pair(at, factor, a);
    pair(at + 16, factor, b);
  } else {
    pair(at, factor, f64x2.promote_low_f32x4(a));
    pair(at + 16, factor, f64x2.promote_low_f32x4(v128.shuffle<f64>(a, a, 1, 1)));
    pair(at + 32, factor, f64x2.promote_low_f32x4(b));
    pair(at + 48, factor, f64x2.promote_low_f32x4(v128.shuffle<f64>(b, b, 1, 1)));
  }
}

/**
 * c (4 x 4, in single precision 4 x 8; f64, rows `stride` bytes apart) += sign sum over k < depth of p(k) q(k)^T, for two
 * packed panels of T. Eight sums, two columns, one row element and one product stay in the sixteen vector registers. The loop is
 * not unrolled: twice as long a body runs at two thirds of the speed (17 for 27 GFlop/s, V8 on an AMD EPYC).
 */
export function micro<T>(p: usize, q: usize, depth: i32, c: usize, stride: usize, sign: f64): void {
  const factor = f64x2.splat(sign);
  const longest = sizeof<T>() == 8 ? depth : SHORT;
  for (let left = depth; left > 0; left -= longest) {
    const size = min(left, longest);
    let c00 = v128.splat<T>(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    const end = p + (<usize>size) * STEP;
    while (p < end) {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
      let a = v128.load_splat<T>(p);
      c00 = more<T>(c00, a, b0);
      c01 = more<T>(c01, a, b1);
      a = v128.load_splat<T>(p, sizeof<T>());
      c10 = more<T>(c10, a, b0);
      c11 = more<T>(c11, a, b1);
      a = v128.load_splat<T>(p, 2 * sizeof<T>());
      c20 = more<T>(c20, a, b0);
      c21 = more<T>(c21, a, b1);
      a = v128.load_splat<T>(p, 3 * sizeof<T>());
      c30 = more<T>(c30, a, b0);
      c31 = more<T>(c31, a, b1);
      p += STEP;
      q += STEP;
    }
    update<T>(c, factor, c00, c01);
    update<T>(c + stride, factor, c10, c11);
    update<T>(c + 2 * stride, factor, c20, c21);
    update<T>(c + 3 * stride, factor, c30, c31);
  }
}
