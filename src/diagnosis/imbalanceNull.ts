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
  /** Per cell, see `tolerances`. */
  readonly tolerance: ArrayLike<number>;
  /** Expected conductances from elsewhere (a reference); undefined: from the scans themselves. */
  readonly given: Expectation | undefined;
  /** Natural spread that is known or assumed; undefined: found in the scans. */
  readonly spread: number | undefined;
}

/** Departures of a whole run. */
export interface Departed {
  readonly expected: Expectation;
  /** `[scan][cell]` */
  readonly departure: readonly Float64Array[];
}

/** The same with their standard errors. */
export interface Judged extends Departed {
  readonly spread: number;
  /** `[scan][cell]` */
  readonly error: readonly Float64Array[];
}

/** What the size of a run's departures tells of their standard errors. */
export interface Scale {
  /** Natural spread that makes departures as large as that on average; 0 where errors of measurement alone make them larger. */
  readonly spread: number;
  /** Factor on the standard errors: below 1 there. */
  readonly factor: number;
}

/** Departures of a run from the rules' expectation, or from its own. */
export function departed(scans: readonly PackCurrents[], { kinds, tolerance, given }: RunRules): Departed {
  const currents = scans.map(({ current }) => current);
  const expected = given ?? expectation(currents, kinds, tolerance);
  return { expected, departure: currents.map(current => departures(current, expected)) };
}

/**
 * Judges a run. Where the spread is found, all errors go with the size of the departures, also where this is less than the errors
 * of measurement make it: a run is measured by itself, as in a studentised deviate. Were the errors of measurement a floor,
 * how often healthy runs of few readings stand out would depend on their true spread, which such runs do not tell.
 * @param scaleOf from {@link scaleTable}, where the rules give no spread
 */
export function judge(
  scans: readonly PackCurrents[],
  rules: RunRules,
  scaleOf: ((departure: Departed['departure']) => Scale) | undefined,
): Judged {
  const { expected, departure } = departed(scans, rules);
  const { spread, factor } = scaleOf?.(departure) ?? { spread: rules.spread ?? 0, factor: 1 };
  const inflation = factor ** 2 * (rules.given ? 1 : inflationOf(scans.length));
  const error = scans.map(scan => departureErrors(scan, expected, spread, inflation));
  return { expected, departure, spread, error };
}

/** Part of the departures, the smallest, whose size counts: what a few faulty cells do not change. */
const COUNTED = 0.75;

/** Root mean square of the smaller departures, those left out that are zero because the cell is the measure. */
function sizeOf(departure: readonly Float64Array[]): number {
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

const SPREADS = [0, 0.002, 0.008, 0.032, 0.128];
/** Departures drawn for each of them. */
const DRAWS = 6000;
const LEAST_RUNS = 30;
/** A size of nothing, for logarithms. */
const TINY = 1e-12;
/** Errors are not scaled below this quantile of the runs without spread: a smaller size says that too large errors were stated. */
const SMALLEST = 0.01;

/**
 * What the size of departures tells, given the errors of the measurement, by simulation: the median of several cells is
 * taken from themselves, which no simple factor describes. Between the simulated spreads the square of the size is linear
 * in the square of the spread.
 */
export function scaleTable(
  scans: readonly PackCurrents[],
  expected: Expectation,
  rules: RunRules,
  rng: Random,
): (departure: Departed['departure']) => Scale {
  const draw = nullRuns(scans, expected, rng);
  const runs = Math.max(LEAST_RUNS, Math.ceil(DRAWS / (scans.length * expected.conductance.length)));
  const logs = SPREADS.map(spread =>
    Float64Array.from({ length: runs }, () => logOf(sizeOf(departed(draw(spread), rules).departure))),
  );
  const squares = logs.map(own => Math.exp((2 * own.reduce((sum, v) => sum + v, 0)) / runs));
  for (let i = 1; i < squares.length; i++) squares[i] = Math.max(squares[i], (1 + 1e-9) * squares[i - 1]);
  const least = Math.exp(2 * logs[0].sort()[Math.floor(SMALLEST * runs)]) / squares[0];
  return departure => {
    const square = Math.exp(2 * logOf(sizeOf(departure)));
    if (square < squares[0]) return { spread: 0, factor: Math.sqrt(Math.max(least, square / squares[0])) };
    const above = squares.findIndex(v => v > square);
    const i = above < 0 ? squares.length - 1 : above;
    const part = (square - squares[i - 1]) / (squares[i] - squares[i - 1]);
    return { spread: Math.sqrt(SPREADS[i - 1] ** 2 + part * (SPREADS[i] ** 2 - SPREADS[i - 1] ** 2)), factor: 1 };
  };
}

/** Also of no size at all, where every cell of every scan is a measure. */
function logOf(size: number): number {
  return Math.log(size > TINY ? size : TINY);
}

/** Whether a run tells its own natural spread. */
export function tellsSpread(scans: number, cells: number): boolean {
  return scans >= LEAST_SCANS && scans * cells >= 10;
}
