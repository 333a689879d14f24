/**
 * Chance that a number drawn under the null is at least as large, from a sample of such numbers: (1 + how many are) /
 * (1 + sample size), which is valid for any sample size.
 * @param ascending the sample, sorted
 */
export function empiricalP(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return (1 + ascending.length - low) / (1 + ascending.length);
}

/** Two-sided chance of a standard normal number beyond +-z, by the series of erf or Laplace's continued fraction. */
export function normalP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < 2) {
    // erf by its series, 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!.
    let [term, sum] = [x, x];
    for (let n = 1; n < 60; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum);
  }
  // erfc by Laplace's continued fraction.
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}
