import type { AxisName } from '../../src/fieldMap.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { rms } from '../../src/linearAlgebra/vectors.js';
import { careless } from '../bounded/errorModel.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { moreProbable, wiresBelow } from '../bounded/wiresBelow.js';
import { median } from '../median.js';
import type { CellCurrentsOptions, ScanCurrents } from './cellCurrents.js';
import type { CellPatterns } from './cellPatterns.js';
import type { ScanEvidence } from './commonGeometry.js';
import type { PlacedCell } from './packCell.js';
import {
  type PackColumn,
  type PackModel,
  type PackModelChoices,
  packModel,
  packStandoff,
  scannedSide,
} from './packModel.js';
import { type Factorised, type KnownSum, type PackSystem, packSystem } from './packSystem.js';
import { fittedErrors, misfit } from './readingErrors.js';
import { robustFits, type ScanFit } from './robustFits.js';
import { ALONE, splitScans } from './splitScans.js';
import { roughCurrent, typicalCurrent } from './typicalCurrent.js';

export interface ClassTask {
  readonly cells: readonly PlacedCell[];
  readonly patterns: readonly CellPatterns[];
  /** Of scans with the same geometry. */
  readonly readings: readonly ScanReadings[];
  readonly dense: DenseWorkspace;
  readonly options: CellCurrentsOptions;
  readonly total: CellCurrentsOptions['total'];
  readonly step: (part: number, next: string) => void;
}

/** The residual must exceed the stated noise so many times before other errors than noise are looked for. */
const SUSPICIOUS = 1.1;
const ERROR_ROUNDS = 3;
/** The scale of the priors is found anew where it is this factor off. */
const SCALE_OFF = 1.5;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;

/** What scans of one geometry say. */
export interface SolvedClass {
  /** Of their mean: currents and geometry. */
  readonly geometry: ScanEvidence;
  /** Log evidence of the model, up to what all models of these scans have in common; NaN where the first one explains the readings. */
  readonly evidence: number;
  /** What the coefficients of the geometry are about. */
  readonly columns: readonly PackColumn[];
  /** Per scan: its currents are `amount` times those of the mean plus `difference`, whose covariance (A^2) follows. */
  readonly scans: readonly {
    readonly amount: number;
    readonly difference: Float64Array;
    readonly covariance: Float64Array;
    readonly rest: Omit<ScanCurrents, 'current' | 'covariance' | 'ownCovariance' | 'error' | 'places'>;
  }[];
}

/** What is assumed of currents that nobody described, beside those in the cells' plane and above the sensors. */
type Assumed = Pick<PackModelChoices, 'lower' | 'below'>;

/**
 * The currents of scans with the same geometry. Where wires beside and above the cells leave more than noise, they may lie lower than
 * the cells, as busbars do. Where that does not explain the field either, currents may flow below the cells: on a sheet a standoff
 * deep, for what flows deeper has an equivalent there, and a deeper one is surer than it may be.
 */
export function solveClass(task: ClassTask): SolvedClass {
  const plain = solveScaled(task, {});
  // A scan from both sides tells the heights of currents apart as it is.
  if (Number.isNaN(plain.evidence) || scannedSide(task.cells, task.readings[0]) === 0) return plain;
  const best = moreProbable(plain, solveScaled(task, { lower: true }));
  if (!careless(best.scans[0].rest)) return best;
  const depth = packStandoff(task.cells, task.readings[0]);
  return wiresBelow(best, [depth], below => solveScaled(task, { below }));
}

function solveScaled(task: ClassTask, assumed: Assumed): SolvedClass {
  let scale = roughCurrent(task.patterns, task.readings);
  for (let attempt = 0; ; attempt++) {
    const { dense } = task;
    const solved = dense.temporarily(() => solveAt(task, scale, assumed));
    const { mean, currents } = solved.geometry;
    const amounts = Float64Array.from(solved.scans, ({ amount }) => Math.abs(amount));
    const own = median(amounts) * typicalCurrent([mean.subarray(0, currents)]);
    const off = own > 0 ? Math.max(own / scale, scale / own) : 1;
    if (off < SCALE_OFF || attempt === 2) return solved;
    scale = own;
  }
}

