import { plainAlgebra } from '../../linearAlgebra/index.js';
import { solveSmall } from '../../linearAlgebra/smallSystem.js';

/** What is believed of one number before the scan: normal, or even between two ends. */
export type Prior = { readonly mean: number; readonly sd: number } | { readonly from: number; readonly to: number };

export interface Parameter {
  readonly prior: Prior;
  /** Step of the difference quotients, and the farthest that one round of the fit goes. */
  readonly step: number;
  readonly farthest: number;
}

/** A hypothesis: what it would change, in coordinates of the departure. The last parameter is the log of the amplitude. */
export interface Hypothesis {
  readonly parameters: readonly Parameter[];
  /** Of amplitude 1; undefined where no such defect is possible. */
  readonly template: (parameters: readonly number[]) => Float64Array | undefined;
}

export interface Posterior {
  readonly parameters: readonly number[];
  /** Log of the probability of the departure under the hypothesis, all its parameters integrated out (Laplace's method). */
  readonly evidence: number;
  /** Standard deviation of each parameter. */
  readonly errors: Float64Array;
}

const ROUNDS = 10;
/** A fit ends where its target falls by less, or by less than this part of it. */
const SMALL = 0.05;
const SMALL_PART = 0.01;

interface Point {
  readonly at: number[];
  readonly model: Float64Array;
  readonly target: number;
}

/**
 * Most probable parameters of a hypothesis by damped Gauss-Newton steps, and its evidence. d = exp(a) m(theta) + e with e normal of the
 * given variances; the derivatives come from difference quotients, between which Broyden's updates serve.
 * @param hopeless evidence below which a fit is not worth its last derivatives
 * @returns undefined where the start is impossible
 */
export function posterior(
  { parameters, template }: Hypothesis,
  start: readonly number[],
  departure: Float64Array,
  variance: Float64Array,
  hopeless = Number.NEGATIVE_INFINITY,
): Posterior | undefined {
  const n = parameters.length;
  const modelAt = (at: readonly number[]) => {
    const unit = within(parameters, at) ? template(at) : undefined;
    const factor = Math.exp(at[n - 1]);
    return unit?.map(v => factor * v);
  };
  const pointAt = (at: number[]): Point | undefined => {
    const model = modelAt(at);
    return model && { at, model, target: misfit(departure, model, variance) + penalty(parameters, at) };
  };
  const slopes = (from: Point): Float64Array[] =>
    parameters.map(({ step }, j) => {
      if (j === n - 1) return from.model.slice();
      for (const side of [step, -step]) {
        const beside = modelAt(from.at.map((v, i) => (i === j ? v + side : v)));
        if (beside) return beside.map((v, i) => (v - from.model[i]) / side);
      }
      return new Float64Array(departure.length);
    });
  const first = pointAt([...start]);
  if (first === undefined) return undefined;
  let here = first;
  let jacobian = slopes(here);
  let fresh = true;
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS; round++) {
    const move = gaussNewtonMove(parameters, here, jacobian, departure, variance, damping);
    const next: Point | undefined = move && pointAt(here.at.map((v, j) => v + move[j]));
    if (move === undefined || next === undefined || next.target >= here.target) {
      if (!fresh) {
        jacobian = slopes(here);
        fresh = true;
      } else damping *= 30;
      if (damping > 1e4) break;
      continue;
    }
    broyden(parameters, jacobian, here, next, move);
    fresh = false;
    const gain = here.target - next.target;
    here = next;
    damping = Math.max(1e-6, damping / 10);
    if (gain < Math.max(SMALL, SMALL_PART * here.target)) break;
  }
  if (!fresh && logLikelihood(here.target, variance) > hopeless) jacobian = slopes(here);
  return described(parameters, here, jacobian, variance);
}

function within(parameters: readonly Parameter[], at: readonly number[]): boolean {
  return parameters.every(({ prior }, j) => !('from' in prior) || (at[j] >= prior.from && at[j] <= prior.to));
}

