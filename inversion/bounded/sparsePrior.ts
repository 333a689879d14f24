import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { type KeptSolution, solveKept, uniformVariance } from './departurePrior.js';
import type { ReducedForm } from './elimination.js';
import { applyLaplacian } from './interiorLattice.js';
import type { BoundedModel } from './model.js';

/** Floor of the sparse prior's deviation, in deviations of the uniform one, and the length over which it is smooth, m. */
const FLOOR = 0.1;
const SMOOTHING = 1.5e-3;

/**
 * Sparse departures. In the healthy part psi is harmonic, so laplacian psi is zero except where a foil is damaged: a prior
 * of log(w^2 + floor^2) on w = laplacian psi, minimised by reweighted least squares. The variance of the next round is the
 * square of this one's w, smoothed over a millimetre or two, plus the floor's. With `last`, the variances of so many last unknowns
 * come along.
 */
export function solveSparse(
  model: BoundedModel,
  reduced: ReducedForm,
  density: number,
  start: Pick<KeptSolution, 'x'>,
  dense: DenseWorkspace,
  {
    rounds,
    last = 0,
    onRound = () => {},
  }: { readonly rounds: number; readonly last?: number; readonly onRound?: (part: number) => void },
): { solution: KeptSolution; variance: Float64Array[] } {
  const nodes = model.interior.count;
  const uniform = uniformVariance(model, density)[0][0];
  let { x } = start;
  let solution: KeptSolution | undefined;
  let variance: Float64Array[] = [];
  for (let round = 0; round < rounds; round++) {
    variance = model.departures.map((_, sheet) => {
      const w = new Float64Array(nodes);
      applyLaplacian(model.laplacian, x.subarray(sheet * nodes, (sheet + 1) * nodes), w);
      return smoothed(
        model,
        w.map(v => v * v),
      ).map(v => v + FLOOR * FLOOR * uniform);
    });
    solution = solveKept(
      model,
      reduced,
      variance,
      dense,
      round === rounds - 1 && 'probed trace',
      round === rounds - 1 ? last : 0,
    );
    ({ x } = solution);
    onRound((round + 1) / rounds);
  }
  return { solution: solution!, variance };
}

/** Gaussian mean over the nodes inside. */
function smoothed({ interior }: BoundedModel, values: Float64Array): Float64Array {
  const { nx, ny, dx, dy, unknown } = interior;
  const along = (data: Float64Array, n: number, stride: number, step: number) => {
    const reach = Math.ceil((3 * SMOOTHING) / step);
    const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-0.5 * (((i - reach) * step) / SMOOTHING) ** 2),
    );
    return data.map((_, i) => {
      const at = Math.floor(i / stride) % n;
      let sum = 0;
      for (let k = Math.max(-reach, -at); k <= Math.min(reach, n - 1 - at); k++)
        sum += kernel[k + reach] * data[i + k * stride];
      return sum;
    });
  };
  const both = (data: Float64Array) => along(along(data, nx, 1, dx), ny, nx, dy);
  const sum = both(Float64Array.from(unknown, u => (u < 0 ? 0 : values[u])));
  const volume = both(Float64Array.from(unknown, u => (u < 0 ? 0 : 1)));
  const out = new Float64Array(values.length);
  for (let i = 0; i < unknown.length; i++) if (unknown[i] >= 0) out[unknown[i]] = sum[i] / volume[i];
  return out;
}
