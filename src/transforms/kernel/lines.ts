import {
  butterfly2,
  butterfly3,
  butterfly4,
  butterfly5,
  ELEMENT,
  imag,
  put,
  real,
  turnedImag,
  turnedReal,
} from './butterflies';

/**
 * One-dimensional transforms of two lines in a line buffer: decimation in time, mixed radix, in place. The elements are
 * brought in in digit-reversed order (by `gather` below, which also does the first butterflies) and end in their natural
 * order. Everything but this order and the twiddle factors, which stand in the plan, is decided here.
 *
 * A plan, written by `lengthPlan.ts`: int32 n, first (1, 4 or 8: the radix that `gather` does), permutation (address of
 * the n / first int32 indices at which its butterflies start), count of the stages that follow, and for each of these
 * its radix, the span between its inputs in elements, and the address of its twiddle factors.
 */

/** Where a gather finds its lines. */
export const PAIR = 0; // a line buffer: one source, elements as in butterflies.ts
export const COMPLEX = 1; // four complex lines, real and imaginary part side by side; two line buffers are filled
export const REALS = 2; // four real lines: the first two become real parts, the last two imaginary parts

const STAGES: usize = 16;

// @ts-ignore: decorator
@inline
export function length(plan: usize): i32 {
  return load<i32>(plan);
}

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
      out, ELEMENT,
      evens(a0, a1), odds(a0, a1), evens(b0, b1), odds(b0, b1),
      evens(c0, c1), odds(c0, c1), evens(d0, d1), odds(d0, d1),
    );
  } else if (kind == REALS) {
    butterfly4(
      out, ELEMENT,
      both(p0, p1), both(p2, p3), both(p0 + step, p1 + step), both(p2 + step, p3 + step),
      both(p0 + 2 * step, p1 + 2 * step), both(p2 + 2 * step, p3 + 2 * step),
      both(p0 + 3 * step, p1 + 3 * step), both(p2 + 3 * step, p3 + 3 * step),
    );
  } else {
    butterfly4(
      out, ELEMENT,
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
 * Lines in, element i of line l at source + i stride + l lane, to the line buffer (lines 0 and 1 of COMPLEX; lines 2
 * and 3 to a second one behind it), through the first butterflies.
 */
// @ts-ignore: decorator
@inline
function gather(kind: i32, source: usize, stride: usize, lane: usize, plan: usize, buffer: usize): void {
  const n = length(plan);
  const first = load<i32>(plan, 4);
  let at = load<usize>(plan, 8);
  const second = (<usize>n) * ELEMENT;
  const end = buffer + second;
  if (first == 4) {
    const step = (<usize>(n >> 2)) * stride;
    for (let p = buffer; p < end; p += 4 * ELEMENT, at += 4) {
      const s = source + (<usize>load<i32>(at)) * stride;
      gather4(kind, s, s + lane, s + 2 * lane, s + 3 * lane, step, p);
      if (kind == COMPLEX) gather4(kind, s + 2 * lane, s + 3 * lane, 0, 0, step, p + second);
    }
  } else if (first == 8) {
    const step = (<usize>(n >> 3)) * stride;
    for (let p = buffer; p < end; p += 8 * ELEMENT, at += 4) {
      const s = source + (<usize>load<i32>(at)) * stride;
      const t = s + step;
      gather4(kind, s, s + lane, s + 2 * lane, s + 3 * lane, 2 * step, p);
      gather4(kind, t, t + lane, t + 2 * lane, t + 3 * lane, 2 * step, p + 4 * ELEMENT);
      join8(p);
      if (kind == COMPLEX) {
        gather4(kind, s + 2 * lane, s + 3 * lane, 0, 0, 2 * step, p + second);
        gather4(kind, t + 2 * lane, t + 3 * lane, 0, 0, 2 * step, p + second + 4 * ELEMENT);
        join8(p + second);
      }
    }
  } else {
    for (let p = buffer; p < end; p += ELEMENT, at += 4) {
      const s = source + (<usize>load<i32>(at)) * stride;
      gatherOne(kind, s, s + lane, s + 2 * lane, s + 3 * lane, p);
      if (kind == COMPLEX) gatherOne(kind, s + 2 * lane, s + 3 * lane, 0, 0, p + second);
    }
  }
}

export function gatherPair(source: usize, plan: usize, buffer: usize): void {
  gather(PAIR, source, ELEMENT, 0, plan, buffer);
}

export function gatherComplex(source: usize, stride: usize, lane: usize, plan: usize, buffer: usize): void {
  gather(COMPLEX, source, stride, lane, plan, buffer);
}

export function gatherReals(source: usize, stride: usize, lane: usize, plan: usize, buffer: usize): void {
  gather(REALS, source, stride, lane, plan, buffer);
}

function stage2(p: usize, end: usize, span: usize, twiddles: usize): void {
  for (; p < end; p += span) {
    const stop = p + span;
    for (let t = twiddles; p < stop; p += ELEMENT, t += 16) {
      const q = p + span;
      const br = real(q);
      const bi = imag(q);
      butterfly2(p, span, real(p), imag(p), turnedReal(br, bi, t), turnedImag(br, bi, t));
    }
  }
}

function stage3(p: usize, end: usize, span: usize, twiddles: usize): void {
  for (; p < end; p += 2 * span) {
    const stop = p + span;
    for (let t = twiddles; p < stop; p += ELEMENT, t += 32) {
      const br = real(p + span);
      const bi = imag(p + span);
      const cr = real(p + 2 * span);
      const ci = imag(p + 2 * span);
      butterfly3(
        p, span, real(p), imag(p),
        turnedReal(br, bi, t), turnedImag(br, bi, t), turnedReal(cr, ci, t + 16), turnedImag(cr, ci, t + 16),
      );
    }
  }
}

// @ts-ignore: decorator
@inline
function turned4(p: usize, span: usize, t: usize, out: usize, step: usize): void {
  const br = real(p + span);
  const bi = imag(p + span);
  const cr = real(p + 2 * span);
  const ci = imag(p + 2 * span);
  const dr = real(p + 3 * span);
  const di = imag(p + 3 * span);
  butterfly4(
    out, step, real(p), imag(p),
    turnedReal(br, bi, t), turnedImag(br, bi, t), turnedReal(cr, ci, t + 16), turnedImag(cr, ci, t + 16),
    turnedReal(dr, di, t + 32), turnedImag(dr, di, t + 32),
  );
}

function stage4(p: usize, end: usize, span: usize, twiddles: usize): void {
  for (; p < end; p += 3 * span) {
    const stop = p + span;
    for (let t = twiddles; p < stop; p += ELEMENT, t += 48) turned4(p, span, t, p, span);
  }
}

function stage5(p: usize, end: usize, span: usize, twiddles: usize): void {
  for (; p < end; p += 4 * span) {
    const stop = p + span;
    for (let t = twiddles; p < stop; p += ELEMENT, t += 64) {
      const br = real(p + span);
      const bi = imag(p + span);
      const cr = real(p + 2 * span);
      const ci = imag(p + 2 * span);
      const dr = real(p + 3 * span);
      const di = imag(p + 3 * span);
      const er = real(p + 4 * span);
      const ei = imag(p + 4 * span);
      butterfly5(
        p, span, real(p), imag(p),
        turnedReal(br, bi, t), turnedImag(br, bi, t), turnedReal(cr, ci, t + 16), turnedImag(cr, ci, t + 16),
        turnedReal(dr, di, t + 32), turnedImag(dr, di, t + 32), turnedReal(er, ei, t + 48), turnedImag(er, ei, t + 48),
      );
    }
  }
}

/** The stages after the gather, on one line buffer; `skip` of the last ones are left to the caller. */
export function stages(plan: usize, buffer: usize, skip: i32): void {
  const end = buffer + (<usize>length(plan)) * ELEMENT;
  let at = plan + STAGES;
  for (let s = load<i32>(plan, 12) - skip; s > 0; s--, at += 12) {
    const radix = load<i32>(at);
    const span = (<usize>load<i32>(at, 4)) * ELEMENT;
    const twiddles = load<usize>(at, 8);
    if (radix == 4) stage4(buffer, end, span, twiddles);
    else if (radix == 2) stage2(buffer, end, span, twiddles);
    else if (radix == 3) stage3(buffer, end, span, twiddles);
    else stage5(buffer, end, span, twiddles);
  }
}

// @ts-ignore: decorator
@inline
function scatterOne(p: usize, out: usize, lane: usize, scale: v128): void {
  const re = f64x2.mul(real(p), scale);
  const im = f64x2.mul(imag(p), scale);
  v128.store(out, evens(re, im));
  v128.store(out + lane, odds(re, im));
}

/**
 * The two line buffers of four complex lines to their place, element i of line l at target + i stride + l lane; with
 * `reverse`, element -i: the inverse transform is the forward one read backwards.
 */
export function scatterComplex(
  plan: usize,
  buffer: usize,
  target: usize,
  stride: usize,
  lane: usize,
  reverse: i32,
  scale: f64,
): void {
  const n = <usize>length(plan);
  const second = n * ELEMENT;
  const factor = f64x2.splat(scale);
  scatterOne(buffer, target, lane, factor);
  scatterOne(buffer + second, target + 2 * lane, lane, factor);
  const step = reverse ? 0 - stride : stride;
  let out = reverse ? target + (n - 1) * stride : target + stride;
  for (let p = buffer + ELEMENT; p < buffer + second; p += ELEMENT, out += step) {
    scatterOne(p, out, lane, factor);
    scatterOne(p + second, out + 2 * lane, lane, factor);
  }
}

/** Four complex lines from source to target, which may be the same. */
export function complexLines(
  plan: usize,
  buffer: usize,
  source: usize,
  target: usize,
  stride: usize,
  lane: usize,
  targetStride: usize,
  targetLane: usize,
  reverse: i32,
  scale: f64,
): void {
  gatherComplex(source, stride, lane, plan, buffer);
  stages(plan, buffer, 0);
  stages(plan, buffer + (<usize>length(plan)) * ELEMENT, 0);
  scatterComplex(plan, buffer, target, targetStride, targetLane, reverse, scale);
}
