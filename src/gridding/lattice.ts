/** Positions start + i step, i = 0 .. n - 1, along one axis, m. */
export interface AxisNodes {
  readonly start: number;
  readonly step: number;
  readonly n: number;
}

/** The nodes on which values lie. */
export interface Lattice extends AxisNodes {
  /** How far the values lie beside the nodes at most, in steps. */
  readonly beside: number;
}

/** A value may stand this far beside its node (coordinates printed with few digits), in steps. */
const TOLERANCE = 0.02;
/** Deviations below this, in steps, are rounding errors of floating point. */
const ROUNDING = 1e-9;
/** A lattice with more nodes per value is a coincidence (coordinates that were rounded). */
export const MOST_NODES = 8;

/**
 * The lattice start + i step on which all values lie, within 2 % of a step, in whatever order; several values may lie on
 * one node, none on others. Gaps between sorted values are of two kinds, those within a node (rounding) and those between
 * nodes, at least (1 - 2 TOLERANCE) / (2 TOLERANCE) = 24 times as wide; so every empty stretch in the distribution of
 * their sizes is a candidate for the border between the two, the widest gaps first.
 *
 * @param values n positions, m
 * @returns undefined where there is none, also for values that are all the same
 */
export function findLattice(values: Float64Array): Lattice | undefined {
  const sorted = values.slice().sort();
  const least = (sorted[sorted.length - 1] - sorted[0]) / (MOST_NODES * values.length);
  // Sizes count in octaves: three empty ones are sure to lie in a factor of 24.
  const OFFSET = 1080;
  const octaves = new Uint8Array(2 * OFFSET);
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > 0) octaves[Math.floor(Math.log2(gap)) + OFFSET] = 1;
  }
  for (let k = octaves.length - 1; k > 3; k--) {
    if (octaves[k] === 0 || octaves[k - 1] + octaves[k - 2] + octaves[k - 3] > 0) continue;
    const border = 2 ** (k - OFFSET - 1);
    if (4 * border < least) return undefined;
    const lattice = fitLattice(sorted, border);
    if (lattice !== undefined) return lattice;
  }
  return undefined;
}

/** Fits a lattice by least squares to the groups of sorted values that gaps wider than `border` separate. */
function fitLattice(sorted: Float64Array, border: number): Lattice | undefined {
  const first = [0];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] - sorted[i - 1] > border) first.push(i);
  const groups = first.length;
  const low = Float64Array.from(first, i => sorted[i]);
  const high = Float64Array.from(first, (_, g) => sorted[(g + 1 < groups ? first[g + 1] : sorted.length) - 1]);
  const centre = low.map((value, g) => (value + high[g]) / 2);
  const gaps = centre.subarray(1).map((value, g) => value - centre[g]);
  // Rows may be missing: only the narrowest gaps are one pitch.
  const smallest = gaps.reduce((least, gap) => Math.min(least, gap), Infinity);
  const single = gaps.filter(gap => gap < 1.5 * smallest);
  const pitch = single.reduce((sum, gap) => sum + gap, 0) / single.length;
  const index = new Float64Array(groups);
  for (let g = 1; g < groups; g++) index[g] = index[g - 1] + Math.round(gaps[g - 1] / pitch);

  const mean = (array: Float64Array) => array.reduce((sum, value) => sum + value, 0) / array.length;
  const meanIndex = mean(index);
  const meanCentre = mean(centre);
  let above = 0;
  let below = 0;
  for (let g = 0; g < groups; g++) {
    above += (index[g] - meanIndex) * (centre[g] - meanCentre);
    below += (index[g] - meanIndex) ** 2;
  }
  const step = above / below;
  const start = meanCentre - step * meanIndex;
  let beside = 0;
  for (let g = 0; g < groups; g++) {
    const node = start + index[g] * step;
    beside = Math.max(beside, (high[g] - node) / step, (node - low[g]) / step);
  }
  if (beside > TOLERANCE) return undefined;
  const last = index[groups - 1];
  const n = last + 1;
  // Where there is nothing to fit, the ends are free of the sums' rounding errors: -0.02 stays -0.02.
  if (beside < ROUNDING) return { start: sorted[0], step: (sorted[sorted.length - 1] - sorted[0]) / last, n, beside };
  return { start, step, n, beside };
}
