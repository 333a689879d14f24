import { fftJsTransform } from './fftJs.js';
import type { RealTransform2D } from './realTransform.js';

export * from './realTransform.js';

/** The smallest length >= n that the transforms support. */
export function transformLength(n: number): number {
  let length = 4;
  while (length < n) length *= 2;
  return length;
}

/**
 * A plan for real transforms of ny x nx; lengths as given by {@link transformLength}. Plans hold their own buffers: one
 * plan must not run twice at the same time.
 * @throws {InputError} for a length that is not supported.
 */
export function realTransform2D(ny: number, nx: number): RealTransform2D {
  return fftJsTransform(ny, nx);
}
