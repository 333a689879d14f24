/**
 * The simplex method of Nelder and Mead (1965, doi 10.1093/comjnl/7.4.308): a minimum of a function without derivatives.
 * @param steps of the first simplex along each parameter @param small ends the search when no parameter spreads more than
 * this part of its step
 */
export function downhill(
  cost: (p: Float64Array) => number,
  start: Float64Array,
  steps: ArrayLike<number>,
  small = 1e-3,
  most = 400,
): { readonly at: Float64Array; readonly cost: number } {
  const n = start.length;
  const corners = Array.from({ length: n + 1 }, (_, k) => {
    const at = start.slice();
    if (k > 0) at[k - 1] += steps[k - 1];
    return { at, cost: cost(at) };
  });
  for (let calls = n + 1; calls < most; ) {
    corners.sort((a, b) => a.cost - b.cost);
    const spread = Math.max(
      ...Array.from({ length: n }, (_, j) => {
        const values = corners.map(corner => corner.at[j]);
        return (Math.max(...values) - Math.min(...values)) / Math.abs(steps[j]);
      }),
    );
    if (spread < small) break;
    const worst = corners[n];
    const middle = new Float64Array(n);
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) middle[j] += corners[k].at[j] / n;
    const along = (t: number) => {
      const at = middle.map((m, j) => m + t * (worst.at[j] - m));
      calls++;
      return { at, cost: cost(at) };
    };
    const mirrored = along(-1);
    if (mirrored.cost < corners[0].cost) {
      const farther = along(-2);
      corners[n] = farther.cost < mirrored.cost ? farther : mirrored;
    } else if (mirrored.cost < corners[n - 1].cost) corners[n] = mirrored;
    else {
      const inner = along(mirrored.cost < worst.cost ? -0.5 : 0.5);
      if (inner.cost < Math.min(worst.cost, mirrored.cost)) corners[n] = inner;
      else {
        for (let k = 1; k <= n; k++) {
          const at = corners[k].at.map((v, j) => (v + corners[0].at[j]) / 2);
          corners[k] = { at, cost: cost(at) };
          calls++;
        }
      }
    }
  }
  return corners.reduce((a, b) => (b.cost < a.cost ? b : a));
}
