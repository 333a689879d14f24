import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { dot } from '../../src/linearAlgebra/vectors.js';

/**
 * What one scan by itself says of the currents and of the pack's geometry: means and joint covariance (row-major) of the
 * currents (n, A) and then of m coefficients. Coefficient j is theta_j times `unit[j]`: theta is the geometry (shifts, turns,
 * profiles of tabs), the unit the current that it rides on. A priori theta_j has mean 0 and deviation `sd[j]`.
 */
export interface ScanEvidence {
  readonly currents: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly unit: Float64Array;
  readonly sd: Float64Array;
}

/** A scan in the light of all. */
export interface SharedEstimate {
  /** A */
  readonly current: Float64Array;
  /** A^2, n x n. */
  readonly covariance: Float64Array;
  /** theta of this scan, and its standard errors. */
  readonly theta: Float64Array;
  readonly thetaError: Float64Array;
}

/** Parts of the prior variance of the geometry that may differ from scan to scan; the likeliest is taken. */
const VARYING = [0, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1];

/**
 * Lets scans of one pack share what they say of its geometry, theta_s = common + own. Prior variance V is split, (1 - q) V for
 * the common part and q V for the own ones, with the q of largest marginal likelihood: 0 where the pack stood still, 1 where
 * nothing was the same. Each scan's likelihood is Gaussian, exp(h'theta - theta' M theta / 2), so all is in closed form; the
 * currents follow from the joint covariance with theta, I + J (theta - theta_s).
 * @returns estimates in the order of the scans, and q
 */
export function shareGeometry(scans: readonly ScanEvidence[]): { estimates: SharedEstimate[]; varying: number } {
  const m = scans[0].unit.length;
  const likelihoods = scans.map(likelihood);
  const variance = scans[0].sd.map(s => s * s);
  const candidates = scans.length === 1 || m === 0 ? [0] : VARYING;
  let best = { q: 0, evidence: Number.NEGATIVE_INFINITY };
  for (const q of candidates) {
    const { evidence } = combined(likelihoods, variance, q);
    if (evidence > best.evidence) best = { q, evidence };
  }
  const { messages, precision, pull } = combined(likelihoods, variance, best.q);
  const estimates = scans.map((scan, s) => {
    // What the others say of this scan's theta, and the prior.
    const others = inverse(minus(precision, messages[s].precision), m);
    const mean = product(others, minus(pull, messages[s].pull), m);
    for (let i = 0; i < m; i++) others[i * m + i] += best.q * variance[i];
    const prior = inverse(others, m);
    const own = likelihoods[s];
    const posterior = inverse(plus(prior, own.precision), m);
    const theta = product(posterior, plus(product(prior, mean, m), own.pull), m);
    return given(scan, theta, posterior);
  });
  return { estimates, varying: best.q };
}

interface Gaussian {
  /** m x m */
  readonly precision: Float64Array;
  /** Precision times mean. */
  readonly pull: Float64Array;
}

/** Likelihood of theta by one scan: its posterior without the prior. */
function likelihood({ currents: n, mean, covariance, unit, sd }: ScanEvidence): Gaussian {
  const m = unit.length;
  const size = n + m;
  const own = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) own[i * m + j] = covariance[(n + i) * size + n + j];
  const precision = inverse(own, m);
  const pull = product(precision, mean.subarray(n), m).map((v, i) => v * unit[i]);
  for (let i = 0; i < m; i++) {
    precision[i * m + i] -= 1 / sd[i] ** 2;
    for (let j = 0; j < m; j++) precision[i * m + j] *= unit[i] * unit[j];
  }
  return { precision, pull };
}

