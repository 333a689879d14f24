import type { PairedValues } from './pairedValues.js';

/** A = slope B + offset. */
export interface Proportion {
  readonly slope: number;
  /** Standard error, for independent readings. */
  readonly slopeError: number;
  /** One per component. */
  readonly offsets: readonly number[];
}

/**
 * The straight line through the pairs (b, a) with one slope for all components and a constant for each: Deming's regression
 * (1943), the most likely line where both have noise. The ratio of the two variances is that of the stated ones; where only
 * one states its noise the other is exact; where neither does they are taken as equally noisy.
 * @param sigmaA standard deviation of a reading of a, 0 where it is exact
 * @param sigmaB the same of b; both 0 for unknown
 * @returns undefined where b or a does not vary
 */
export function proportion({ a, b }: PairedValues, sigmaA = 0, sigmaB = 0): Proportion | undefined {
  let [aa, bb, ab] = [0, 0, 0];
  let count = 0;
  const means = a.map((values, c) => {
    let [sumA, sumB, n] = [0, 0, 0];
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i] - b[c][i])) continue;
      sumA += values[i];
      sumB += b[c][i];
      n++;
    }
    return [sumA / n, sumB / n];
  });
  a.forEach((values, c) => {
    const [meanA, meanB] = means[c];
    for (let i = 0; i < values.length; i++) {
      const [u, v] = [values[i] - meanA, b[c][i] - meanB];
      if (Number.isNaN(u + v)) continue;
      aa += u * u;
      bb += v * v;
      ab += u * v;
      count++;
    }
  });
  if (!(aa > 0 && bb > 0) || ab === 0) return undefined;
  const [varianceA, varianceB] = sigmaA === 0 && sigmaB === 0 ? [1, 1] : [sigmaA ** 2, sigmaB ** 2];
  // Minimises sum (a - m b)^2 / (varianceA + m^2 varianceB).
  const d = varianceB * aa - varianceA * bb;
  const root = Math.sqrt(d * d + 4 * varianceA * varianceB * ab * ab);
  const slope = varianceB === 0 ? ab / bb : varianceA === 0 ? aa / ab : (d + root) / (2 * varianceB * ab);
  const residual = Math.max(0, aa - 2 * slope * ab + slope * slope * bb);
  const degrees = Math.max(1, count - a.length - 1);
  // Of b only the part that is no noise pins the line down.
  const signal = Math.max(bb - count * (sigmaA === 0 && sigmaB === 0 ? 0 : sigmaB ** 2), 0.1 * bb);
  return {
    slope,
    slopeError: Math.sqrt(residual / degrees / signal),
    offsets: means.map(([meanA, meanB]) => meanA - slope * meanB),
  };
}
