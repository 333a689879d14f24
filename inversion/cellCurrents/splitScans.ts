import { contains, distanceToOutline, type Outline } from '../../src/model/outline.js';
import type { PlacedCell } from './packCell.js';
import type { PackModel } from './packModel.js';
import type { Factorised, KnownSum, PackSystem, Spread } from './packSystem.js';

/** Priors as they stand: a scan by itself. */
export const ALONE: Spread = { pattern: () => 1, outside: () => 1 };

/**
 * Parts of the prior variance, of geometry and of what flows outside, that may differ from scan to scan; every scan takes the
 * likeliest. 1e-6 of the variance are a thousandth of a cell's current.
 */
const OWN = [1e-6, 1e-5, 1e-4, 1e-2, 1];

export interface SplitTask {
  readonly system: PackSystem;
  readonly model: PackModel;
  readonly cells: readonly PlacedCell[];
  /** Readings of every scan, T. */
  readonly values: readonly Float64Array[];
  /** How much current flows in each, in any unit. */
  readonly amount: readonly number[];
  readonly known: KnownSum | undefined;
  /** The known sum of each scan, A. */
  readonly sums: readonly number[];
  /** Unknowns whose covariance is wanted; the currents first. */
  readonly told: readonly number[];
}

/** Scans as their mean times an amount, and what each differs by. */
export interface SplitScans {
  /** Of the told unknowns, at an amount of 1, with their covariance. */
  readonly mean: Float64Array;
  readonly meanCovariance: Float64Array;
  /** Per scan: difference of the currents, A, and its covariance, cells x cells. */
  readonly differences: readonly Float64Array[];
  readonly covariances: readonly Float64Array[];
  /** All unknowns of each scan. */
  readonly solutions: readonly Float64Array[];
  /** Effective number of readings that each spends. */
  readonly degrees: readonly number[];
  /** The part of {@link OWN} that each takes. */
  readonly own: readonly number[];
}

/**
 * Wires and cells stay where they are from scan to scan while the current changes: x_s = a_s (common) + own_s, a_s the
 * amount of current, with prior variances V and q V of what rides on the currents; currents and backgrounds are free in both.
 * Turning the scans by an orthogonal matrix whose first row is a / |a| leaves independent problems with one normal matrix:
 * the mean, sum a_s b_s / |a|^2, with the noise over |a|, and differences b_s - a_s mean with the prior q V. So all scans
 * together say how the wires run, and the differences between scans are free of that. In the differences a cell's current
 * takes along what the mean has found of its geometry and of its wires (see {@link ridersOf}). A single scan is its own mean.
 */
export function splitScans(task: SplitTask): SplitScans {
  const { system, model, values, amount, known, sums, told } = task;
  const cells = model.cells.length;
  const power = amount.reduce((sum, a) => sum + a * a, 0);
  const riding = model.patterns.map(({ role }) => role !== 'current' && role !== 'other');
  const mean = values[0].map((_, r) => values.reduce((sum, own, s) => sum + (amount[s] * own[r]) / power, 0));
  const meanSum = sums.reduce((sum, own, s) => sum + (amount[s] * own) / power, 0);
  const single = values.length === 1;
  const spreadOf = (part: number): Spread => ({ pattern: p => (riding[p] ? part : 1), outside: () => part });
  const shared = system.factorise(spreadOf(power), known);
  const [x] = shared.solve([mean], [meanSum]);
  const wanted = (factor: Factorised, unknowns: readonly number[], by: number) => {
    const rows = factor.covariance(unknowns);
    return Float64Array.from(
      { length: unknowns.length ** 2 },
      (_, e) => rows[Math.floor(e / unknowns.length)][unknowns[e % unknowns.length]] * by,
    );
  };
  const common = {
    mean: Float64Array.from(told, p => x[p]),
    meanCovariance: wanted(shared, told, 1 / power),
  };
  if (single) {
    return {
      ...common,
      differences: [new Float64Array(cells)],
      covariances: [new Float64Array(cells * cells)],
      solutions: [x.map(v => v * amount[0])],
      degrees: [shared.degrees],
      own: [1],
    };
  }
  const rest = values.map((own, s) => own.map((v, r) => v - amount[s] * mean[r]));
  const restSums = sums.map((own, s) => own - amount[s] * meanSum);
  const sharedDegrees = shared.degrees;
  const riders = ridersOf(task, x);
  const best = values.map(() => ({ evidence: Number.NEGATIVE_INFINITY, own: 1, x, covariance: x, degrees: 0 }));
  const currents = told.slice(0, cells);
  for (const own of OWN) {
    const factor = system.factorise(spreadOf(own), known, riders);
    const found = factor.solve(rest, restSums);
    const evidence = factor.evidence(rest, found);
    const covariance = wanted(factor, currents, 1);
    const better = best.map((b, s) => evidence[s] > b.evidence);
    better.forEach((yes, s) => {
      if (yes) best[s] = { evidence: evidence[s], own, x: found[s], covariance, degrees: factor.degrees };
    });
    if (!better.includes(true)) break;
  }
  return {
    ...common,
    differences: best.map(b => b.x.slice(0, cells)),
    covariances: best.map((b, s) => b.covariance.map(v => v * (1 - amount[s] ** 2 / power))),
    solutions: best.map((b, s) => b.x.map((v, i) => v + amount[s] * x[i])),
    degrees: best.map((b, s) => (sharedDegrees * amount[s] ** 2) / power + b.degrees),
    own: best.map(b => b.own),
  };
}

/** What flows outside belongs to the cells by the inverse of their distance to this power. */
const NEAREST = 4;
/** Added to distances, m. */
const BLUR = 2e-3;

/**
 * What comes along with 1 A in each cell, by the solution for the mean: its level, place, profiles, and of what flows outside
 * the part that is near it, for most of that are the wires of its own tabs.
 */
function ridersOf({ model, cells }: SplitTask, x: Float64Array): Float64Array[] {
  const mean = cells.reduce((sum, _, c) => sum + x[c], 0) / cells.length;
  const riders = cells.map((_, c) => {
    const rider = new Float64Array(model.unknowns);
    rider[c] = 1;
    return rider;
  });
  // A cell without current tells nothing of what comes along with it.
  const share = cells.map((_, c) => (Math.abs(x[c]) > 0.2 * Math.abs(mean) ? 1 / x[c] : 0));
  model.patterns.forEach(({ role, cell, partOf }, p) => {
    if (role === 'current' || role === 'other') return;
    if (cell >= 0) riders[cell][p] += x[p] * share[cell];
    // What like cells have in common rides on their mean.
    if (partOf !== undefined && mean !== 0) riders[cell][p] += x[partOf] / mean;
  });
  let at = model.kept;
  for (const { sources } of model.outside) {
    for (let f = 0; f < sources.count; f++, at++) {
      const source = sources.hats === undefined ? f : sources.hats[9 * f + 4];
      const middle =
        source < sources.x.length ? source : sources.hats!.subarray(9 * f, 9 * f + 9).reduce((a, b) => Math.min(a, b));
      const near = cells.map(
        ({ placed }) => (BLUR + distanceTo(placed.outline, sources.x[middle], sources.y[middle])) ** -NEAREST,
      );
      const all = near.reduce((sum, v) => sum + v, 0);
      for (let c = 0; c < cells.length; c++) riders[c][at] = ((x[at] * near[c]) / all) * share[c];
    }
  }
  return riders;
}

/** Distance to an outline and what it holds. */
function distanceTo(outline: Outline, x: number, y: number): number {
  return contains(outline, x, y) ? 0 : distanceToOutline(outline, x, y);
}
