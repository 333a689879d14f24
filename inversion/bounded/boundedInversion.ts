import { NumericalError } from '../../src/errors.js';
import type { AxisName } from '../../src/fieldMap.js';
import { COMPONENTS, type ComponentName, type FieldScan } from '../../src/fieldScan.js';
import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
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
import { outliers, robustDeviation } from './outliers.js';
import { type ScanReadings, scanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution } from './solution.js';
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

  const dense = denseWorkspace(workspaceBytes(cell, readings));
  const model = boundedModel(cell, readings, tabs, fields, current, dense);
  const centre = ((START * Math.abs(current)) / Math.sqrt(outlineArea(cell.outline))) ** 2;

  // Without a stated noise the readings are weighted by a guess until the first residual is known.
  let scale = readings.sigmaStated ? 1 : GUESS * rms(readings.value);
  const weights = readings.sigma.map(s => 1 / (s * scale));
  const equations = normalEquations(model, readings, weights, dense, part => report(0.1 + 0.4 * part, 'readings'));
  const room = eliminationRoom(model, dense);
  const rejected = new Uint8Array(scan.count);
  let reduced = eliminateOutside(equations, model, room, dense);
  let density = options.lambda === undefined ? 10 * centre : 1 / options.lambda;
  for (let round = 0; round < ROUNDS; round++) {
    report(0.5 + 0.05 * round, 'outliers');
    const coarse = coarseForm(model, reduced, cell.outline, COARSE);
    if (options.lambda === undefined && round > 0)
      density = chooseDensity(coarse.model, coarse.reduced, centre, dense, () => {}).density;
    const { x } = solveKept(model, reduced, uniformVariance(model, density), dense, false);
    const fitted = predictedReadings(model, readings, x, reduced.outsideOf(x));
    const residual = fitted.map((f, r) => (readings.value[r] - f) / (readings.sigma[r] * scale));
    if (!readings.sigmaStated) {
      const factor = robustDeviation(residual);
      scale *= factor;
      scaleEquations(equations, 1 / factor);
      for (let r = 0; r < residual.length; r++) residual[r] /= factor;
    }
    const out = outliers(readings, residual);
    let changed = 0;
    for (let s = 0; s < scan.count; s++) {
      if (out[s] === rejected[s]) continue;
      const [from, to] = [readings.first[s], readings.first[s + 1]];
      const own = readings.sigma.map(v => 1 / (v * scale));
      addReadings(equations, model, readings, own, from, to, out[s] === 1 ? -1 : 1, dense);
      rejected[s] = out[s];
      changed++;
    }
    if (changed === 0 && readings.sigmaStated && round > 0) break;
    if (changed > 0 || !readings.sigmaStated) reduced = eliminateOutside(equations, model, room, dense);
  }
  for (let r = 0; r < weights.length; r++)
    weights[r] = rejected[readings.sample[r]] === 1 ? 0 : 1 / (readings.sigma[r] * scale);
  const frozen = { weights, rejected, sigma: scale * median(readings.sigma) };
  report(0.65, 'lambda');
  const coarse = coarseForm(model, reduced, cell.outline, COARSE);
  const choice = chooseDensity(coarse.model, coarse.reduced, centre, dense, part =>
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
    { uniform, best, density, frozen, tabs, dense },
    options,
  );
  report(1, 'done');
  return {
    ...solution,
    lambda: 1 / density,
    lambdaBy: options.lambda === undefined ? 'gcv' : 'given',
    lambdaWhy: options.lambda === undefined ? 'least generalised cross-validation score' : 'given',
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

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

/** Room for the matrices; pages that are not used cost nothing. */
function workspaceBytes(cell: Cell, readings: ScanReadings): number {
  void cell;
  void readings;
  return 3e9;
}

interface Work {
  readonly uniform: KeptSolution;
  readonly best: KeptSolution;
  readonly density: number;
  readonly frozen: { readonly weights: Float64Array; readonly rejected: Uint8Array; readonly sigma: number };
  readonly tabs: ReturnType<typeof tabColumns>;
  readonly dense: DenseWorkspace;
}

function describe(
  scan: FieldScan,
  cell: Cell,
  readings: ScanReadings,
  model: BoundedModel,
  reduced: ReducedForm,
  { uniform, best, density, frozen, tabs }: Work,
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
    square += residual[r] ** 2;
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
    warnings: warningsOf(cell, readings, chi2, rejected),
    estimate: { unknowns: model.unknowns, megaBytes: (8 * model.unknowns ** 2) / 1e6, seconds: 0 },
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

function warningsOf(cell: Cell, readings: ScanReadings, chi2: number, rejected: number): string[] {
  const out: string[] = [];
  if (chi2 > 1.2) {
    out.push(
      `The model leaves ${chi2.toFixed(1)} times the expected squared residual: check the standoff, the outline's position in the scan, and wires near the sensors.`,
    );
  }
  const h = standoff(cell, readings);
  for (const { name, start, end } of cell.tabs) {
    const [x, y] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
    let nearest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < readings.count; r++)
      nearest = Math.min(nearest, Math.hypot(readings.x[r] - x, readings.y[r] - y));
    if (nearest > 2 * h)
      out.push(`The scan does not see the tab "${name}": near it the map shows the healthy prediction.`);
  }
  if (rejected > 0.05 * readings.count)
    out.push(`${rejected} of ${readings.count} readings do not fit and were left out.`);
  return out;
}
