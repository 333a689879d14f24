import type { ConvolveOptions, Kernel, RealTransform2D, Signal } from './transforms.js';

/** {@link RealTransform2D.convolve} by its definition: transforms, products, transforms. Allocates. */
export function convolveInParts(
  transform: RealTransform2D,
  inputs: readonly Signal[],
  kernels: readonly (readonly Kernel[])[],
  outputs: readonly Signal[],
  { conjugate = false, rowsIn, rowsOut }: ConvolveOptions,
): void {
  const spectra = inputs.map(input => {
    if ('spectrum' in input) return input.spectrum;
    const spectrum = new Float64Array(transform.spectrumLength);
    transform.forward(input, spectrum, rowsIn);
    return spectrum;
  });
  const sum = new Float64Array(transform.spectrumLength);
  outputs.forEach((output, o) => {
    sum.fill(0);
    for (const [i, spectrum] of spectra.entries()) addProduct(kernels[o][i], conjugate ? -1 : 1, spectrum, sum);
    if ('spectrum' in output) output.spectrum.set(sum);
    else transform.inverse(sum, output, rowsOut);
  });
}

/** sum += kernel (or its conjugate, sign -1) times spectrum. */
function addProduct({ kind, values }: Kernel, sign: number, spectrum: Float64Array, sum: Float64Array): void {
  for (let p = 0, j = 0; j < sum.length; p++, j += 2) {
    const re = kind === 'imaginary' ? 0 : values[kind === 'complex' ? j : p];
    const im = kind === 'real' ? 0 : sign * values[kind === 'complex' ? j + 1 : p];
    sum[j] += re * spectrum[j] - im * spectrum[j + 1];
    sum[j + 1] += re * spectrum[j + 1] + im * spectrum[j];
  }
}
