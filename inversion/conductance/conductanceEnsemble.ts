import { fLimit } from '../../src/diagnosis/distributions.js';
import { random } from '../../src/random.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { contrastOf, type DefectRegion, defectRegions, logOfContrast } from './defectRegions.js';
import { coarseFoil, type FoilSolution, type FoilTask, fineFoil } from './foilInversion.js';
import { formOfDamage } from './likeDamage.js';

/** What the whole inversion makes of readings of known damage like the one that was found, with noise like theirs. */
export interface ConductanceEnsemble {
  /** The damage, per sheet: what every member should have found. */
  readonly regions: readonly (readonly DefectRegion[])[];
  /** Log resistance per pixel of the solution's lattice, sheet by sheet, member by member. */
  readonly members: readonly Float64Array[];
}

/**
 * Simulates readings of a foil with sharp-edged damage like the one found, each time moved within a pixel and with other noise,
 * and inverts them the same way (parametric bootstrap: Efron and Tibshirani 1993). How far the members are from the damage that
 * they are of is how far the solution is from the true one: what total variation flattens and shrinks, what the pixels do to
 * an edge, where the iteration stops, and noise.
 * @param count members @param noise in the gradient, one realisation for every member
 */
export async function conductanceEnsemble(
  task: FoilTask,
  solution: FoilSolution,
  count: number,
  noise: readonly Float64Array[],
  seed = 1,
): Promise<ConductanceEnsemble> {
  const { lattice, logResistance, weight } = solution;
  const pixels = lattice.pixels.length;
  const regions = solution.equations.map((_, s) =>
    defectRegions(lattice, logResistance.subarray(s * pixels, (s + 1) * pixels)),
  );
  const rng = random(seed);
  const scale = Math.sqrt(Math.max(1, task.excess));
  const { onStep, ...quiet } = task;
  const members: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const clean = formOfDamage(task, solution, regions, rng);
    const form: DepartureForm = { ...clean, gradient: clean.gradient.map((g, i) => g + scale * noise[k][i]) };
    const own = { ...quiet, form, weight };
    const member = await fineFoil(own, await coarseFoil(own));
    members.push(member.logResistance);
    if ((await onStep?.((k + 1) / count)) === false) break;
  }
  return { regions, members };
}

/**
 * The range that holds the mean of the log conductance over the true region of a defect with the given probability. Errors are
 * counted in the contrast t = (1 - c) / (1 + c), to which the field of a region of conductance c is proportional: the members'
 * mean error is taken off, their spread counts with the quantile of Student's t for as few. A contrast of one is a hole: then
 * the range has no lower end.
 * @param region of the solution, in sheet `sheet`
 */
export function meanLogRange(
  { members }: Pick<ConductanceEnsemble, 'members'>,
  solution: Pick<FoilSolution, 'lattice'>,
  sheet: number,
  region: DefectRegion,
  probability = 0.9,
): readonly [number, number] {
  const { lattice } = solution;
  const pixels = lattice.pixels.length;
  const found = contrastOf(region.logResistance);
  const errors = members.map(member => {
    const own = member.subarray(sheet * pixels, (sheet + 1) * pixels);
    return contrastOf(likest(defectRegions(lattice, own), region)?.logResistance ?? meanOver(own, region)) - found;
  });
  const n = errors.length;
  const mean = errors.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(errors.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, n - 1));
  // Student's t squared is F with one degree of freedom.
  const half = Math.sqrt(fLimit(1 - probability, 1, Math.max(1, n - 1))) * sd * Math.sqrt(1 + 1 / n);
  return [-logOfContrast(found - mean + half), -logOfContrast(found - mean - half)];
}

/** Of some regions the one that has most pixels in common with the given one. */
function likest(regions: readonly DefectRegion[], wanted: DefectRegion): DefectRegion | undefined {
  const own = new Set(wanted.pixels);
  let [most, best]: [number, DefectRegion | undefined] = [0, undefined];
  for (const region of regions) {
    const common = region.pixels.reduce((sum, p) => sum + (own.has(p) ? 1 : 0), 0);
    if (common > most && region.sign === wanted.sign) [most, best] = [common, region];
  }
  return best;
}

function meanOver(values: Float64Array, { pixels }: DefectRegion): number {
  return pixels.reduce((sum, p) => sum + values[p], 0) / pixels.length;
}
