import type { CurrentMap } from '../../src/currentMap.js';
import type { AxisName } from '../../src/fieldMap.js';
import { COMPONENTS, type ComponentName, type FieldScan } from '../../src/fieldScan.js';
import { joined } from '../../src/linearAlgebra/vectors.js';
import type { Cell } from '../../src/model/cell.js';
import type { Residual } from '../../src/result.js';
import { median } from '../median.js';
import { pixelLattice } from './cubicConvolution.js';
import { type KeptSolution, uniformVariance } from './departurePrior.js';
import { sheetErrors } from './mapErrors.js';
import { amounts, HarmonicMaps, mapGrid, sheetMaps } from './maps.js';
import type { Memo } from './memo.js';
import type { BoundedModel } from './model.js';
import { fittedReadings } from './modelRows.js';
import { successiveCorrelation } from './outliers.js';
import { laplacianOfCovariance } from './priorTrace.js';
import type { ScanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution, Estimate, Nuisance } from './solution.js';
import type { TabColumns } from './tabColumns.js';
import { tabShares } from './tabShares.js';
import type { Weighed } from './weighing.js';

/** What the steps found, to be told. */
export interface Work {
  readonly uniform: KeptSolution;
  readonly best: KeptSolution;
  readonly density: number;
  readonly weighed: Weighed;
  readonly tabs: TabColumns;
  readonly estimate: Estimate;
  /** What is made once for all scans of the geometry. */
  readonly geometry: Memo;
}

/** The solution in the user's terms: maps with errors, residual, background, shares. */
export function describe(
  scan: FieldScan,
  cell: Cell,
  readings: ScanReadings,
  model: BoundedModel,
  { uniform, best, density, weighed, tabs, estimate, geometry }: Work,
  options: BoundedOptions,
): Omit<BoundedSolution, 'lambda' | 'lambdaBy' | 'lambdaWhy' | 'candidates' | 'curve' | 'totalCurrent' | 'place'> {
  const { weights, deviation, rejected: leftOut, errors: scatter, reduced } = weighed;
  const grid = mapGrid(cell, options.pitch ?? 1e-3);
  const harmonic = geometry.once('maps of the tabs', () => new HarmonicMaps(tabs, grid));
  const outside = reduced.outsideOf(best.x);
  const fitted = fittedReadings(weighed, model, readings, best.x, outside);
  const { residual, square, used } = residualsOf(readings, fitted, deviation, weights);
  const degrees = (best.degrees ?? uniform.degrees ?? 0) + reduced.outsideDegrees;
  const chi2 = square / Math.max(1, used - degrees);
  const pixels = reduced.memo.once('pixels', () => pixelLattice(model.interior, grid));
  const pairs = sheetMaps(model, best.x, harmonic, pixels);
  const nodes = model.interior.count;
  const { covariance } = uniform;
  const errors = covariance
    ? reduced.memo.once(`errors ${density}`, () =>
        pairs.map((_, sheet) => {
          const variance = laplacianOfCovariance(model, covariance, model.kept, sheet * nodes);
          const prior = uniformVariance(model, density)[0];
          const influence = variance.map((v, u) => 1 - v / prior[u]);
          return sheetErrors(model, covariance, influence, harmonic, sheet, pixels);
        }),
      )
    : [];
  // Each solution has arrays of its own.
  const copied = (of: (typeof errors)[number]) => ({
    kxErrors: of.kxErrors.slice(),
    kyErrors: of.kyErrors.slice(),
    resolution: of.resolution.slice(),
  });
  const sheets = pairs.map(({ map }, sheet) => ({ ...map, ...(errors[sheet] && copied(errors[sheet])) }));
  const healthy = pairs.map(pair => pair.healthy);
  const first = model.departures.length * nodes;
  const background: Partial<Record<AxisName, number>> = {};
  let shareError = 0;
  const nuisances: Nuisance[] = [];
  model.patterns.forEach(({ name, tab, background: axis, shift }, p) => {
    const value = best.x[first + p];
    const variance = uniform.covariance?.[(first + p) * model.kept + first + p];
    const error = variance === undefined ? undefined : Math.sqrt(variance);
    if (axis !== undefined) background[axis] = 1e-6 * value;
    else if (shift !== undefined) shareError = error ?? 0;
    else if (tab === undefined) nuisances.push(error === undefined ? { name, value } : { name, value, error });
  });
  const amount = amounts(model, best.x);
  const total = amount.reduce((sum, v) => sum + v, 0);
  const rejected = weights.reduce((sum, w) => sum + (w === 0 ? 1 : 0), 0);
  return {
    sheets,
    healthy,
    residual: residualOf(scan, readings, residual, leftOut),
    chi2,
    sigma: scatter.noise * median(readings.sigma),
    sigmaStated: readings.sigmaStated,
    gainError: scatter.gain,
    positionError: scatter.position,
    errorsFitted:
      (options.gainError === undefined && scatter.gain > 0) ||
      (options.positionError === undefined && scatter.position > 0),
    residualCorrelation: successiveCorrelation(readings, residual, weights),
    degrees,
    samples: readings.count - rejected,
    rejected,
    readingWeights: weights,
    background,
    nuisances,
    tabShares: tabShares(cell, model, tabs, best.x, uniform.covariance),
    share: amount.map(v => v / total),
    shareError,
    resolution: median(joined(sheets.flatMap(s => s.resolution ?? []))),
    departure: relativeDeparture(pairs),
    warnings: [],
    estimate,
  };
}

/** Residual of every reading in deviations; weighted sum of squares and number of those that are used. */
function residualsOf(
  readings: ScanReadings,
  fitted: Float64Array,
  deviation: Float64Array,
  weights: Float64Array,
): { readonly residual: Float64Array; readonly square: number; readonly used: number } {
  const residual = new Float64Array(readings.count);
  let square = 0;
  let used = 0;
  for (let r = 0; r < residual.length; r++) {
    const difference = readings.value[r] - fitted[r];
    residual[r] = difference / deviation[r];
    if (weights[r] === 0) continue;
    square += (weights[r] * difference) ** 2;
    used++;
  }
  return { residual, square, used };
}

/** Norm of K - K_healthy over that of K_healthy, where there is a map. */
function relativeDeparture(pairs: readonly { readonly map: CurrentMap; readonly healthy: CurrentMap }[]): number {
  let difference = 0;
  let norm = 0;
  for (const { map, healthy } of pairs) {
    for (let i = 0; i < map.kx.length; i++) {
      if (Number.isNaN(map.kx[i])) continue;
      difference += (map.kx[i] - healthy.kx[i]) ** 2 + (map.ky[i] - healthy.ky[i]) ** 2;
      norm += healthy.kx[i] ** 2 + healthy.ky[i] ** 2;
    }
  }
  return Math.sqrt(difference / norm);
}

function residualOf(scan: FieldScan, readings: ScanReadings, residual: Float64Array, rejected: Uint8Array): Residual {
  const components: Partial<Record<ComponentName, Float64Array>> = {};
  for (let r = 0; r < readings.count; r++) {
    const name = COMPONENTS[readings.component[r]];
    components[name] ??= new Float64Array(scan.count).fill(Number.NaN);
    components[name][readings.sample[r]] = residual[r];
  }
  return { x: scan.x, y: scan.y, z: scan.z, components, rejected };
}
