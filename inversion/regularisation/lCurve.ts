import { type Filtered, filtered, type Spectrum, sweep } from './filteredSpectrum.js';

/**
 * Curvature of the L-curve (log |A x - b|, log |L x|) at one lambda, positive at its corner (Hansen and O'Leary 1993).
 * Half the logarithm of the squared norms are the coordinates; t = log lambda the parameter.
 */
export function lCurveCurvature(at: Filtered): number {
  if (!(at.residual > 0) || !(at.seminorm > 0)) return Number.NEGATIVE_INFINITY;
  const dx = at.dResidual / at.residual / 2;
  const dy = at.dSeminorm / at.seminorm / 2;
  const d2x = (at.d2Residual / at.residual - (at.dResidual / at.residual) ** 2) / 2;
  const d2y = (at.d2Seminorm / at.seminorm - (at.dSeminorm / at.seminorm) ** 2) / 2;
  const speed = Math.hypot(dx, dy);
  return speed === 0 ? Number.NEGATIVE_INFINITY : (dx * d2y - dy * d2x) / speed ** 3;
}

/**
 * The corner of the L-curve: its point of largest curvature, among the lambda that spend at least 20 degrees of freedom and
 * at most 90 % of the data (beyond, the curve bends for lack of model or of data, not at a corner). It needs no noise level
 * and stands correlated noise better than GCV does. Small problems, with fewer than 200 data, are searched everywhere.
 * @returns undefined where no corner is found
 */
export function lCurveLambda(spectrum: Spectrum, swept = sweep(spectrum)): number | undefined {
  const { lambda } = swept;
  const small = spectrum.count < 200;
  let best = -1;
  let most = 0;
  for (let i = 0; i < lambda.length; i++) {
    const at = swept.at[i];
    if (!small && (at.degrees < 20 || at.degrees > 0.9 * spectrum.count)) continue;
    const curvature = lCurveCurvature(at);
    if (curvature > most) {
      most = curvature;
      best = i;
    }
  }
  if (best < 0) return undefined;
  return goldenMaximum(
    Math.log(lambda[Math.max(best - 1, 0)]),
    Math.log(lambda[Math.min(best + 1, lambda.length - 1)]),
    t => lCurveCurvature(filtered(spectrum, Math.exp(t))),
  );
}

/** exp of the place of the maximum of a unimodal function of log lambda, by golden section. */
function goldenMaximum(low: number, high: number, value: (t: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = low;
  let b = high;
  let c = b - ratio * (b - a);
  let d = a + ratio * (b - a);
  let fc = value(c);
  let fd = value(d);
  for (let step = 0; step < 40; step++) {
    if (fc > fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - ratio * (b - a);
      fc = value(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + ratio * (b - a);
      fd = value(d);
    }
  }
  return Math.exp(0.5 * (a + b));
}
