import type { Room } from './sheetModel.js';

/**
 * The spectrum of a window under a taper, zero around it: of (values - mean) alongX alongY. It stands in the room's scratch.
 * @param values window-shaped @param alongX, alongY the taper, one number per column and per row of the window
 */
export function taperedSpectrum(
  { transform, real, spectrum }: Room,
  values: Float64Array,
  mean: number,
  alongX: Float64Array,
  alongY: Float64Array,
): Float64Array {
  const { nx: padX } = transform;
  const [nx, ny] = [alongX.length, alongY.length];
  for (let iy = 0, w = 0; iy < ny; iy++) {
    const at = iy * padX;
    const weight = alongY[iy];
    for (let ix = 0; ix < nx; ix++, w++) real[at + ix] = (values[w] - mean) * alongX[ix] * weight;
    real.fill(0, at + nx, at + padX);
  }
  transform.forward(real, spectrum, ny);
  return spectrum;
}
