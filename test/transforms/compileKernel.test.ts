import { expect, it } from 'vitest';
import { compileKernel } from '../../src/transforms/compileKernel.js';
import { complexTransform2D, realTransform2D, trigonometricTransform2D } from '../../src/transforms/index.js';
import { KERNELS } from '../../src/transforms/kernelBytes.js';
import { kernelComplexTransform } from '../../src/transforms/kernelComplex.js';
import { kernelRealTransform } from '../../src/transforms/kernelReal.js';
import { kernelTrigonometricTransform } from '../../src/transforms/kernelTrigonometric.js';
import { normal, relativeError } from './support.js';

const [ny, nx] = [30, 36];
const unfused = compileKernel({ fused: KERNELS.plain, plain: KERNELS.plain })!;
const broken = { base64: btoa('no module'), memoryKind: 0 };

it('falls back on separate products and sums, and on nothing where no module compiles', () => {
  expect(compileKernel({ fused: broken, plain: KERNELS.plain })?.shared).toBe(true);
  expect(compileKernel({ fused: broken, plain: broken })).toBe(null);
});

it('transforms alike, but for rounding, without fused multiply-add', () => {
  const real = [realTransform2D(ny, nx), kernelRealTransform(unfused, ny, nx, 1)].map(plan => {
    const out = plan.allocate(plan.spectrumLength);
    plan.forward(normal(ny * nx, 1), out);
    return out;
  });
  expect(relativeError(real[1], real[0])).toBeLessThan(1e-15);
  const complex = [complexTransform2D(ny, nx), kernelComplexTransform(unfused, ny, nx, 1)].map(plan => {
    const out = plan.allocate(2 * ny * nx);
    out.set(normal(2 * ny * nx, 2));
    plan.forward(out, out);
    return out;
  });
  expect(relativeError(complex[1], complex[0])).toBeLessThan(1e-15);
  const folded = [
    trigonometricTransform2D(ny, nx, 'cosine2', 'sine2'),
    kernelTrigonometricTransform(unfused, ny, nx, 'cosine2', 'sine2', 1),
  ].map(plan => {
    const out = plan.allocate(ny * nx);
    out.set(normal(ny * nx, 3));
    plan.forward(out);
    return out;
  });
  expect(relativeError(folded[1], folded[0])).toBeLessThan(1e-15);
});
