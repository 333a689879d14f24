import { NumericalError } from '../../src/errors.js';
import type { AxisName } from '../../src/fieldMap.js';
import { COMPONENTS, type ComponentName, type FieldScan } from '../../src/fieldScan.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox, contains, outlineArea } from '../../src/model/outline.js';
import type { Residual } from '../../src/result.js';
import { coarseForm } from './coarseForm.js';
import { type KeptSolution, laplacianOfCovariance, solveKept, solveSparse, uniformVariance } from './departurePrior.js';
import { knownFields } from './knownFields.js';
import { chooseDensity } from './lambdaChoice.js';
import { HarmonicMaps, mapGrid, shares, sheetErrors, sheetMaps } from './maps.js';
import { type BoundedModel, boundedModel, modelBox, standoff } from './model.js';
import {
  addReadings,
  eliminateOutside,
  eliminationRoom,
  normalEquations,
  predictedReadings,
  type ReducedForm,
  scaleEquations,
} from './normalEquations.js';
import { robustDeviation, sampleWeights } from './outliers.js';
import { type ScanReadings, scanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution, Estimate } from './solution.js';
import { tabColumns } from './tabColumns.js';
import { tabFields } from './tabFields.js';

const COARSE = 2;
const ROUNDS = 3;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;
const LEAST_READINGS = 50;

/** Prior deviation of laplacian psi, in currents over the cell's size, with which the search for lambda starts. */
const START = 0.1;

/**
 * Inverts a scan of a cell whose outline, tabs and current are known. psi inside is the harmonic solution of the outline and
 * the tabs' profiles plus a departure that vanishes on the outline; outside it is an equivalent sheet that nobody prescribes.
 *
 * 1. On a coarse model: outliers, then lambda (GCV) of a uniform prior on laplacian psi.
 * 2. On the fine model: the uniform prior at this lambda, which gives errors and resolution, then the sparse prior, which
 *    gives the map: laplacian psi is zero except where a foil is damaged.
 *
 * @throws {NumericalError} for data that cannot carry an inversion; {@link InputError} for a cell without current or tabs.
 */
export function boundedInversion(scan: FieldScan, cell: Cell, options: BoundedOptions = {}): BoundedSolution {
  const report = options.onProgress ?? (() => {});
  const current = cell.current;
  if (current === undefined || current === 0 || cell.tabs.length === 0) {
    throw new NumericalError('the cell has no current or no tabs', {
      advice: 'give current_A and tabs in the cell file, or use --method fourier',
    });
  }
  const readings = scanReadings(scan, wantedSamples(scan, cell));
  checkReadings(readings, cell);
  report(0, 'outline and tabs');
  const tabs = tabColumns(cell, modelBox(cell, readings));
  const known = knownFields(cell, readings, tabs);
  for (let r = 0; r < readings.count; r++) readings.value[r] -= known[r];
  const fields = tabFields(tabs, cell, readings);
  report(0.1, 'outliers and lambda');

  const dense = denseWorkspace(WORKSPACE);
  const model = boundedModel(cell, readings, tabs, fields, current, dense);
  const centre = ((START * Math.abs(current)) / Math.sqrt(outlineArea(cell.outline))) ** 2;

  // Without a stated noise the readings are weighted by a guess until the first residual is known.
  let scale = readings.sigmaStated ? 1 : GUESS * rms(readings.value);
  const weights = readings.sigma.map(s => 1 / (s * scale));
  const estimate = estimated(model, readings);
  options.onEstimate?.(estimate);
  const equations = normalEquations(model, readings, weights, dense, part => report(0.1 + 0.4 * part, 'readings'));
  const room = eliminationRoom(model, dense);
  /** Weight of every sample beside its noise; less than 1 where the model fails, 0 for outliers. */
  const trust = new Float64Array(scan.count).fill(1);
  let reduced = eliminateOutside(equations, model, room, dense);
  let density = options.lambda === undefined ? 10 * centre : 1 / options.lambda;
  for (let round = 0; round < ROUNDS; round++) {
    report(0.5 + 0.05 * round, 'outliers');
    if (options.lambda === undefined && round > 0) {
      const coarse = coarseForm(model, reduced, cell.outline, COARSE);
      density = chooseDensity(coarse.model, coarse.reduced, readings.count, centre, dense, () => {}).density;
    }
    const { x } = solveKept(model, reduced, uniformVariance(model, density), dense, false);
    const fitted = predictedReadings(model, readings, x, reduced.outsideOf(x));
    const residual = fitted.map((f, r) => (readings.value[r] - f) * weights[r]);
    if (!readings.sigmaStated) {
      const factor = robustDeviation(residual);
      scale *= factor;
      scaleEquations(equations, 1 / factor);
      for (let r = 0; r < residual.length; r++) {
        residual[r] /= factor;
        weights[r] /= factor;
      }
    }
    const changed = changeTrust(readings, trust, sampleWeights(readings, residual));
    if (changed.which.length > 0)
      addReadings(equations, model, readings, weights, changed.which, changed.factors, dense);
    if (changed.which.length > 0 || !readings.sigmaStated) reduced = eliminateOutside(equations, model, room, dense);
    else break;
  }
  for (let r = 0; r < weights.length; r++) weights[r] *= trust[readings.sample[r]];
  const used = weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  const frozen = {
    weights,
    rejected: Uint8Array.from(trust, t => (t === 0 ? 1 : 0)),
    sigma: scale * median(readings.sigma),
  };
  report(0.65, 'lambda');
  const coarse = coarseForm(model, reduced, cell.outline, COARSE);
  const choice = chooseDensity(coarse.model, coarse.reduced, used, centre, dense, part =>
    report(0.65 + 0.05 * part, 'lambda'),
  );
  if (options.lambda === undefined) density = choice.density;

  report(0.7, 'uniform prior');
  const uniform = solveKept(model, reduced, uniformVariance(model, density), dense, options.errors ?? true);
  report(0.8, 'sparse prior');
  const best =
    options.lambda === undefined
      ? solveSparse(model, reduced, density, uniform, dense, part => report(0.8 + 0.12 * part, 'sparse prior')).solution
      : uniform;
  report(0.92, 'maps');
  const solution = describe(
    scan,
    cell,
    readings,
    model,
    reduced,
    { uniform, best, density, frozen, tabs, estimate },
    options,
  );
  report(1, 'done');
  return {
    ...solution,
    lambda: 1 / density,
    lambdaBy: options.lambda === undefined ? 'gcv' : 'given',
    lambdaWhy: options.lambda === undefined ? 'it predicts readings that were left out best' : 'given',
    candidates: choice.candidates,
    curve: choice.curve,
    totalCurrent: current,
  };
}

