import { type Random, random } from '../../src/random.js';
import { columnWeight } from '../../src/transforms/index.js';
import type { Attempt } from './exterior.js';
import { crop, currentOf, fieldOf, type SheetModel } from './sheetModel.js';

/**
 * Posterior standard deviation of Kx and Ky per pixel, A/m. Tikhonov's penalty is a Gaussian prior for psi with variance
 * sigma^2 / (lambda L) per mode, so the error of the map in the middle of a large window is a sum over modes,
 *
 *   var Kx = (sigma^2 / N) sum ky^2 / (|A|^2 + lambda L),   var Ky likewise with kx^2.
 *
 * Towards the rim and around gaps it grows, because what lies beyond was not measured. That growth is measured: stream
 * functions are drawn from the prior, their field is "scanned" with noise and inverted in the same way, and the squared
 * errors are averaged over the pixels at the same distance from the nearest pixel that was not measured.
 */
export interface StandardErrors {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
}

/** Pooled over a ring of pixels, a few draws are enough. */
const DRAWS = 4;

/**
 * @param measured window-shaped, 1 where there is a reading
 * @param weights the penalty L per mode of the attempt's model
 * @param seed of the draws
 */
export function standardErrors(
  attempt: Attempt,
  measured: Uint8Array,
  weights: Float64Array,
  lambda: number,
  sigma: number,
  seed = 1,
): StandardErrors {
  const { model } = attempt;
  const { nx, ny } = model.domain;
  const distance = distanceToUnmeasured(measured, ny, nx);
  const rings = distance.reduce((most, d) => Math.max(most, d), 0) + 1;
  const sums = { kx: new Float64Array(rings), ky: new Float64Array(rings), count: new Float64Array(rings) };
  const rng = random(seed);
  for (let draw = 0; draw < DRAWS; draw++) {
    const truth = drawFromPrior(model, weights, lambda, sigma, rng);
    const readings = model.components.map((_, c) => {
      const padded = new Float64Array(model.real.length);
      fieldOf(model, c, truth, padded);
      return crop(model.domain, padded).map((b, i) => (measured[i] === 1 ? b + sigma * rng.normal() : 0));
    });
    const wanted = currentOf(model, truth);
    const found = currentOf(model, attempt.solve(readings));
    for (let i = 0; i < distance.length; i++) {
      const d = distance[i];
      sums.kx[d] += (found.kx[i] - wanted.kx[i]) ** 2;
      sums.ky[d] += (found.ky[i] - wanted.ky[i]) ** 2;
      sums.count[d]++;
    }
  }
  const floor = interiorVariance(model, weights, lambda, sigma);
  const profile = (squares: Float64Array, least: number) => {
    const out = new Float64Array(rings);
    let deepest = least;
    // From the middle outwards the error does not fall; this also steadies the small inner rings.
    for (let d = rings - 1; d >= 0; d--) {
      if (sums.count[d] >= 200) deepest = Math.max(deepest, squares[d] / sums.count[d]);
      out[d] = Math.sqrt(deepest);
    }
    return out;
  };
  const [kx, ky] = [profile(sums.kx, floor.kx), profile(sums.ky, floor.ky)];
  return { kx: Float64Array.from(distance, d => kx[d]), ky: Float64Array.from(distance, d => ky[d]) };
}

/** Variance of Kx and Ky far from any rim, (A/m)^2. */
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

/** psi~ of a random stream function with the variance of the prior: white noise, each mode times sigma / sqrt(lambda L). */
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

/** Distance of each pixel to the nearest one that was not measured or lies outside, in whole pixels (chessboard), >= 0. */
export function distanceToUnmeasured(measured: Uint8Array, ny: number, nx: number): Int32Array {
  const out = new Int32Array(nx * ny);
  const at = (iy: number, ix: number) => (ix < 0 || iy < 0 || ix >= nx || iy >= ny ? 0 : out[iy * nx + ix]);
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      if (measured[iy * nx + ix] !== 1) continue;
      out[iy * nx + ix] =
        1 + Math.min(at(iy - 1, ix - 1), at(iy - 1, ix), at(iy - 1, ix + 1), at(iy, ix - 1));
    }
  }
  for (let iy = ny - 1; iy >= 0; iy--) {
    for (let ix = nx - 1; ix >= 0; ix--) {
      const i = iy * nx + ix;
      if (measured[i] !== 1) continue;
      const other = Math.min(at(iy + 1, ix - 1), at(iy + 1, ix), at(iy + 1, ix + 1), at(iy, ix + 1));
      out[i] = Math.min(out[i], 1 + other);
    }
  }
  return out;
}
