import type { Kernel, Transform2D } from '../../src/transforms/index.js';

/**
 * A response times a real factor per mode as the factors of a convolution: real numbers, or numbers that stand for i times
 * themselves, where it is no more than that.
 * @param response interleaved complex @param factor default 1
 */
export function responseKernel(
  transform: Pick<Transform2D, 'allocate'>,
  response: Float64Array,
  factor?: Float64Array,
): Kernel {
  let [isReal, isImaginary] = [true, true];
  for (let i = 0; i < response.length; i += 2) {
    if (response[i] !== 0) isImaginary = false;
    if (response[i + 1] !== 0) isReal = false;
  }
  if (!isReal && !isImaginary) {
    const values = transform.allocate(response.length);
    for (let i = 0; i < values.length; i++) values[i] = response[i] * (factor?.[i >> 1] ?? 1);
    return { kind: 'complex', values };
  }
  const values = transform.allocate(response.length / 2);
  for (let m = 0, i = isReal ? 0 : 1; m < values.length; m++, i += 2) values[m] = response[i] * (factor?.[m] ?? 1);
  return { kind: isReal ? 'real' : 'imaginary', values };
}
