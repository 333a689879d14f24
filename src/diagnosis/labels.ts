import { InputError } from '../errors.js';

/** Which known defect a map looks like, or none. */
export interface DefectTemplate {
  readonly name: string;
  /** Change of the map that the defect makes, of any size; as long as the map. NaN: no statement there. */
  readonly map: Float64Array;
}

export interface DefectLabel {
  /** Name of a template, or 'unknown'. */
  readonly name: string;
  /** Probability of this label, given the noise and these alternatives. */
  readonly confidence: number;
  /** How many times the template, least squares. NaN for 'unknown'. */
  readonly amplitude: number;
  /** Reduced chi-squared of what it leaves. */
  readonly chi2: number;
}

export interface LabelOptions {
  /** Only positive multiples of a template count; default true. */
  readonly positive?: boolean;
  /**
   * Part of a real defect's change that a template of the right kind may miss, relative to the template's own values: it is noise
   * that grows with the defect. Default 0.1.
   */
  readonly likeness?: number;
  /** Effective number of independent pixels; default all. Less for smooth maps, whose pixels err together. */
  readonly independent?: number;
}

export const UNKNOWN = 'unknown';

/**
 * Labels a departure from the healthy map, the most probable first; 'unknown' always stands among them.
 *
 * Hypothesis i says d = a m_i + e, e of variance sigma^2 + (likeness a m_i)^2; 'unknown' says that d has no known shape: e of
 * variance sigma^2 + s^2, s from d itself. Each is weighed by its likelihood with the amplitude (or s) fitted, times p^(-1/2) for the
 * fitted number (Schwarz 1978); all have the same prior. A map that is noise alone fits 'unknown' with s = 0 and no
 * template with significance, so it is 'unknown' too: labels are for maps that are flagged.
 * @param departure map minus reference, any unit; NaN where not measured
 * @param sigma noise of each pixel, same unit; NaN or zero leaves the pixel out
 * @throws {InputError} for lengths that differ or no pixel in common
 */
export function labelDefect(
  departure: Float64Array,
  sigma: Float64Array,
  templates: readonly DefectTemplate[],
  options: LabelOptions = {},
): DefectLabel[] {
  const { positive = true, likeness = 0.1 } = options;
  for (const { name, map } of templates) {
    if (map.length === departure.length) continue;
    throw new InputError(`the template has ${map.length} values for a map of ${departure.length}`, { column: name });
  }
  const places: number[] = [];
  for (let i = 0; i < departure.length; i++) {
    if (Number.isNaN(departure[i]) || !(sigma[i] > 0) || templates.some(t => Number.isNaN(t.map[i]))) continue;
    places.push(i);
  }
  if (places.length < 3) throw new InputError('map and templates have no pixels in common');
  const p = places.length;
  const weight = Math.min(1, (options.independent ?? p) / p);
  const d = Float64Array.from(places, i => departure[i]);
  const s = Float64Array.from(places, i => sigma[i]);
  const charge = 0.5 * Math.log(Math.max(2, p * weight));
  const found = templates.map(({ name, map }) => {
    const m = Float64Array.from(places, i => map[i]);
    const amplitude = amplitudeOf(d, s, m, likeness, positive);
    const fit = gaussian(d, m, amplitude, j => s[j] ** 2 + (likeness * amplitude * m[j]) ** 2);
    return { name, amplitude, chi2: fit.chi2 / (p - 1), log: amplitude === 0 ? -Infinity : weight * fit.log - charge };
  });
  const excess = excessOf(d, s);
  const none = gaussian(d, d, 0, j => s[j] ** 2 + excess);
  found.push({ name: UNKNOWN, amplitude: Number.NaN, chi2: none.chi2 / p, log: weight * none.log - charge });
  const best = found.reduce((most, f) => Math.max(most, f.log), Number.NEGATIVE_INFINITY);
  const total = found.reduce((sum, f) => sum + Math.exp(f.log - best), 0);
  return found
    .map(({ log, ...label }) => ({ ...label, confidence: Math.exp(log - best) / total }))
    .sort((a, b) => b.confidence - a.confidence);
}

/** Weighted least squares, the weights from the amplitude of the round before. */
function amplitudeOf(d: Float64Array, s: Float64Array, m: Float64Array, likeness: number, positive: boolean): number {
  let a = 0;
  for (let round = 0; round < 8; round++) {
    let [above, below] = [0, 0];
    for (let j = 0; j < d.length; j++) {
      const w = 1 / (s[j] ** 2 + (likeness * a * m[j]) ** 2);
      above += w * m[j] * d[j];
      below += w * m[j] * m[j];
    }
    a = below > 0 ? above / below : 0;
    if (positive && a < 0) return 0;
  }
  return a;
}

/** The variance beyond the noise that makes the departure most likely, by bisection of the likelihood's slope. */
function excessOf(d: Float64Array, s: Float64Array): number {
  const slope = (excess: number) => {
    let sum = 0;
    for (let j = 0; j < d.length; j++) {
      const v = s[j] ** 2 + excess;
      sum += (d[j] ** 2 / v - 1) / v;
    }
    return sum;
  };
  if (slope(0) <= 0) return 0;
  let high = d.reduce((most, v) => Math.max(most, v * v), 0);
  let low = 0;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function gaussian(d: Float64Array, m: Float64Array, a: number, variance: (j: number) => number) {
  let [chi2, log] = [0, 0];
  for (let j = 0; j < d.length; j++) {
    const v = variance(j);
    const term = (d[j] - a * m[j]) ** 2 / v;
    chi2 += term;
    log -= 0.5 * (term + Math.log(v));
  }
  return { chi2, log };
}
