import type { AxisName } from '../../src/fieldMap.js';
import { type DenseWorkspace, plainAlgebra } from '../../src/linearAlgebra/index.js';
import { rms } from '../../src/linearAlgebra/vectors.js';
import { fitErrorModel, varianceOf } from '../bounded/errorModel.js';
import { robustDeviation, sampleWeights } from '../bounded/outliers.js';
import { addSourceField, type Gradient } from '../bounded/pointSources.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import type { CellCurrentsOptions, ScanCurrents } from './cellCurrents.js';
import type { CellPatterns } from './cellPatterns.js';
import type { ScanEvidence } from './commonGeometry.js';
import type { PlacedCell } from './packCell.js';
import { type PackColumn, type PackModel, packModel } from './packModel.js';
import { type KnownSum, type PackSystem, packSystem } from './packSystem.js';
import { ALONE, splitScans } from './splitScans.js';

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
/** Samples that keep this part of their weight count in full. */
const TRUSTED = 0.75;
const OUTLIER_PASSES = 4;
const ERROR_ROUNDS = 3;
/** Scans whose residuals tell gain and position errors; more say the same. */
const MOST_FOR_ERRORS = 8;
/** The scale of the priors is found anew where it is this factor off. */
const SCALE_OFF = 1.5;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;

/** What scans of one geometry say. */
export interface SolvedClass {
  /** Of their mean: currents and geometry. */
  readonly evidence: ScanEvidence;
  /** What the coefficients of the evidence are about. */
  readonly columns: readonly PackColumn[];
  /** Per scan: its currents are `amount` times those of the mean plus `difference`, whose covariance (A^2) follows. */
  readonly scans: readonly {
    readonly amount: number;
    readonly difference: Float64Array;
    readonly covariance: Float64Array;
    readonly rest: Omit<ScanCurrents, 'current' | 'covariance' | 'ownCovariance' | 'error' | 'places'>;
  }[];
}

/** What is being found out about one scan. */
interface Fit {
  /** Readings as they are fitted: outliers are drawn towards the fit. */
  readonly value: Float64Array;
  readonly residual: Float64Array;
  readonly trust: Float64Array;
  readonly x?: Float64Array;
}

/** The currents of scans with the same geometry. */
export function solveClass(task: ClassTask): SolvedClass {
  let scale = roughScale(task);
  for (let attempt = 0; ; attempt++) {
    const { dense } = task;
    const solved = dense.temporarily(() => solveAt(task, scale));
    const { mean, currents } = solved.evidence;
    const amounts = Float64Array.from(solved.scans, ({ amount }) => Math.abs(amount));
    const own = median(amounts) * typicalCurrent([mean.subarray(0, currents)]);
    const off = own > 0 ? Math.max(own / scale, scale / own) : 1;
    if (off < SCALE_OFF || attempt === 2) return solved;
    scale = own;
  }
}