/** 1 for samples outside the masked parts of the view. */
function wantedSamples(scan: FieldScan, cell: Cell): Uint8Array {
  return Uint8Array.from({ length: scan.count }, (_, s) =>
    cell.masked.some(part => contains(part, scan.x[s], scan.y[s], 0)) ? 0 : 1,
  );
}

function checkReadings(readings: ScanReadings, cell: Cell): void {
  if (readings.count < LEAST_READINGS) {
    throw new NumericalError(`${readings.count} readings are too few for a map`, {
      advice: `scan at least ${LEAST_READINGS} readings over the cell`,
    });
  }
  const h = standoff(cell, readings);
  if (!(h > 0)) {
    throw new NumericalError('the samples lie in the plane of the current', {
      advice: 'give the height of the sensors above the sheet, in the z column or by --standoff-mm',
    });
  }
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  let over = 0;
  for (let r = 0; r < readings.count; r++) {
    const [x, y] = [readings.x[r], readings.y[r]];
    if (x > x0 - h && x < x1 + h && y > y0 - h && y < y1 + h) over++;
  }
  if (over < LEAST_READINGS) {
    throw new NumericalError('the samples see nothing of the cell', {
      advice:
        'check that scan and cell file use the same origin (lower left corner of the outline) and the same unit of length',
    });
  }
}

/** Sets the samples' weights; the readings whose weight changed enough to matter, and by how much its square did. */
function changeTrust(
  readings: ScanReadings,
  trust: Float64Array,
  next: Float64Array,
): { which: Int32Array; factors: Float64Array } {
  const which: number[] = [];
  const factors: number[] = [];
  for (let s = 0; s < trust.length; s++) {
    if (Math.abs(next[s] - trust[s]) <= 0.1 * Math.max(next[s], trust[s])) continue;
    for (let r = readings.first[s]; r < readings.first[s + 1]; r++) {
      which.push(r);
      factors.push(next[s] ** 2 - trust[s] ** 2);
    }
    trust[s] = next[s];
  }
  return { which: Int32Array.from(which), factors: Float64Array.from(factors) };
}

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

/** Room for the matrices: all that one memory can have. Pages that are not used cost nothing. */
const WORKSPACE = 3e9;
/** Operations per second of the dense algebra on two ordinary cores. */
const SPEED = 1.5e10;

