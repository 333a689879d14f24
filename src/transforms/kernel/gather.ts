import { butterfly2, butterfly4, ELEMENT, imag, put, real, TO_BUFFER } from './butterflies';
import { firstRadix, length, permutation, spacing } from './plan';

/**
 * Lines on their way into line buffers: brought into the digit-reversed order of a decimation in time, and through the
 * first butterflies, which need no twiddle factors.
 */

/** Where a gather finds its lines. */
export const PAIR = 0; // a line buffer: one source, elements as in butterflies.ts
export const COMPLEX = 1; // four complex lines, real and imaginary part side by side; two line buffers are filled
export const REALS = 2; // four real lines: the first two become real parts, the last two imaginary parts

// @ts-ignore: decorator
@inline
function evens(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
function odds(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

// @ts-ignore: decorator
@inline
function both(p: usize, q: usize): v128 {
  return v128.load_lane<f64>(q, v128.load_zero<f64>(p), 1);
}

/** Four elements of two lines into a butterfly of four; the lines as `kind` says. */
// @ts-ignore: decorator
@inline
function gather4(kind: i32, p0: usize, p1: usize, p2: usize, p3: usize, step: usize, out: usize): void {
  if (kind == COMPLEX) {
    const a0 = v128.load(p0);
    const a1 = v128.load(p1);
    const b0 = v128.load(p0 + step);
    const b1 = v128.load(p1 + step);
    const c0 = v128.load(p0 + 2 * step);
    const c1 = v128.load(p1 + 2 * step);
    const d0 = v128.load(p0 + 3 * step);
    const d1 = v128.load(p1 + 3 * step);
    butterfly4(
      TO_BUFFER, 0, f64x2.splat(1), out, out, ELEMENT,
      evens(a0, a1), odds(a0, a1), evens(b0, b1), odds(b0, b1),
      evens(c0, c1), odds(c0, c1), evens(d0, d1), odds(d0, d1),
    );
  } else if (kind == REALS) {
    butterfly4(
      TO_BUFFER, 0, f64x2.splat(1), out, out, ELEMENT,
      both(p0, p1), both(p2, p3), both(p0 + step, p1 + step), both(p2 + step, p3 + step),
      both(p0 + 2 * step, p1 + 2 * step), both(p2 + 2 * step, p3 + 2 * step),
      both(p0 + 3 * step, p1 + 3 * step), both(p2 + 3 * step, p3 + 3 * step),
    );
  } else {
    butterfly4(
      TO_BUFFER, 0, f64x2.splat(1), out, out, ELEMENT,
      real(p0), imag(p0), real(p0 + step), imag(p0 + step),
      real(p0 + 2 * step), imag(p0 + 2 * step), real(p0 + 3 * step), imag(p0 + 3 * step),
    );
  }
}

/** Joins two butterflies of four, of the even and of the odd inputs, that stand one behind the other at p. */
// @ts-ignore: decorator
@inline
function join8(p: usize): void {
  const half = f64x2.splat(0.7071067811865476);
  const q = p + 4 * ELEMENT;
  let br = real(q);
  let bi = imag(q);
  butterfly2(p, 4 * ELEMENT, real(p), imag(p), br, bi);
  br = real(q + ELEMENT);
  bi = imag(q + ELEMENT);
  butterfly2(
    p + ELEMENT, 4 * ELEMENT, real(p + ELEMENT), imag(p + ELEMENT),
    f64x2.mul(half, f64x2.add(br, bi)), f64x2.mul(half, f64x2.sub(bi, br)),
  );
  br = real(q + 2 * ELEMENT);
  bi = imag(q + 2 * ELEMENT);
  butterfly2(p + 2 * ELEMENT, 4 * ELEMENT, real(p + 2 * ELEMENT), imag(p + 2 * ELEMENT), bi, f64x2.neg(br));
  br = real(q + 3 * ELEMENT);
  bi = imag(q + 3 * ELEMENT);
  butterfly2(
    p + 3 * ELEMENT, 4 * ELEMENT, real(p + 3 * ELEMENT), imag(p + 3 * ELEMENT),
    f64x2.mul(half, f64x2.sub(bi, br)), f64x2.neg(f64x2.mul(half, f64x2.add(br, bi))),
  );
}

// @ts-ignore: decorator
@inline
function gatherOne(kind: i32, p0: usize, p1: usize, p2: usize, p3: usize, out: usize): void {
  if (kind == COMPLEX) {
    const a = v128.load(p0);
    const b = v128.load(p1);
    put(out, evens(a, b), odds(a, b));
  } else if (kind == REALS) {
    put(out, both(p0, p1), both(p2, p3));
  } else {
    put(out, real(p0), imag(p0));
  }
}

/**
 * Lines in, element i of line l at source + i stride + l lane, to the line buffer through the first butterflies: one
 * buffer, or of COMPLEX as many as there are pairs among `count` lines. A line without a partner is its own partner.
 */
// @ts-ignore: decorator
@inline
export function gather(
  kind: i32, count: i32, source: usize, stride: usize, lane: usize, plan: usize, buffer: usize,
): void {
  const n = length(plan);
  const first = firstRadix(plan);
  let at = permutation(plan);
  const end = buffer + <usize>n * ELEMENT;
  const size = spacing(n);
  if (first == 4) {
    const step = <usize>(n >> 2) * stride;
    for (let p = buffer; p < end; p += 4 * ELEMENT, at += 4) {
      let s = source + <usize>load<i32>(at) * stride;
      let q = p;
      for (let left = count; left > 0; left -= 2, s += 2 * lane, q += size) {
        gather4(kind, s, partner(kind, left, s, lane), s + 2 * lane, s + 3 * lane, step, q);
      }
    }
  } else if (first == 8) {
    const step = <usize>(n >> 3) * stride;
    for (let p = buffer; p < end; p += 8 * ELEMENT, at += 4) {
      let s = source + <usize>load<i32>(at) * stride;
      let q = p;
      for (let left = count; left > 0; left -= 2, s += 2 * lane, q += size) {
        const t = s + step;
        gather4(kind, s, partner(kind, left, s, lane), s + 2 * lane, s + 3 * lane, 2 * step, q);
        gather4(kind, t, partner(kind, left, t, lane), t + 2 * lane, t + 3 * lane, 2 * step, q + 4 * ELEMENT);
        join8(q);
      }
    }
  } else {
    for (let p = buffer; p < end; p += ELEMENT, at += 4) {
      let s = source + <usize>load<i32>(at) * stride;
      let q = p;
      for (let left = count; left > 0; left -= 2, s += 2 * lane, q += size) {
        gatherOne(kind, s, partner(kind, left, s, lane), s + 2 * lane, s + 3 * lane, q);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function partner(kind: i32, left: i32, s: usize, lane: usize): usize {
  return kind == COMPLEX && left == 1 ? s : s + lane;
}

export function gatherPair(source: usize, plan: usize, buffer: usize): void {
  gather(PAIR, 1, source, ELEMENT, 0, plan, buffer);
}

export function gatherReals(source: usize, stride: usize, lane: usize, plan: usize, buffer: usize): void {
  gather(REALS, 1, source, stride, lane, plan, buffer);
}
