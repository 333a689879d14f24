/**
 * How a transform of one length is carried out, as `workspace.ts` writes it into memory: int32 n, first (8, 4 or 1: the
 * radix of the butterflies that come first, 1 for none), permutation (address of the n / first int32 indices at which these
 * butterflies start), count of the stages that follow, and for each of these its radix, the span between its inputs in
 * elements, and the address of its twiddle factors.
 */
import { ELEMENT } from './butterflies';

// @ts-ignore: decorator
@inline
export function length(plan: usize): i32 {
  return load<i32>(plan);
}

// @ts-ignore: decorator
@inline
export function firstRadix(plan: usize): i32 {
  return load<i32>(plan, 4);
}

// @ts-ignore: decorator
@inline
export function permutation(plan: usize): usize {
  return load<usize>(plan, 8);
}

// @ts-ignore: decorator
@inline
export function stageCount(plan: usize): i32 {
  return load<i32>(plan, 12);
}

/** Address of stage s: radix, span, twiddle factors. */
// @ts-ignore: decorator
@inline
export function stageAt(plan: usize, s: i32): usize {
  return plan + 16 + 12 * <usize>s;
}

/**
 * Bytes from one line buffer to the next. Not a multiple of a page, or elements of the same place would push each other
 * out of the first cache.
 */
// @ts-ignore: decorator
@inline
export function spacing(n: i32): usize {
  return <usize>n * ELEMENT + 192;
}
