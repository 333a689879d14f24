import type { ScanReadings } from '../bounded/scanReadings.js';
import type { ReadField } from './nuisances.js';

/** What the detector's filter lets through that its covariance leaves out. */
export interface Unaccounted {
  readonly readings: ScanReadings;
  /** Fields of the healthy cell with wires as they may run; and the one that the detector takes as healthy. */
  readonly likely: readonly ReadField[];
  readonly healthy: ReadField;
  /** Standard deviation of the place of every sample along each axis, m. */
  readonly position: number;
}

/**
 * The variance of t = f' (reading - healthy) beyond what the detector's covariance counts: what is left of wires that the sheets
 * outside cannot follow, and that the readings of one sample have the same error of place, which the covariance takes as
 * independent: mean over the wires of (f' (B - healthy))^2 + s^2 sum over samples and axes of ((sum f dB)^2 - sum (f dB)^2).
 * Never less than zero.
 * @param filter f, one weight per reading
 */
export function unaccountedVariance(
  filter: Float64Array,
  { readings, likely, healthy, position }: Unaccounted,
): number {
  const { first } = readings;
  let variance = 0;
  for (const { value, dx, dy, dz } of likely) {
    let left = 0;
    for (let r = 0; r < filter.length; r++) left += filter[r] * (value[r] - healthy.value[r]);
    variance += left * left;
    for (const slope of [dx, dy, dz]) {
      let shared = 0;
      for (let s = 0; s + 1 < first.length; s++) {
        let [sum, squares] = [0, 0];
        for (let r = first[s]; r < first[s + 1]; r++) {
          const v = filter[r] * slope[r];
          sum += v;
          squares += v * v;
        }
        shared += sum * sum - squares;
      }
      variance += position ** 2 * shared;
    }
  }
  return Math.max(0, variance / likely.length);
}

/** d' of a filter whose own covariance says `detectability`, with the variance that it leaves out. */
export function honestDetectability(detectability: number, unaccounted: number): number {
  return detectability > 0 ? detectability / Math.sqrt(1 + unaccounted / detectability ** 2) : 0;
}
