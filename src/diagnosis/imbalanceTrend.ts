import { holm } from './falseDiscovery.js';
import type { Judged } from './imbalanceNull.js';
import { normalP } from './significance.js';

/** How the resistance deviation of a cell goes with time. */
export interface Trend {
  /** Per unit of time (per scan where none is given), and its standard error; NaN for fewer than three scans. */
  readonly slope: number;
  readonly error: number;
  /** Chance of a slope as large without a trend, adjusted for the number of cells (Holm). */
  readonly adjustedP: number;
  readonly significant: boolean;
}

/**
 * Weighted straight lines through each cell's resistance deviations (-g, to first order), without the scans where the cell
 * itself is out of line; one jump is not a trend.
 * @param times of the scans @param adjusted p of every cell and scan, [scan][cell]
 */
export function trends(judged: Judged, times: readonly number[], adjusted: Float64Array, level: number): Trend[] {
  const cells = judged.expected.conductance.length;
  const lines = Array.from({ length: cells }, (_, k) => {
    const used = times.map((_, s) => s).filter(s => !(adjusted[s * cells + k] < level));
    let [w, wt, wg, wtt, wtg] = [0, 0, 0, 0, 0];
    for (const s of used) {
      const weight = 1 / (judged.error[s][k] ** 2 || Infinity);
      const g = -judged.departure[s][k];
      w += weight;
      wt += weight * times[s];
      wg += weight * g;
      wtt += weight * times[s] ** 2;
      wtg += weight * times[s] * g;
    }
    const spread = wtt - (wt * wt) / w;
    const enough = used.length >= 3 && spread > 0;
    const slope = enough ? (wtg - (wt * wg) / w) / spread : Number.NaN;
    const error = enough ? 1 / Math.sqrt(spread) : Number.NaN;
    return { slope, error, p: enough ? normalP(slope / error) : 1 };
  });
  const corrected = holm(Float64Array.from(lines, ({ p }) => p));
  return lines.map(({ slope, error }, k) => ({
    slope,
    error,
    adjustedP: corrected[k],
    significant: corrected[k] < level,
  }));
}
