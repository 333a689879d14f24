import { InputError } from '../errors.js';
import { median } from '../median.js';
import { random } from '../random.js';
import { holm } from './falseDiscovery.js';
import { type Expectation, type PackCurrents, tolerances, typical } from './imbalanceModel.js';
import { departed, type Judged, judge, nullRuns, type RunRules, scaleTable, tellsSpread } from './imbalanceNull.js';
import { type Trend, trends } from './imbalanceTrend.js';
import { empiricalP } from './significance.js';

export interface ImbalanceOptions {
  /** Resistance deviation below which nothing is flagged, a part of 1. Default 0.03. */
  readonly threshold?: number;
  /** Chance of one false flag or more in the whole run that is allowed by significance alone. Default 0.05. */
  readonly level?: number;
  /** One number per cell, the same for like cells. Default: all are alike. */
  readonly kinds?: ArrayLike<number>;
  /** Scans of the pack in good order, from which the expected shares are taken. Default: the scans themselves. */
  readonly reference?: readonly PackCurrents[];
  /** Sizes of the currents, with the covariance of the errors that all scans share: what these explain is no difference from like cells. */
  readonly common?: PackCurrents;
  /** Natural spread of a cell's conductance from scan to scan, a part of 1. Default: found in five scans or more, else 0.5 %. */
  readonly spread?: number;
  /** When each scan was taken, in any unit; default: its number. */
  readonly times?: readonly number[];
}

/** One cell in one scan. */
export interface CellImbalance {
  /** Part of the pack's current, and its standard error. */
  readonly share: number;
  readonly shareError: number;
  /** The share that is expected if all cells are as usual. */
  readonly expectedShare: number;
  /** R / (what is expected, relative to the pack's typical cell) - 1, by I ~ 1/R; and its standard error, with the natural spread (see `judge`). */
  readonly resistanceDeviation: number;
  readonly error: number;
  /** Chance of a departure as large in a healthy cell; adjusted for all cells and scans (Holm). */
  readonly p: number;
  readonly adjustedP: number;
  readonly flagged: boolean;
}

export interface Imbalance {
  /** `[scan][cell]` */
  readonly scans: readonly (readonly CellImbalance[])[];
  /** Natural spread of a cell's conductance from scan to scan, a part of 1, and whether it was found in the scans. */
  readonly spread: number;
  readonly spreadFound: boolean;
  /** Cells that differ from their like in all scans, by more than the threshold and common errors. */
  readonly persistent: Uint8Array;
  readonly threshold: number;
  readonly level: number;
  /** Chance that a healthy pack gets a flag in such a run, by simulation; also by significance alone; draws behind it. */
  readonly falseFlags: { readonly rate: number; readonly bySignificance: number; readonly runs: number };
  /** Per cell, change of its resistance deviation from scan to scan. */
  readonly trends: readonly Trend[];
}

const THRESHOLD = 0.03;
export const LEVEL = 0.05;
const ASSUMED_SPREAD = 0.005;

/**
 * Which cells of a parallel pack are out of line. Every departure (see `departures`) is compared with those of simulated
 * healthy runs of the same scans: the same expected currents, errors of measurement and natural spread, judged the same way.
 * That gives p per cell and scan; Holm's correction makes it hold for all of them together. A cell is flagged where the
 * adjusted p is below `level` and its resistance deviates by more than `threshold`.
 * @throws {InputError} for no scans, fewer than two cells, or numbers that do not fit.
 */
