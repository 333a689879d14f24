/** Many tests at once: which of many probabilities are worth a flag. */

/**
 * Benjamini and Hochberg (1995): of what is flagged, at most the share `rate` is flagged by chance, on average; for tests that
 * are independent or positively dependent, as neighbouring pixels are. Adjusted probabilities (q values): flag where one is <= rate.
 * @param p one per test; NaN where there is none
 * @returns same length, NaN where p is
 */
export function falseDiscovery(p: Float64Array): Float64Array {
  const order = ascending(p);
  const out = new Float64Array(p.length).fill(Number.NaN);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const i = order[rank - 1];
    least = Math.min(least, (p[i] * order.length) / rank);
    out[i] = least;
  }
  return out;
}

/**
 * Holm (1979): adjusted probabilities such that flagging those <= alpha raises any false flag at all with at most the
 * probability alpha, whatever the dependence. NaN stays NaN.
 */
export function holm(p: Float64Array): Float64Array {
  const order = ascending(p);
  const out = new Float64Array(p.length).fill(Number.NaN);
  let most = 0;
  order.forEach((i, rank) => {
    most = Math.max(most, Math.min(1, p[i] * (order.length - rank)));
    out[i] = most;
  });
  return out;
}

/** The places of the numbers in ascending order, without NaN. */
function ascending(p: Float64Array): Uint32Array {
  const places: number[] = [];
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i])) places.push(i);
  return Uint32Array.from(places).sort((a, b) => p[a] - p[b]);
}
