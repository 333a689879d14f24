import { type Histogram, histogram } from './histogram.js';
import { differences, type PairedValues } from './pairedValues.js';

/** The deviation at every place: how a picture shows it. */
export interface Deviations {
  /** In standard errors: signed per component, or of a vector sqrt(mean over the components of (d / sigma)^2). */
  readonly inSigma: boolean;
  /** One array per component, or a single one of a vector. */
  readonly values: readonly Float64Array[];
}

/** a - b over its standard error, or as it is where no errors are known. */
export function deviations(pairs: PairedValues): Deviations {
  const { sigma, vector } = pairs;
  const d = differences(pairs);
  const scaled = sigma === undefined ? d : d.map((values, c) => values.map((v, i) => v / sigma[c][i]));
  if (!vector) return { inSigma: sigma !== undefined, values: scaled };
  // Of a vector without errors its length; with errors a number whose square is 1 on average by chance.
  const scale = sigma === undefined ? 1 : 1 / Math.sqrt(d.length);
  const length = scaled[0].map((_, i) => scale * Math.hypot(...scaled.map(values => values[i])));
  return { inSigma: sigma !== undefined, values: [length] };
}

/** Of the values of both (lengths of vectors), and of the components of their difference (in standard errors if known). */
export function comparisonHistograms(pairs: PairedValues): {
  readonly values: Histogram;
  readonly difference: Histogram;
} {
  const { a, b, sigma, vector } = pairs;
  const both = [a, b].map(side =>
    vector
      ? side[0].map((_, i) => Math.hypot(...side.map(values => values[i])))
      : Float64Array.from(side.flatMap(values => [...values])),
  );
  const d = differences(pairs).map((values, c) =>
    sigma === undefined ? values : values.map((v, i) => v / sigma[c][i]),
  );
  return { values: histogram(both), difference: histogram([Float64Array.from(d.flatMap(values => [...values]))]) };
}
