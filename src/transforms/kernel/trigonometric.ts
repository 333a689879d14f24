import { ELEMENT, imag, put, real } from './butterflies';
import { less, more } from './fused';
import { gatherPair } from './gather';
import { Job } from './job';
import { length } from './plan';
import { stages } from './stages';

/** Sine and cosine transforms of types I and II, and III as the way back of II. */
export const COSINE_1 = 0;
export const SINE_1 = 1;
export const COSINE_2 = 2;
export const SINE_2 = 3;
export const COSINE_3 = 4;
export const SINE_3 = 5;

// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline
function signed(negative: bool, p: usize, q: usize): void {
  if (negative) put(q, f64x2.neg(real(p)), f64x2.neg(imag(p)));
  else put(q, real(p), imag(p));
}

/**
 * Type I: the line is continued evenly (to 2 (n - 1)) or oddly (to 2 (n + 1)), which makes its transform real or
 * imaginary: two lines in one complex line need no separation.
 */
function typeOne(sine: bool, plan: usize, n: usize, buffer: usize, room: usize, line: usize): void {
  const period = <usize>length(plan);
  const shift: usize = sine ? 1 : 0;
  if (sine) {
    const zero = f64x2.splat(0);
    put(room, zero, zero);
    put(room + (n + 1) * ELEMENT, zero, zero);
  }
  for (let i: usize = 0; i < n; i++) {
    const p = line + i * ELEMENT;
    const at = i + shift;
    const mirror = period - at;
    if (mirror < period) signed(sine, p, room + mirror * ELEMENT);
    signed(false, p, room + at * ELEMENT);
  }
  gatherPair(room, plan, buffer);
  stages(plan, buffer, 0);
  for (let i: usize = 0; i < n; i++) {
    const p = buffer + (i + shift) * ELEMENT;
    if (sine) put(line + i * ELEMENT, f64x2.neg(imag(p)), real(p));
    else put(line + i * ELEMENT, real(p), imag(p));
  }
}

/** Where element i of a line of n stands once the even elements go up and the odd ones come back (Makhoul 1980). */
// @ts-ignore: decorator
@inline
function folded(i: usize, n: usize): usize {
  return i & 1 ? n - 1 - (i >> 1) : i >> 1;
}

/**
 * Type II: y(k) = 2 Re(V(k) exp(-i pi k / 2n)) of the folded line's transform V, and y(n - k) = -2 Im of the same. The
 * sine transform is the cosine transform of the line with every second sign changed, read backwards. `table` holds
 * cos and sin of pi k / 2n.
 */
function typeTwo(sine: bool, plan: usize, n: usize, buffer: usize, room: usize, line: usize, table: usize): void {
  for (let i: usize = 0; i < n; i++) {
    signed(sine && (i & 1) == 1, line + i * ELEMENT, room + folded(i, n) * ELEMENT);
  }
  gatherPair(room, plan, buffer);
  stages(plan, buffer, 0);
  const two = f64x2.splat(2);
  put(line + (sine ? n - 1 : 0) * ELEMENT, mul(two, real(buffer)), mul(two, imag(buffer)));
  for (let k: usize = 1, m: usize = n - 1; k <= m; k++, m--) {
    const p = buffer + k * ELEMENT;
    const q = buffer + m * ELEMENT;
    const c = v128.load64_splat(table + 16 * k);
    const s = v128.load64_splat(table + 16 * k, 8);
    const ar = f64x2.add(real(p), real(q));
    const ai = f64x2.sub(imag(p), imag(q));
    const br = f64x2.add(imag(p), imag(q));
    const bi = f64x2.sub(real(q), real(p));
    const high = line + (sine ? k - 1 : m) * ELEMENT;
    const low = line + (sine ? m - 1 : k) * ELEMENT;
    put(high, less<f64>(mul(ar, s), ai, c), less<f64>(mul(br, s), bi, c));
    put(low, more<f64>(mul(ar, c), ai, s), more<f64>(mul(br, c), bi, s));
  }
}

