import { type Filtered, filtered, refine, type Spectrum, sweep } from './filteredSpectrum.js';

/**
 * Generalised cross-validation (Golub, Heath and Wahba 1979): V = n |A x - b|^2 / (n - degrees)^2, whose minimum
 * predicts left-out data best, without knowing the noise. It assumes that the noise is white; with correlated noise it
 * chooses too little smoothing. V estimates the variance of the noise times (1 + degrees / n).
 */
export function gcvScore(spectrum: Spectrum, at: Filtered): number {
  const free = spectrum.count - at.degrees;
  return (spectrum.count * at.residual) / (free * free);
}

/** The lambda with the least score of the sweep, refined between its neighbours; the sweep's end where it lies there. */
export function gcvLambda(spectrum: Spectrum, swept = sweep(spectrum)): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < swept.lambda.length; i++) {
    const score = gcvScore(spectrum, swept.at[i]);
    if (score < least) {
      least = score;
      best = i;
    }
  }
  // d log V = d log residual + 2 d degrees / (n - degrees); the sign is what counts.
  return refine(swept.lambda, best, lambda => {
    const at = filtered(spectrum, lambda);
    return at.dResidual * (spectrum.count - at.degrees) + 2 * at.dDegrees * at.residual;
  });
}
