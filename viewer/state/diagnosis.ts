import type { CellDrawing } from '../../src/figures/index.js';
import type { Spot } from './document.js';

/** Scans as `savart diagnose --json` judged them: of a pack, or of a cohort against its reference. */
export interface Diagnosis {
  readonly samples: readonly Sample[];
  /** Cells of the pack with their names; none of a cohort. */
  readonly cells: readonly PackCell[];
  /** Falling to what a share of scans without fault exceeds; none where the scans are too few. */
  readonly limits: readonly ControlLimit[];
  /** Part of the variance of each component. */
  readonly explained: readonly number[];
  /** Of the scores of new scans, for the ellipses. */
  readonly variances: readonly number[];
}

export interface ControlLimit {
  readonly level: number;
  readonly t2: number;
  readonly q: number;
}

export interface PackCell {
  readonly name: string;
  readonly drawing: CellDrawing;
}

/** One scan. */
export interface Sample {
  readonly name: string;
  /** NaN where the scans are too few. */
  readonly t2: number;
  readonly q: number;
  readonly scores: readonly number[];
  readonly flagged: boolean;
  /** Whether it belongs to the reference. */
  readonly reference: boolean;
  /** Of a pack, in the order of its cells. */
  readonly cells: readonly CellShare[];
  /** Where it differs most, m. */
  readonly where?: readonly [number, number];
  /** Where most of Q and of T2 comes from, m, where its maps are known. */
  readonly most?: { readonly q?: Spot; readonly t2?: Spot };
  /** Probability of a false flag, corrected for the number of scans. */
  readonly probability?: number;
  /** Probabilities that a scan without fault has a larger T2, and a larger Q. */
  readonly alone?: { readonly t2: number; readonly q: number };
}

export interface CellShare {
  /** A. */
  readonly current: number;
  readonly sigma: number;
  readonly share: number;
  readonly expected: number;
  /** Of the resistance, a part of it; NaN where no current flows. */
  readonly deviation: number;
  readonly deviationError: number;
  readonly flagged: boolean;
  /** What it adds to T2 and to Q of its scan (with the sign of the residual); NaN where there are none. */
  readonly t2: number;
  readonly q: number;
}

/** Largest departure of a share from what is expected, a part of it, over all scans: the end of the colours. */
export function largestDeparture({ samples }: Diagnosis): number {
  let most = 0.01;
  for (const { cells } of samples) {
    for (const { share, expected } of cells) most = Math.max(most, Math.abs(departure(share, expected)));
  }
  return most;
}

export function departure(share: number, expected: number): number {
  const part = share / expected - 1;
  return Number.isFinite(part) ? part : 0;
}
