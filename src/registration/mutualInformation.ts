/** Grey levels of each side of the joint histogram. */
export const LEVELS = 24;

/** Values as levels from 0 to LEVELS - 1, between the 1 % and 99 % ranks so that a few far ones do not flatten the rest. */
export function toLevels(values: Float64Array): Float64Array {
  const finite = values.filter(Number.isFinite).sort();
  const [low, high] = [finite[Math.floor(0.01 * (finite.length - 1))], finite[Math.ceil(0.99 * (finite.length - 1))]];
  if (!(high > low)) return values.map(v => (Number.isFinite(v) ? 0 : Number.NaN));
  return values.map(v => Math.min(LEVELS - 1, Math.max(0, ((v - low) / (high - low)) * (LEVELS - 1))));
}

/**
 * Normalised mutual information (H(a) + H(b)) / H(a, b) of two lists of levels (Studholme, Hill and Hawkes 1999,
 * doi 10.1016/S0031-3203(98)00091-0): 1 where neither tells anything of the other, 2 where each tells the other. A value
 * between two levels counts for both, by how near it is, so that the figure has no steps.
 * @param a from {@link toLevels}; NaN where there is none @param joint LEVELS x LEVELS, overwritten
 */
export function normalisedInformation(
  a: Float64Array,
  b: Float64Array,
  joint: Float64Array,
): { readonly information: number; readonly count: number } {
  joint.fill(0);
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i], b[i]];
    if (!(p + q >= 0)) continue;
    const row = Math.min(LEVELS - 2, p | 0);
    const column = Math.min(LEVELS - 2, q | 0);
    const [s, t] = [p - row, q - column];
    const at = row * LEVELS + column;
    joint[at] += (1 - s) * (1 - t);
    joint[at + 1] += (1 - s) * t;
    joint[at + LEVELS] += s * (1 - t);
    joint[at + LEVELS + 1] += s * t;
    count++;
  }
  if (count === 0) return { information: 1, count };
  let [both, rows] = [0, 0];
  const columns = new Float64Array(LEVELS);
  const plogp = (sum: number) => (sum > 0 ? (sum / count) * Math.log(sum / count) : 0);
  for (let row = 0; row < LEVELS; row++) {
    let sum = 0;
    for (let column = 0; column < LEVELS; column++) {
      const value = joint[row * LEVELS + column];
      sum += value;
      columns[column] += value;
      both -= plogp(value);
    }
    rows -= plogp(sum);
  }
  const across = columns.reduce((sum, value) => sum - plogp(value), 0);
  return { information: both > 0 ? (rows + across) / both : 1, count };
}
