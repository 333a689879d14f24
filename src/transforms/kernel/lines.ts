import {
  butterfly2,
  butterfly3,
  butterfly4,
  butterfly5,
  ELEMENT,
  imag,
  place,
  put,
  real,
  TO_BUFFER,
  TO_LINES,
  TO_LINES_SCALED,
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

/**
 * Bytes from one line buffer to the next. Not a multiple of a page, or elements of the same place would push each other
 * out of the first cache.
 */
// @ts-ignore: decorator
@inline
function spacing(n: i32): usize {
  return <usize>n * ELEMENT + 192;
}

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
function gather(
  kind: i32, count: i32, source: usize, stride: usize, lane: usize, plan: usize, buffer: usize,
): void {
  const n = length(plan);
  const first = load<i32>(plan, 4);
  let at = load<usize>(plan, 8);
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
function turned4(to: i32, lane: usize, factor: v128, p: usize, span: usize, t: usize, out0: usize, out: usize, step: usize): void {
  const br = real(p + span);
  const bi = imag(p + span);
  const cr = real(p + 2 * span);
  const ci = imag(p + 2 * span);
  const dr = real(p + 3 * span);
  const di = imag(p + 3 * span);
  butterfly4(
    to, lane, factor, out0, out, step, real(p), imag(p),
    turnedReal(br, bi, t), turnedImag(br, bi, t), turnedReal(cr, ci, t + 16), turnedImag(cr, ci, t + 16),
    turnedReal(dr, di, t + 32), turnedImag(dr, di, t + 32),
  );
}

function stage4(p: usize, end: usize, span: usize, twiddles: usize): void {
  for (; p < end; p += 3 * span) {
    const stop = p + span;
    for (let t = twiddles; p < stop; p += ELEMENT, t += 48) turned4(TO_BUFFER, 0, f64x2.splat(1), p, span, t, p, p, span);
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

/** The last stage, or what is left of it, with the line buffers of `count` lines emptied to the target on the way. */
// @ts-ignore: decorator
@inline
function scatter(
  to: i32, plan: usize, buffer: usize, count: i32,
  target: usize, stride: usize, lane: usize, reverse: i32, last: usize, scale: f64,
): void {
  const n = <usize>length(plan);
  const size = spacing(length(plan));
  const factor = f64x2.splat(scale);
  const step = reverse ? -stride : stride;
  // Element 0 stays where it is; the others count on, or back from the end.
  let out = reverse ? target + n * stride : target;
  let out0 = target;
  if (last) {
    const span = <usize>load<i32>(last, 4) * ELEMENT;
    const far = (n >> 2) * step;
    let t = load<usize>(last, 8);
    for (let p = buffer; p < buffer + span; p += ELEMENT, t += 48) {
      let q = p;
      let o0 = out0;
      let o = out;
      for (let left = count; left > 0; left -= 2, q += size, o0 += 2 * lane, o += 2 * lane) {
        turned4(to, left == 1 ? 0 : lane, factor, q, span, t, o0, o, far);
      }
      out += step;
      out0 = out;
    }
    return;
  }
  for (let p = buffer; p < buffer + n * ELEMENT; p += ELEMENT) {
    let q = p;
    let o = out0;
    for (let left = count; left > 0; left -= 2, q += size, o += 2 * lane) {
      place(to, o, left == 1 ? 0 : lane, factor, real(q), imag(q));
    }
    out += step;
    out0 = out;
  }
}

/**
 * `count` complex lines from source to target, which may be the same: element i of line l at source + i stride + l lane.
 * With `reverse`, element -i of the target: the inverse transform is the forward one read backwards. `buffer` holds
 * 32 n + 192 bytes for every pair of lines.
 */
export function complexLines(
  plan: usize, buffer: usize, count: i32, source: usize, stride: usize, lane: usize,
  target: usize, targetStride: usize, targetLane: usize, reverse: i32, scale: f64,
): void {
  gather(COMPLEX, count, source, stride, lane, plan, buffer);
  const size = spacing(length(plan));
  const after = load<i32>(plan, 12);
  let last = after == 0 ? 0 : plan + STAGES + 12 * <usize>(after - 1);
  if (last && load<i32>(last) != 4) last = 0;
  for (let l = 0, p = buffer; l < count; l += 2, p += size) stages(plan, p, last ? 1 : 0);
  if (scale == 1) scatter(TO_LINES, plan, buffer, count, target, targetStride, targetLane, reverse, last, 1);
  else scatter(TO_LINES_SCALED, plan, buffer, count, target, targetStride, targetLane, reverse, last, scale);
}