function solveAt(task: ClassTask, scale: number): SolvedClass {
  const { cells, patterns, readings: scans, dense, options, total, step } = task;
  const first = scans[0];
  step(0.2, 'sheets outside');
  const model = packModel(cells, patterns, first, scale, dense, options);
  const known = knownSum(task, scale);
  const sums = scans.map((_, s) => total?.values[s] ?? 0);
  const noise = first.sigmaStated ? 1 : GUESS * rms(first.value);
  const deviation = first.sigma.map(s => noise * s);
  step(0.3, 'readings');
  let errors = { noise, gain: options.gainError ?? 0, position: options.positionError ?? 0 };
  const exact = options.gainError === 0 && options.positionError === 0;
  const given = errors.gain > 0 || errors.position > 0;
  let system: PackSystem;
  let fits: Fit[];
  for (let round = 0; ; round++) {
    system = packSystem(
      model,
      first,
      deviation.map(d => 1 / d),
      dense,
    );
    const factor = system.factorise(ALONE, known);
    fits = scans.map(readings => ({
      value: readings.value,
      residual: readings.value,
      trust: new Float64Array(readings.first.length - 1).fill(1),
    }));
    for (let pass = 0; pass < OUTLIER_PASSES; pass++) {
      const found = factor.solve(
        fits.map(({ value }) => value),
        sums,
      );
      let settled = true;
      fits = fits.map(({ trust: before }, s) => {
        const residual = residualOf(system, scans[s], found[s]);
        const earned = sampleWeights(
          scans[s],
          residual.map((v, r) => v / deviation[r]),
        );
        const trust = earned.map(w => (w > TRUSTED ? 1 : w));
        settled &&= trust.every((w, i) => Math.abs(w - before[i]) < 0.05);
        // What is not trusted is replaced by what the others say, in part: the fit is that of the reduced weight.
        const value = scans[s].value.map((v, r) => v - (1 - trust[scans[s].sample[r]]) * residual[r]);
        return { value, residual, trust, x: found[s] };
      });
      if (settled) break;
    }
    if (exact || round === ERROR_ROUNDS) break;
    const free = Math.max(0.1, 1 - factor.degrees / first.count);
    if (first.sigmaStated && !given && round === 0 && misfit(fits, deviation, free) < SUSPICIOUS) break;
    step(0.4 + 0.1 * round, 'gain and position errors');
    const next = fittedErrors(task, model, fits, free);
    const change = deviation.reduce((sum, d, r) => sum + Math.abs(Math.log(next.variance[r] / d ** 2) / 2), 0);
    if (change < 0.02 * deviation.length) break;
    errors = next.errors;
    next.variance.forEach((v, r) => {
      deviation[r] = Math.sqrt(v);
    });
  }
  step(0.7, 'currents');
  const told = toldPatterns(model);
  // How much current flows in each scan, by the fit of that scan alone, in typical currents.
  const amount = fits.map(({ x }) => x!.slice(0, cells.length).reduce((sum, v) => sum + v, 0) / (cells.length * scale));
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
  // What noise, gain and position do not explain is taken for more of the same.
  const factor = Math.max(1, median(Float64Array.from(chi2)));
  const mean = parts.mean.slice(0, cells.length).reduce((sum, v) => sum + v, 0) / cells.length;
  return {
    columns,
    evidence: {
      currents: cells.length,
      mean: parts.mean,
      covariance: parts.meanCovariance.map(v => factor * v),
      // In parts of the typical current; what several cells have in common rides on their mean.
      unit: Float64Array.from(columns, ({ cell }) => (cell < 0 ? mean : parts.mean[cell]) / scale),
      sd: Float64Array.from(columns, ({ sd }) => Math.sqrt(factor) * sd),
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
          gainError: errors.gain,
          positionError: errors.position,
        },
      };
    }),
  };
}

/** How far residuals exceed their stated deviation: median over the scans. */
function misfit(fits: readonly Fit[], deviation: Float64Array, free: number): number {
  return median(
    Float64Array.from(fits, ({ residual }) => {
      const own = residual.map((v, r) => v / deviation[r]);
      return Math.max(robustDeviation(own), trimmed(own)) / Math.sqrt(free);
    }),
  );
}

function residualOf(system: PackSystem, readings: ScanReadings, x: Float64Array): Float64Array {
  const fitted = system.readings(x);
  return readings.value.map((v, r) => v - fitted[r]);
}

/** Currents, and what rides on them. */
function toldPatterns({ patterns }: PackModel): number[] {
  return patterns.flatMap(({ role }, p) => (role === 'level' || role === 'other' ? [] : [p]));
}

