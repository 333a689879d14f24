/** Lags up to which neighbouring samples are compared. */
export const LAGS = 16;

/** Sums of products of residuals k samples apart, and how many there were: adds up over rows of samples. */
export interface Lagged {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

export function noLagged(): Lagged {
  return { sums: new Float64Array(LAGS + 1), counts: new Float64Array(LAGS + 1) };
}

/** Adds a row of residuals. */
export function addLagged({ sums, counts }: Lagged, residuals: Float64Array): void {
  const n = residuals.length;
  for (let k = 0; k <= Math.min(LAGS, n - 1); k++) {
    let sum = 0;
    for (let i = k; i < n; i++) sum += residuals[i] * residuals[i - k];
    sums[k] += sum;
    counts[k] += n - k;
  }
}

export function joinLagged(to: Lagged, from: Lagged): void {
  for (let k = 0; k <= LAGS; k++) {
    to.sums[k] += from.sums[k];
    to.counts[k] += from.counts[k];
  }
}

/**
 * By how much the variance of a mean of n samples exceeds that of n independent ones: 1 + 2 sum (1 - k/n) rho_k, at least
 * 1. The sum ends where pairs of neighbouring terms turn negative (initial positive sequence, C. J. Geyer, Statistical
 * Science 7 (1992) 473). Residuals about the mean of their own row look less alike than they are by the variance of
 * that mean, which is added back.
 */
export function correlationFactor({ sums, counts }: Lagged, n: number): number {
  const reach = Math.min(LAGS, n - 1);
  if (n < 3 || !(sums[0] > 0)) return 1;
  const found = sums.map((sum, k) => (counts[k] > 0 ? sum / counts[k] : 0));
  let variance = found[0] / n;
  let factor = 1;
  for (let pass = 0; pass < 8; pass++) {
    const at = (k: number) => (k <= reach && counts[k] > 0 ? found[k] + variance : 0);
    // Sampling errors of far lags would otherwise feed on themselves.
    let sum = at(0);
    for (let k = 1; k <= reach; k += 2) {
      if (at(k) + at(k + 1) <= significance(counts[k]) * at(0)) break;
      sum += 2 * ((1 - k / n) * at(k) + Math.max(0, 1 - (k + 1) / n) * at(k + 1));
    }
    factor = Math.max(1, sum / at(0));
    const next = Math.min((factor * at(0)) / n, found[0]);
    if (Math.abs(next - variance) < 1e-3 * variance) break;
    variance = next;
  }
  return factor;
}

/** Sum of two correlations that white noise stays below 19 times of 20, from so many products. */
function significance(count: number): number {
  return (1.65 * Math.SQRT2) / Math.sqrt(Math.max(1, count));
}
