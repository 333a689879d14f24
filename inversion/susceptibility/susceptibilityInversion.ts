import type { Vector3 } from '../../src/biotSavart/index.js';
import { NumericalError } from '../../src/errors.js';
import { COMPONENTS, type ComponentName, type FieldScan } from '../../src/fieldScan.js';
import type { Footprint } from '../../src/forward/index.js';
import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import { contains, outlineArea } from '../../src/model/outline.js';
import { robustDeviation, sampleWeights } from '../bounded/outliers.js';
import { type ScanReadings, scanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import { DriftBasis, type DriftGroup, driftGroups } from './drift.js';
import { chooseDrift, linesDrift } from './driftChoice.js';
import { slabErrors } from './slabErrors.js';
import { type SlabForm, slabForm } from './slabForm.js';
import { onGrid, type SlabLattice, slabLattice } from './slabLattice.js';
import { type PriorFit, smoothFit, variationFit } from './slabPrior.js';
import { type MagnetisedSlab, SlabRows } from './slabRows.js';
import type { Slab, SusceptibilityOptions, SusceptibilitySolution } from './solution.js';

const LEAST_READINGS = 30;
const WORKSPACE = 3e9;
/** Pixels at most, where the pitch is not given: the time grows with their cube. */
const MOST_PIXELS = 1600;
/** Finer pixels than this part of the sensors' distance from the face show nothing more. */
const PITCH_OF_DISTANCE = 1 / 3;
const MOST_ROUNDS = 3;

/**
 * The susceptibility of a slab in a known field from the field it adds. Every pixel within the outline is a prism (closed
 * form, any direction of the applied field); chi is uniform through the thickness and so small that pixels do not magnetise
 * each other. Offset and drift of every sensor and axis are unknowns beside it, eliminated exactly. Minimises the squared
 * residual in sigmas + lambda times the prior, with lambda by generalised cross-validation.
 *
 * @param scan any positions outside the slab, above, below or both; the applied field itself subtracted or constant (offsets)
 * @throws {NumericalError} for data that cannot carry an inversion
 */
export function susceptibilityInversion(
  scan: FieldScan,
  slab: Slab,
  options: SusceptibilityOptions = {},
): SusceptibilitySolution {
  const { masked = [] } = options;
  const wanted = Uint8Array.from({ length: scan.count }, (_, s) =>
    masked.some(part => contains(part, scan.x[s], scan.y[s], 0)) ? 0 : 1,
  );
  const readings = scanReadings(scan, wanted, options.footprint);
  const distance = checkedDistance(readings, slab);
  const lattice = slabLattice(slab.outline, options.pitch ?? defaultPitch(slab, distance));
  const magnetised = magnetisedSlab(slab, lattice);
  const dense = denseWorkspace(WORKSPACE);
  const chosen = chooseDrift(scan, options.drift);
  const first = fitted(scan, readings, magnetised, chosen.model, options, dense);
  const byLine = options.drift === undefined && linesDrift(scan, readings, first.residual, first.factor);
  const drift = byLine
    ? { model: 'line' as const, why: 'the readings of a scan line err together, more than a slope in time explains' }
    : chosen;
  const fit = byLine ? fitted(scan, readings, magnetised, 'line', options, dense) : first;
  options.onForm?.(
    fit.form,
    lattice,
    readings.sigmaStated ? Math.max(1, fit.variance) : fit.variance,
    median(readings.z.map(Math.abs)),
  );
  return described(scan, readings, slab, magnetised, fit, drift, options, dense);
}

/**
 * The field of a map's tiles at every reading of a scan, T, in the order of its readings: sample by sample, component by
 * component.
 */
export function slabField(
  scan: FieldScan,
  slab: Slab,
  { lattice, chi }: SusceptibilitySolution['tiles'],
  footprint?: Footprint,
): Float64Array {
  return predictedField(new SlabRows(magnetisedSlab(slab, lattice), scanReadings(scan), footprint), chi);
}

/** Solution of one choice of drift, with the readings that do not belong to it left out. */
export interface SlabFit {
  readonly form: SlabForm;
  readonly basis: DriftBasis;
  readonly groups: readonly DriftGroup[];
  readonly smooth: PriorFit;
  readonly best: PriorFit;
  readonly priorWhy: string;
  /** One over the standard deviation of each reading; 0 where it was rejected. */
  readonly factor: Float64Array;
  /** T, of every reading. */
  readonly residual: Float64Array;
  readonly predicted: Float64Array;
  /** Squared residual over degrees of freedom. */
  readonly variance: number;
}

function fitted(
  scan: FieldScan,
  readings: ScanReadings,
  slab: MagnetisedSlab,
  model: 'constant' | 'linear' | 'line',
  options: SusceptibilityOptions,
  dense: DenseWorkspace,
): SlabFit {
  const report = options.onProgress ?? (() => {});
  const rows = new SlabRows(slab, readings, options.footprint);
  const groups = driftGroups(scan, readings, model);
  const time = model === 'linear' ? Float64Array.from(readings.sample, s => scan.time![s]) : undefined;
  let weights: Float64Array = new Float64Array(scan.count).fill(1);
  for (let round = 1; ; round++) {
    const factor = Float64Array.from(readings.sigma, (sigma, r) => Math.sqrt(weights[readings.sample[r]]) / sigma);
    const basis = new DriftBasis(groups, factor, time);
    const onForm = (part: number) => report(0.5 * part, 'field of the pixels');
    const form = slabForm(rows, readings.value, factor, basis, dense, onForm, options.nuisances);
    report(0.55, 'lambda');
    const givenSmooth = options.prior === 'variation' ? undefined : options.lambda;
    const smooth = smoothFit(form, slab.lattice, dense, givenSmooth);
    const predicted = predictedField(rows, smooth.solution.chi);
    const others = nuisanceField(form, smooth.solution.chi, factor);
    const residual = residualsOf(readings, predicted, others, basis, factor);
    const next = outlierWeights(readings, residual, smooth.solution.residual / smooth.free);
    if (round < MOST_ROUNDS && next.some((w, s) => (w === 0) !== (weights[s] === 0))) {
      weights = next;
      continue;
    }
    report(0.7, 'prior');
    const { best, why } = bestPrior(form, slab.lattice, dense, smooth, options);
    const found = best === smooth ? predicted : predictedField(rows, best.solution.chi);
    return {
      form,
      basis,
      groups,
      smooth,
      best,
      priorWhy: why,
      factor,
      predicted: found,
      residual: residualsOf(readings, found, nuisanceField(form, best.solution.chi, factor), basis, factor),
      variance: best.solution.residual / best.free,
    };
  }
}

function bestPrior(
  form: SlabForm,
  lattice: SlabLattice,
  dense: DenseWorkspace,
  smooth: PriorFit,
  { prior, lambda }: SusceptibilityOptions,
): { best: PriorFit; why: string } {
  if (prior === 'smooth' || (prior === undefined && lambda !== undefined)) return { best: smooth, why: 'given' };
  const variation = variationFit(form, lattice, dense, smooth, lambda);
  if (prior === 'variation') return { best: variation, why: 'given' };
  const best = variation.gcv < smooth.gcv ? variation : smooth;
  return {
    best,
    why: `it predicts left-out readings better than ${best === smooth ? 'total variation' : 'a smooth map'}`,
  };
}

/** Field of a map at all readings, T. */
function predictedField(rows: SlabRows, chi: Float64Array): Float64Array {
  const { x } = rows.readings;
  const out = new Float64Array(x.length);
  const block = 256;
  const ones = new Float64Array(x.length).fill(1);
  const n = chi.length;
  const matrix = new Float64Array(block * n);
  for (let first = 0; first < out.length; first += block) {
    const last = Math.min(out.length, first + block);
    rows.fill(first, last, ones, matrix);
    for (let r = first, at = 0; r < last; r++, at += n) {
      let sum = 0;
      for (let u = 0; u < n; u++) sum += matrix[at + u] * chi[u];
      out[r] = sum;
    }
  }
  return out;
}

/** The nuisance fields at the sizes that go with a map, T, beside what offsets explain; 0 for rejected readings. */
function nuisanceField({ nuisances }: SlabForm, chi: Float64Array, factor: Float64Array): Float64Array {
  const out = new Float64Array(factor.length);
  for (const { column, own, coupling } of nuisances) {
    let size = own;
    for (let u = 0; u < chi.length; u++) size -= coupling[u] * chi[u];
    for (let r = 0; r < out.length; r++) if (factor[r] > 0) out[r] += (size * column[r]) / factor[r];
  }
  return out;
}

/** Readings minus map minus offsets, T, also of those that were rejected. */
function residualsOf(
  readings: ScanReadings,
  predicted: Float64Array,
  others: Float64Array,
  basis: DriftBasis,
  factor: Float64Array,
): Float64Array {
  const left = readings.value.map((v, r) => v - predicted[r] - others[r]);
  const coefficients = basis.coefficients(left.map((v, r) => v * factor[r]));
  const offsets = basis.offsetsAt(coefficients);
  return left.map((v, r) => v - offsets[r]);
}

/** Weight of every sample: 0 for what does not belong to the scan. */
function outlierWeights(readings: ScanReadings, residual: Float64Array, variance: number): Float64Array {
  const unit = Math.sqrt(variance);
  const scaled = residual.map((v, r) => v / readings.sigma[r]);
  const scale = readings.sigmaStated ? 1 : Math.min(unit, robustDeviation(scaled)) || 1;
  const weights = sampleWeights(
    readings,
    scaled.map(v => v / scale),
  );
  return Float64Array.from(weights);
}

function described(
  scan: FieldScan,
  readings: ScanReadings,
  slab: Slab,
  magnetised: MagnetisedSlab,
  fit: SlabFit,
  drift: { model: 'constant' | 'linear' | 'line'; why: string },
  options: SusceptibilityOptions,
  dense: DenseWorkspace,
): SusceptibilitySolution {
  const { lattice } = magnetised;
  const { form, best, smooth, basis } = fit;
  options.onProgress?.(0.9, 'errors');
  const area = lattice.area.reduce((sum, a) => sum + a, 0);
  const { chi } = best.solution;
  const mean = chi.reduce((sum, v, u) => sum + v * lattice.area[u], 0) / area;
  // Where the stated noise is exceeded, everything is as uncertain as the residual says.
  const scale = readings.sigmaStated ? Math.max(1, fit.variance) : fit.variance;
  const errors = options.errors === false ? undefined : slabErrors(form, smooth, lattice, dense, scale);
  const grid = (values: Float64Array) => onGrid(lattice, slab.outline, values);
  const left = readings.value.map((v, r) => (v - fit.predicted[r]) * fit.factor[r]);
  const offsets = basis.offsets(basis.coefficients(left), errors?.offsetCovariance ?? (() => Number.NaN));
  const sigma = readings.sigmaStated ? median(readings.sigma) : Math.sqrt(fit.variance);
  options.onProgress?.(1, 'done');
  const used = fit.factor.reduce((sum, f) => sum + (f > 0 ? 1 : 0), 0);
  return {
    map: {
      grid: lattice.grid,
      bottom: magnetised.bottom,
      top: magnetised.top,
      chi: grid(chi),
      ...(errors === undefined ? {} : { chiErrors: grid(errors.chi), resolution: grid(errors.resolution) }),
    },
    mean,
    meanError: errors?.mean ?? Number.NaN,
    regions: (options.regions ?? []).map(region => {
      const weights = lattice.area.map((a, u) => (contains(region, lattice.x[u], lattice.y[u]) ? a : 0));
      const inside = weights.reduce((sum, w) => sum + w, 0);
      return {
        mean: chi.reduce((sum, v, u) => sum + v * weights[u], 0) / inside,
        error: errors?.meanOver(weights) ?? Number.NaN,
      };
    }),
    offsets,
    drift: drift.model,
    driftWhy: drift.why,
    prior: best.kind,
    priorWhy: fit.priorWhy,
    lambda: best.lambda,
    lambdaBy: options.lambda === undefined ? 'gcv' : 'given',
    candidates: best.candidates,
    curve: best.curve,
    chi2: readings.sigmaStated ? fit.variance : 1,
    sigma,
    sigmaStated: readings.sigmaStated,
    degrees: form.readings - best.free,
    samples: used,
    rejected: readings.count - used,
    resolution: errors === undefined ? Number.NaN : median(errors.resolution),
    residual: residualRecord(scan, readings, fit, sigma),
    tiles: { lattice, chi },
    field: meanField(magnetised),
  };
}

function residualRecord(scan: FieldScan, readings: ScanReadings, fit: SlabFit, sigma: number) {
  const components: Partial<Record<ComponentName, Float64Array>> = {};
  const rejected = new Uint8Array(scan.count);
  for (const name of COMPONENTS) {
    if (scan.components[name] !== undefined) components[name] = new Float64Array(scan.count).fill(Number.NaN);
  }
  for (let r = 0; r < readings.count; r++) {
    const own = readings.sigmaStated ? readings.sigma[r] : sigma;
    components[COMPONENTS[readings.component[r]]]![readings.sample[r]] = fit.residual[r] / own;
    if (fit.factor[r] === 0) rejected[readings.sample[r]] = 1;
  }
  return { x: scan.x, y: scan.y, z: scan.z, components, rejected };
}

function magnetisedSlab({ thickness, field }: Slab, lattice: SlabLattice): MagnetisedSlab {
  const at = Array.from(lattice.x, (x, u) => (typeof field === 'function' ? field(x, lattice.y[u]) : field));
  return {
    lattice,
    bottom: -thickness / 2,
    top: thickness / 2,
    fieldX: Float64Array.from(at, f => f[0]),
    fieldY: Float64Array.from(at, f => f[1]),
    fieldZ: Float64Array.from(at, f => f[2]),
  };
}

function meanField({ fieldX, fieldY, fieldZ }: MagnetisedSlab): Vector3 {
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return [mean(fieldX), mean(fieldY), mean(fieldZ)];
}

function defaultPitch({ outline }: Slab, distance: number): number {
  return Math.max(PITCH_OF_DISTANCE * distance, Math.sqrt(outlineArea(outline) / MOST_PIXELS));
}

/** Median distance of the samples from the slab's faces, m. @throws {NumericalError} for too few, or within the slab. */
function checkedDistance(readings: ScanReadings, { outline, thickness }: Slab): number {
  if (readings.count < LEAST_READINGS) {
    throw new NumericalError(`${readings.count} readings are too few for a map`, {
      advice: `scan at least ${LEAST_READINGS} readings around the cell`,
    });
  }
  const heights = readings.z.map(z => Math.abs(z) - thickness / 2);
  const within = heights.findIndex((h, r) => h <= 0 && contains(outline, readings.x[r], readings.y[r]));
  if (within >= 0) {
    throw new NumericalError(
      `sample ${readings.sample[within] + 1} lies within the cell: z = ${Number((1e3 * readings.z[within]).toFixed(3))} mm, ` +
        `and the cell is ${Number((1e3 * thickness).toFixed(3))} mm thick`,
      { advice: 'count z from the middle plane of the cell, and check thickness_mm' },
    );
  }
  return Math.max(1e-4, median(heights.filter(h => h > 0)) || 1e-3);
}
