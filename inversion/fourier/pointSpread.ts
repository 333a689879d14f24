import type { SheetModel } from './sheetModel.js';

/**
 * The resolution of a map: the full width at half maximum of its point spread, the inverse transform of the filter
 * f = |A|^2 / (|A|^2 + lambda L) that the inversion applies to the true current. It is the same everywhere inside the
 * window.
 * @param weights the penalty L per mode
 * @returns the width along x and along y, m, not less than the pitch
 */
export function pointSpreadWidth(model: SheetModel, weights: Float64Array, lambda: number): { x: number; y: number } {
  const { power, spectrum, real, transform, domain } = model;
  for (let m = 0; m < power.length; m++) {
    spectrum[2 * m] = power[m] > 0 ? power[m] / (power[m] + lambda * weights[m]) : 0;
    spectrum[2 * m + 1] = 0;
  }
  // k = 0 drops out of every map; with it the point spread has no negative offset.
  spectrum[0] = 1;
  transform.inverse(spectrum, real);
  return {
    x: domain.dx * Math.max(1, 2 * halfWidth(real, 1, domain.padX)),
    y: domain.dy * Math.max(1, 2 * halfWidth(real, domain.padX, domain.padY)),
  };
}

/** Steps along a line at which it has fallen to half of its value at the start, linearly interpolated. */
function halfWidth(values: Float64Array, stride: number, length: number): number {
  const half = values[0] / 2;
  for (let i = 1; i < length / 2; i++) {
    const [before, at] = [values[(i - 1) * stride], values[i * stride]];
    if (at <= half) return i - 1 + (before - half) / (before - at);
  }
  return length / 2;
}
