import { plainAlgebra } from '../linearAlgebra/index.js';
import { rms } from '../linearAlgebra/vectors.js';
import type { Random } from '../random.js';
import {
  departureErrors,
  departures,
  type Expectation,
  expectation,
  inflationOf,
  LEAST_SCANS,
  type PackCurrents,
} from './imbalanceModel.js';

/** What a run of scans is judged with, and null runs alike. */
export interface RunRules {
  readonly kinds: ArrayLike<number>;
  readonly tolerance: number;
  /** Expected conductances from elsewhere (a reference); undefined: from the scans themselves. */
  readonly given: Expectation | undefined;
  /** Natural spread that is known or assumed; undefined: found in the scans. */
  readonly spread: number | undefined;
}

/** Departures of a whole run in their standard errors. */
export interface Judged {
  readonly expected: Expectation;
  readonly spread: number;
  /** `[scan][cell]` */
  readonly departure: readonly Float64Array[];
  readonly error: readonly Float64Array[];
}

/** What the size of a run's departures tells of the natural spread. */
export interface SpreadTable {
  /** The spread that makes departures as large as that on average. */
  readonly found: (size: number) => number;
  /** A spread that may well have made them: drawn from what the size leaves possible, all orders of magnitude being alike before. */
  readonly drawn: (size: number, rng: Random) => number;
}

/** Judges a run. */
export function judge(scans: readonly PackCurrents[], rules: RunRules, found: SpreadTable['found']): Judged {
  const expected =
    rules.given ??
    expectation(
      scans.map(({ current }) => current),
      rules.kinds,
      rules.tolerance,
    );
  const departure = scans.map(({ current }) => departures(current, expected));
  const spread = rules.spread ?? found(sizeOf(departure));
  const inflation = rules.given ? 1 : inflationOf(scans.length);
  const error = scans.map(scan => departureErrors(scan, expected, spread, inflation));
  return { expected, spread, departure, error };
}

/** Part of the departures, the smallest, whose size counts: what a few faulty cells do not change. */
const COUNTED = 0.75;

/** Root mean square of the smaller departures, those left out that are zero because the cell is the measure. */
export function sizeOf(departure: readonly Float64Array[]): number {
  const sizes = Float64Array.from(departure.flatMap(own => Array.from(own, Math.abs)).filter(v => v > 0)).sort();
  return rms(sizes.subarray(0, Math.ceil(COUNTED * sizes.length)));
}

/** Draws runs of healthy scans: the expected currents, the errors of the measurement and a natural spread of each conductance. */
export function nullRuns(scans: readonly PackCurrents[], expected: Expectation, rng: Random) {
  const n = expected.conductance.length;
  const factors = scans.map(({ covariance }) => {
    const factor = covariance.slice();
    // A covariance may be none at all: then nothing is added.
    const size = factor.reduce((sum, v, e) => (e % (n + 1) === 0 ? sum + v : sum), 0) / n;
    if (!(size > 0)) return undefined;
    for (let i = 0; i < n; i++) factor[i * n + i] += 1e-9 * size;
    plainAlgebra.cholesky(factor, n);
    return factor;
  });
  const total = expected.conductance.reduce((sum, v) => sum + v, 0);
  const healthy = scans.map(({ current }) => {
    const sum = current.reduce((a, b) => a + b, 0);
    return expected.conductance.map(v => (v * sum) / total);
  });
  return (spread: number): PackCurrents[] =>
    scans.map(({ covariance }, s) => {
      const current = healthy[s].map(v => v * (1 + spread * rng.normal()));
      const factor = factors[s];
      if (factor) {
        const z = Float64Array.from({ length: n }, () => rng.normal());
        for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) current[i] += factor[i * n + j] * z[j];
      }
      return { current, covariance };
    });
}

const SPREADS = [0, ...Array.from({ length: 17 }, (_, i) => 2e-4 * 2 ** (i / 2))];
/** Departures drawn for each spread of the table. */
const TABLE_DRAWS = 6000;
const LEAST_RUNS = 30;
/** A size of nothing, for logarithms. */
const TINY = 1e-12;

/**
 * How large departures are for each natural spread, given the errors of the measurement, by simulation: the median of several
 * cells is taken from themselves, which no simple factor describes.
 */
export function spreadTable(
  scans: readonly PackCurrents[],
  expected: Expectation,
  rules: RunRules,
  rng: Random,
): SpreadTable {
  const draw = nullRuns(scans, expected, rng);
  const runs = Math.max(LEAST_RUNS, Math.ceil(TABLE_DRAWS / (scans.length * expected.conductance.length)));
  const logs = SPREADS.map(spread =>
    Float64Array.from({ length: runs }, () =>
      Math.log(Math.max(TINY, sizeOf(judge(draw(spread), { ...rules, spread }, () => spread).departure))),
    ),
  );
  const middle = logs.map(own => own.reduce((sum, v) => sum + v, 0) / runs);
  const scatter = logs.map((own, i) => Math.max(TINY, rms(own.map(v => v - middle[i]))));
  for (let i = 1; i < middle.length; i++) middle[i] = Math.max(middle[i], middle[i - 1] + 1e-9);
  const last = SPREADS.length - 1;
  return {
    found: size => {
      const log = Math.log(Math.max(TINY, size));
      const above = middle.findIndex(v => v > log);
      if (above === 0) return 0;
      if (above < 0) return SPREADS[last] * Math.exp(log - middle[last]);
      const part = (log - middle[above - 1]) / (middle[above] - middle[above - 1]);
      return SPREADS[above - 1] + part * (SPREADS[above] - SPREADS[above - 1]);
    },
    drawn: (size, source) => {
      const log = Math.log(Math.max(TINY, size));
      const weights = middle.map((m, i) => Math.exp(-(((log - m) / scatter[i]) ** 2) / 2) / scatter[i]);
      const all = weights.reduce((sum, w) => sum + w, 0);
      // Larger than any of the table: there it is well known.
      if (!(all > 0)) return SPREADS[last] * Math.exp(log - middle[last]);
      let left = source.uniform() * all;
      const i = weights.findIndex(w => (left -= w) < 0);
      return SPREADS[i < 0 ? last : i];
    },
  };
}

/** Whether a run tells its own natural spread. */
export function tellsSpread(scans: number, cells: number): boolean {
  return scans >= LEAST_SCANS && scans * cells >= 10;
}
