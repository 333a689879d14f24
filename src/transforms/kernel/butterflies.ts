import { less, more } from './fused';

/**
 * The small transforms of which a long one is made, on two lines at a time: a vector holds the real parts (or the
 * imaginary parts) of the same element of two lines, so a butterfly needs no shuffling.
 */

/** An element of two lines in a line buffer: two real parts, then two imaginary parts. */
export const ELEMENT: usize = 32;

// @ts-ignore: decorator
@inline
export function real(p: usize): v128 {
  return v128.load(p);
}

// @ts-ignore: decorator
@inline
export function imag(p: usize): v128 {
  return v128.load(p, 16);
}

// @ts-ignore: decorator
@inline
export function put(p: usize, re: v128, im: v128): void {
  v128.store(p, re);
  v128.store(p, im, 16);
}

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

/** Real part of (re + i im) times the twiddle factor at t. */
// @ts-ignore: decorator
@inline
export function turnedReal(re: v128, im: v128, t: usize): v128 {
  return less<f64>(mul(re, v128.load64_splat(t)), im, v128.load64_splat(t, 8));
}

// @ts-ignore: decorator
@inline
export function turnedImag(re: v128, im: v128, t: usize): v128 {
  return more<f64>(mul(re, v128.load64_splat(t, 8)), im, v128.load64_splat(t));
}

// @ts-ignore: decorator
@inline
export function butterfly2(p: usize, step: usize, ar: v128, ai: v128, br: v128, bi: v128): void {
  put(p, add(ar, br), add(ai, bi));
  put(p + step, sub(ar, br), sub(ai, bi));
}

// @ts-ignore: decorator
@inline
export function butterfly3(p: usize, step: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128): void {
  const half = f64x2.splat(-0.5);
  const sine = f64x2.splat(0.8660254037844386);
  const sr = add(br, cr);
  const si = add(bi, ci);
  const mr = more<f64>(ar, half, sr);
  const mi = more<f64>(ai, half, si);
  const dr = mul(sine, sub(br, cr));
  const di = mul(sine, sub(bi, ci));
  put(p, add(ar, sr), add(ai, si));
  put(p + step, add(mr, di), sub(mi, dr));
  put(p + 2 * step, sub(mr, di), add(mi, dr));
}

/** Where a result goes: to a line buffer, or to two complex lines `lane` bytes apart, as it is or times a factor. */
export const TO_BUFFER = 0;
export const TO_LINES = 1;
export const TO_LINES_SCALED = 2;

// @ts-ignore: decorator
@inline
export function place(to: i32, p: usize, lane: usize, factor: v128, re: v128, im: v128): void {
  if (to == TO_BUFFER) {
    put(p, re, im);
    return;
  }
  if (to == TO_LINES_SCALED) {
    re = mul(re, factor);
    im = mul(im, factor);
  }
  v128.store(p, v128.shuffle<f64>(re, im, 0, 2));
  v128.store(p + lane, v128.shuffle<f64>(re, im, 1, 3));
}

/** Results q = 0 ... 3 at p0 and at p + q step; p0 is p except where lines are read backwards. */
// @ts-ignore: decorator
@inline
export function butterfly4(
  to: i32, lane: usize, factor: v128, p0: usize, p: usize, step: usize,
  ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128,
): void {
  const sr = add(ar, cr);
  const si = add(ai, ci);
  const ur = sub(ar, cr);
  const ui = sub(ai, ci);
  const vr = add(br, dr);
  const vi = add(bi, di);
  const wr = sub(br, dr);
  const wi = sub(bi, di);
  place(to, p0, lane, factor, add(sr, vr), add(si, vi));
  place(to, p + step, lane, factor, add(ur, wi), sub(ui, wr));
  place(to, p + 2 * step, lane, factor, sub(sr, vr), sub(si, vi));
  place(to, p + 3 * step, lane, factor, sub(ur, wi), add(ui, wr));
}

// @ts-ignore: decorator
@inline
export function butterfly5(
  p: usize,
  step: usize,
  ar: v128,
  ai: v128,
  br: v128,
  bi: v128,
  cr: v128,
  ci: v128,
  dr: v128,
  di: v128,
  er: v128,
  ei: v128,
): void {
  const c1 = f64x2.splat(0.30901699437494742);
  const c2 = f64x2.splat(-0.80901699437494742);
  const s1 = f64x2.splat(0.95105651629515357);
  const s2 = f64x2.splat(0.58778525229247313);
  const br1 = add(br, er);
  const bi1 = add(bi, ei);
  const br2 = sub(br, er);
  const bi2 = sub(bi, ei);
  const cr1 = add(cr, dr);
  const ci1 = add(ci, di);
  const cr2 = sub(cr, dr);
  const ci2 = sub(ci, di);
  const m1r = more<f64>(more<f64>(ar, c1, br1), c2, cr1);
  const m1i = more<f64>(more<f64>(ai, c1, bi1), c2, ci1);
  const m2r = more<f64>(more<f64>(ar, c2, br1), c1, cr1);
  const m2i = more<f64>(more<f64>(ai, c2, bi1), c1, ci1);
  const n1r = more<f64>(mul(s1, br2), s2, cr2);
  const n1i = more<f64>(mul(s1, bi2), s2, ci2);
  const n2r = less<f64>(mul(s2, br2), s1, cr2);
  const n2i = less<f64>(mul(s2, bi2), s1, ci2);
  put(p, add(ar, add(br1, cr1)), add(ai, add(bi1, ci1)));
  put(p + step, add(m1r, n1i), sub(m1i, n1r));
  put(p + 2 * step, add(m2r, n2i), sub(m2i, n2r));
  put(p + 3 * step, sub(m2r, n2i), add(m2i, n2r));
  put(p + 4 * step, sub(m1r, n1i), add(m1i, n1r));
}
