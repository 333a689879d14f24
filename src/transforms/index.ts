import { fftJsComplexTransform, fftJsRealTransform, fftJsTrigonometricTransform } from './fftJs.js';
import { kernelComplexTransform } from './kernelComplex.js';
import { kernelRealTransform } from './kernelReal.js';
import { kernelTrigonometricTransform } from './kernelTrigonometric.js';
import { checkedLength } from './lengths.js';
import { transformThreads } from './threads.js';
import {
  type ComplexTransform2D,
  type RealTransform2D,
  type Trigonometric,
  type TrigonometricTransform2D,
  trigonometricPeriod,
} from './transforms.js';
import { transformKernel } from './workspace.js';

export { type ConvolutionOperator, type ConvolutionShape, convolutionOperator, type Response } from './convolution.js';
export { isProductOf235, LONGEST, transformLength } from './lengths.js';
export { type PoissonSolver, poissonLength, poissonSolver, type Sides } from './poisson.js';
export { setTransformThreads, transformThreads } from './threads.js';
export * from './transforms.js';

/** A real transform of `batch` arrays of ny x nx; lengths as given by `transformLength`. @throws {InputError} for others. */
export function realTransform2D(ny: number, nx: number, batch = 1): RealTransform2D {
  const kernel = transformKernel();
  return kernel ? kernelRealTransform(kernel, ny, nx, batch) : fftJsRealTransform(ny, nx, batch);
}

/** The transform that was lent last. */
let spare: { readonly key: string; readonly transform: RealTransform2D } | undefined;

/**
 * Calls `work` with a {@link realTransform2D} whose transforms may have been used before, and will be again: new memory takes time to
 * come, and is given back late. Nothing of what it returns may stand there.
 */
export function withRealTransforms<T>(work: (realTransform: typeof realTransform2D) => T): T {
  const taken: { readonly key: string; readonly transform: RealTransform2D }[] = [];
  const result = work((ny, nx, batch = 1) => {
    const key = `${ny} ${nx} ${batch} ${transformThreads()}`;
    const transform = spare?.key === key ? spare.transform : realTransform2D(ny, nx, batch);
    spare = undefined;
    taken.push({ key, transform });
    return transform;
  });
  for (const { transform } of taken) transform.free();
  spare = taken.at(-1) ?? spare;
  return result;
}

/** A complex transform of `batch` arrays of ny x nx. @throws {InputError} for a length that is not supported. */
export function complexTransform2D(ny: number, nx: number, batch = 1): ComplexTransform2D {
  const kernel = transformKernel();
  return kernel ? kernelComplexTransform(kernel, ny, nx, batch) : fftJsComplexTransform(ny, nx, batch);
}

/**
 * Sine or cosine transforms of `batch` arrays of ny x nx. Of a type II, n itself must be a supported length; of `sine1`
 * n + 1, of `cosine1` n - 1.
 * @throws {InputError} for a length that is not supported.
 */
export function trigonometricTransform2D(
  ny: number,
  nx: number,
  alongY: Trigonometric,
  alongX: Trigonometric,
  batch = 1,
): TrigonometricTransform2D {
  checkedLength(trigonometricPeriod(alongY, ny) / 2);
  checkedLength(trigonometricPeriod(alongX, nx) / 2);
  const kernel = transformKernel();
  return kernel
    ? kernelTrigonometricTransform(kernel, ny, nx, alongY, alongX, batch)
    : fftJsTrigonometricTransform(ny, nx, alongY, alongX, batch);
}