export function imbalance(scans: readonly PackCurrents[], options: ImbalanceOptions = {}): Imbalance {
  const cells = scans[0]?.current.length ?? 0;
  if (cells < 2) {
    throw new InputError('an imbalance takes at least one scan of two cells', { advice: 'give scans of a pack' });
  }
  const { reference = [], common } = options;
  for (const { current, covariance } of [...scans, ...reference, ...(common ? [common] : [])]) {
    if (current.length === cells && covariance.length === cells * cells) continue;
    throw new InputError(`a scan of ${current.length} cells among scans of ${cells}`, { advice: 'use one pack' });
  }
  const threshold = options.threshold ?? THRESHOLD;
  const level = options.level ?? LEVEL;
  const kinds = options.kinds ?? new Uint8Array(cells);
  const upright = scans.map(asPositive);
  const assumed = options.spread ?? (tellsSpread(scans.length, cells) ? undefined : ASSUMED_SPREAD);
  const tolerance = tolerances(threshold, kinds, common);
  const rules: RunRules = { kinds, tolerance, given: fromReference(options, cells), spread: assumed };
  const scaleOf =
    assumed === undefined ? scaleTable(upright, departed(upright, rules).expected, rules, random(1)) : undefined;
  const judged = judge(upright, rules, scaleOf);

  // Healthy runs: a cell that always differs is told as such, and is healthy at its own level here.
  const readings = scans.length * cells;
  const runs = runsOf(readings);
  const draw = nullRuns(upright, judged.expected, random(seedOf(upright)));
  const nulls = new Float64Array(runs * readings);
  const large = new Uint8Array(runs * readings);
  for (let start = 0; start < nulls.length; start += readings) {
    const own = judge(draw(judged.spread), rules, scaleOf);
    nulls.set(sizesOf(own), start);
    own.departure.forEach((g, s) => {
      for (let k = 0; k < cells; k++) large[start + s * cells + k] = beyond(g[k], threshold) ? 1 : 0;
    });
  }
  const ascending = nulls.slice().sort();
  const chances = (z: Float64Array) => z.map(v => empiricalP(ascending, v));
  let [any, significant] = [0, 0];
  for (let start = 0; start < nulls.length; start += readings) {
    const z = nulls.subarray(start, start + readings);
    const largest = z.reduce((most, v) => Math.max(most, v));
    // Holm's first step, which most runs do not pass.
    if (empiricalP(ascending, largest) * readings >= level) continue;
    significant++;
    if (holm(chances(z)).some((p, i) => p < level && large[start + i] === 1)) any++;
  }

  const p = chances(sizesOf(judged));
  const adjusted = holm(p);
  return {
    scans: upright.map((scan, s) =>
      described(scan, judged, s, cells, threshold, level, p.subarray(s * cells), adjusted.subarray(s * cells)),
    ),
    spread: judged.spread,
    spreadFound: assumed === undefined,
    persistent: judged.expected.persistent,
    threshold,
    level,
    falseFlags: { rate: any / runs, bySignificance: significant / runs, runs },
    trends: trends(judged, options.times ?? scans.map((_, s) => s), adjusted, level),
  };
}

/** Healthy runs to simulate: more of those with few readings, which cost little, fewer of those that would not fit into memory. */
function runsOf(readings: number): number {
  return Math.max(100, Math.min(Math.max(1000, Math.min(4000, 6e4 / readings)), 4e6 / readings) | 0);
}

/** A seed from the currents: what the draws leave uncertain then does not lean the same way in all packs of one layout. */
function seedOf(scans: readonly PackCurrents[]): number {
  let seed = 0;
  for (const { current } of scans) {
    for (const word of new Uint32Array(current.slice().buffer)) seed = Math.imul(seed ^ word, 0x01000193);
    seed ^= seed >>> 15;
  }
  return seed;
}

/** Departures in standard errors, [scan][cell]. */
function sizesOf({ departure, error }: Judged): Float64Array {
  const cells = departure[0].length;
  const out = new Float64Array(departure.length * cells);
  departure.forEach((g, s) => {
    for (let k = 0; k < cells; k++) out[s * cells + k] = Math.abs(g[k]) / (error[s][k] || Infinity);
  });
  return out;
}

function described(
  { current, covariance }: PackCurrents,
  { departure, error, expected }: Judged,
  s: number,
  cells: number,
  threshold: number,
  level: number,
  p: Float64Array,
  adjusted: Float64Array,
): CellImbalance[] {
  const total = current.reduce((sum, v) => sum + v, 0);
  const healthy = expected.conductance.reduce((sum, v) => sum + v, 0);
  return Array.from(current, (own, k) => {
    const share = own / total;
    // d share_k = (dI_k - share_k dI) / I
    let variance = 0;
    for (let a = 0; a < cells; a++)
      for (let b = 0; b < cells; b++)
        variance += ((a === k ? 1 : 0) - share) * ((b === k ? 1 : 0) - share) * covariance[a * cells + b];
    const g = departure[s][k];
    return {
      share,
      shareError: Math.sqrt(Math.max(0, variance)) / Math.abs(total),
      expectedShare: expected.conductance[k] / healthy,
      resistanceDeviation: resistance(g),
      error: error[s][k] / Math.max(1e-3, 1 + g) ** 2,
      p: p[k],
      adjustedP: adjusted[k],
      flagged: adjusted[k] < level && beyond(g, threshold),
    };
  });
}

/** Resistance deviation of a departure of the conductance; infinite for a cell that carries nothing, or the wrong way. */
function resistance(g: number): number {
  return g > -1 ? (0 - g) / (1 + g) : Number.POSITIVE_INFINITY;
}

function beyond(g: number, threshold: number): boolean {
  return Math.abs(resistance(g)) > threshold;
}

/** A discharging pack carries negative currents: shares are the same. */
function asPositive({ current, covariance }: PackCurrents): PackCurrents {
  return typical(current) < 0 ? { current: current.map(v => -v), covariance } : { current, covariance };
}

/** The median share of each cell over the reference scans. */
function fromReference({ reference }: ImbalanceOptions, cells: number): Expectation | undefined {
  if (reference === undefined || reference.length === 0) return undefined;
  const shares = reference.map(scan => {
    const { current } = asPositive(scan);
    const middle = typical(current);
    return current.map(v => v / middle);
  });
  const conductance = Float64Array.from({ length: cells }, (_, k) => {
    return median(shares.map(share => share[k]));
  });
  return { conductance, persistent: new Uint8Array(cells) };
}
