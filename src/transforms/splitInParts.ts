import type { RealTransform2D, WeightedResponse } from './transforms.js';

/** {@link RealTransform2D.project} by its definition. */
export function projectInParts(
  { spectrumLength, batch }: Pick<RealTransform2D, 'spectrumLength' | 'batch'>,
  spectra: Float64Array,
  responses: readonly WeightedResponse[],
  inverse: Float64Array,
  psi: Float64Array = new Float64Array(spectrumLength / batch),
): void {
  const length = spectrumLength / batch;
  psi.fill(0, 0, length);
  const parts = ({ kind, values }: WeightedResponse, m: number): [re: number, im: number] =>
    kind === 'complex' ? [values[m], values[m + 1]] : kind === 'real' ? [values[m >> 1], 0] : [0, values[m >> 1]];
  responses.forEach((response, k) => {
    for (let m = 0, at = k * length; m < length; m += 2, at += 2) {
      const [re, im] = parts(response, m);
      psi[m] += response.weight * (re * spectra[at] + im * spectra[at + 1]);
      psi[m + 1] += response.weight * (re * spectra[at + 1] - im * spectra[at]);
    }
  });
  for (let m = 0; m < length; m++) psi[m] *= inverse[m >> 1];
  responses.forEach((response, k) => {
    for (let m = 0, at = k * length; m < length; m += 2, at += 2) {
      const [re, im] = parts(response, m);
      spectra[at] = re * psi[m] - im * psi[m + 1];
      spectra[at + 1] = re * psi[m + 1] + im * psi[m];
    }
  });
}

/** {@link RealTransform2D.shrink} by its definition. @param points of an array */
export function shrinkInParts(
  points: number,
  given: Float64Array,
  dual: Float64Array,
  count: number,
  threshold: number,
): void {
  for (let i = 0; i < points; i++) {
    let norm2 = 0;
    for (let at = i; at < count * points; at += points) norm2 += (given[at] + dual[at]) ** 2;
    // p = keep t; dual = (1 - keep) t; given: (2 keep - 1) t.
    const keep = norm2 > threshold * threshold ? 1 - threshold / Math.sqrt(norm2) : 0;
    for (let at = i; at < count * points; at += points) {
      const t = given[at] + dual[at];
      dual[at] = (1 - keep) * t;
      given[at] = (2 * keep - 1) * t;
    }
  }
}
