import { NumericalError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import { COARSE, coarseForm } from './coarseForm.js';
import { departureForm } from './departureForm.js';
import { uniformVariance } from './departurePrior.js';
import { describe } from './describe.js';
import { logEvidence, logWeights } from './evidence.js';
import { chooseDensity } from './lambdaChoice.js';
import { amounts } from './maps.js';
import type { Memo } from './memo.js';
import { type BoundedModel, boundedModel } from './model.js';
import { bestSummation, type Summation } from './normalEquations.js';
import { type PlaceFit, placeFit } from './placeFit.js';
import type { Motion } from './placement.js';
import { contradicted } from './placeVerdict.js';
import { type PreparedModel, preparedModel } from './preparedModel.js';
import type { ScanReadings } from './scanReadings.js';
import type { BoundedOptions, BoundedSolution, Estimate } from './solution.js';
import { sparseSolution } from './sparseSolution.js';
import type { TabColumns } from './tabColumns.js';
import { type TabFields, tabFields } from './tabFields.js';
import { solveUniform } from './uniformSolution.js';
import { spentBelow, weighReadings } from './weighing.js';
import { doubted } from './wiresBelow.js';

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
  /** What is made once for all scans of the geometry. */
  readonly geometry: Memo;
  /** Depth below the cell at which unknown currents are assumed, m. */
  readonly below: number | undefined;
  /** What was already done to the samples. */
  readonly applied: Motion;
  /** Whether the scan reaches all tabs. */
  readonly seesTabs: boolean;
  /** Whether this is the first attempt. */
  readonly first: boolean;
  /** Whether it may end early because the samples should be moved. */
  readonly mayMove: boolean;
}

export type Attempt =
  | { readonly move: Motion }
  | {
      readonly solution: Omit<BoundedSolution, 'place'>;
      readonly place: PlaceFit | undefined;
      /** Log of the marginal likelihood: compares models of the same readings. NaN where there is nothing to compare. */
      readonly evidence: number;
    };

/**
 * The whole inversion with the samples where they are said to be; or, where the data plainly contradict that, how they
 * should be moved.
 */
export function attempt(task: AttemptTask): Attempt {
  const { tabs, cell, readings, dense } = task;
  const fields = task.geometry.once('fields of the tabs', () => tabFields(tabs, cell, readings, readings.footprint));
  /** In single precision where that should do, and in double where it did not. */
  const safely = (outsidePitch: number) => {
    const single = task.below === undefined && cell.sheets.length === 1;
    try {
      return dense.temporarily(() => attemptWith(task, fields, outsidePitch, single));
    } catch (error) {
      if (!(single && error instanceof NumericalError)) throw error;
      return dense.temporarily(() => attemptWith(task, fields, outsidePitch, false));
    }
  };
  // Without a stated noise, or a view of the tabs, nothing would tell that coarse sheets outside do not do; a stack seen from
  // both sides always needs fine ones.
  const mayBeCoarse = readings.sigmaStated && task.seesTabs && cell.sheets.length === 1;
  const coarse = mayBeCoarse ? safely(COARSE_OUTSIDE) : undefined;
  return coarse ?? safely(1)!;
}

/**
 * @param outsidePitch factor on the pitches of the sheets outside @param mayBeSingle whether single precision may do
 * @returns undefined where they are too coarse
 */
function attemptWith(
  task: AttemptTask,
  fields: TabFields,
  outsidePitch: number,
  mayBeSingle: boolean,
): Attempt | undefined {
  const { cell, current, readings, tabs, options, below, geometry } = task;
  const report = options.onProgress ?? (() => {});
  const prepared = geometry.once(`model ${outsidePitch} ${mayBeSingle}`, () => {
    const choices = { ...options, outsidePitch, below };
    const model = boundedModel(cell, readings, tabs, fields, current, task.dense, choices);
    const summation = bestSummation(model, readings, mayBeSingle, !options.keepForm);
    const estimate = estimated(model, readings, summation);
    if (task.first) options.onEstimate?.(estimate);
    report(0.1, 'readings');
    const how = { shared: geometry.keeps, closed: !options.keepForm };
    const onRows = (part: number) => report(0.1 + 0.4 * part, 'readings');
    return { ...preparedModel(model, readings, summation, how, task.dense, onRows), estimate };
  });
  return prepared.dense.temporarily(() => solvedAttempt(task, prepared, outsidePitch));
}

