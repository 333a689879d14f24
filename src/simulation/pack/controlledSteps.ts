import { implicitStepper, type Throughput } from './implicitStep.js';
import type { PackModel } from './packModel.js';

/** Steps shorter than this part of the whole are taken as they are: kinks of tables leave an error of lower order. */
const SHORTEST = 1e-6;

/**
 * Advances the states of charge like `implicitStepper`, in steps short enough: every step is taken once whole and once
 * in two halves, the halves count, and their difference decides on the length of the next one (third power, for the
 * method is of second order).
 * @param tolerance largest difference of a state of charge per step; Infinity takes every duration in one step
 */
export function controlledSteps(
  model: PackModel,
  tolerance: number,
): (soc: Float64Array, current: number, duration: number, sums: Throughput) => void {
  const advance = implicitStepper(model);
  if (tolerance === Infinity) return advance;
  const n = model.cells.length;
  const whole = new Float64Array(n);
  const halves = new Float64Array(n);
  const unused: Throughput = { supplied: 0, dissipated: 0, charge: new Float64Array(n) };
  const trial: Throughput = { supplied: 0, dissipated: 0, charge: new Float64Array(n) };
  let wanted = Infinity;
  return (soc, current, duration, sums) => {
    let done = 0;
    while (done < duration) {
      const step = Math.min(wanted, duration - done);
      whole.set(soc);
      advance(whole, current, step, unused);
      halves.set(soc);
      trial.supplied = trial.dissipated = 0;
      trial.charge.fill(0);
      advance(halves, current, step / 2, trial);
      advance(halves, current, step / 2, trial);
      let error = 0;
      for (let k = 0; k < n; k++) error = Math.max(error, Math.abs(whole[k] - halves[k]));
      wanted = step * Math.min(5, Math.max(0.2, 0.9 * Math.cbrt(tolerance / error)));
      if (error > tolerance && step > SHORTEST * duration) continue;
      soc.set(halves);
      sums.supplied += trial.supplied;
      sums.dissipated += trial.dissipated;
      for (let k = 0; k < n; k++) sums.charge[k] += trial.charge[k];
      // A rest within the rounding of the sum is no step.
      done = step >= (duration - done) * (1 - 1e-12) ? duration : done + step;
    }
  };
}
