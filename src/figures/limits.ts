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
  let [lowest, highest] = [finite[0], finite[0]];
  for (const v of finite) {
    if (v < lowest) lowest = v;
    if (v > highest) highest = v;
  }
  if (kind === 'signed') {
    const { end, clipped } = robustEnd(finite.map(Math.abs));
    const max = end > 0 ? end : 1;
    return {
      min: -max,
      max,
      ...(clipped && lowest < -max ? { clippedLow: true } : {}),
      ...(clipped && highest > max ? { clippedHigh: true } : {}),
    };
  }
  const min = lowest < 0 || options.fromZero === false ? lowest : 0;
  const { end, clipped } = robustEnd(finite.map(v => v - min));
  // Not min + end: rounding must not put the largest value beyond the end.
  const top = clipped ? min + end : highest;
  const max = top > min ? top : min + (Math.abs(min) || 1);
  return { min, max, ...(clipped ? { clippedHigh: true } : {}) };
}

function robustEnd(sizes: Float64Array): { end: number; clipped: boolean } {
  let largest = 0;
  for (const v of sizes) if (v > largest) largest = v;
  const bulk = ranked(sizes, Math.floor(BULK * (sizes.length - 1)), largest);
  const clipped = bulk > 0 && largest > TOLERATED_EXCESS * bulk;
  return { end: clipped ? HEADROOM * bulk : largest, clipped };
}

const BINS = 4096;

/** The value at a place of the ascending order, of values from 0 to `largest`: by counting, then sorting one bin only. */
function ranked(values: Float64Array, place: number, largest: number): number {
  if (!(largest > 0)) return 0;
  const scale = (BINS - 1) / largest;
  if (!Number.isFinite(scale)) return values.slice().sort()[place];
  const counts = new Int32Array(BINS);
  for (let i = 0; i < values.length; i++) counts[(values[i] * scale) | 0]++;
  let bin = 0;
  let before = 0;
  while (before + counts[bin] <= place) before += counts[bin++];
  const inBin = values.filter(v => ((v * scale) | 0) === bin).sort();
  return inBin[place - before];
}