function solveAt(task: ClassTask, scale: number, assumed: Assumed): SolvedClass {
  const { cells, patterns, readings: scans, dense, options, total, step } = task;
  const first = scans[0];
  step(0.2, 'sheets outside');
  const model = packModel(cells, patterns, first, scale, dense, { ...options, ...assumed });
  const known = knownSum(task, scale);
  const sums = scans.map((_, s) => total?.values[s] ?? 0);
  const noise = first.sigmaStated ? 1 : GUESS * rms(first.value);
  const deviation = first.sigma.map(s => noise * s);
  step(0.3, 'readings');
  let errors = { noise, gain: options.gainError ?? 0, position: options.positionError ?? 0 };
  const exact = options.gainError === 0 && options.positionError === 0;
  const given = errors.gain > 0 || errors.position > 0;
  const freeOf = ({ degrees }: Factorised) => Math.max(0.1, 1 - degrees / first.count);
  let system: PackSystem;
  let fits: ScanFit[];
  let factor: Factorised;
  for (let round = 0; ; round++) {
    system = packSystem(
      model,
      first,
      deviation.map(d => 1 / d),
      dense,
    );
    factor = system.factorise(ALONE, known);
    fits = robustFits(system, factor, scans, deviation, sums);
    if (exact || round === ERROR_ROUNDS) break;
    const free = freeOf(factor);
    if (first.sigmaStated && !given && round === 0 && misfit(fits, deviation, free) < SUSPICIOUS) break;
    step(0.4 + 0.1 * round, 'gain and position errors');
    const next = fittedErrors(scans, model, fits, free, options);
    const change = deviation.reduce((sum, d, r) => sum + Math.abs(Math.log(next.variance[r] / d ** 2) / 2), 0);
    if (change < 0.02 * deviation.length) break;
    errors = next.errors;
    next.variance.forEach((v, r) => {
      deviation[r] = Math.sqrt(v);
    });
  }
  const { lower, below } = assumed;
  const fitted = !given && (errors.gain > 0 || errors.position > 0);
  const unexplained = fitted || misfit(fits, deviation, freeOf(factor)) >= SUSPICIOUS;
  // The products with the readings of all scans: only where another model is to be compared.
  const compared = lower || below !== undefined || unexplained;
  const evidence = compared ? logEvidence(model, factor, fits, deviation, sums) : Number.NaN;
  step(0.7, 'currents');
  const told = toldPatterns(model);
  // How much current flows in each scan, by the fit of that scan alone, in typical currents.
  const amount = fits.map(({ x }) => x.slice(0, cells.length).reduce((sum, v) => sum + v, 0) / (cells.length * scale));
  const parts = splitScans({ system, model, cells, values: fits.map(({ value }) => value), amount, known, sums, told });
  const chi2 = fits.map(({ trust }, s) => {
    const fitted = system.readings(parts.solutions[s]);
    let [square, used] = [0, 0];
    for (let r = 0; r < first.count; r++) {
      const w = trust[scans[s].sample[r]];
      if (w > 0) used++;
      square += ((w * (scans[s].value[r] - fitted[r])) / deviation[r]) ** 2;
    }
    return square / Math.max(1, used - parts.degrees[s]);
  });
  const columns = told.slice(cells.length).map(p => model.patterns[p]);
  const mean = parts.mean.slice(0, cells.length).reduce((sum, v) => sum + v, 0) / cells.length;
  // In parts of the typical current; what several cells have in common rides on their mean.
  const unit = Float64Array.from(columns, ({ cell }) => (cell < 0 ? mean : parts.mean[cell]) / scale);
  // A cell that carries little says little of its tabs.
  const strains = columns.map(({ role, sd }, j) =>
    role === 'profile' ? Math.abs(parts.mean[cells.length + j]) / (Math.max(1, Math.abs(unit[j])) * sd) : 0,
  );
  const strain = Math.max(0, ...strains);
  // What noise, gain and position do not explain is taken for more of the same.
  const excess = Math.max(1, median(Float64Array.from(chi2)));
  return {
    columns,
    evidence,
    geometry: {
      currents: cells.length,
      mean: parts.mean,
      covariance: parts.meanCovariance.map(v => excess * v),
      unit,
      sd: Float64Array.from(columns, ({ sd }) => Math.sqrt(excess) * sd),
    },
    scans: fits.map(({ trust }, s) => {
      const background: Partial<Record<AxisName, number>> = {};
      model.patterns.forEach(({ background: axis }, p) => {
        if (axis !== undefined) background[axis] = 1e-6 * parts.solutions[s][p];
      });
      const readings = scans[s];
      let rejected = 0;
      for (let r = 0; r < readings.count; r++) if (trust[readings.sample[r]] === 0) rejected++;
      return {
        amount: amount[s],
        difference: parts.differences[s],
        covariance: parts.covariances[s].map(v => Math.max(1, chi2[s]) * v),
        rest: {
          chi2: chi2[s],
          readings: readings.count - rejected,
          rejected,
          rejectedSamples: Uint8Array.from(trust, (w, i) =>
            w === 0 && readings.first[i + 1] > readings.first[i] ? 1 : 0,
          ),
          background,
          own: parts.own[s],
          strain,
          ...(below === undefined ? {} : { below }),
          gainError: errors.gain,
          positionError: errors.position,
        },
      };
    }),
  };
}

/** Of all scans, each by itself. */
function logEvidence(
  model: PackModel,
  factor: Factorised,
  fits: readonly ScanFit[],
  deviation: Float64Array,
  sums: readonly number[],
): number {
  const priors = model.outside.reduce((sum, { logPrecision }) => sum + logPrecision / 2, 0);
  const scatter = deviation.reduce((sum, d) => sum + Math.log(d), 0);
  const own = factor.evidence(
    fits.map(({ value }) => value),
    fits.map(({ x }) => x),
    1,
    sums,
  );
  return fits.reduce((sum, { value }, s) => {
    const square = value.reduce((all, v, r) => all + ((v - model.base[r]) / deviation[r]) ** 2, 0);
    return sum + own[s] + priors - square / 2 - scatter;
  }, 0);
}

/** Currents, and what rides on them. */
function toldPatterns({ patterns }: PackModel): number[] {
  return patterns.flatMap(({ role }, p) => (role === 'level' || role === 'other' ? [] : [p]));
}

/** Standard deviation of the sum of the currents, where it is known of all scans. */
function knownSum({ cells, total }: ClassTask, scale: number): KnownSum | undefined {
  const values = total?.values.filter(v => v !== undefined) ?? [];
  if (total === undefined || values.length < total.values.length) return undefined;
  const size = rms(Float64Array.from(values)) || scale * cells.length;
  return { count: cells.length, sigma: total.error * size };
}
