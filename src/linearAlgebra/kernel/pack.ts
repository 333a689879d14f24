import { Job } from './job';
import { STEP, widthOf, WIDTH } from './micro';
import { two } from './vectors';

/** Indices in a block: 128 bytes of a row at a visit, as in the transforms it is the page tables that cost. */
export const VISIT = 16;

// @ts-ignore: decorator
@inline
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** Four numbers into a panel. */
// @ts-ignore: decorator
@inline
function put<T>(at: usize, a: v128, b: v128): void {
  if (sizeof<T>() == 8) {
    v128.store(at, a);
    v128.store(at, b, 16);
  } else v128.store(at, lows(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b)));
}

/** Sixteen whole columns of a row-major matrix of S: four panels at once, or two. */
function packColumns<T, S>(source: usize, deep: usize, depth: i32, weights: usize, to: usize, panel: usize): void {
  for (let k = 0; k < depth; k++, source += deep, to += STEP) {
    const w = weights ? v128.load64_splat(weights + 8 * <usize>k) : f64x2.splat(1);
    for (let s = source, t = to; s < source + VISIT * sizeof<S>(); t += panel) {
      for (let at = t; at < t + STEP; at += 4 * sizeof<T>(), s += 4 * sizeof<S>()) {
        if (sizeof<S>() == 4 && sizeof<T>() == 4 && !weights) v128.store(at, v128.load(s));
        else put<T>(at, f64x2.mul(w, two<S>(s)), f64x2.mul(w, two<S>(s + 2 * sizeof<S>())));
      }
    }
  }
}

/** Four whole rows of a row-major matrix. */
function packRows(source: usize, along: usize, depth: i32, to: usize): void {
  const even = source + 8 * <usize>(depth & ~1);
  const row3 = 3 * along;
  for (; source < even; source += 16, to += 2 * STEP) {
    const a = v128.load(source);
    const b = v128.load(source + along);
    const c = v128.load(source + 2 * along);
    const d = v128.load(source + row3);
    v128.store(to, lows(a, b));
    v128.store(to, lows(c, d), 16);
    v128.store(to, highs(a, b), 32);
    v128.store(to, highs(c, d), 48);
  }
  if (depth & 1) {
    for (let i: usize = 0; i < 4; i++) store<f64>(to + 8 * i, load<f64>(source + i * along));
  }
}

/** Panel of at most so many indices from any strides; missing ones are zero. */
function packAny<T, S>(job: Job, source: usize, count: i32, to: usize): void {
  for (let k = 0; k < job.depth; k++, source += job.deep, to += STEP) {
    const w = job.weights ? load<f64>(job.weights + 8 * <usize>k) : 1;
    for (let i = 0; i < widthOf<T>(); i++) {
      const value = i < count ? w * <f64>load<S>(source + <usize>i * job.along) : 0;
      store<T>(to + sizeof<T>() * <usize>i, <T>value);
    }
  }
}

/** Packs block b of a job: up to sixteen indices. */
export function packBlock(job: Job, b: i32): void {
  if (job.short) {
    if (job.single) packPanels<f32, f32>(job, b);
    else packPanels<f64, f32>(job, b);
  } else if (job.single) packPanels<f32, f64>(job, b);
  else packPanels<f64, f64>(job, b);
}

function packPanels<T, S>(job: Job, b: i32): void {
  const width = widthOf<T>();
  const first = b * VISIT;
  const left = min(job.count - first, VISIT);
  let source = job.source + <usize>first * job.along;
  let to = job.p + <usize>(first / width) * job.panel;
  if (job.along == sizeof<S>() && left == VISIT) {
    packColumns<T, S>(source, job.deep, job.depth, job.weights, to, job.panel);
    return;
  }
  const whole = sizeof<T>() == 8 && sizeof<S>() == 8 && job.deep == 8 && !job.weights;
  for (let i = 0; i < left; i += width, source += <usize>width * job.along, to += job.panel) {
    if (whole && left - i >= WIDTH) packRows(source, job.along, job.depth, to);
    else packAny<T, S>(job, source, min(left - i, width), to);
  }
}

/** The way back: block b from its panels to where it came from. */
export function unpackBlock(job: Job, b: i32): void {
  const first = b * VISIT;
  const left = min(job.count - first, VISIT);
  const depth = job.depth;
  let target = job.source + <usize>first * job.along;
  let from = job.p + <usize>(first / WIDTH) * job.panel;
  if (job.along == 8 && left == VISIT) {
    for (let k = 0; k < depth; k++, target += job.deep, from += STEP) {
      for (let t = target, f = from; t < target + 128; t += STEP, f += job.panel) {
        v128.store(t, v128.load(f));
        v128.store(t, v128.load(f, 16), 16);
      }
    }
    return;
  }
  for (let i = 0; i < left; i += WIDTH, from += job.panel) {
    const count = min(left - i, WIDTH);
    for (let j = 0; j < count; j++, target += job.along) {
      for (let k = 0, t = target, f = from + 8 * <usize>j; k < depth; k++, t += job.deep, f += STEP) {
        store<f64>(t, load<f64>(f));
      }
    }
  }
}
