import type { FieldScan } from '../../src/fieldScan.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import { median } from '../median.js';
import { coarseForm } from './coarseForm.js';
import { solveKept, solveSparse, uniformVariance } from './departurePrior.js';
import { describe } from './describe.js';
import { logEvidence, logWeights } from './evidence.js';
import { type HeightFit, heightFit } from './heightFit.js';
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
  /** Depth below the cell at which unknown currents are assumed, m. */
  readonly below: number | undefined;
  /** Whether this is the first attempt. */
  readonly first: boolean;
  /** Whether it may end early because the samples should be raised. */
  readonly mayMove: boolean;
}

export type Attempt =
  | { readonly raise: number }
  | {
      readonly solution: Omit<BoundedSolution, 'height'>;
      readonly height: HeightFit | undefined;
      /** Log of the marginal likelihood: compares models of the same readings. */
      readonly evidence: number;
    };

/**
 * The whole inversion with the samples where they are said to be; or, where the data plainly contradict that, how much
 * higher they should be.
 */
export function attempt(task: AttemptTask): Attempt {
  const { scan, cell, current, readings, tabs, dense, options } = task;
  const report = options.onProgress ?? (() => {});
  const fields = tabFields(tabs, cell, readings);
  const model = boundedModel(cell, readings, tabs, fields, current, dense, task.below);
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
  // A sheet below may spend so many readings that generalised cross-validation must not count them.
  const gone = () => (task.below === undefined ? 0 : reduced.outsideDegrees);
  for (let round = 0; round < ROUNDS; round++) {
    report(0.5 + 0.05 * round, 'outliers');
    if (options.lambda === undefined && round > 0) {
      const coarse = coarseForm(model, reduced, cell.outline, COARSE);
      const { density: best, curve } = chooseDensity(
        coarse.model,
        coarse.reduced,
        readings.count - gone(),
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
  const choice = chooseDensity(coarse.model, coarse.reduced, used - gone(), centre, dense, part =>
    report(0.65 + 0.05 * part, 'lambda'),
  );
  // What a sheet below may explain as well says nothing for a healthy cell: then the prior is no narrower than expected.
  if (options.lambda === undefined)
    density = task.below === undefined ? choice.density : Math.max(choice.density, centre);

  report(0.7, 'uniform prior');
  const wantErrors = options.errors ?? true;
  const uniform = solveKept(model, reduced, uniformVariance(model, density), dense, wantErrors);
  report(0.75, 'sparse prior');
  const { solution: best, variance } =
    options.lambda === undefined
      ? solveSparse(model, reduced, density, uniform, dense, part => report(0.75 + 0.1 * part, 'sparse prior'))
      : { solution: uniform, variance: uniformVariance(model, density) };
  let height: HeightFit | undefined;
  // The uniform prior shrinks the departure, which a lower scan would seem to explain; the sparse one does not.
  if (options.height !== 'given' && options.lambda === undefined) {
    report(0.85, 'height of the scan');
    const outside = reduced.outsideOf(best.x);
    const fitted = predictedReadings(model, readings, best.x, outside);
    const residual = fitted.map((f, r) => readings.value[r] - f);
    height = heightFit({ ...task, model, weights, form: reduced.form, room }, best.x, outside, residual, variance);
    if (task.mayMove && contradicts(height, task.first)) return { raise: height.dz };
  }

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
    height,
    evidence:
      logWeights(weights, readings.sigma, scale) + logEvidence(model, reduced, uniformVariance(model, density), dense),
  };
}

/** Samples are raised where the fit exceeds so many standard errors and so much, m. */
const SIGNIFICANT = 4;
const WORTH_RAISING = 0.4e-3;
/** Once they are on the move, they are brought so close. */
const CLOSE = 0.1e-3;

/** Whether the data contradict the height that the scan states. */
export function contradicts({ dz, error }: HeightFit, first: boolean): boolean {
  return Math.abs(dz) > Math.max(SIGNIFICANT * error, first ? WORTH_RAISING : CLOSE);
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
  const solutions = 8 * (kept ** 3 / 3) + 2 * kept ** 3;
  return {
    unknowns: n,
    megaBytes: Math.ceil((8 * (2 * n * n + 4 * kept * kept)) / 1e6) + 100,
    seconds: (readings.count * n * n + 3 * elimination + solutions) / SPEED + 1,
  };
}
