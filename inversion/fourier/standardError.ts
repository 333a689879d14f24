import type { Random } from '../../src/random.js';
import { columnWeight } from '../../src/transforms/index.js';
import type { SheetCurrent, SheetModel } from './sheetModel.js';

/** One standard deviation of Kx and Ky per pixel, A/m. */
export interface StandardErrors {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
}

/**
 * What noise, blur and the unknown outside leave open. Two parts, added in squares:
 *
 * - the posterior standard deviation in the middle of a large window, {@link interiorVariance}: noise, and the fine
 *   structure that the penalty smooths away;
 * - what the map owes to the belief about the outside of the window: its difference from the map under the other belief,
 *   as the rms of both components, for each. It vanishes where nothing is cut off.
 *
 * @param chosen the map; `other` the map under the other belief
 */
export function standardErrors(
  chosen: SheetCurrent,
  other: SheetCurrent,
  interior: { readonly kx: number; readonly ky: number },
): StandardErrors {
  const n = chosen.kx.length;
  const out = { kx: new Float64Array(n), ky: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const belief = 0.5 * ((chosen.kx[i] - other.kx[i]) ** 2 + (chosen.ky[i] - other.ky[i]) ** 2);
    out.kx[i] = Math.sqrt(interior.kx + belief);
    out.ky[i] = Math.sqrt(interior.ky + belief);
  }
  return out;
}

/**
 * Posterior variance of Kx and Ky far from any rim, (A/m)^2. Tikhonov's penalty is a Gaussian prior for psi with variance
 * sigma^2 / (lambda L) per mode, so
 *
 *   var Kx = (sigma^2 / N) sum ky^2 / (|A|^2 + lambda L),   var Ky likewise with kx^2, over the N modes of the domain.
 *
 * @param weights the penalty L per mode
 */
export function interiorVariance(
  model: SheetModel,
  weights: Float64Array,
  lambda: number,
  sigma: number,
): { kx: number; ky: number } {
  const { power, kx, ky, domain, transform } = model;
  let sumX = 0;
  let sumY = 0;
  for (let iy = 0, m = 0; iy < domain.padY; iy++) {
    for (let j = 0; j < transform.columns; j++, m++) {
      if (power[m] === 0) continue;
      const variance = columnWeight(domain.padX, j) / (power[m] + lambda * weights[m]);
      sumX += ky[iy] ** 2 * variance;
      sumY += kx[j] ** 2 * variance;
    }
  }
  const scale = sigma ** 2 / (domain.padX * domain.padY);
  return { kx: sumX * scale, ky: sumY * scale };
}

/** psi~ of a random stream function with the variance of that prior: white noise, each mode times sigma / sqrt(lambda L). */
export function drawFromPrior(
  model: SheetModel,
  weights: Float64Array,
  lambda: number,
  sigma: number,
  rng: Random,
): Float64Array {
  const { real, transform, power } = model;
  for (let i = 0; i < real.length; i++) real[i] = rng.normal();
  const psi: Float64Array = new Float64Array(transform.spectrumLength);
  transform.forward(real, psi);
  for (let m = 0; m < power.length; m++) {
    const scale = power[m] > 0 ? sigma / Math.sqrt(lambda * weights[m]) : 0;
    psi[2 * m] *= scale;
    psi[2 * m + 1] *= scale;
  }
  return psi;
}
