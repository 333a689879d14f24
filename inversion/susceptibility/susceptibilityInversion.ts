import { NumericalError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import { contains, outlineArea } from '../../src/model/outline.js';
import { robustDeviation, sampleWeights } from '../bounded/outliers.js';
import { type ScanReadings, scanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import { DriftBasis, driftGroups } from './drift.js';
import { chooseDrift, linesDrift } from './driftChoice.js';
import { magnetisedSlab, predictedField } from './slabField.js';
import { type SlabForm, slabForm } from './slabForm.js';
import { type SlabLattice, slabLattice } from './slabLattice.js';
import { type PriorFit, smoothFit, variationFit } from './slabPrior.js';
import { type MagnetisedSlab, SlabRows } from './slabRows.js';
import { described, type SlabFit } from './slabSolution.js';
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
