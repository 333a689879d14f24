import type { AxisName } from '../../src/fieldMap.js';
import { type DenseWorkspace, plainAlgebra } from '../../src/linearAlgebra/index.js';
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
import { type Factorised, type KnownSum, type LessWeight, packSystem, type PackSystem } from './packSystem.js';

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
/** Samples that keep this part of their weight count in full: their scans share the factorisation. */
const TRUSTED = 0.75;
const ROUNDS = 3;
/** Scans whose residuals tell gain and position errors; more say the same. */
const MOST_FOR_ERRORS = 8;
/** The scale of the priors is found anew where it is this factor off. */
const SCALE_OFF = 1.5;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;

/** A scan by itself: what it says of currents and geometry, and the rest of what is told of it. */
export interface SolvedScan {
  readonly evidence: ScanEvidence;
  /** What the coefficients of the evidence are about. */
  readonly columns: readonly PackColumn[];
  readonly rest: Omit<ScanCurrents, 'current' | 'covariance' | 'error' | 'places'>;
}

/** What is being found out about one scan. */
interface Fit {
  x: Float64Array;
  residual: Float64Array;
  trust: Float64Array;
}

/** The currents of scans with the same geometry. */
export function solveClass(task: ClassTask): SolvedScan[] {
  let scale = roughScale(task);
  for (let attempt = 0; ; attempt++) {
    const { dense } = task;
    const solved = dense.temporarily(() => solveAt(task, scale));
    const own = typicalCurrent(solved.map(({ evidence }) => evidence.mean.subarray(0, evidence.currents)));
    const off = own > 0 ? Math.max(own / scale, scale / own) : 1;
    if (off < SCALE_OFF || attempt === 2) return solved;
    scale = own;
  }
}

function solveAt(task: ClassTask, scale: number): SolvedScan[] {
  const { cells, patterns, readings: scans, dense, options, total, step } = task;
  const first = scans[0];
  step(0.3, 'sheets outside');
  const model = packModel(cells, patterns, first, scale, dense, options);
  const known = knownSum(task, scale);
  const values = scans.map(({ value }) => value);
  const noise = first.sigmaStated ? 1 : GUESS * rms(first.value);
  const deviation = first.sigma.map(s => noise * s);
  const sums = scans.map((_, s) => total?.values[s] ?? 0);
  const withSum = (s: number) => (total?.values[s] === undefined ? undefined : known);
  step(0.4, 'readings');
  let system = packSystem(model, first, deviation.map(d => 1 / d), dense);
  let errors = { noise, gain: options.gainError ?? 0, position: options.positionError ?? 0 };
  const exact = options.gainError === 0 && options.positionError === 0;
  let shared = sharedFits(system, scans, known, sums, withSum);
  const free = () => Math.max(0.1, 1 - shared.degrees / first.count);
  const misfit = () =>
    median(
      Float64Array.from(shared.fits, ({ residual }) => {
        const own = residual.map((v, r) => v / deviation[r]);
        return Math.max(robustDeviation(own), trimmed(own)) / Math.sqrt(free());
      }),
    );
  const given = errors.gain > 0 || errors.position > 0;
  for (let round = 0; round < ROUNDS && !exact; round++) {
    if (first.sigmaStated && !given && round === 0 && misfit() < SUSPICIOUS) break;
    const next = fittedErrors(task, model, shared.fits, free());
    const after = Float64Array.from(deviation, (_, r) => Math.sqrt(next.variance[r]));
    const change = after.reduce((sum, d, r) => sum + Math.abs(Math.log(d / deviation[r])), 0) / deviation.length;
    errors = next.errors;
    deviation.set(after);
    if (change < 0.02) break;
    step(0.5 + 0.1 * round, 'gain and position errors');
    system = packSystem(model, first, deviation.map(d => 1 / d), dense);
    shared = sharedFits(system, scans, known, sums, withSum);
  }
  step(0.8, 'outliers');
  return scans.map((readings, s) => {
    let fit = shared.fits[s];
    let { covariance, degrees } = shared;
    for (let round = 0; round < ROUNDS; round++) {
      const trust = sampleWeights(readings, fit.residual.map((v, r) => v / deviation[r])).map(w => (w > TRUSTED ? 1 : w));
      if (trust.every((w, i) => Math.abs(w - fit.trust[i]) < 0.1)) break;
      const less = lessWeight(readings, trust);
      const own = system.factorise(less, withSum(s));
      const [x] = own.solve([values[s]], [sums[s]]);
      fit = { x, residual: residualOf(system, readings, x), trust };
      covariance = covarianceOf(own, model);
      degrees = own.degrees;
    }
    step(0.8 + (0.2 * (s + 1)) / scans.length, 'outliers');
    return told(task, model, readings, fit, covariance, degrees, deviation, errors);
  });

  function sharedFits(
    own: PackSystem,
    all: readonly ScanReadings[],
    sum: KnownSum | undefined,
    amounts: readonly number[],
    sumOf: (s: number) => KnownSum | undefined,
  ) {
    // Scans with a known total first, then the others: the factor holds for one kind at a time.
    const fits: Fit[] = new Array(all.length);
    let covariance: Float64Array[] = [];
    let degrees = 0;
    for (const kind of sum === undefined ? [undefined] : [sum, undefined]) {
      const members = all.flatMap((_, s) => (sumOf(s) === kind ? [s] : []));
      if (members.length === 0) continue;
      const factor = own.factorise(undefined, kind);
      const found = factor.solve(
        members.map(s => all[s].value),
        members.map(s => amounts[s]),
      );
      members.forEach((s, i) => {
        const trust = new Float64Array(all[s].first.length - 1).fill(1);
        fits[s] = { x: found[i], residual: residualOf(own, all[s], found[i]), trust };
      });
      covariance = covarianceOf(factor, model);
      degrees = factor.degrees;
    }
    return { fits, covariance, degrees };
  }
}

