import { sampleWeights } from '../bounded/outliers.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import type { Factorised, PackSystem } from './packSystem.js';

/** One scan as it is fitted. */
export interface ScanFit {
  /** Readings, T: outliers are drawn towards the fit. */
  readonly value: Float64Array;
  /** Of the readings as they were measured, T. */
  readonly residual: Float64Array;
  /** Weight of every sample, 0..1. */
  readonly trust: Float64Array;
  /** The unknowns. */
  readonly x: Float64Array;
}

/** Samples that keep this part of their weight count in full. */
const TRUSTED = 0.75;
const OUTLIER_PASSES = 4;

/**
 * Scans of one geometry, each by itself, with one factorisation for all: instead of a reduced weight an outlier gets a value
 * between its own and what the others say (pseudo-values, Huber 1981), which has the same fixed point.
 * @param deviation standard deviation of each reading, T @param sums what a known sum is in each scan, A
 */
export function robustFits(
  system: PackSystem,
  factor: Factorised,
  scans: readonly ScanReadings[],
  deviation: Float64Array,
  sums: readonly number[],
): ScanFit[] {
  let values: readonly Float64Array[] = scans.map(({ value }) => value);
  let trusts: readonly Float64Array[] = scans.map(({ first }) => new Float64Array(first.length - 1).fill(1));
  for (let pass = 1; ; pass++) {
    const found = factor.solve(values, sums);
    let settled = true;
    const fits = scans.map((scan, s): ScanFit => {
      const fitted = system.readings(found[s]);
      const residual = scan.value.map((v, r) => v - fitted[r]);
      const earned = sampleWeights(
        scan,
        residual.map((v, r) => v / deviation[r]),
      );
      const trust = earned.map(w => (w > TRUSTED ? 1 : w));
      settled &&= trust.every((w, i) => Math.abs(w - trusts[s][i]) < 0.05);
      return {
        value: scan.value.map((v, r) => v - (1 - trust[scan.sample[r]]) * residual[r]),
        residual,
        trust,
        x: found[s],
      };
    });
    if (settled || pass === OUTLIER_PASSES) return fits;
    values = fits.map(({ value }) => value);
    trusts = fits.map(({ trust }) => trust);
  }
}
