import { betaLimit, betaTail, fLimit, fTail } from './distributions.js';
import { heldOutErrors } from './leaveOneOut.js';
import type { Pca, PcaModel } from './pca.js';

/**
 * Hotelling's T2 (is the map unusual within the known patterns?) and Q, the squared prediction error (does it hold something
 * that is none of them?), with their laws for maps that did and did not take part in making the components.
 *
 * T2 = sum over j of t_j^2 / v_j. A new map's score varies with v_j, not with lambda_j: components fit their own maps' noise, so
 * lambda_j is too large for others by an amount that is known for a pattern in white noise (Paul 2007, Nadler 2008).
 * - New map: T2 k (n^2 - 1) / (n (n - k)) times F(k, n - k).
 * - Map of the reference itself, with lambda_j in place of v_j: T2 n / (n - 1)^2 is Beta(k/2, (n - k - 1)/2) (Tracy, Young, Mason 1992).
 *
 * Q of a new map: mean times F(h, h n), which for many maps is Box's (1954) g chi2_h; the second pair of degrees is for the
 * uncertainty of the mean. Small sets (n <= 60): mean from the maps themselves, each held out of the components that judge it.
 * Larger ones: from the eigenvalues that are left. h from the covariance of the rest and from the errors of mean map
 * and loadings, which leave the more behind the farther out a map lies along them; or from the scatter of the maps' own
 * errors, where that is significantly larger (maps that are not normal, patterns that were missed).
 */
export interface QLaw {
  readonly mean: number;
  readonly degrees: number;
  /** Degrees of freedom of the mean. */
  readonly meanDegrees: number;
}

export interface MonitoringModel extends PcaModel {
  /** v_j, one per component. */
  readonly newVariances: Float64Array;
  readonly q: QLaw;
  /** How far Q of a map that took part must be stretched to be like that of a new one. */
  readonly stretch: number;
  /** 'held out' or 'eigenvalues': where the mean of Q comes from. */
  readonly qFrom: 'held out' | 'eigenvalues';
}

/** Limits that a share 1 - level of maps without fault exceeds. */
export interface ControlLimits {
  readonly level: number;
  readonly t2: number;
  readonly q: number;
}

export const HELD_OUT_MOST = 60;
/** Standard deviations by which the scatter of Q must exceed its law to be believed. */
const SIGNIFICANT = 2.33;

/** Adds the laws of new maps to components. */
export function monitoringModel(pca: Pca): MonitoringModel {
  const { count: n, squaredErrors } = pca;
  const newVariances = scoreVariances(pca);
  const { trace, square } = pca.rest;
  const noise = trace > 0 ? Math.max(1, trace ** 2 / Math.max(square, trace ** 2 * 1e-9)) : 1;
  const spread = leverageScatter(pca, newVariances);
  const h = 2 / (2 / noise + spread * (1 + 2 / noise));
  const heldOut = n <= HELD_OUT_MOST && pca.gram !== undefined && n - pca.choice.components >= 4;
  let values: Float64Array;
  let mean: number;
  const own = squaredErrors.reduce((sum, q) => sum + q, 0) / n;
  if (heldOut) {
    values = heldOutErrors(pca.gram!, n, pca.choice.components);
    mean = values.reduce((sum, q) => sum + q, 0) / n;
  } else {
    mean = (pca.totalVariance - newVariances.reduce((sum, v) => sum + v, 0)) * (1 + 1 / n);
    values = squaredErrors.map(q => (own > 0 ? (q * mean) / own : 0));
  }
  return {
    ...withoutData(pca),
    newVariances,
    q: boxLaw(values, mean, h),
    stretch: own > 0 ? mean / own : 1,
    qFrom: heldOut ? 'held out' : 'eigenvalues',
  };
}

/**
 * Q of a new map grows as f = 1 + 1/n + T2/(n - 1), T2 with lambda_j: the variance of f over the square of its mean. T2 follows its
 * law, of which the degrees n - k are taken as at least 5, from where it has a variance.
 */
function leverageScatter({ count: n, variances }: PcaModel, newVariances: Float64Array): number {
  const k = variances.length;
  const part = newVariances.reduce((sum, v, j) => sum + (variances[j] > 0 ? v / variances[j] : 0), 0) / k;
  const d = Math.max(n - k, 5);
  const scale = (part * k * (n * n - 1)) / (n * d * (n - 1));
  const variance = (2 * d * d * (k + d - 2)) / (k * (d - 2) ** 2 * (d - 4));
  const mean = 1 + 1 / n + (scale * d) / (d - 2);
  return (scale * scale * variance) / (mean * mean);
}

