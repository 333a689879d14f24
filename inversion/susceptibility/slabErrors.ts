import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { type SlabForm, solveSlab } from './slabForm.js';
import type { SlabLattice } from './slabLattice.js';
import type { PriorFit } from './slabPrior.js';

export interface SlabErrors {
  /** Standard deviation of chi of every unknown. */
  readonly chi: Float64Array;
  /** Standard deviation of the mean over the area. */
  readonly mean: number;
  /** Standard deviation of a weighted mean. @param weights one per unknown */
  readonly meanOver: (weights: Float64Array) => number;
  /** Full width at half maximum of the point spread, m. */
  readonly resolution: Float64Array;
  /** Covariance of the offsets' coefficients, the map's uncertainty included. */
  readonly offsetCovariance: (k: number, l: number) => number;
}

/**
 * Errors of a map from the posterior under the smooth prior, whose weight is that of the data's own choice: on average over
 * the pixels such intervals cover what they say (Wahba 1983; Nychka 1988). They hold for the total-variation map too, which
 * errs less away from edges.
 *
 * The influence R = 1 - C lambda P of a pixel is the part of its own value that it shows; a map that shows all wave numbers
 * below k has R = area k^2 / 4 pi and a point spread 4.43 / k wide.
 * @param variance of a weighted reading
 */
export function slabErrors(
  form: SlabForm,
  { prior, lambda }: PriorFit,
  lattice: SlabLattice,
  dense: DenseWorkspace,
  variance: number,
): SlabErrors {
  const { n, coupling } = form;
  const C = solveSlab(form, prior, lambda, dense, { want: 'covariance' }).covariance!;
  const chi = new Float64Array(n);
  for (let u = 0; u < n; u++) chi[u] = Math.sqrt(variance * C[u * n + u]);
  const meanOver = (weights: Float64Array) => {
    let [square, total] = [0, 0];
    for (let u = 0; u < n; u++) {
      if (weights[u] === 0) continue;
      let along = 0;
      for (let v = 0; v < n; v++) along += C[u * n + v] * weights[v];
      square += along * weights[u];
      total += weights[u];
    }
    return Math.sqrt(variance * square) / total;
  };
  const shown = new Float64Array(n).fill(1);
  for (let r = 0, k = 0; r < prior.rows; r++, k += 4) {
    for (let a = k; a < k + 4; a++) {
      if (prior.value[a] === 0) continue;
      const u = prior.index[a];
      let sum = 0;
      for (let b = k; b < k + 4; b++) sum += prior.value[b] * C[u * n + prior.index[b]];
      shown[u] -= lambda * prior.weight[r] * prior.value[a] * sum;
    }
  }
  const { nx, ny, dx, dy } = lattice.grid;
  const widest = Math.hypot(nx * dx, ny * dy);
  const resolution = shown.map(part =>
    Math.min(widest, 4.43 * Math.sqrt((dx * dy) / (4 * Math.PI * Math.max(1e-9, part)))),
  );
  const offsetCovariance = (k: number, l: number) => {
    let sum = k === l ? 1 : 0;
    for (let u = 0; u < n; u++) {
      const g = coupling[k * n + u];
      let along = 0;
      for (let v = 0; v < n; v++) along += C[u * n + v] * coupling[l * n + v];
      sum += g * along;
    }
    return variance * sum;
  };
  return { chi, mean: meanOver(lattice.area), meanOver, resolution, offsetCovariance };
}
