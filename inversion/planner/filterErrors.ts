import type { ScanReadings } from '../bounded/scanReadings.js';
import { normalBelow, normalLimit } from './detector.js';
import type { ReadField } from './nuisances.js';

/** What the detector's filter meets in scans, each with wires of its own. */
export interface DrawnScans {
  readonly readings: ScanReadings;
  /** Fields of the healthy cell with wires as they may run; and the one that the detector takes as healthy. */
  readonly likely: readonly ReadField[];
  readonly healthy: ReadField;
  /** Standard deviations: of each reading's error as the detector counts it, T; of gains, a part of 1; of places, m. */
  readonly deviation: Float64Array;
  readonly gain: number;
  readonly position: number;
}

/** Beyond these d' the area says nothing any more: there the loss is that at the nearer of them. */
const TELLING = [0.5, 3] as const;

/**
 * The part of d' that is left when the filter f = C^-1 s of a signal meets what its covariance C = D + N P N' leaves out: what
 * the sheets outside cannot follow of wires, b = f' (B - healthy); that the readings of a sample share their error of place; and
 * that gain and place make errors of another size with each draw of wires, where D has their mean square. t is then normal for
 * each draw, with its own mean and variance; the area under the receiver operating curve is the mean of
 * Phi((d'^2 + b1 - b0) / sqrt(v0 + v1)) over pairs of draws, and gives back the d' that has this area.
 * @param filter f, one weight per reading @param detectability d' by the covariance
 * @returns 0 to 1 or somewhat more: D takes errors of one sample as independent, which may be too careful
 */
export function partLeft(filter: Float64Array, detectability: number, scans: DrawnScans): number {
  const { readings, likely, healthy, deviation, gain, position } = scans;
  if (!(detectability > 0)) return 1;
  const { first, sigma } = readings;
  const square = detectability ** 2;
  let counted = 0;
  for (let r = 0; r < filter.length; r++) counted += filter[r] ** 2 * (deviation[r] ** 2 - sigma[r] ** 2);
  const draws = likely.map(({ value, dx, dy, dz }) => {
    let [mean, errors] = [0, 0];
    for (let r = 0; r < filter.length; r++) {
      mean += filter[r] * (value[r] - healthy.value[r]);
      errors += (filter[r] * gain * value[r]) ** 2;
    }
    for (const slope of [dx, dy, dz]) {
      for (let s = 0; s + 1 < first.length; s++) {
        let sum = 0;
        for (let r = first[s]; r < first[s + 1]; r++) sum += filter[r] * slope[r];
        errors += (position * sum) ** 2;
      }
    }
    return { mean: mean / detectability, variance: Math.max(0, square - counted + errors) / square };
  });
  const reference = Math.min(TELLING[1], Math.max(TELLING[0], detectability));
  let area = 0;
  for (const a of draws) {
    for (const b of draws) {
      area += normalBelow((reference + b.mean - a.mean) / Math.sqrt(a.variance + b.variance)) / draws.length ** 2;
    }
  }
  return area > 0.5 ? (Math.SQRT2 * normalLimit(1 - area)) / reference : 0;
}