/** The common theta from all scans: what each says of it (its own part integrated out), sums, log marginal likelihood. */
function combined(scans: readonly Gaussian[], variance: Float64Array, q: number) {
  const m = variance.length;
  const messages = scans.map(({ precision: M, pull: h }) => {
    if (q === 0) return { precision: M, pull: h, evidence: 0 };
    // R = (M + 1/(qV))^-1 in the symmetric form sqrt(qV) (1 + sqrt(qV) M sqrt(qV))^-1 sqrt(qV).
    const root = variance.map(v => Math.sqrt(q * v));
    const inner = M.map((v, e) => v * root[Math.floor(e / m)] * root[e % m]);
    for (let i = 0; i < m; i++) inner[i * m + i] += 1;
    const R = inverse(inner, m).map((v, e) => v * root[Math.floor(e / m)] * root[e % m]);
    const MR = times(M, R, m);
    const Rh = product(R, h, m);
    return {
      precision: minus(M, times(MR, M, m)),
      pull: minus(h, product(MR, h, m)),
      evidence: 0.5 * dot(h, Rh) - 0.5 * logDeterminant(inner, m),
    };
  });
  const precision = new Float64Array(m * m);
  const pull = new Float64Array(m);
  let evidence = 0;
  for (const own of messages) {
    own.precision.forEach((v, e) => {
      precision[e] += v;
    });
    own.pull.forEach((v, i) => {
      pull[i] += v;
    });
    evidence += own.evidence;
  }
  // A common part that is a priori nothing stays a little free, for the algebra's sake.
  const common = variance.map(v => Math.max(1 - q, 1e-9) * v);
  let logPrior = 0;
  for (let i = 0; i < m; i++) {
    precision[i * m + i] += 1 / common[i];
    logPrior -= Math.log(common[i]);
  }
  evidence += 0.5 * dot(pull, product(inverse(precision, m), pull, m));
  evidence -= 0.5 * (logDeterminant(precision, m) - logPrior);
  return { messages, precision, pull, evidence };
}

/** Currents and their covariance, given theta and its covariance. */
function given(scan: ScanEvidence, theta: Float64Array, posterior: Float64Array): SharedEstimate {
  const { currents: n, mean, covariance, unit } = scan;
  const m = unit.length;
  const size = n + m;
  const own = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) own[i * m + j] = covariance[(n + i) * size + n + j];
  const precision = inverse(own, m);
  // J = C_It C_tt^-1
  const J = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      for (let k = 0; k < m; k++) J[i * m + j] += covariance[i * size + n + k] * precision[k * m + j];
  const current = Float64Array.from({ length: n }, (_, i) => {
    let value = mean[i];
    for (let j = 0; j < m; j++) value += J[i * m + j] * (theta[j] * unit[j] - mean[n + j]);
    return value;
  });
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let sum = covariance[a * size + b];
      for (let j = 0; j < m; j++) {
        sum -= J[a * m + j] * covariance[b * size + n + j];
        for (let k = 0; k < m; k++) sum += J[a * m + j] * unit[j] * posterior[j * m + k] * unit[k] * J[b * m + k];
      }
      out[a * n + b] = sum;
    }
  }
  for (let a = 0; a < n; a++)
    for (let b = 0; b < a; b++) out[a * n + b] = out[b * n + a] = (out[a * n + b] + out[b * n + a]) / 2;
  return {
    current,
    covariance: out,
    theta,
    thetaError: theta.map((_, j) => Math.sqrt(Math.max(0, posterior[j * m + j]))),
  };
}

const minus = (a: Float64Array, b: Float64Array) => a.map((v, i) => v - b[i]);
const plus = (a: Float64Array, b: Float64Array) => a.map((v, i) => v + b[i]);

function product(matrix: Float64Array, x: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i] += matrix[i * n + j] * x[j];
  return out;
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const v = a[i * n + k];
      for (let j = 0; j < n; j++) out[i * n + j] += v * b[k * n + j];
    }
  return out;
}

/** Of a symmetric positive definite matrix, scaled to a unit diagonal on the way: the unknowns' units differ widely. */
function inverse(matrix: Float64Array, n: number): Float64Array {
  const { factor, scale } = scaledFactor(matrix, n);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  plainAlgebra.solveCholesky(factor, n, out, n);
  return out.map((v, e) => v * scale[Math.floor(e / n)] * scale[e % n]);
}

function logDeterminant(matrix: Float64Array, n: number): number {
  const { factor, scale } = scaledFactor(matrix, n);
  return plainAlgebra.logDeterminant(factor, n) - 2 * scale.reduce((sum, s) => sum + Math.log(s), 0);
}

function scaledFactor(matrix: Float64Array, n: number) {
  const scale = Float64Array.from(
    { length: n },
    (_, i) => 1 / Math.sqrt(Math.max(matrix[i * n + i], Number.MIN_VALUE)),
  );
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) factor[i * n + j] = matrix[i * n + j] * scale[i] * scale[j];
  // Rounding only: differences of matrices that are nearly the same.
  for (let i = 0; i < n; i++) factor[i * n + i] += 1e-12;
  plainAlgebra.cholesky(factor, n);
  return { factor, scale };
}
