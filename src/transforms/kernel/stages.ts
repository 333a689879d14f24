import {
  butterfly2,
  butterfly3,
  butterfly4,
  butterfly5,
  ELEMENT,
  imag,
  real,
  TO_BUFFER,
  turnedImag,
  turnedReal,
} from './butterflies';
import { length, stageAt, stageCount } from './plan';

/**
 * The later stages of a decimation in time, mixed radix, in place on a line buffer. A stage joins groups of `radix`
 * transforms, `span` bytes apart, into one.
 */

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
export function turned4(to: i32, lane: usize, factor: v128, p: usize, span: usize, t: usize, out0: usize, out: usize, step: usize): void {
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
  for (let s = 0; s < stageCount(plan) - skip; s++) {
    const at = stageAt(plan, s);
    const radix = load<i32>(at);
    const span = (<usize>load<i32>(at, 4)) * ELEMENT;
    const twiddles = load<usize>(at, 8);
    if (radix == 4) stage4(buffer, end, span, twiddles);
    else if (radix == 2) stage2(buffer, end, span, twiddles);
    else if (radix == 3) stage3(buffer, end, span, twiddles);
    else stage5(buffer, end, span, twiddles);
  }
}
