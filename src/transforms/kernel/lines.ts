import { ELEMENT, imag, place, real, TO_LINES, TO_LINES_SCALED } from './butterflies';
import { COMPLEX, gather } from './gather';
import { length, spacing, stageAt, stageCount } from './plan';
import { stages, turned4 } from './stages';

/** The line buffers of `count` lines to the target, through the stage at `last` if that is left to do (not 0). */
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
  let last: usize = stageCount(plan) > 0 ? stageAt(plan, stageCount(plan) - 1) : 0;
  if (last && load<i32>(last) != 4) last = 0;
  for (let l = 0, p = buffer; l < count; l += 2, p += size) stages(plan, p, last ? 1 : 0);
  if (scale == 1) scatter(TO_LINES, plan, buffer, count, target, targetStride, targetLane, reverse, last, 1);
  else scatter(TO_LINES_SCALED, plan, buffer, count, target, targetStride, targetLane, reverse, last, scale);
}
