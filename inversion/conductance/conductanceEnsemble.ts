import { fLimit } from '../../src/diagnosis/distributions.js';
import { random } from '../../src/random.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { coarseFoil, type FoilSolution, type FoilTask, resampled } from './foilInversion.js';
import { noiseSource } from './variationWeight.js';

/** Solutions as good as the one found: other noise, another weight of the total variation, other pixels. */
export interface ConductanceEnsemble {
  /** Log resistance per pixel of the solution's lattice, member by member. */
  readonly members: readonly Float64Array[];
}

/** Range of the weights, in parts of the chosen one, and of the pitches, in pitches of the map. */
const WEIGHTS: readonly [number, number] = [0.01, 0.1];
const PITCHES: readonly [number, number] = [1, 1.6];
/** How well the place of an edge is known, pixels. */
const EDGE = 1 / 3;

/** The part of some pixels of a lattice of `nx` columns that have a neighbour, beside or above, that is not among them. */
export function rimPart(pixels: readonly number[], nx: number): number {
  const own = new Set(pixels);
  const onRim = pixels.filter(p => [p - 1, p + 1, p - nx, p + nx].some(neighbour => !own.has(neighbour)));
  return onRim.length / pixels.length;
}

/**
 * An ensemble of whole inversions of readings with further noise of their own size, each with a weight of the total variation
 * and a pitch drawn at random: its spread holds what the noise leaves open and what the choices do.
 * @param count members @param seed of the random numbers
 */
export async function conductanceEnsemble(
  task: FoilTask,
  solution: FoilSolution,
  count: number,
  seed = 1,
): Promise<ConductanceEnsemble> {
  const { form, dense } = task;
  const rng = random(seed);
  const between = ([low, high]: readonly [number, number]) => low * (high / low) ** rng.uniform();
  const noise = new Float64Array(form.n);
  const members: Float64Array[] = [];
  const sheets = solution.equations.length;
  const draws = Array.from({ length: count }, () => ({ weight: between(WEIGHTS), pitch: between(PITCHES) }));
  const gradients = dense.temporarily(() => {
    const noiseOf = noiseSource(form, dense, seed + 1);
    return draws.map(() => {
      noiseOf(noise);
      const scale = Math.sqrt(Math.max(1, task.excess));
      return form.gradient.map((g, i) => g + scale * noise[i]);
    });
  });
  for (const [k, { weight, pitch }] of draws.entries()) {
    const { onStep, ...quiet } = task;
    const own: DepartureForm = { ...form, gradient: gradients[k] };
    const member = await coarseFoil({ ...quiet, form: own, weight: weight * solution.weight }, pitch);
    members.push(resampled(member.logResistance, member.lattice, solution.lattice, sheets, 'nearest'));
    if ((await onStep?.((k + 1) / count)) === false) break;
  }
  return { members };
}

/**
 * The range that holds the mean of the log conductance over a region with the given probability: mean and spread of the
 * ensemble, with the quantile of Student's t for as few members; and what no member knows, for all of them have pixels and shrink
 * contrasts alike: where in the pixels on its rim the region ends, to {@link EDGE} of a pixel.
 * @param pixels indices into the members' arrays @param rim part of them that lies on the rim
 */
export function meanLogRange(
  { members }: ConductanceEnsemble,
  pixels: ArrayLike<number>,
  rim: number,
  probability = 0.9,
): readonly [number, number] {
  const means = members.map(member => {
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) sum -= member[pixels[i]];
    return sum / pixels.length;
  });
  const n = means.length;
  const mean = means.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(means.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, n - 1));
  // Student's t squared is F with one degree of freedom.
  const half =
    Math.sqrt(fLimit(1 - probability, 1, Math.max(1, n - 1))) * sd * Math.sqrt(1 + 1 / n) + EDGE * rim * Math.abs(mean);
  return [mean - half, mean + half];
}
