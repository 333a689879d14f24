import { plainAlgebra } from '../linearAlgebra/index.js';
import type { Random } from '../random.js';
import {
  departureErrors,
  departures,
  type Expectation,
  expectation,
  inflationOf,
  LEAST_SCANS,
  median,
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

/** Median magnitude of the departures of a run -> natural spread. */
export type SpreadTable = (size: number) => number;

/** Judges a run. */
export function judge(scans: readonly PackCurrents[], rules: RunRules, table: SpreadTable): Judged {
  const expected =
    rules.given ??
    expectation(
      scans.map(({ current }) => current),
      rules.kinds,
      rules.tolerance,
    );
  const departure = scans.map(({ current }) => departures(current, expected));
  const spread = rules.spread ?? table(sizeOf(departure));
  const inflation = rules.given ? 1 : inflationOf(scans.length);
  const error = scans.map(scan => departureErrors(scan, expected, spread, inflation));
  return { expected, spread, departure, error };
}

/** Median magnitude of all departures: what a few faulty cells do not change. */
export function sizeOf(departure: readonly Float64Array[]): number {
  return median(departure.flatMap(own => Array.from(own, Math.abs)));
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

/**
 * The natural spread that makes departures as large as they are, given the errors of the measurement, by simulation: the
 * median of several cells is taken from themselves, which no simple factor describes.
 */
export function spreadTable(
  scans: readonly PackCurrents[],
  expected: Expectation,
  rules: RunRules,
  rng: Random,
): SpreadTable {
  const draw = nullRuns(scans, expected, rng);
  const runs = Math.max(1, Math.ceil(TABLE_DRAWS / (scans.length * expected.conductance.length)));
  const sizes = SPREADS.map(spread => {
    const all: number[] = [];
    for (let run = 0; run < runs; run++) {
      all.push(sizeOf(judge(draw(spread), { ...rules, spread }, () => spread).departure));
    }
    return all.reduce((sum, v) => sum + v, 0) / runs;
  });
  for (let i = 1; i < sizes.length; i++) sizes[i] = Math.max(sizes[i], sizes[i - 1] * (1 + 1e-9));
  return size => {
    const above = sizes.findIndex(v => v > size);
    if (above === 0) return 0;
    if (above < 0) return SPREADS[SPREADS.length - 1] * (size / sizes[sizes.length - 1]);
    const part = (size - sizes[above - 1]) / (sizes[above] - sizes[above - 1]);
    return SPREADS[above - 1] + part * (SPREADS[above] - SPREADS[above - 1]);
  };
}

/** Whether a run tells its own natural spread. */
export function tellsSpread(scans: number, cells: number): boolean {
  return scans >= LEAST_SCANS && scans * cells >= 10;
}
