import { FILTER_MARGIN, filterQuarter } from '../../forward/splineInterpolation.js';
import type { Window } from '../../forward/window.js';
import type { RealTransform2D } from '../../transforms/index.js';
import { addPixelKernels, KERNELS, PARITY, type PixelRules } from './pixelKernel.js';

/** Spectra of the wanted kernels summed over heights: real numbers; those of odd parity are to be multiplied by i. */
export function kernelSpectra(
  transform: RealTransform2D,
  windows: { readonly x: Window; readonly y: Window },
  steps: { readonly x: number; readonly y: number },
  rules: PixelRules,
  heights: readonly { readonly z: number; readonly weight: number }[],
  wanted: readonly number[],
): (Float64Array | undefined)[] {
  const { reach: reachX } = windows.x;
  const { reach: reachY } = windows.y;
  // The filter reaches beyond the window's edge, where the kernel goes on.
  const rows = reachY + 1 + FILTER_MARGIN;
  const columns = reachX + 1 + FILTER_MARGIN;
  const all = new Float64Array(rows * columns * KERNELS);
  for (let iy = 0, at = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++, at += KERNELS) {
      for (const { z, weight } of heights) addPixelKernels(rules, ix * steps.x, iy * steps.y, z, weight, all, at);
    }
  }
  const { nx, ny } = transform;
  const real = new Float64Array(ny * nx);
  const spectrum = new Float64Array(transform.spectrumLength);
  const spectra = new Array<Float64Array | undefined>(KERNELS).fill(undefined);
  const one = new Float64Array(rows * columns);
  for (const kernel of wanted) {
    for (let i = 0; i < one.length; i++) one[i] = all[i * KERNELS + kernel];
    const [parityX, parityY] = PARITY[kernel];
    const quarter = filterQuarter(one, rows, columns, parityX, parityY);
    real.fill(0);
    for (let iy = -reachY; iy <= reachY; iy++) {
      const row = ((iy + ny) % ny) * nx;
      const sign = iy < 0 ? parityY : 1;
      const from = Math.abs(iy) * (reachX + 1);
      for (let ix = 0; ix <= reachX; ix++) {
        real[row + ix] = sign * quarter[from + ix];
        if (ix > 0) real[row + nx - ix] = sign * parityX * quarter[from + ix];
      }
    }
    transform.forward(real, spectrum);
    const part = isOdd(kernel) ? 1 : 0;
    spectra[kernel] = Float64Array.from({ length: spectrum.length / 2 }, (_, m) => spectrum[2 * m + part]);
  }
  return spectra;
}

/** Whether the spectrum of a kernel is imaginary. */
export function isOdd(kernel: number): boolean {
  return PARITY[kernel][0] * PARITY[kernel][1] < 0;
}