function withoutData(pca: Pca): PcaModel {
  const { layout, count, pixels, mean, sigma, loadings, variances, totalVariance, rest, choice } = pca;
  return { layout, count, pixels, mean, sigma, loadings, variances, totalVariance, rest, choice };
}

/**
 * Variance of a new map's score along each component. With noise of variance s2 in each of its effective directions and b = its
 * trace / (n - 1): lambda = l (1 + b / (l - s2)) gives the pattern's own variance l; the component points along it with
 * cos^2 = (1 - b s2 / (l - s2)^2) / (1 + b / (l - s2)); the score varies with cos^2 l + (1 - cos^2) s2. A lambda that noise alone
 * can reach gives s2.
 */
export function scoreVariances({
  variances,
  rest,
  count,
}: Pick<PcaModel, 'variances' | 'rest' | 'count'>): Float64Array {
  const noise = rest.trace > 0 ? rest.square / rest.trace : 0;
  const b = rest.trace / (count - 1);
  return variances.map(lambda => {
    const sum = lambda + noise - b;
    const root = sum * sum - 4 * lambda * noise;
    if (noise === 0 && b === 0) return lambda;
    if (!(root >= 0 && sum > 0)) return Math.min(lambda, Math.max(noise, 1e-12 * lambda));
    const own = (sum + Math.sqrt(root)) / 2;
    const above = own - noise;
    const aligned = Math.max(0, (1 - (b * noise) / (above * above)) / (1 + b / above));
    return Math.min(lambda, Math.max(aligned * own + (1 - aligned) * noise, 1e-12 * lambda));
  });
}

/** The law of Q: see above. */
function boxLaw(values: Float64Array, mean: number, h: number): QLaw {
  const n = values.length;
  let squares = 0;
  for (const q of values) squares += (q - mean) ** 2;
  const scatter = squares / (n - 1) / (mean * mean);
  const expected = 2 / h;
  // Variance of a sample's variance for chi2_h: (2/(n-1) + excess/n) with an excess of 12/h.
  const bound = expected * (1 + SIGNIFICANT * Math.sqrt(2 / (n - 1) + 12 / (h * n)));
  const degrees = scatter > bound ? 2 / scatter : h;
  return { mean, degrees, meanDegrees: degrees * n };
}

/** Limits for maps that took no part in making the model. @param level 0.95 or 0.99 */
export function newMapLimits(model: MonitoringModel, level: number): ControlLimits {
  const { count: n, q } = model;
  const k = model.loadings.length;
  const t2 = ((k * (n * n - 1)) / (n * (n - k))) * fLimit(1 - level, k, n - k);
  return { level, t2, q: q.mean * fLimit(1 - level, q.degrees, q.meanDegrees) };
}

/** Limits for the maps that the model was made from, T2 with their own variances lambda_j. */
export function ownMapLimits(model: MonitoringModel, level: number): ControlLimits {
  const { count: n, q } = model;
  const k = model.loadings.length;
  const t2 = ((n - 1) ** 2 / n) * betaLimit(1 - level, k / 2, (n - k - 1) / 2);
  return { level, t2, q: (q.mean / model.stretch) * fLimit(1 - level, q.degrees, q.meanDegrees) };
}

/** Probabilities that a map without fault has a larger T2, and a larger Q. */
export function newMapProbabilities(model: MonitoringModel, t2: number, q: number): { t2: number; q: number } {
  const { count: n } = model;
  const k = model.loadings.length;
  return {
    t2: fTail((t2 * n * (n - k)) / (k * (n * n - 1)), k, n - k),
    q: fTail(q / model.q.mean, model.q.degrees, model.q.meanDegrees),
  };
}

/** The same for a map that took part; its T2 with lambda_j. */
export function ownMapProbabilities(model: MonitoringModel, t2: number, q: number): { t2: number; q: number } {
  const { count: n } = model;
  const k = model.loadings.length;
  return {
    t2: betaTail((t2 * n) / (n - 1) ** 2, k / 2, (n - k - 1) / 2),
    q: fTail((q * model.stretch) / model.q.mean, model.q.degrees, model.q.meanDegrees),
  };
}
