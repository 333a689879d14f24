import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { LambdaCandidates, LambdaCurve } from '../regularisation/chooseLambda.js';
import { applyRoughness, type Roughness, roughness, variationFactors } from './roughness.js';
import { type SlabForm, type SlabSolution, solveSlab } from './slabForm.js';
import type { SlabLattice } from './slabLattice.js';

/** The map under one prior, with the weight that predicts left-out readings best. */
export interface PriorFit {
  readonly kind: 'smooth' | 'variation';
  readonly prior: Roughness;
  readonly lambda: number;
  /** Factors of the prior's rows at the solution; undefined for the smooth one. */
  readonly factors: Float64Array | undefined;
  readonly solution: SlabSolution;
  /** readings x residual / free^2 */
  readonly gcv: number;
  /** Readings minus what offsets and map spend. */
  readonly free: number;
  readonly candidates: LambdaCandidates;
  readonly curve: LambdaCurve;
}

/** The sweep goes in factors of this, */
const STEP = 4;
/** until the score has risen twice on either side, or so many steps are done. */
const MOST_STEPS = 26;
const ROUNDS = 6;
/** Slopes below this part of the map's rms slope are no edges. */
const FLOOR = 0.1;

interface Step {
  readonly lambda: number;
  readonly solution: SlabSolution;
  readonly factors: Float64Array | undefined;
  readonly gcv: number;
  readonly free: number;
}

/** The smooth prior, integral of |grad chi|^2, its weight by generalised cross-validation unless it is given. */
export function smoothFit(form: SlabForm, lattice: SlabLattice, dense: DenseWorkspace, given?: number): PriorFit {
  const prior = roughness(lattice, 1);
  const at = (lambda: number): Step => scored(form, lambda, solveSlab(form, prior, lambda, dense, { want: 'degrees' }));
  const steps = given === undefined ? sweep(at, startLambda(form, prior)) : [at(given)];
  return { kind: 'smooth', prior, ...chosen(steps, at) };
}

/**
 * Total variation of chi, the integral of sqrt(|grad chi|^2 + floor^2), by reweighted least squares from the smooth map: flat
 * parts stay flat, edges cost their height only. GCV is that of the last round's quadratic form.
 */
export function variationFit(
  form: SlabForm,
  lattice: SlabLattice,
  dense: DenseWorkspace,
  smooth: PriorFit,
  given?: number,
): PriorFit {
  const { prior } = smooth;
  const derivatives = new Float64Array(prior.rows);
  applyRoughness(prior, smooth.solution.chi, derivatives);
  let [square, weight] = [0, 0];
  for (let r = 0; r < prior.rows; r++) {
    square += prior.weight[r] * derivatives[r] ** 2;
    weight += prior.weight[r];
  }
  const floor = FLOOR * Math.sqrt(square / (weight || 1));
  if (!(floor > 0)) return smooth;
  const at = (lambda: number): Step => {
    let { chi } = smooth.solution;
    let factors: Float64Array | undefined;
    for (let round = 1; ; round++) {
      applyRoughness(prior, chi, derivatives);
      factors = variationFactors(prior, derivatives, lattice.count, floor);
      const last = round === ROUNDS;
      const solution = solveSlab(form, prior, lambda, dense, { factors, want: last ? 'degrees' : 'chi' });
      if (last) return scored(form, lambda, solution, factors);
      ({ chi } = solution);
    }
  };
  const steps = given === undefined ? sweep(at, smooth.lambda / FLOOR, STEP) : [at(given)];
  return { kind: 'variation', prior, ...chosen(steps, at) };
}

function scored(form: SlabForm, lambda: number, solution: SlabSolution, factors?: Float64Array): Step {
  const free = Math.max(1, form.readings - form.spent - solution.degrees!);
  return { lambda, solution, factors, gcv: (form.readings * solution.residual) / free ** 2, free };
}

/** Where map and data weigh the same in the mean over the pixels, and a thousandth of that: edges are steeper than noise. */
function startLambda(form: SlabForm, prior: Roughness): number {
  let [data, rough] = [0, 0];
  for (let u = 0; u < form.n; u++) data += form.matrix[u * form.n + u];
  for (let k = 0; k < prior.value.length; k++) rough += prior.weight[k >> 2] * prior.value[k] ** 2;
  return rough > 0 ? (1e-3 * data) / rough : 1;
}

/** Steps on both sides of the least score, ascending in lambda. */
function sweep(at: (lambda: number) => Step, start: number, step = STEP): Step[] {
  const steps = [at(start)];
  const risen = (from: number, towards: 1 | -1) => {
    const best = steps.reduce((least, s) => Math.min(least, s.gcv), Infinity);
    const next = steps[from + towards];
    return next !== undefined && steps[from].gcv > best && next.gcv > best;
  };
  for (let k = 0; k < MOST_STEPS && !(risen(0, 1) && risen(steps.length - 1, -1)); k++) {
    if (!risen(steps.length - 1, -1) && (k % 2 === 0 || risen(0, 1)))
      steps.push(at(steps[steps.length - 1].lambda * step));
    else steps.unshift(at(steps[0].lambda / step));
  }
  return steps;
}

function chosen(steps: readonly Step[], at: (lambda: number) => Step) {
  let best = 0;
  for (let i = 1; i < steps.length; i++) if (steps[i].gcv < steps[best].gcv) best = i;
  let step = steps[best];
  if (best > 0 && best < steps.length - 1) {
    const [a, b, c] = [best - 1, best, best + 1].map(i => Math.log(steps[i].gcv));
    const bend = a - 2 * b + c;
    const shift = bend > 0 ? (0.5 * (a - c)) / bend : 0;
    const between = at(step.lambda * (steps[best + 1].lambda / step.lambda) ** shift);
    if (between.gcv <= step.gcv) step = between;
  }
  const of = (pick: (s: Step) => number) => Float64Array.from(steps, pick);
  const curve: LambdaCurve = {
    lambda: of(s => s.lambda),
    gcv: of(s => s.gcv),
    residualNorm: of(s => Math.sqrt(s.solution.residual)),
    solutionNorm: of(s => Math.sqrt(s.solution.penalty)),
    degrees: of(s => s.solution.degrees!),
  };
  const candidates: LambdaCandidates = { gcv: step.lambda, ...discrepancyOf(steps), ...cornerOf(curve) };
  return { ...step, candidates, curve };
}

/** The largest lambda whose residual is what the stated noise allows. */
function discrepancyOf(steps: readonly Step[]): { discrepancy?: number } {
  for (let i = steps.length - 1; i > 0; i--) {
    const [a, b] = [i - 1, i].map(j => steps[j].solution.residual - steps[j].free);
    if (a > 0 || b <= 0) continue;
    return { discrepancy: steps[i - 1].lambda * (steps[i].lambda / steps[i - 1].lambda) ** (-a / (b - a)) };
  }
  return {};
}

/** The point of the sweep where log residual against log roughness bends most. */
function cornerOf({ lambda, residualNorm, solutionNorm }: LambdaCurve): { lcurve?: number } {
  let [corner, sharpest] = [-1, 0];
  for (let i = 1; i < lambda.length - 1; i++) {
    const angle = (j: number) =>
      Math.atan2(Math.log(solutionNorm[j] / solutionNorm[j + 1]), Math.log(residualNorm[j + 1] / residualNorm[j]));
    const turn = angle(i - 1) - angle(i);
    if (turn > sharpest) [corner, sharpest] = [i, turn];
  }
  return corner < 0 ? {} : { lcurve: lambda[corner] };
}
