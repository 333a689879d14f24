import { random } from '../../src/random.js';
import { median } from '../median.js';
import type { FoilSolution } from './foilInversion.js';
import { solveStep } from './gaussNewton.js';

/** Realisations of the noise that are wanted: the standard deviations are known to a fifth of themselves. */
export const ERROR_REALISATIONS = 12;

/**
 * Standard deviation of the log resistance of every pixel under the Laplace approximation at the solution, the total
 * variation taken as the quadratic form that it is in the last step (lagged diffusivity): each realisation solves the step's
 * equations for noise in the readings and in the prior (Bardsley, Solonen, Haario and Laine 2014). It says how far a plateau may
 * be up or down, and how far an edge may stray; it does not know that other shapes would do as well.
 * @param noise realisations in the form's gradient (`formRoom`) @param excess variance of the readings over the stated one
 */
export function conductanceErrors(
  solution: FoilSolution,
  noise: readonly Float64Array[],
  excess: number,
): Float64Array {
  const { objective, variation, weight, lattice, logResistance } = solution;
  const n = objective.count;
  const pixels = lattice.pixels.length;
  objective.solve(logResistance);
  const squares = new Float64Array(n);
  const rng = random(3);
  const [right, change] = [new Float64Array(n), new Float64Array(n)];
  const scale = Math.sqrt(Math.max(1, excess));
  for (const realisation of noise) {
    objective.adjoint(
      realisation.map(v => scale * v),
      right,
    );
    variation.forEach((tv, s) => {
      tv.addNoise(weight, rng, right.subarray(s * pixels, (s + 1) * pixels));
    });
    solveStep({ misfit: objective, variation, weight }, right, change);
    for (let s = 0; s < variation.length; s++) {
      // Only ratios count: the median stays.
      const own = change.subarray(s * pixels, (s + 1) * pixels);
      const middle = median(own);
      for (let i = 0; i < pixels; i++) squares[s * pixels + i] += (own[i] - middle) ** 2;
    }
  }
  return squares.map(v => Math.sqrt(v / noise.length));
}
