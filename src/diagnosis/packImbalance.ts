import type { PackWiring, ParallelSet } from '../model/packWiring.js';
import { type CellImbalance, type Imbalance, type ImbalanceOptions, imbalance, LEVEL } from './imbalance.js';
import type { PackCurrents } from './imbalanceModel.js';

export interface PackImbalanceOptions extends ImbalanceOptions {
  /** One number per cell, the same for like cells. */
  readonly kinds: ArrayLike<number>;
}

/**
 * Which cells of a pack are out of line, whatever its wiring: {@link imbalance} within every set of branches in parallel, with the
 * level divided by the number of sets. Cells of one branch carry one current: all of them get what is said of the branch, whose
 * resistance is theirs together. Cells that share no current with others have no expectation: NaN, and no flag.
 */
export function packImbalance(
  scans: readonly PackCurrents[],
  wiring: Pick<PackWiring, 'sets'>,
  options: PackImbalanceOptions,
): Imbalance {
  const cells = options.kinds.length;
  const level = options.level ?? LEVEL;
  const parts = wiring.sets.map(set => ({
    set,
    found: imbalance(
      scans.map(scan => branchCurrents(scan, set)),
      {
        ...options,
        level: level / wiring.sets.length,
        kinds: branchKinds(set, options.kinds),
        ...(options.common === undefined ? {} : { common: branchCurrents(options.common, set) }),
        ...(options.reference === undefined
          ? {}
          : { reference: options.reference.map(scan => branchCurrents(scan, set)) }),
      },
    ),
  }));
  const spread = parts.length === 0 ? Number.NaN : Math.max(...parts.map(({ found }) => found.spread));
  const none = (rates: readonly number[]) => 1 - rates.reduce((product, rate) => product * (1 - rate), 1);
  const told = scans.map(({ current }) => Array.from(current, (own): CellImbalance => alone(own, current)));
  const persistent = new Uint8Array(cells);
  const trends = Array.from({ length: cells }, () => NO_TREND);
  for (const { set, found } of parts) {
    set.branches.forEach((members, b) => {
      for (const k of members) {
        persistent[k] = found.persistent[b];
        trends[k] = found.trends[b];
        found.scans.forEach((scan, s) => {
          told[s][k] = scan[b];
        });
      }
    });
  }
  return {
    scans: told,
    spread,
    spreadFound: parts.every(({ found }) => found.spreadFound),
    persistent,
    threshold: parts[0]?.found.threshold ?? options.threshold ?? Number.NaN,
    level,
    falseFlags: {
      rate: none(parts.map(({ found }) => found.falseFlags.rate)),
      bySignificance: none(parts.map(({ found }) => found.falseFlags.bySignificance)),
      runs: Math.min(...parts.map(({ found }) => found.falseFlags.runs), Number.POSITIVE_INFINITY),
    },
    trends,
  };
}

const NO_TREND = { slope: Number.NaN, error: Number.NaN, adjustedP: Number.NaN, significant: false };

/** A cell without others to be compared with; its share is of what flows through the pack on average. */
function alone(own: number, current: Float64Array): CellImbalance {
  const mean = current.reduce((sum, v) => sum + v, 0) / current.length;
  return {
    share: own / mean,
    shareError: Number.NaN,
    expectedShare: 1,
    resistanceDeviation: Number.NaN,
    error: Number.NaN,
    p: Number.NaN,
    adjustedP: Number.NaN,
    flagged: false,
  };
}

/** The current of each branch: the mean of its cells by their errors, with the covariance of those means. */
export function branchCurrents({ current, covariance }: PackCurrents, { branches }: ParallelSet): PackCurrents {
  const cells = current.length;
  const weights = branches.map(members => {
    const each = members.map(k => (covariance[k * cells + k] > 0 ? 1 / covariance[k * cells + k] : 1));
    const sum = each.reduce((a, b) => a + b, 0);
    return each.map(w => w / sum);
  });
  const n = branches.length;
  const out = new Float64Array(n * n);
  branches.forEach((rows, a) => {
    branches.forEach((columns, b) => {
      rows.forEach((i, p) => {
        columns.forEach((j, q) => {
          out[a * n + b] += weights[a][p] * weights[b][q] * covariance[i * cells + j];
        });
      });
    });
  });
  return {
    current: Float64Array.from(branches, (members, b) =>
      members.reduce((sum, k, i) => sum + weights[b][i] * current[k], 0),
    ),
    covariance: out,
  };
}

/** Branches are alike where their cells are, in whatever order. */
function branchKinds({ branches }: ParallelSet, kinds: ArrayLike<number>): Uint16Array {
  const names = branches.map(members =>
    [...members]
      .map(k => kinds[k])
      .sort((a, b) => a - b)
      .join(),
  );
  return Uint16Array.from(names, name => names.indexOf(name));
}
