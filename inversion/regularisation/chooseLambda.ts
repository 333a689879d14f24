import { discrepancyLambda } from './discrepancy.js';
import { filtered, type Spectrum, type Sweep, sweep } from './filteredSpectrum.js';
import { gcvLambda, gcvScore } from './gcv.js';
import { lCurveLambda } from './lCurve.js';

export type LambdaRule = 'gcv' | 'discrepancy' | 'lcurve';

/** What each rule would choose; absent where it has no answer. */
export interface LambdaCandidates {
  readonly gcv: number;
  readonly discrepancy?: number;
  readonly lcurve?: number;
}

/** The curves behind the choice, for the report; every array has one entry per lambda. */
export interface LambdaCurve {
  readonly lambda: Float64Array;
  readonly gcv: Float64Array;
  /** |A x - b|, in the units of the data. */
  readonly residualNorm: Float64Array;
  /** |L x|. */
  readonly solutionNorm: Float64Array;
  readonly degrees: Float64Array;
}

export interface LambdaChoice {
  readonly lambda: number;
  readonly by: LambdaRule;
  /** Why this rule, as a sentence for the user. */
  readonly why: string;
  /** Set where no rule had an answer to trust: the map is as rough as half of the readings make it, whatever the noise. */
  readonly held?: boolean;
  readonly candidates: LambdaCandidates;
  readonly curve: LambdaCurve;
}

/** GCV is not believed where it spends more than this part of the data on the model: it follows the noise. */
const MOST_DEGREES = 0.7;
/** What takes its place then may spend so much. */
const HELD_DEGREES = 0.5;

/**
 * Runs the three rules and picks one: GCV, which needs no noise level, unless it has nothing to hold on to (it spends more
 * than 70 % of the data on the model); then the L-curve, where that has no corner the discrepancy, and at last GCV among the
 * lambda that spend no more than half.
 * @param sigma standard deviation of a datum, where it is known
 * @param distrust a reason not to believe GCV, such as noise that is known to be correlated
 */
export function chooseLambda(spectrum: Spectrum, sigma?: number, distrust?: string): LambdaChoice {
  const swept = sweep(spectrum);
  const gcv = gcvLambda(spectrum, swept);
  const lcurve = lCurveLambda(spectrum, swept);
  const discrepancy = sigma === undefined ? undefined : discrepancyLambda(spectrum, sigma, swept);
  const candidates: LambdaCandidates = {
    gcv,
    ...(discrepancy === undefined ? {} : { discrepancy }),
    ...(lcurve === undefined ? {} : { lcurve }),
  };
  const curve = lambdaCurve(spectrum, swept);
  const spent = filtered(spectrum, gcv).degrees / spectrum.count;
  if (distrust === undefined && spent <= MOST_DEGREES) {
    return { lambda: gcv, by: 'gcv', why: 'it predicts left-out readings best', candidates, curve };
  }
  const reason = distrust ?? `GCV would spend ${Math.round(100 * spent)} % of the readings on the model`;
  if (lcurve !== undefined && filtered(spectrum, lcurve).degrees / spectrum.count <= HELD_DEGREES) {
    return { lambda: lcurve, by: 'lcurve', why: `${reason}, so GCV is not believed`, candidates, curve };
  }
  if (discrepancy !== undefined) {
    return {
      lambda: discrepancy,
      by: 'discrepancy',
      why: `${reason}, and the L-curve has no corner, so the stated noise decides`,
      candidates,
      curve,
    };
  }
  const held = Math.max(gcv, lambdaSpending(spectrum, HELD_DEGREES * spectrum.count));
  const why = `${reason} and the L-curve has no corner: it was held back to half of the readings`;
  return { lambda: held, by: 'gcv', why, held: true, candidates, curve };
}

/** The lambda that spends so many degrees of freedom, by bisection on its logarithm; degrees fall with lambda. */
function lambdaSpending(spectrum: Spectrum, degrees: number): number {
  const top = spectrum.values.reduce((most, s) => Math.max(most, s), 0);
  let [low, high] = [Math.log(top) - 60, Math.log(top) + 20];
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (low + high);
    if (filtered(spectrum, Math.exp(middle)).degrees > degrees) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

function lambdaCurve(spectrum: Spectrum, { lambda, at }: Sweep): LambdaCurve {
  const n = lambda.length;
  const curve = {
    lambda,
    gcv: new Float64Array(n),
    residualNorm: new Float64Array(n),
    solutionNorm: new Float64Array(n),
    degrees: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    curve.gcv[i] = gcvScore(spectrum, at[i]);
    curve.residualNorm[i] = Math.sqrt(at[i].residual);
    curve.solutionNorm[i] = Math.sqrt(at[i].seminorm);
    curve.degrees[i] = at[i].degrees;
  }
  return curve;
}
