import { expect } from 'vitest';
import type { SheetModel } from '../../../inversion/fourier/sheetModel.js';
import { AXES, type AxisName, type FieldMap } from '../../../src/fieldMap.js';
import { dot, normals, relativeError } from '../../numbers.js';

/** Property tests draw the same cases in every run. */
export const SEEDED = { seed: 20_240_229, numRuns: 30 };

export { dot, normals, relativeError };

/** Fails where `actual`, a size or an error, is not below `bound`. */
export function expectBelow(actual: number, bound: number, what = ''): void {
  expect(actual, what).toBeLessThan(bound);
}

/** Spectrum of a random real array over the model's domain. */
export function randomSpectrum(model: SheetModel, seed: number): Float64Array {
  const out = new Float64Array(model.transform.spectrumLength);
  model.transform.forward(normals(model.real.length, seed), out);
  return out;
}

/** Spectrum of a function of x and y (m from the domain's lower left pixel), sampled on the domain. */
export function spectrumOf(model: SheetModel, f: (x: number, y: number) => number): Float64Array {
  const out = new Float64Array(model.transform.spectrumLength);
  model.transform.forward(sampled(model, f), out);
  return out;
}

export function sampled({ domain }: SheetModel, f: (x: number, y: number) => number): Float64Array {
  const { padX, padY, dx, dy } = domain;
  return Float64Array.from({ length: padX * padY }, (_, i) => f((i % padX) * dx, Math.floor(i / padX) * dy));
}

/** Rows of an array of ny x nx taken as columns. */
export function transposed(values: Float64Array, ny: number, nx: number): Float64Array {
  return values.map((_, i) => values[(i % ny) * nx + Math.floor(i / ny)]);
}

/** Every component of a map through a function of its name and values. */
export function mapComponents(
  map: FieldMap,
  change: (values: Float64Array, name: AxisName) => Float64Array,
): FieldMap['components'] {
  const out: Partial<Record<AxisName, Float64Array>> = {};
  for (const name of AXES) {
    const values = map.components[name];
    if (values !== undefined) out[name] = change(values, name);
  }
  return out;
}

/** Rms of a selection of values. */
export function rms(values: ArrayLike<number>): number {
  return Math.sqrt(dot(values, values) / values.length);
}

/** Sum over all modes of the full spectrum of conj(a) b, divided by the number of pixels: the real scalar product. */
export function innerProduct(model: SheetModel, a: Float64Array, b: Float64Array): number {
  const { padX, padY } = model.domain;
  const row = 2 * model.transform.columns;
  let sum = 0;
  let once = 0;
  for (let m = 0; m < a.length; m++) sum += a[m] * b[m];
  // The first and the last column stand for themselves, all others also for their mirror image.
  for (let at = 0; at < a.length; at += row) {
    once += a[at] * b[at] + a[at + 1] * b[at + 1];
    once += a[at + row - 2] * b[at + row - 2] + a[at + row - 1] * b[at + row - 1];
  }
  return (2 * sum - once) / (padX * padY);
}
