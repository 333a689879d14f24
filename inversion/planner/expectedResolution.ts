import { MU0 } from '../../src/constants.js';

/** What the width of a point in the map depends on. */
export interface ResolutionTask {
  /** Of the sensors above the current, m. */
  readonly standoff: number;
  /** Noise of a reading along each axis as a density, T m: sigma times the square root of the area per sample. */
  readonly noiseDensity: number;
  /** Distance of the samples, m. */
  readonly pitch: number;
  /** Prior density of laplacian psi, A/m, see `attempt.ts`: a tenth of the current over the cell's size. */
  readonly density: number;
}

const STEPS = 400;

/**
 * Expected full width at half maximum, m, of a line in the map of the current: the inversion keeps a structure of wavenumber k
 * by the factor H^2 / (H^2 + noise k^4 / density^2), H^2 = mu0^2 / 2 * k^2 exp(-2 k h) for three components, nothing beyond
 * the Nyquist wavenumber. An estimate for the middle of the cell: the inversion chooses its own weight from the data.
 */
export function expectedResolution({ standoff, noiseDensity, pitch, density }: ResolutionTask): number {
  const nyquist = Math.PI / pitch;
  const kept = Float64Array.from({ length: STEPS }, (_, i) => {
    const k = ((i + 0.5) / STEPS) * nyquist;
    const signal = (MU0 ** 2 / 2) * k ** 2 * Math.exp(-2 * k * standoff);
    return signal / (signal + (noiseDensity ** 2 * k ** 4) / density ** 2);
  });
  const line = (x: number) => kept.reduce((sum, v, i) => sum + v * Math.cos(((i + 0.5) / STEPS) * nyquist * x), 0);
  const peak = line(0);
  let [low, high] = [0, 0.1 * pitch];
  while (line(high) > peak / 2) [low, high] = [high, 1.1 * high];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (line(middle) > peak / 2) low = middle;
    else high = middle;
  }
  return low + high;
}
