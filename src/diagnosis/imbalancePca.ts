import { judgeEach } from './judgement.js';
import { stackOf } from './mapStack.js';
import { monitoringModel, newMapLimits } from './monitoring.js';
import { principalComponents } from './pca.js';

/** The shares of a pack's cells over many scans, as patterns. */
export interface PackPca {
  /** Loadings, one array of cells per component. */
  readonly components: readonly Float64Array[];
  /** Part of the variance of each. */
  readonly explained: readonly number[];
  /** Of each scan, one number per component, and their variances for a new scan. */
  readonly scores: readonly Float64Array[];
  readonly variances: Float64Array;
  /** 99 % limits. */
  readonly t2Limit: number;
  readonly qLimit: number;
  /** Of each scan, judged by the others where that is affordable. */
  readonly t2: Float64Array;
  readonly q: Float64Array;
  /** What each cell adds to them, one array of cells per scan; to Q with the sign of the residual. */
  readonly t2Contributions: readonly Float64Array[];
  readonly qContributions: readonly Float64Array[];
}

const LEAST_SCANS = 6;
const LEVEL = 0.99;

/**
 * Principal components of the shares, scans x cells, with each scan's T2 and Q. Undefined for fewer than six scans or three
 * cells, where the shares of few scans are no pattern, and where all shares are the same.
 * @param shares row-major, [scan][cell]
 */
export function packPca(shares: Float64Array, scans: number, cells: number): PackPca | undefined {
  if (scans < LEAST_SCANS || cells < 3) return undefined;
  if (shares.every((v, i) => Math.abs(v - shares[i % cells]) < 1e-12)) return undefined;
  const grid = { nx: cells, ny: 1, x0: 0, y0: 0, dx: 1, dy: 1 };
  const maps = Array.from({ length: scans }, (_, s) => shares.slice(s * cells, (s + 1) * cells));
  const stack = stackOf({ grid, channels: ['share'], unit: '1' }, maps);
  // Shares add up to 1: one pattern fewer than cells, and one is left for Q.
  const options = { most: Math.max(1, Math.min(cells - 2, scans - 3)) };
  const pca = principalComponents(stack, options);
  const model = monitoringModel(pca);
  const limits = newMapLimits(model, LEVEL);
  const judged = judgeEach(stack, model, options);
  return {
    components: pca.loadings,
    explained: [...pca.explained].slice(0, pca.loadings.length),
    scores: maps.map((_, s) => pca.scores.slice(s * pca.loadings.length, (s + 1) * pca.loadings.length)),
    variances: model.newVariances,
    t2Limit: limits.t2,
    qLimit: limits.q,
    t2: Float64Array.from(judged, j => j.t2),
    q: Float64Array.from(judged, j => j.q),
    t2Contributions: judged.map(j => j.t2Contributions),
    qContributions: judged.map(j => j.qContributions),
  };
}
