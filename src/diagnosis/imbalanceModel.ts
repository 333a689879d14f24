import { median } from '../median.js';

/** Currents of the cells of a pack in one scan. */
export interface PackCurrents {
  /** A, one per cell. */
  readonly current: Float64Array;
  /** Covariance of their errors, A^2, cells x cells. */
  readonly covariance: Float64Array;
}

/** What a current is compared with. */
export interface Expectation {
  /** Relative conductance of every cell: 1 for the typical one. */
  readonly conductance: Float64Array;
  /** 1 for cells that differ from their like in all scans, by more than like cells may. */
  readonly persistent: Uint8Array;
}

/** Scans from which a cell's own habit can be learned; with fewer, like cells are expected to be equal. */
export const LEAST_SCANS = 5;

/** Median; of two numbers the larger: a fault takes conductance away, so of two cells the better one is the measure. */
export function typical(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 2) return sorted[1];
  return n % 2 === 1 ? sorted[n >> 1] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/**
 * What every cell is expected to conduct, relative to the pack's typical cell: its {@link habits}, where there are
 * {@link LEAST_SCANS} and it is within `tolerance` of its like; else the median of its like over all scans.
 * @param kinds one number per cell, the same for like cells @param tolerance by which each may differ from its like, a part of 1
 */
export function expectation(
  scans: readonly Float64Array[],
  kinds: ArrayLike<number>,
  tolerance: ArrayLike<number>,
): Expectation {
  const cells = kinds.length;
  const many = scans.length >= LEAST_SCANS;
  const relative = many ? [habits(scans)] : scans.map(own => overTypical(own));
  const conductance = new Float64Array(cells);
  const persistent = new Uint8Array(cells);
  const ofKind = new Map<number, number>();
  for (let k = 0; k < cells; k++) {
    if (ofKind.has(kinds[k])) continue;
    const like = relative.flatMap(own => [...own].filter((_, j) => kinds[j] === kinds[k]));
    ofKind.set(kinds[k], median(like));
  }
  for (let k = 0; k < cells; k++) {
    const like = ofKind.get(kinds[k])!;
    conductance[k] = like;
    if (!many) continue;
    const own = relative[0][k];
    if (Math.abs(like / own - 1) <= tolerance[k]) conductance[k] = own;
    else persistent[k] = 1;
  }
  return { conductance, persistent };
}

/**
 * What every cell usually conducts, relative to the typical one: medians over the scans of its current over that of each scan's
 * typical cell, where typical is told in units of the habits (found roughly from the shares). So what a cell departs
 * by does not depend on what the habits are, and simulated runs with habits that are only estimated are like the real ones.
 */
function habits(scans: readonly Float64Array[]): Float64Array {
  const medians = (levels: readonly number[]) =>
    Float64Array.from(scans[0], (_, k) => median(scans.map((own, s) => own[k] / levels[s])));
  const rough = medians(scans.map(own => own.reduce((sum, v) => sum + v, 0)));
  return overTypical(medians(scans.map(own => typical(own.map((v, k) => v / rough[k])))));
}

function overTypical(own: Float64Array): Float64Array {
  const middle = typical(own);
  return own.map(v => v / middle);
}

/** Standard errors by which a difference that all scans show has to exceed what is allowed. */
const SURE = 2;

/**
 * By how much each cell may differ from its like in all scans, a part of 1: the threshold, and what errors that all scans share may
 * add to the difference from the mean of its like.
 * @param common currents, with the covariance of such errors
 */
export function tolerances(
  threshold: number,
  kinds: ArrayLike<number>,
  common: PackCurrents | undefined,
): Float64Array {
  const n = kinds.length;
  return Float64Array.from({ length: n }, (_, k) => {
    if (common === undefined) return threshold;
    const like = Array.from({ length: n }, (_, j) => j).filter(j => kinds[j] === kinds[k]);
    const weight = (j: number) => (j === k ? 1 : 0) - 1 / like.length;
    let variance = 0;
    for (const a of like) {
      for (const b of like) {
        variance += (weight(a) * weight(b) * common.covariance[a * n + b]) / (common.current[a] * common.current[b]);
      }
    }
    return threshold + SURE * Math.sqrt(Math.max(0, variance));
  });
}

/**
 * Departures of the cells' conductances from what is expected, relative to the pack's typical cell:
 * g_k = (I_k / e_k) / typical_j (I_j / e_j) - 1; the resistance deviates by 1 / (1 + g) - 1. A neighbour that only takes
 * over what a faulty cell does not carry stays at 0, for the typical cell does so too.
 */
export function departures(current: Float64Array, { conductance }: Expectation): Float64Array {
  const own = current.map((v, k) => v / conductance[k]);
  const middle = typical(own);
  return own.map(v => v / middle - 1);
}

/**
 * Standard deviations of {@link departures} by propagation of the full covariance and a natural spread of each conductance:
 * var g_k = w' (C + spread^2) w with w the difference of cell k and the middle cells, in relative units.
 * @param inflation factor on the variance, for an expectation that was learned from few scans
 */
export function departureErrors(
  { current, covariance }: PackCurrents,
  { conductance }: Expectation,
  spread: number,
  inflation: number,
): Float64Array {
  const n = current.length;
  const own = current.map((v, k) => v / conductance[k]);
  const middle = typical(own);
  const order = Array.from({ length: n }, (_, k) => k).sort((a, b) => own[a] - own[b]);
  const middles = n === 2 ? [order[1]] : n % 2 === 1 ? [order[n >> 1]] : [order[n / 2 - 1], order[n / 2]];
  const w = new Float64Array(n);
  return Float64Array.from({ length: n }, (_, k) => {
    w.fill(0);
    w[k] = 1;
    for (const m of middles) w[m] -= own[k] / middle / middles.length;
    let variance = 0;
    for (let a = 0; a < n; a++) {
      if (w[a] === 0) continue;
      for (let b = 0; b < n; b++) {
        const relative = covariance[a * n + b] / (conductance[a] * conductance[b] * middle * middle);
        variance += w[a] * w[b] * (relative + (a === b ? spread * spread : 0));
      }
    }
    return Math.sqrt(Math.max(0, inflation * variance));
  });
}

/** What an expectation learned from so many scans adds to the variance: that of a median. */
export function inflationOf(scans: number): number {
  return scans < LEAST_SCANS ? 1 : 1 + Math.PI / 2 / scans;
}
