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
import { amounts } from './maps.js';
import { type BoundedModel, boundedModel } from './model.js';
import type { ScanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution, Estimate } from './solution.js';
import type { TabColumns } from './tabColumns.js';
import { type TabFields, tabFields } from './tabFields.js';
import { COARSE, spentBelow, weighReadings } from './weighing.js';

/** Factor on the pitches of the sheets outside that is tried first. */
const COARSE_OUTSIDE = 1.5;
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
  const { tabs, cell, readings, dense } = task;
  const fields = tabFields(tabs, cell, readings);
  // Without a stated noise nothing would tell that coarse sheets outside do not do.
  const coarse = readings.sigmaStated ? dense.temporarily(() => attemptWith(task, fields, COARSE_OUTSIDE)) : undefined;
  return coarse ?? attemptWith(task, fields, 1)!;
}

/**
 * @param outsidePitch factor on the pitches of the sheets outside
 * @returns undefined where they are too coarse
 */
function attemptWith(task: AttemptTask, fields: TabFields, outsidePitch: number): Attempt | undefined {
  const { scan, cell, current, readings, tabs, dense, options } = task;
  const report = options.onProgress ?? (() => {});
  const { below } = task;
  const model = boundedModel(cell, readings, tabs, fields, current, dense, { ...options, outsidePitch, below });
  const centre = ((START * Math.abs(current)) / Math.sqrt(outlineArea(cell.outline))) ** 2;

  const estimate = estimated(model, readings);
  if (task.first) options.onEstimate?.(estimate);
  const given = options.lambda === undefined ? undefined : 1 / options.lambda;
  const mayRefine = outsidePitch > 1;
  const weighed = weighReadings({ ...task, model, centre, given, known: options, mayRefine, report });
  if (weighed === undefined) return undefined;
  const { weights, reduced, room } = weighed;
  const used = weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  const frozen = {
    weights,
    deviation: weighed.deviation,
    errors: weighed.errors,
    rejected: weighed.rejected,
    sigma: weighed.errors.noise * median(readings.sigma),
  };
  report(0.65, 'lambda');
  const coarse = coarseForm(model, reduced, cell.outline, COARSE);
  const choice = chooseDensity(coarse.model, coarse.reduced, used - spentBelow(task, reduced), centre, dense, part =>
    report(0.65 + 0.05 * part, 'lambda'),
  );
  // What a sheet below may explain as well says nothing for a healthy cell: then the prior is no narrower than expected.
  const density = given ?? (below === undefined ? choice.density : Math.max(choice.density, centre));

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
    height = heightFit({ ...task, model, weights, form: reduced.form, room }, best.x, outside, variance);
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
      totalCurrent: current * amounts(model, best.x).reduce((sum, v) => sum + v, 0),
    },
    height,
    evidence:
      logWeights(weights, weighed.deviation, readings.sigma) +
      logEvidence(model, reduced, uniformVariance(model, density), dense),
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