function misfit(departure: Float64Array, model: Float64Array, variance: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < model.length; i++) sum += (departure[i] - model[i]) ** 2 / variance[i];
  return sum;
}

function penalty(parameters: readonly Parameter[], at: readonly number[]): number {
  return parameters.reduce(
    (sum, { prior }, j) => sum + ('sd' in prior ? ((at[j] - prior.mean) / prior.sd) ** 2 : 0),
    0,
  );
}

/** J' V^-1 J, lower triangle and upper. */
function normalMatrix(jacobian: readonly Float64Array[], variance: Float64Array): Float64Array {
  const n = jacobian.length;
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < variance.length; i++) sum += (jacobian[a][i] * jacobian[b][i]) / variance[i];
      out[a * n + b] = out[b * n + a] = sum;
    }
  }
  return out;
}

function gaussNewtonMove(
  parameters: readonly Parameter[],
  { at, model }: Point,
  jacobian: readonly Float64Array[],
  departure: Float64Array,
  variance: Float64Array,
  damping: number,
): number[] | undefined {
  const n = parameters.length;
  const normal = normalMatrix(jacobian, variance);
  const right = new Float64Array(n);
  parameters.forEach(({ prior, farthest }, j) => {
    for (let i = 0; i < model.length; i++) right[j] += (jacobian[j][i] * (departure[i] - model[i])) / variance[i];
    if ('sd' in prior) {
      right[j] -= (at[j] - prior.mean) / prior.sd ** 2;
      normal[j * n + j] += 1 / prior.sd ** 2;
    }
    normal[j * n + j] *= 1 + damping;
    normal[j * n + j] += 1e-6 / farthest ** 2;
  });
  const move = solveSmall(normal, n, right, 1);
  if (move === undefined || !move.every(Number.isFinite)) return undefined;
  const shrink = parameters.reduce((least, { farthest }, j) => Math.min(least, farthest / Math.abs(move[j])), 1);
  return Array.from(move, v => v * shrink);
}

/** The rank-one change of the slopes that explains the step just made (Broyden 1965), parameters in units of their farthest move. */
function broyden(
  parameters: readonly Parameter[],
  jacobian: readonly Float64Array[],
  from: Point,
  to: Point,
  move: readonly number[],
): void {
  const length = move.reduce((sum, v, j) => sum + (v / parameters[j].farthest) ** 2, 0);
  if (!(length > 0)) return;
  for (let i = 0; i < from.model.length; i++) {
    let expected = 0;
    for (let j = 0; j < move.length; j++) expected += jacobian[j][i] * move[j];
    const error = (to.model[i] - from.model[i] - expected) / length;
    for (let j = 0; j < move.length; j++) jacobian[j][i] += (error * move[j]) / parameters[j].farthest ** 2;
  }
}

function logLikelihood(target: number, variance: Float64Array): number {
  return variance.reduce((sum, v) => sum - Math.log(v) / 2, -target / 2);
}

function described(
  parameters: readonly Parameter[],
  { at, target }: Point,
  jacobian: readonly Float64Array[],
  variance: Float64Array,
): Posterior {
  const n = parameters.length;
  const curvature = normalMatrix(jacobian, variance);
  let evidence = logLikelihood(target, variance);
  parameters.forEach(({ prior }, j) => {
    if ('sd' in prior) {
      evidence -= Math.log(prior.sd);
      curvature[j * n + j] += 1 / prior.sd ** 2;
    } else {
      // An even prior cannot be wider than it is.
      const width = prior.to - prior.from;
      evidence -= Math.log(width) - Math.log(2 * Math.PI) / 2;
      curvature[j * n + j] += (2 * Math.PI) / width ** 2;
    }
  });
  const root = curvature.slice();
  plainAlgebra.cholesky(root, n);
  const errors = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    evidence -= Math.log(root[j * n + j]);
    const unit = new Float64Array(n);
    unit[j] = 1;
    plainAlgebra.solveCholesky(root, n, unit, 1);
    errors[j] = Math.sqrt(unit[j]);
  }
  return { parameters: at, evidence, errors };
}
