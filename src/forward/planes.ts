/**
 * The heights at which the field is computed on the whole lattice, so that it can be interpolated between them: one
 * plane where the samples have one height, a few Chebyshev nodes where heights vary, separate groups where they lie in
 * separate ranges (a scan of two planes).
 */
export interface PlaneGroup {
  /** Range of the heights that belong here, m. */
  readonly lowest: number;
  readonly highest: number;
  /** Heights of the planes, m; the interpolating polynomial goes through all of them. */
  readonly planes: Float64Array;
}

/**
 * Error along z that is allowed, as a fraction of the field of a single node at the lowest height, h^-3: the steepest
 * dependence that a sheet's field can have.
 */
export const PLANE_TOLERANCE = 4e-6;

/** How often a range is split at most, one part within the other: the search stays short for any number of heights. */
const MOST_SPLITS = 3;

/**
 * Groups heights (m, positive, any order) such that the number of planes is small and the interpolation error is below
 * {@link PLANE_TOLERANCE}. With h0 the lowest height and d the range, p planes leave an error of about rho^-p,
 * rho = s + sqrt(s^2 - 1), s = 1 + 2 h0 / d: some 4 planes suffice for d = 0.03 h0, 5 for 0.1 h0, 7 for 0.3 h0, 10 for h0.
 * Groups are in ascending order.
 */
export function planeGroups(heights: Float64Array): PlaneGroup[] {
  return best(Float64Array.from(new Set(heights)).sort(), MOST_SPLITS);
}

/** One group, or two where that takes fewer planes: split at the widest gap or at the geometric mean. */
function best(sorted: Float64Array, splits: number): PlaneGroup[] {
  const lowest = sorted[0];
  const highest = sorted[sorted.length - 1];
  const whole: PlaneGroup = { lowest, highest, planes: planesFor(lowest, highest) };
  let groups = [whole];
  if (splits === 0 || whole.planes.length <= 2) return groups;
  let gap = 1;
  for (let i = 2; i < sorted.length; i++) {
    if (sorted[i] - sorted[i - 1] > sorted[gap] - sorted[gap - 1]) gap = i;
  }
  const mean = Math.sqrt(lowest * highest);
  const middle = Math.max(
    1,
    sorted.findIndex(h => h > mean),
  );
  for (const at of new Set([gap, middle])) {
    const split = [...best(sorted.subarray(0, at), splits - 1), ...best(sorted.subarray(at), splits - 1)];
    if (planeCount(split) < planeCount(groups)) groups = split;
  }
  return groups;
}

/** Number of planes in all groups. */
export function planeCount(groups: readonly { readonly planes: Float64Array }[]): number {
  return groups.reduce((sum, group) => sum + group.planes.length, 0);
}

/** The fewest Chebyshev nodes on [lowest, highest] that reproduce h^-3 within the tolerance. */
function planesFor(lowest: number, highest: number): Float64Array {
  const centre = (lowest + highest) / 2;
  const half = (highest - lowest) / 2;
  const weights = new Float64Array(64);
  for (let p = 1; ; p++) {
    const planes = Float64Array.from({ length: p }, (_, i) => centre - half * Math.cos((Math.PI * (i + 0.5)) / p));
    if (p === weights.length) return planes;
    let worst = 0;
    const checks = 4 * p;
    for (let i = 0; i <= checks; i++) {
      const h = centre - half * Math.cos((Math.PI * i) / checks);
      planeWeights(planes, h, weights, 0);
      let value = 0;
      for (let j = 0; j < p; j++) value += weights[j] * (lowest / planes[j]) ** 3;
      worst = Math.max(worst, Math.abs(value - (lowest / h) ** 3));
    }
    if (worst <= PLANE_TOLERANCE) return planes;
  }
}

/** Lagrange's weights of the planes at height h; they add up to 1. Written to `out[at ...]`. */
export function planeWeights(planes: Float64Array, h: number, out: Float64Array, at: number): void {
  for (let i = 0; i < planes.length; i++) {
    let weight = 1;
    for (let j = 0; j < planes.length; j++) {
      if (j !== i) weight *= (h - planes[j]) / (planes[i] - planes[j]);
    }
    out[at + i] = weight;
  }
}
