import { dot } from '../../src/linearAlgebra/vectors.js';
import { MOST_LOG } from './foilEquation.js';
import type { FoilMisfit } from './foilMisfit.js';
import type { TotalVariation } from './totalVariation.js';

/** What {@link minimise} minimises and how far. */
export interface Minimisation {
  readonly misfit: FoilMisfit;
  /** One per sheet. */
  readonly variation: readonly TotalVariation[];
  /** Weight of the total variation, 1/m. */
  readonly weight: number;
  /** Slopes of the log resistance that count as none, 1/m, from round to round; the last one is kept. */
  readonly floors: readonly number[];
  /** Slope, 1/m, beyond which the variation counts less and less, anew in each step (`TotalVariation.reweigh`). */
  readonly stepScale?: number;
  /** Steps at most. */
  readonly most: number;
  /** Ends when a step lowers the sum by less. */
  readonly tolerance: number;
  /** Called after each step; false ends the work with what there is. */
  readonly onStep?: (step: number) => Promise<boolean>;
}

/** Where the minimisation ended. */
export interface Minimum {
  readonly logResistance: Float64Array;
  /** chi2 / 2, up to a constant, without the total variation. */
  readonly misfit: number;
  readonly variation: number;
  readonly steps: number;
  readonly finished: boolean;
}

/** Step of conjugate gradients, and what is left of the residual when they end. */
const CG_STEPS = 40;
const CG_LEFT = 0.05;
const HALVINGS = 8;

/**
 * Minimises misfit + weight * total variation by Gauss and Newton's steps: the equations of each, J'SJ + weight D'WD, are
 * solved by conjugate gradients, preconditioned by the total variation alone, so that only those directions take steps that
 * the readings say more of than the prior. Log resistances make every conductance positive.
 */
export async function minimise(task: Minimisation, start: Float64Array): Promise<Minimum> {
  const { misfit, variation, weight, floors } = task;
  const n = misfit.count;
  const pixels = n / variation.length;
  let map = start.slice();
  const [gradient, step, next] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const total = (values: Float64Array, floor: number) =>
    variation.reduce((sum, tv, s) => sum + tv.weigh(values.subarray(s * pixels, (s + 1) * pixels), floor), 0);
  let data = misfit.solve(map);
  let steps = 0;
  let finished = false;
  for (; steps < task.most; steps++) {
    const floor = floors[Math.min(steps, floors.length - 1)];
    if (task.stepScale !== undefined) {
      total(map, floor);
      for (const tv of variation) tv.reweigh(task.stepScale);
    }
    const before = data + weight * total(map, floor);
    misfit.gradient(gradient);
    variation.forEach((tv, s) => {
      tv.addGradient(
        map.subarray(s * pixels, (s + 1) * pixels),
        weight,
        gradient.subarray(s * pixels, (s + 1) * pixels),
      );
    });
    solveStep(task, gradient, step);
    let after = Infinity;
    for (let factor = 1, k = 0; k < HALVINGS; k++, factor /= 2) {
      for (let i = 0; i < n; i++) {
        next[i] = Math.min(MOST_LOG, Math.max(-MOST_LOG, map[i] - factor * step[i]));
      }
      const value = misfit.solve(next);
      const sum = value + weight * total(next, floor);
      if (sum < before) {
        map = next.slice();
        data = value;
        after = sum;
        break;
      }
    }
    const gained = before - after;
    if (!(gained > 0)) {
      data = misfit.solve(map);
      total(map, floor);
    }
    if ((await task.onStep?.(steps)) === false) break;
    if (!(gained > task.tolerance) && steps + 1 >= floors.length) {
      finished = true;
      break;
    }
  }
  return { logResistance: map, misfit: data, variation: total(map, floors.at(-1)!), steps, finished };
}

/** (J'SJ + weight D'WD) step = gradient, with the weights W and the Jacobian as they stand. */
export function solveStep(
  { misfit, variation, weight }: Pick<Minimisation, 'misfit' | 'variation' | 'weight'>,
  gradient: Float64Array,
  step: Float64Array,
): void {
  const n = misfit.count;
  const pixels = n / variation.length;
  for (const tv of variation) {
    const mean = tv.weights.reduce((sum, w) => sum + w, 0) / tv.weights.length;
    tv.prepare(weight, 1e-6 * weight * mean);
  }
  const [r, z, p, q] = [gradient.slice(), new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const precondition = () => {
    z.set(r);
    variation.forEach((tv, s) => {
      tv.solve(z.subarray(s * pixels, (s + 1) * pixels));
    });
  };
  step.fill(0);
  precondition();
  p.set(z);
  let rz = dot(r, z);
  const first = rz;
  for (let k = 0; k < CG_STEPS && rz > CG_LEFT ** 2 * first; k++) {
    misfit.curvature(p, q);
    variation.forEach((tv, s) => {
      tv.addGradient(p.subarray(s * pixels, (s + 1) * pixels), weight, q.subarray(s * pixels, (s + 1) * pixels));
    });
    const alpha = rz / dot(p, q);
    for (let i = 0; i < n; i++) {
      step[i] += alpha * p[i];
      r[i] -= alpha * q[i];
    }
    precondition();
    const after = dot(r, z);
    const beta = after / rz;
    rz = after;
    for (let i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
  }
}
