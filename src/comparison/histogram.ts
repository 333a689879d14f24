/** How often values fall into each of several bins of equal width. */
export interface Histogram {
  /** One more than bins. */
  readonly edges: Float64Array;
  /** One array per set of values. */
  readonly counts: readonly Float64Array[];
}

const FEWEST_BINS = 8;
const MOST_BINS = 80;

/**
 * Histograms of several sets of values over common bins, from the least to the largest of them all. Their width is that of
 * Freedman and Diaconis (2 IQR / n^(1/3), 1981) for the first set, between 8 and 80 bins. NaN does not count; every other
 * value does.
 */
export function histogram(sets: readonly ArrayLike<number>[]): Histogram {
  const finite = sets.map(set => Float64Array.from(set).filter(Number.isFinite));
  let [least, most] = [Infinity, -Infinity];
  for (const set of finite) {
    for (const v of set) {
      if (v < least) least = v;
      if (v > most) most = v;
    }
  }
  if (most < least) [least, most] = [0, 1];
  // One value alone is the middle of bins of its own size.
  if (most === least) [least, most] = [least - (Math.abs(least) || 1) / 2, most + (Math.abs(most) || 1) / 2];
  const sorted = (finite.find(set => set.length > 0) ?? new Float64Array()).slice().sort();
  const quartile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))];
  const width = (2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(sorted.length);
  const wanted = width > 0 ? Math.ceil((most - least) / width) : FEWEST_BINS;
  const bins = Math.min(MOST_BINS, Math.max(FEWEST_BINS, wanted));
  const step = (most - least) / bins;
  const counts = finite.map(set => {
    const out = new Float64Array(bins);
    for (const v of set) out[Math.min(bins - 1, Math.floor((v - least) / step))]++;
    return out;
  });
  return { edges: Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? most : least + i * step)), counts };
}
