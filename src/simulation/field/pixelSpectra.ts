import { quarterSize, quarterSpectra } from '../../forward/quarterSpectra.js';
import type { Windows } from '../../forward/window.js';
import type { RealTransform2D } from '../../transforms/index.js';
import { addPixelKernels, KERNELS, PARITY, type PixelRules } from './pixelKernel.js';

/** Spectra of the wanted kernels summed over heights: real numbers; those of odd parity are to be multiplied by i. */
export function kernelSpectra(
  transform: RealTransform2D,
  windows: Windows,
  steps: { readonly x: number; readonly y: number },
  rules: PixelRules,
  heights: readonly { readonly z: number; readonly weight: number }[],
  wanted: readonly number[],
): (Float64Array | undefined)[] {
  const { rows, columns } = quarterSize(windows);
  const all = new Float64Array(rows * columns * KERNELS);
  for (let iy = 0, at = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++, at += KERNELS) {
      for (const { z, weight } of heights) addPixelKernels(rules, ix * steps.x, iy * steps.y, z, weight, all, at);
    }
  }
  const spectrumOf = quarterSpectra(transform, windows);
  const spectra = new Array<Float64Array | undefined>(KERNELS).fill(undefined);
  const one = new Float64Array(rows * columns);
  for (const kernel of wanted) {
    for (let i = 0; i < one.length; i++) one[i] = all[i * KERNELS + kernel];
    spectra[kernel] = spectrumOf(one, ...PARITY[kernel]);
  }
  return spectra;
}

/** Whether the spectrum of a kernel is imaginary. */
export function isOdd(kernel: number): boolean {
  return PARITY[kernel][0] * PARITY[kernel][1] < 0;
}