function residualOf(system: PackSystem, readings: ScanReadings, x: Float64Array): Float64Array {
  const fitted = system.readings(x);
  return readings.value.map((v, r) => v - fitted[r]);
}

/** Covariance of the patterns' coefficients: a row for each that is told, by its index. */
function covarianceOf(factor: Factorised, model: PackModel): Float64Array[] {
  const wanted = toldPatterns(model);
  const rows = factor.covariance(wanted);
  const out: Float64Array[] = new Array(model.kept);
  wanted.forEach((p, i) => {
    out[p] = rows[i];
  });
  return out;
}

/** Currents, and what rides on them. */
function toldPatterns({ patterns }: PackModel): number[] {
  return patterns.flatMap(({ role }, p) => (role === 'level' || role === 'other' ? [] : [p]));
}

function lessWeight(readings: ScanReadings, trust: Float64Array): LessWeight {
  const which = Int32Array.from({ length: readings.count }, (_, r) => r).filter(r => trust[readings.sample[r]] < 1);
  return { which, left: Float64Array.from(which, r => trust[readings.sample[r]] ** 2) };
}

/** The error model that explains the residuals of some scans, and the variance of every reading in the mean over all. */
function fittedErrors(task: ClassTask, model: PackModel, fits: readonly Fit[], free: number) {
  const { readings: scans, options } = task;
  const first = scans[0];
  const every = Math.max(1, Math.floor(scans.length / MOST_FOR_ERRORS));
  const chosen = fits.map((_, s) => s).filter(s => s % every === 0);
  const fields = chosen.map(s => scans[s].value.map((v, r) => v - fits[s].residual[r]));
  const slopes = chosen.map(s => slopeOf(model, first, fits[s].x));
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

function told(
  task: ClassTask,
  model: PackModel,
  readings: ScanReadings,
  fit: Fit,
  covariance: readonly Float64Array[],
  degrees: number,
  deviation: Float64Array,
  errors: { readonly gain: number; readonly position: number },
): SolvedScan {
  const n = task.cells.length;
  let [square, used, rejected] = [0, 0, 0];
  for (let r = 0; r < readings.count; r++) {
    const trust = fit.trust[readings.sample[r]];
    if (trust === 0) rejected++;
    else used++;
    square += ((trust * fit.residual[r]) / deviation[r]) ** 2;
  }
  const chi2 = square / Math.max(1, used - degrees);
  // What noise, gain and position do not explain is taken for more of the same.
  const factor = Math.max(1, chi2);
  const wanted = toldPatterns(model);
  const size = wanted.length;
  const joint = new Float64Array(size * size);
  wanted.forEach((p, i) => {
    for (let j = 0; j < size; j++) joint[i * size + j] = factor * covariance[p][wanted[j]];
  });
  const background: Partial<Record<AxisName, number>> = {};
  model.patterns.forEach(({ background: axis }, p) => {
    if (axis !== undefined) background[axis] = 1e-6 * fit.x[p];
  });
  const columns = wanted.slice(n).map(p => model.patterns[p]);
  const mean = fit.x.slice(0, n).reduce((sum, v) => sum + v, 0) / n;
  // In parts of the typical current; what several cells have in common rides on their mean.
  const unit = Float64Array.from(columns, ({ cell }) => (cell < 0 ? mean : fit.x[cell]) / model.scale);
  return {
    evidence: {
      currents: n,
      mean: Float64Array.from(wanted, p => fit.x[p]),
      covariance: joint,
      unit,
      // What exceeds the noise exceeds the prior as well: both were taken for more of the same.
      sd: Float64Array.from(columns, ({ sd }) => Math.sqrt(factor) * sd),
    },
    columns,
    rest: {
      chi2,
      readings: used,
      rejected,
      rejectedSamples: Uint8Array.from(fit.trust, (w, s) =>
        w === 0 && readings.first[s + 1] > readings.first[s] ? 1 : 0,
      ),
      background,
      gainError: errors.gain,
      positionError: errors.position,
    },
  };
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

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}