function solvedAttempt(
  task: AttemptTask,
  prepared: PreparedModel & { readonly estimate: Estimate },
  outsidePitch: number,
): Attempt | undefined {
  const { scan, cell, current, readings, tabs, options, below, geometry } = task;
  const { model, dense, estimate } = prepared;
  const report = options.onProgress ?? (() => {});
  const centre = ((START * Math.abs(current)) / Math.sqrt(outlineArea(cell.outline))) ** 2;

  const given = options.lambda === undefined ? undefined : 1 / options.lambda;
  const mayRefine = outsidePitch > 1;
  const weighed = weighReadings({ ...task, model, prepared, centre, given, known: options, mayRefine, report });
  if (weighed === undefined) return undefined;
  const { weights, reduced, room, rows } = weighed;
  const used = weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  report(0.65, 'lambda');
  const chosen = () => {
    const coarse = coarseForm(model, reduced, cell.outline, COARSE, dense);
    return chooseDensity(coarse.model, coarse.reduced, used - spentBelow(task, reduced), centre, dense, part =>
      report(0.65 + 0.05 * part, 'lambda'),
    );
  };
  const choice = weighed.choice ?? chosen();
  // What a sheet below may explain as well says nothing for a healthy cell: then the prior is no narrower than expected.
  const density = given ?? (below === undefined ? choice.density : Math.max(choice.density, centre));

  report(0.7, 'uniform prior');
  const reusable = density === weighed.choice?.density ? weighed.solution : undefined;
  const uniform = reusable ?? solveUniform(model, reduced, density, dense, false);
  let place: PlaceFit | undefined;
  if (options.place !== 'given' && options.lambda === undefined) {
    report(0.75, 'place of the scan');
    place = placeFit(
      { ...task, model, dense, weights, room, rows, swelling: options.swelling ?? false },
      reduced,
      uniform.x,
      density,
    );
    const move = contradicted(place, task.applied, cell);
    if (task.mayMove && move !== undefined) return { move };
  }
  report(0.8, 'sparse prior');
  const { solution: best, variance } =
    options.lambda === undefined
      ? sparseSolution(model, reduced, cell.outline, density, dense, part => report(0.8 + 0.1 * part, 'sparse prior'))
      : { solution: uniform, variance: uniformVariance(model, density) };
  report(0.9, 'maps');
  const wantErrors = options.errors ?? true;
  // The largest array of all stays where it is made.
  const posterior = wantErrors
    ? solveUniform(model, reduced, density, dense, true, dense.allocate(model.kept ** 2))
    : uniform;
  const described = describe(
    scan,
    cell,
    readings,
    model,
    { uniform: posterior, best, density, weighed, tabs, estimate, geometry },
    options,
  );
  const compared = below !== undefined || doubted(described);
  return {
    solution: {
      ...described,
      ...(options.keepForm
        ? {
            form: departureForm({ model, reduced, room, rows, readings, weights, tabs, kept: best.x, variance }, dense),
          }
        : {}),
      lambda: 1 / density,
      lambdaBy: options.lambda === undefined ? 'gcv' : 'given',
      lambdaWhy: options.lambda === undefined ? 'it predicts readings that were left out best' : 'given',
      candidates: choice.candidates,
      curve: choice.curve,
      totalCurrent: current * amounts(model, best.x).reduce((sum, v) => sum + v, 0),
    },
    place,
    evidence: compared
      ? logWeights(weights, weighed.deviation, readings.sigma) +
        logEvidence(model, reduced, uniformVariance(model, density), dense)
      : Number.NaN,
  };
}

/** Operations per second of the dense algebra on two ordinary cores. */
const SPEED = 4e10;
/** Gain of the ways to sum up. */
const FASTER: Record<Summation, number> = {
  plain: 1,
  'plain, single precision': 2,
  tiles: 3.5,
  'tiles, single precision': 6,
};

/** Bytes of every row that are kept, per unknown: all of them, or a quarter of the numbers of a tile. */
const KEPT: Record<Summation, number> = {
  plain: 0,
  'plain, single precision': 8,
  tiles: 2,
  'tiles, single precision': 1,
};

/** What the work will take, from the sizes of its matrices. */
function estimated(model: BoundedModel, readings: ScanReadings, summation: Summation): Estimate {
  const { unknowns: n, kept } = model;
  const outside = n - kept;
  const elimination = outside ** 3 / 3 + outside ** 2 * kept + outside * kept ** 2;
  const solutions = 8 * (kept ** 3 / 3) + 2 * kept ** 3;
  return {
    unknowns: n,
    megaBytes: Math.ceil((8 * (n * n + 4 * kept * kept) + KEPT[summation] * readings.count * n) / 1e6) + 150,
    seconds: ((readings.count * n * n) / FASTER[summation] + 4 * elimination + solutions) / SPEED + 1,
  };
}
