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
  const smooth = smoothing(model);
  const w = new Float64Array(nodes);
  let { x } = start;
  let solution: KeptSolution | undefined;
  let variance: Float64Array[] = [];
  for (let round = 0; round < rounds; round++) {
    variance = model.departures.map((_, sheet) => {
      applyLaplacian(model.laplacian, x.subarray(sheet * nodes, (sheet + 1) * nodes), w);
      for (let u = 0; u < nodes; u++) w[u] *= w[u];
      return smooth(w).map(v => v + FLOOR * FLOOR * uniform);
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
function smoothing({ interior }: BoundedModel): (values: Float64Array) => Float64Array {
  const { nx, ny, dx, dy, unknown } = interior;
  const [grid, room] = [new Float64Array(nx * ny), new Float64Array(nx * ny)];
  const [acrossX, acrossY] = [gaussian(dx), gaussian(dy)];
  const both = () => {
    for (let iy = 0; iy < ny; iy++) sumsAlong(grid, room, iy * nx, nx, 1, acrossX);
    for (let ix = 0; ix < nx; ix++) sumsAlong(room, grid, ix, ny, nx, acrossY);
  };
  for (let i = 0; i < unknown.length; i++) grid[i] = unknown[i] < 0 ? 0 : 1;
  both();
  const volume = grid.slice();
  return values => {
    for (let i = 0; i < unknown.length; i++) grid[i] = unknown[i] < 0 ? 0 : values[unknown[i]];
    both();
    const out = new Float64Array(values.length);
    for (let i = 0; i < unknown.length; i++) if (unknown[i] >= 0) out[unknown[i]] = grid[i] / volume[i];
    return out;
  };
}

/** Weights of the nodes on both sides, out to three deviations. */
function gaussian(step: number): Float64Array {
  const reach = Math.ceil((3 * SMOOTHING) / step);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * (((i - reach) * step) / SMOOTHING) ** 2),
  );
}

/** Weighted sums along a line of n numbers, the first at `first`; beyond its ends there is nothing. */
function sumsAlong(
  from: Float64Array,
  to: Float64Array,
  first: number,
  n: number,
  stride: number,
  weights: Float64Array,
): void {
  const reach = weights.length >> 1;
  for (let at = 0; at < n; at++) {
    let sum = 0;
    const last = Math.min(reach, n - 1 - at);
    for (let k = Math.max(-reach, -at); k <= last; k++) sum += weights[k + reach] * from[first + (at + k) * stride];
    to[first + at * stride] = sum;
  }
}
