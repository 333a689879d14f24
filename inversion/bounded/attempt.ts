import type { FieldScan } from '../../src/fieldScan.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import { median } from '../median.js';
import { coarseForm } from './coarseForm.js';
import { solveKept, solveSparse, uniformVariance } from './departurePrior.js';
import { describe } from './describe.js';
import { chooseDensity } from './lambdaChoice.js';
import { type BoundedModel, boundedModel } from './model.js';
import {
  addReadings,
  eliminateOutside,
  eliminationRoom,
  normalEquations,
  predictedReadings,
  scaleEquations,
} from './normalEquations.js';
import { robustDeviation, sampleWeights } from './outliers.js';
import { type PlaceFit, placeFit } from './placeFit.js';
import type { Motion } from './placement.js';
import { contradicted } from './placeVerdict.js';
import type { ScanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution, Estimate } from './solution.js';
import type { TabColumns } from './tabColumns.js';
import { tabFields } from './tabFields.js';

/** Lattice of the departure for the choice of lambda, in pitches of the fine one. */
const COARSE = 2;
const ROUNDS = 3;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;
/** Prior deviation of laplacian psi, in currents over the cell's size, with which the search for lambda starts. */
const START = 0.1;

export interface AttemptTask {
  readonly scan: FieldScan;
  readonly cell: Cell;
  readonly current: number;
  readonly readings: ScanReadings;
  readonly tabs: TabColumns;
  readonly dense: DenseWorkspace;
  readonly options: BoundedOptions;
  /** What was already done to the samples. */
  readonly applied: Motion;
  /** Whether this is the first attempt. */
  readonly first: boolean;
  /** Whether it may end early because the samples should be moved. */
  readonly mayMove: boolean;
}

export type Attempt =
  | { readonly move: Motion }
  | { readonly solution: Omit<BoundedSolution, 'place'>; readonly place: PlaceFit | undefined };

/**
 * The whole inversion with the samples where they are said to be; or, where the data plainly contradict that, how they
 * should be moved.
 */
export function attempt(task: AttemptTask): Attempt {
  const { scan, cell, current, readings, tabs, dense, options } = task;
  const report = options.onProgress ?? (() => {});
  const fields = tabFields(tabs, cell, readings);
  const model = boundedModel(cell, readings, tabs, fields, current, dense);
  const centre = ((START * Math.abs(current)) / Math.sqrt(outlineArea(cell.outline))) ** 2;

  // Without a stated noise the readings are weighted by a guess until the first residual is known.
  let scale = readings.sigmaStated ? 1 : GUESS * rms(readings.value);
  const weights = readings.sigma.map(s => 1 / (s * scale));
  const estimate = estimated(model, readings);
  if (task.first) options.onEstimate?.(estimate);
  const equations = normalEquations(model, readings, weights, dense, part => report(0.1 + 0.4 * part, 'readings'));
  const room = eliminationRoom(model, dense);
  /** Weight of every sample beside its noise; less than 1 where the model fails, 0 for outliers. */
  const trust = new Float64Array(scan.count).fill(1);
  let reduced = eliminateOutside(equations, model, room, dense);
  let density = options.lambda === undefined ? 10 * centre : 1 / options.lambda;
  let spent = 0;
  for (let round = 0; round < ROUNDS; round++) {
    report(0.5 + 0.05 * round, 'outliers');
    if (options.lambda === undefined && round > 0) {
      const coarse = coarseForm(model, reduced, cell.outline, COARSE);
      const { density: best, curve } = chooseDensity(
        coarse.model,
        coarse.reduced,
        readings.count,
        centre,
        dense,
        () => {},
      );
      density = best;
      spent = curve.degrees[curve.lambda.findIndex(lambda => lambda * density >= 1)] ?? 0;
    }
    const { x } = solveKept(model, reduced, uniformVariance(model, density), dense, false);
    const fitted = predictedReadings(model, readings, x, reduced.outsideOf(x));
    const residual = fitted.map((f, r) => (readings.value[r] - f) * weights[r]);
    if (!readings.sigmaStated) {
      // What the model spends of the readings is missing in their residual.
      const free = Math.max(0.1, 1 - (reduced.outsideDegrees + spent) / readings.count);
      const factor = robustDeviation(residual) / Math.sqrt(free);
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
  const wantErrors = options.errors ?? true;
  const uniform = solveKept(model, reduced, uniformVariance(model, density), dense, wantErrors);
  let place: PlaceFit | undefined;
  if (options.place !== 'given' && options.lambda === undefined) {
    report(0.75, 'place of the scan');
    place = placeFit({ ...task, model, weights, room }, reduced, uniform.x, density);
    const move = contradicted(place, task.applied, cell);
    if (task.mayMove && move !== undefined) return { move };
  }
  report(0.8, 'sparse prior');
  const { solution: best } =
    options.lambda === undefined
      ? solveSparse(model, reduced, density, uniform, dense, part => report(0.8 + 0.1 * part, 'sparse prior'))
      : { solution: uniform };
  report(0.92, 'maps');
  const described = describe(
    scan,
    cell,
    readings,
    model,
    reduced,
    { uniform, best, density, frozen, tabs, estimate },
    options,
  );
  return {
    solution: {
      ...described,
      lambda: 1 / density,
      lambdaBy: options.lambda === undefined ? 'gcv' : 'given',
      lambdaWhy: options.lambda === undefined ? 'it predicts readings that were left out best' : 'given',
      candidates: choice.candidates,
      curve: choice.curve,
      totalCurrent: current,
    },
    place,
  };
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

/** Operations per second of the dense algebra on two ordinary cores. */
const SPEED = 1.5e10;

/** What the work will take, from the sizes of its matrices. */
function estimated(model: BoundedModel, readings: ScanReadings): Estimate {
  const { unknowns: n, kept } = model;
  const outside = n - kept;
  const elimination = outside ** 3 / 3 + outside ** 2 * kept + outside * kept ** 2;
  // Map and errors; twice five rounds for the place.
  const solutions = 18 * (kept ** 3 / 3) + 4 * kept ** 3;
  return {
    unknowns: n,
    megaBytes: Math.ceil((8 * (2 * n * n + 4 * kept * kept)) / 1e6) + 100,
    seconds: (readings.count * n * n + 3 * elimination + solutions) / SPEED + 1,
  };
}