/** Type III, 2n times the inverse of type II: the same steps backwards. */
function typeThree(sine: bool, plan: usize, n: usize, buffer: usize, room: usize, line: usize, table: usize): void {
  const first = line + (sine ? n - 1 : 0) * ELEMENT;
  put(room, real(first), imag(first));
  for (let k: usize = 1, m: usize = n - 1; k <= m; k++, m--) {
    const low = line + (sine ? n - 1 - k : k) * ELEMENT;
    const high = line + (sine ? n - 1 - m : m) * ELEMENT;
    const c = v128.load64_splat(table + 16 * k);
    const s = v128.load64_splat(table + 16 * k, 8);
    const ar = more<f64>(mul(real(low), c), real(high), s);
    const ai = less<f64>(mul(real(low), s), real(high), c);
    const br = more<f64>(mul(imag(low), c), imag(high), s);
    const bi = less<f64>(mul(imag(low), s), imag(high), c);
    put(room + m * ELEMENT, f64x2.add(ar, bi), f64x2.sub(br, ai));
    put(room + k * ELEMENT, f64x2.sub(ar, bi), f64x2.add(ai, br));
  }
  gatherPair(room, plan, buffer);
  stages(plan, buffer, 0);
  for (let i: usize = 0; i < n; i++) {
    const at = folded(i, n);
    // Read backwards, which turns the forward transform into the inverse.
    signed(sine && (i & 1) == 1, buffer + (at == 0 ? 0 : n - at) * ELEMENT, line + i * ELEMENT);
  }
}

/**
 * Up to sixteen real lines between an array and groups of four, [group][i][4], `size` bytes apart; `scale` on the way out.
 * Columns, which stand side by side, go sixteen at a visit of a row: for long strides it is the page tables that cost.
 */
function linesIn(n: usize, count: i32, source: usize, stride: usize, lane: usize, lines: usize, size: usize): void {
  if (count == 16 && lane == 8) {
    for (let i: usize = 0; i < n; i++, source += stride, lines += ELEMENT) {
      for (let g: usize = 0, to = lines; g < 4; g++, to += size) {
        v128.store(to, v128.load(source + 32 * g));
        v128.store(to, v128.load(source + 32 * g, 16), 16);
      }
    }
    return;
  }
  for (let i: usize = 0; i < n; i++, source += stride, lines += ELEMENT) {
    for (let first = 0, to = lines; first < count; first += 4, to += size) {
      for (let l = 0; l < 4; l++) {
        store<f64>(to + 8 * l, first + l < count ? load<f64>(source + <usize>(first + l) * lane) : 0);
      }
    }
  }
}

function linesOut(
  n: usize, count: i32, lines: usize, size: usize, target: usize, stride: usize, lane: usize, scale: f64,
): void {
  if (count == 16 && lane == 8) {
    const factor = f64x2.splat(scale);
    for (let i: usize = 0; i < n; i++, target += stride, lines += ELEMENT) {
      for (let g: usize = 0, from = lines; g < 4; g++, from += size) {
        v128.store(target + 32 * g, mul(factor, v128.load(from)));
        v128.store(target + 32 * g, mul(factor, v128.load(from, 16)), 16);
      }
    }
    return;
  }
  for (let i: usize = 0; i < n; i++, target += stride, lines += ELEMENT) {
    for (let first = 0, from = lines; first < count; first += 4, from += size) {
      for (let l = 0; l < min(4, count - first); l++) {
        store<f64>(target + <usize>(first + l) * lane, scale * load<f64>(from + 8 * l));
      }
    }
  }
}

/**
 * Blocks of `width` lines of n elements, at most sixteen, in place; `scratch` holds 64 times the period and 32 n bytes for
 * every four lines.
 */
export function trigonometricPass(job: Job, scratch: usize, from: i32, to: i32): void {
  const plan = job.plan;
  const n = <usize>job.inputs;
  const width = job.width;
  const buffer = scratch;
  const room = buffer + <usize>length(plan) * ELEMENT;
  const lines = room + <usize>length(plan) * ELEMENT;
  const size = n * ELEMENT;
  const type = job.outputs;
  for (let b = from; b < to; b++) {
    const array = b / job.blocks;
    const block = b - array * job.blocks;
    const at = job.source + <usize>array * job.next + <usize>(width * block) * job.lane;
    const count = min(width, job.lines - width * block);
    linesIn(n, count, at, job.stride, job.lane, lines, size);
    for (let first = 0, line = lines; first < count; first += 4, line += size) {
      if (type <= SINE_1) typeOne(type == SINE_1, plan, n, buffer, room, line);
      else if (type <= SINE_2) typeTwo(type == SINE_2, plan, n, buffer, room, line, job.table);
      else typeThree(type == SINE_3, plan, n, buffer, room, line, job.table);
    }
    linesOut(n, count, lines, size, at, job.stride, job.lane, job.scale);
  }
}
