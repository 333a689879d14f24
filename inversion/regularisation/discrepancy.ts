import { type Filtered, filtered, type Spectrum, sweep } from './filteredSpectrum.js';

/**
 * The discrepancy principle (Morozov 1966) with the degrees of freedom counted: the largest lambda at which |A x - b|^2
 * is no more than sigma^2 m plus two standard deviations of its chi-squared, sigma^2 sqrt(2 m), with m = n - degrees.
 * There are thousands of degrees, so m = n would smooth too much; and without the allowance half of all data sets, those
 * whose noise is a little above its mean, would have no answer.
 * @param sigma standard deviation of one datum
 * @returns undefined where no lambda reaches it: the model cannot explain the data to within sigma, or sigma is so large
 * that no current at all would explain them
 */
export function discrepancyLambda(spectrum: Spectrum, sigma: number, swept = sweep(spectrum)): number | undefined {
  const excess = (at: Filtered) => {
    const free = spectrum.count - at.degrees;
    return at.residual - sigma * sigma * (free + 2 * Math.sqrt(2 * free));
  };
  // From strong smoothing downwards: the first lambda that explains the data is the smoothest that does.
  for (let i = swept.lambda.length - 1; i > 0; i--) {
    if (!(excess(swept.at[i]) > 0 && excess(swept.at[i - 1]) <= 0)) continue;
    let low = Math.log(swept.lambda[i - 1]);
    let high = Math.log(swept.lambda[i]);
    for (let step = 0; step < 50; step++) {
      const middle = 0.5 * (low + high);
      if (excess(filtered(spectrum, Math.exp(middle))) > 0) high = middle;
      else low = middle;
    }
    return Math.exp(0.5 * (low + high));
  }
  return undefined;
}