/** The error model that explains the residuals of some scans, and the variance of every reading in the mean over all. */
function fittedErrors(task: ClassTask, model: PackModel, fits: readonly Fit[], free: number) {
  const { readings: scans, options } = task;
  const first = scans[0];
  const every = Math.max(1, Math.floor(scans.length / MOST_FOR_ERRORS));
  const chosen = fits.map((_, s) => s).filter(s => s % every === 0);
  const fields = chosen.map(s => scans[s].value.map((v, r) => v - fits[s].residual[r]));
  const slopes = chosen.map(s => slopeOf(model, first, fits[s].x!));
  const joined = (parts: readonly Float64Array[]) => Float64Array.from(parts.flatMap(part => [...part]));
  const errors = fitErrorModel({
    residual: joined(chosen.map(s => fits[s].residual)),
    sigma: joined(chosen.map(() => first.sigma)),
    sigmaStated: first.sigmaStated,
    field: joined(fields),
    slope: joined(slopes),
    free,
    known: options,
  });
  const variance = first.sigma.map((s, r) => {
    const squares = chosen.map((_, i) => varianceOf(errors, s, fields[i][r], slopes[i][r]));
    return squares.reduce((sum, v) => sum + v, 0) / chosen.length;
  });
  return { errors, variance };
}

/** Magnitude of the gradient of every reading, T/m. */
function slopeOf(model: PackModel, readings: ScanReadings, x: Float64Array): Float64Array {
  const n = readings.count;
  const gradient: Gradient = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n) };
  model.cells.forEach(({ slope }, c) => {
    for (const axis of ['x', 'y', 'z'] as const) for (let r = 0; r < n; r++) gradient[axis][r] += x[c] * slope[axis][r];
  });
  let at = model.kept;
  for (const { sources } of model.outside) {
    const own = x.subarray(at, at + sources.count);
    addSourceField(sources, own, readings, new Float64Array(n), gradient, readings.footprint);
    at += sources.count;
  }
  return gradient.x.map((v, r) => Math.hypot(v, gradient.y[r], gradient.z[r]));
}

/** Standard deviation of the sum of the currents, where it is known. */
function knownSum({ cells, total }: ClassTask, scale: number): KnownSum | undefined {
  const values = total?.values.filter(v => v !== undefined) ?? [];
  if (total === undefined || values.length === 0) return undefined;
  const size = rms(Float64Array.from(values)) || scale * cells.length;
  return { count: cells.length, sigma: total.error * size };
}

/** Typical current of a cell, A: plain least squares with the cells' patterns and a constant alone. */
function roughScale({ patterns, readings: scans, cells }: ClassTask): number {
  const { nx, ny, nz, count } = scans[0];
  const columns = [...patterns.map(({ base }) => base), nx, ny, nz].filter(c => c.some(v => v !== 0));
  const n = columns.length;
  const norm = columns.map(rms);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += columns[i][r] * columns[j][r];
      matrix[i * n + j] = sum / (count * norm[i] * norm[j]);
    }
    matrix[i * n + i] += 1e-6;
  }
  plainAlgebra.cholesky(matrix, n);
  const currents = scans.map(({ value }) => {
    const x = Float64Array.from(columns, (column, i) => {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += column[r] * value[r];
      return sum / (count * norm[i]);
    });
    plainAlgebra.solveCholesky(matrix, n, x, 1);
    return Float64Array.from({ length: cells.length }, (_, i) => x[i] / norm[i]);
  });
  return typicalCurrent(currents) || 1;
}

/** Median over the scans of the mean magnitude over the cells. */
function typicalCurrent(currents: readonly Float64Array[]): number {
  return median(Float64Array.from(currents, own => own.reduce((sum, v) => sum + Math.abs(v), 0) / own.length));
}

/** Root mean square of what is left when the largest twentieth is set aside, as a normal number's. */
function trimmed(values: Float64Array): number {
  const squares = values.map(v => v * v).sort();
  const kept = squares.subarray(0, Math.ceil(0.95 * squares.length));
  // The same of standard normal numbers is 0.759.
  return Math.sqrt(kept.reduce((sum, v) => sum + v, 0) / kept.length / 0.759);
}
