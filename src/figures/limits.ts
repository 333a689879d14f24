import type { Limits, MapKind } from './colour.js';

/** Above this excess over the bulk of the values, the few largest no longer set the scale. */
const TOLERATED_EXCESS = 1.6;
const BULK = 0.995;
/** So that values hardly above the bulk are not clipped along with the far ones. */
const HEADROOM = 1.05;

/**
 * The limits of a colour map that show `values` best. Signed: symmetric about zero. Magnitude: from zero, or from the
 * smallest value when everything lies far from zero (`fromZero: false`). A few values far beyond the rest (a wire right
 * below a sensor) are clipped and the limits say so. NaN and infinities are ignored; a constant map gets a range of its
 * own size. Limits are in the unit of the values.
 */
export function colourLimits(values: ArrayLike<number>, kind: MapKind, options: { fromZero?: boolean } = {}): Limits {
  const finite = Float64Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return kind === 'signed' ? { min: -1, max: 1 } : { min: 0, max: 1 };
  if (kind === 'signed') {
    const { end, clipped } = robustEnd(finite.map(Math.abs));
    const max = end > 0 ? end : 1;
    return {
      min: -max,
      max,
      ...(clipped && finite.some(v => v < -max) ? { clippedLow: true } : {}),
      ...(clipped && finite.some(v => v > max) ? { clippedHigh: true } : {}),
    };
  }
  const sorted = finite.sort();
  const lowest = sorted[0];
  const min = lowest < 0 || options.fromZero === false ? lowest : 0;
  const { end, clipped } = robustEnd(sorted.map(v => v - min));
  // Not min + end: rounding must not put the largest value beyond the end.
  const highest = clipped ? min + end : sorted[sorted.length - 1];
  const max = highest > min ? highest : min + (Math.abs(min) || 1);
  return { min, max, ...(clipped ? { clippedHigh: true } : {}) };
}

function robustEnd(sizes: Float64Array): { end: number; clipped: boolean } {
  const sorted = sizes.sort();
  const largest = sorted[sorted.length - 1];
  const bulk = sorted[Math.floor(BULK * (sorted.length - 1))];
  const clipped = bulk > 0 && largest > TOLERATED_EXCESS * bulk;
  return { end: clipped ? HEADROOM * bulk : largest, clipped };
}
