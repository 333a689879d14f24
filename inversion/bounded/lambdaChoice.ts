import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { LambdaCandidates, LambdaCurve } from '../regularisation/chooseLambda.js';
import type { ReducedForm } from './elimination.js';
import type { BoundedModel } from './model.js';
import { solveUniform } from './uniformSolution.js';

export interface DensityChoice {
  /** s^2 = 1 / lambda, A^2/m^2. */
  readonly density: number;
  readonly candidates: LambdaCandidates;
  readonly curve: LambdaCurve;
}

/** The sweep: lambda in powers of {@link STEP} around the expected one. Foils do not bend their current much more than that. */
const STEP = 4;
const BELOW = 2;
const ABOVE = 7;
const STEPS = BELOW + ABOVE + 1;
/**
 * The choice stands on rungs, so many to a step (a factor of 1.4): far closer than it is sharp, and scans that differ by
 * their noise alone can share what follows from it.
 */
const RUNGS = 4;

/**
 * Sweeps lambda and picks the least GCV score; discrepancy (residual = readings - degrees) and L-curve beside it.
 * @param readings how many count
 */
export function chooseDensity(
  model: BoundedModel,
  reduced: ReducedForm,
  readings: number,
  centre: number,
  dense: DenseWorkspace,
  onStep: (part: number) => void,
): DensityChoice {
  const lambda = new Float64Array(STEPS);
  const [gcv, degrees, residual, penalty] = [lambda.slice(), lambda.slice(), lambda.slice(), lambda.slice()];
  for (let i = 0; i < STEPS; i++) {
    lambda[i] = STEP ** (i - BELOW) / centre;
    const solved = solveUniform(model, reduced, 1 / lambda[i], dense, 'trace');
    degrees[i] = solved.degrees!;
    residual[i] = solved.residual;
    penalty[i] = solved.penalty / lambda[i];
    gcv[i] = residual[i] / (readings - degrees[i]) ** 2;
    onStep((i + 1) / STEPS);
  }
  const at = (score: (i: number) => number) => interpolatedMinimum(lambda, score);
  const best = onRung(
    at(i => Math.log(gcv[i])),
    centre,
  );
  let discrepancy: number | undefined;
  for (let i = 1; i < STEPS; i++) {
    const [a, b] = [i - 1, i].map(j => residual[j] - (readings - degrees[j]));
    if (a <= 0 && b > 0) discrepancy = lambda[i - 1] * (lambda[i] / lambda[i - 1]) ** (-a / (b - a));
  }
  const curvature = (i: number) => {
    if (i === 0 || i === STEPS - 1) return Number.POSITIVE_INFINITY;
    const slope = (j: number) =>
      (Math.log(residual[j + 1]) - Math.log(residual[j])) / (Math.log(penalty[j + 1]) - Math.log(penalty[j]));
    return slope(i) - slope(i - 1) < 0 ? slope(i) - slope(i - 1) : 0;
  };
  const lcurve = at(curvature);
  return {
    density: 1 / best,
    candidates: { gcv: best, lcurve, ...(discrepancy === undefined ? {} : { discrepancy }) },
    curve: {
      lambda,
      gcv,
      residualNorm: residual.map(v => Math.sqrt(Math.max(0, v))),
      solutionNorm: penalty.map(Math.sqrt),
      degrees,
    },
  };
}

/** The nearest lambda that may be chosen. */
function onRung(lambda: number, centre: number): number {
  return STEP ** (Math.round((RUNGS * Math.log(lambda * centre)) / Math.log(STEP)) / RUNGS) / centre;
}

/** lambda of the least score, by a parabola through the three lowest points. */
function interpolatedMinimum(lambda: Float64Array, score: (i: number) => number): number {
  let best = 0;
  for (let i = 1; i < lambda.length; i++) if (score(i) < score(best)) best = i;
  if (best === 0 || best === lambda.length - 1) return lambda[best];
  const [a, b, c] = [score(best - 1), score(best), score(best + 1)];
  const bend = a - 2 * b + c;
  if (!(bend > 0) || !Number.isFinite(bend)) return lambda[best];
  return lambda[best] * (lambda[best + 1] / lambda[best]) ** (0.5 * ((a - c) / bend));
}
