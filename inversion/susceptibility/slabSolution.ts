import type { Vector3 } from '../../src/biotSavart/index.js';
import { COMPONENTS, type ComponentName, type FieldScan } from '../../src/fieldScan.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { contains } from '../../src/model/outline.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import type { DriftBasis, DriftGroup, DriftModel } from './drift.js';
import { slabErrors } from './slabErrors.js';
import type { SlabForm } from './slabForm.js';
import { onGrid } from './slabLattice.js';
import type { PriorFit } from './slabPrior.js';
import type { MagnetisedSlab } from './slabRows.js';
import type { Slab, SusceptibilityOptions, SusceptibilitySolution } from './solution.js';

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

/** What is told of a fit: maps, means, offsets, errors. */
export function described(
  scan: FieldScan,
  readings: ScanReadings,
  slab: Slab,
  magnetised: MagnetisedSlab,
  fit: SlabFit,
  drift: { model: DriftModel; why: string },
  options: SusceptibilityOptions,
  dense: DenseWorkspace,
): SusceptibilitySolution {
  const { lattice } = magnetised;
  const { form, best, smooth, basis } = fit;
  options.onProgress?.(0.9, 'errors');
  const area = lattice.area.reduce((sum, a) => sum + a, 0);
  const { chi } = best.solution;
  const meanOver = (values: Float64Array, weights: Float64Array, total: number) =>
    values.reduce((sum, v, u) => sum + v * weights[u], 0) / total;
  const mean = meanOver(chi, lattice.area, area);
  // The posterior is that of the smooth prior: where the other one moves a mean, that is as uncertain.
  const moved = (weights: Float64Array, total: number) =>
    meanOver(chi, weights, total) - meanOver(smooth.solution.chi, weights, total);
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
    meanError: Math.hypot(errors?.mean ?? Number.NaN, moved(lattice.area, area)),
    regions: (options.regions ?? []).map(region => {
      const weights = lattice.area.map((a, u) => (contains(region, lattice.x[u], lattice.y[u]) ? a : 0));
      const inside = weights.reduce((sum, w) => sum + w, 0);
      return {
        mean: meanOver(chi, weights, inside),
        error: Math.hypot(errors?.meanOver(weights) ?? Number.NaN, moved(weights, inside)),
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

function meanField({ fieldX, fieldY, fieldZ }: MagnetisedSlab): Vector3 {
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return [mean(fieldX), mean(fieldY), mean(fieldZ)];
}
