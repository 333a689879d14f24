import { ELEMENT, imag, put, real } from './butterflies';
import { gatherPair, gatherReals } from './gather';
import { length } from './plan';
import { stages } from './stages';

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

/**
 * Four real rows to their half spectra. Two rows make the real part of a complex line and two its imaginary part;
 * X = (Z(k) + conj Z(-k)) / 2 and Y = (Z(k) - conj Z(-k)) / 2i separate them. Any length, odd ones too.
 */
export function realRows(plan: usize, buffer: usize, source: usize, lane: usize, target: usize, row: usize): void {
  const n = length(plan);
  gatherReals(source, 8, lane, plan, buffer);
  stages(plan, buffer, 0);
  const half = f64x2.splat(0.5);
  const end = target + (<usize>((n >> 1) + 1)) * 16;
  let p = buffer;
  let q = buffer;
  const row2 = 2 * row;
  const row3 = 3 * row;
  for (let out = target; out < end; out += 16) {
    const zr = f64x2.mul(half, real(p));
    const zi = f64x2.mul(half, imag(p));
    const wr = f64x2.mul(half, real(q));
    const wi = f64x2.mul(half, imag(q));
    const ar = f64x2.add(zr, wr);
    const ai = f64x2.sub(zi, wi);
    const br = f64x2.add(zi, wi);
    const bi = f64x2.sub(wr, zr);
    v128.store(out, evens(ar, ai));
    v128.store(out + row, odds(ar, ai));
    v128.store(out + row2, evens(br, bi));
    v128.store(out + row3, odds(br, bi));
    p += ELEMENT;
    q = buffer + (<usize>n) * ELEMENT + buffer - p;
  }
}

/** Four half spectra to real rows, times `scale`. Of the columns that are their own mirror only the real part counts. */
export function realRowsBack(
  plan: usize,
  buffer: usize,
  spare: usize,
  source: usize,
  row: usize,
  target: usize,
  lane: usize,
  scale: f64,
): void {
  const n = <usize>length(plan);
  const row2 = 2 * row;
  const row3 = 3 * row;
  const factor = f64x2.splat(scale);
  put(
    spare,
    f64x2.mul(factor, evens(v128.load(source), v128.load(source + row))),
    f64x2.mul(factor, evens(v128.load(source + row2), v128.load(source + row3))),
  );
  let p = spare + ELEMENT;
  let q = spare + (n - 1) * ELEMENT;
  let s = source + 16;
  for (; p < q; p += ELEMENT, q -= ELEMENT, s += 16) {
    const a0 = v128.load(s);
    const a1 = v128.load(s + row);
    const a2 = v128.load(s + row2);
    const a3 = v128.load(s + row3);
    const ar = f64x2.mul(factor, evens(a0, a1));
    const ai = f64x2.mul(factor, odds(a0, a1));
    const br = f64x2.mul(factor, evens(a2, a3));
    const bi = f64x2.mul(factor, odds(a2, a3));
    put(p, f64x2.sub(ar, bi), f64x2.add(ai, br));
    put(q, f64x2.add(ar, bi), f64x2.sub(br, ai));
  }
  if (p == q) {
    put(
      p,
      f64x2.mul(factor, evens(v128.load(s), v128.load(s + row))),
      f64x2.mul(factor, evens(v128.load(s + row2), v128.load(s + row3))),
    );
  }
  gatherPair(spare, plan, buffer);
  stages(plan, buffer, 0);
  scatterReals(plan, buffer, target, 8, lane);
}

/** A line buffer read backwards, as the inverse wants it, to four real lines of contiguous elements. */
function scatterReals(plan: usize, buffer: usize, target: usize, stride: usize, lane: usize): void {
  const n = <usize>length(plan);
  const t2 = target + 2 * lane;
  storeLanes(buffer, target, target + lane, t2, t2 + lane);
  let p = buffer + (n - 1) * ELEMENT;
  let i: usize = 8;
  for (; p > buffer + ELEMENT; p -= 2 * ELEMENT, i += 16) {
    const a = real(p);
    const b = real(p - ELEMENT);
    const c = imag(p);
    const d = imag(p - ELEMENT);
    v128.store(target + i, evens(a, b));
    v128.store(target + lane + i, odds(a, b));
    v128.store(t2 + i, evens(c, d));
    v128.store(t2 + lane + i, odds(c, d));
  }
  if (p > buffer) storeLanes(p, target + i, target + lane + i, t2 + i, t2 + lane + i);
}

// @ts-ignore: decorator
@inline
function storeLanes(p: usize, t0: usize, t1: usize, t2: usize, t3: usize): void {
  const re = real(p);
  const im = imag(p);
  v128.store_lane<f64>(t0, re, 0);
  v128.store_lane<f64>(t1, re, 1);
  v128.store_lane<f64>(t2, im, 0);
  v128.store_lane<f64>(t3, im, 1);
}