/** What the work will take, from the sizes of its matrices. */
function estimated(model: BoundedModel, readings: ScanReadings): Estimate {
  const { unknowns: n, kept } = model;
  const outside = n - kept;
  const elimination = outside ** 3 / 3 + outside ** 2 * kept + outside * kept ** 2;
  const solutions = 8 * (kept ** 3 / 3) + 2 * kept ** 3;
  return {
    unknowns: n,
    megaBytes: Math.ceil((8 * (2 * n * n + 4 * kept * kept)) / 1e6) + 100,
    seconds: (readings.count * n * n + 3 * elimination + solutions) / SPEED + 1,
  };
}

interface Work {
  readonly uniform: KeptSolution;
  readonly best: KeptSolution;
  readonly density: number;
  readonly frozen: { readonly weights: Float64Array; readonly rejected: Uint8Array; readonly sigma: number };
  readonly tabs: ReturnType<typeof tabColumns>;
  readonly estimate: Estimate;
}

function describe(
  scan: FieldScan,
  cell: Cell,
  readings: ScanReadings,
  model: BoundedModel,
  reduced: ReducedForm,
  { uniform, best, density, frozen, tabs, estimate }: Work,
  options: BoundedOptions,
): Omit<BoundedSolution, 'lambda' | 'lambdaBy' | 'lambdaWhy' | 'candidates' | 'curve' | 'totalCurrent'> {
  const grid = mapGrid(cell, options.pitch ?? 1e-3);
  const harmonic = new HarmonicMaps(tabs, grid);
  const outside = reduced.outsideOf(best.x);
  const fitted = predictedReadings(model, readings, best.x, outside);
  let square = 0;
  let used = 0;
  const residual = new Float64Array(readings.count);
  for (let r = 0; r < readings.count; r++) {
    const own = readings.sigmaStated ? readings.sigma[r] : frozen.sigma;
    residual[r] = (readings.value[r] - fitted[r]) / own;
    if (frozen.weights[r] === 0) continue;
    square += (own * frozen.weights[r] * residual[r]) ** 2;
    used++;
  }
  const degrees = (best.degrees ?? uniform.degrees ?? 0) + reduced.outsideDegrees;
  const chi2 = square / Math.max(1, used - degrees);
  const pairs = sheetMaps(cell, model, best.x, harmonic);
  const nodes = model.interior.count;
  const errors = uniform.covariance
    ? pairs.map((_, sheet) => {
        const variance = laplacianOfCovariance(model, uniform.covariance!, model.kept, sheet * nodes);
        const prior = uniformVariance(model, density)[0];
        const influence = variance.map((v, u) => 1 - v / prior[u]);
        return sheetErrors(model, uniform.covariance!, influence, harmonic, sheet);
      })
    : [];
  const sheets = pairs.map(({ map }, sheet) => ({ ...map, ...errors[sheet] }));
  const healthy = pairs.map(pair => pair.healthy);
  let [difference, norm] = [0, 0];
  pairs.forEach(({ map, healthy: h }) => {
    for (let i = 0; i < map.kx.length; i++) {
      if (Number.isNaN(map.kx[i])) continue;
      difference += (map.kx[i] - h.kx[i]) ** 2 + (map.ky[i] - h.ky[i]) ** 2;
      norm += h.kx[i] ** 2 + h.ky[i] ** 2;
    }
  });
  const widths = Float64Array.from(sheets.flatMap(s => [...(s.resolution ?? [])]).filter(v => !Number.isNaN(v))).sort();
  const first = model.departures.length * nodes;
  const background: Partial<Record<AxisName, number>> = {};
  let shareError = 0;
  model.patterns.forEach(({ background: axis, shift }, p) => {
    if (axis !== undefined) background[(['bx', 'by', 'bz'] as const)[axis]] = 1e-6 * best.x[first + p];
    if (shift !== undefined && uniform.covariance)
      shareError = Math.sqrt(uniform.covariance[(first + p) * model.kept + first + p]);
  });
  const rejected = frozen.weights.reduce((sum, w) => sum + (w === 0 ? 1 : 0), 0);
  return {
    sheets,
    healthy,
    residual: residualOf(scan, readings, residual, frozen.rejected),
    chi2,
    sigma: frozen.sigma,
    sigmaStated: readings.sigmaStated,
    degrees,
    samples: readings.count - rejected,
    rejected,
    background,
    share: shares(model, best.x),
    shareError,
    resolution: widths.length > 0 ? widths[widths.length >> 1] : Number.NaN,
    departure: Math.sqrt(difference / norm),
    warnings: [],
    estimate,
  };
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
