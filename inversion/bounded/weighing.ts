import { rms } from '../../src/linearAlgebra/vectors.js';
import type { Cell } from '../../src/model/cell.js';
import { COARSE, coarseForm } from './coarseForm.js';
import type { KeptSolution } from './departurePrior.js';
import { type EliminationRoom, eliminateOutside, type ReducedForm } from './elimination.js';
import { type ErrorModel, fitErrorModel, type Known, varianceOf } from './errorModel.js';
import type { ModelRows } from './keptRows.js';
import { chooseDensity, type DensityChoice } from './lambdaChoice.js';
import type { BoundedModel } from './model.js';
import { fittedReadings } from './modelRows.js';
import { addReadings, renewEquations, scaleEquations } from './normalEquations.js';
import { robustDeviation, sampleWeights } from './outliers.js';
import { predictedGradient } from './predictedField.js';
import { ownEquations, type PreparedModel, scaledForm, scanEquations, sharedForm } from './preparedModel.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';
import { solveUniform } from './uniformSolution.js';

const ROUNDS = 3;
/** Further rounds where gain and position errors are being fitted. */
const ERROR_ROUNDS = 4;
/** First guess of an unknown noise, in parts of the rms field. */
const GUESS = 1e-3;
/** The residual must exceed the stated noise so many times before the sheets outside are refined, */
const REFINE = 1.05;
/** and before other errors than noise are looked for. */
const SUSPICIOUS = 1.15;
/** Weights that change by less are left as they are. */
const SETTLED = 0.1;
/** Part of the samples whose weights may still be about to change when the rounds end. */
const FEW = 0.01;

export interface WeighingTask {
  readonly cell: Cell;
  readonly tabs: TabColumns;
  readonly model: BoundedModel;
  /** The model with the sums of its geometry. */
  readonly prepared: PreparedModel;
  readonly readings: ScanReadings;
  /** Depth of an assumed sheet below the cell, m. */
  readonly below: number | undefined;
  /** Prior density of laplacian psi to begin with; of a given lambda, or undefined. */
  readonly centre: number;
  readonly given: number | undefined;
  /** Gain and position errors that are known. */
  readonly known: Known;
  /** Whether the sheets outside could be finer. */
  readonly mayRefine: boolean;
  readonly report: (part: number, next: string) => void;
}

/** The readings with the weights that they earned, and the form that follows. */
export interface Weighed {
  /** Standard deviation of each reading, T. */
  readonly deviation: Float64Array;
  /** One over the deviation, times the trust in the sample. */
  readonly weights: Float64Array;
  /** 1 for samples that were left out. */
  readonly rejected: Uint8Array;
  readonly errors: ErrorModel;
  readonly reduced: ReducedForm;
  readonly room: EliminationRoom;
  /** The rows of the form, where they are at hand. */
  readonly rows: ModelRows | undefined;
  /** The choice of lambda for just this form, if it was made on the way. */
  readonly choice: DensityChoice | undefined;
  /** The solution for the density of the choice. */
  readonly solution: KeptSolution | undefined;
}

/**
 * Finds the weight of every reading in rounds of solution and residual: an unknown noise, gain and position errors where the
 * residual exceeds the noise (`errorModel.ts`), outliers (`outliers.ts`). Lambda follows coarsely.
 * @returns undefined where the sheets outside should be finer
 */
export function weighReadings(task: WeighingTask): Weighed | undefined {
  const { prepared, readings, centre, report } = task;
  const { model, dense } = prepared;
  const count = readings.count;
  let errors: ErrorModel = { noise: readings.sigmaStated ? 1 : GUESS * rms(readings.value), gain: 0, position: 0 };
  const deviation = readings.sigma.map(s => s * errors.noise);
  const trust = new Float64Array(readings.first.length - 1).fill(1);
  const weights = deviation.map(d => 1 / d);
  let scan = scanEquations(prepared, readings);
  /** The matrix that all scans of the geometry share is copied before it is changed. */
  const changeable = () => {
    scan = ownEquations(prepared, scan);
    return scan;
  };
  let reduced = readings.sigmaStated
    ? sharedForm(prepared, scan)
    : scaledForm(prepared, changeable(), 1 / errors.noise);
  let density = task.given ?? 10 * centre;
  let spent = 0;
  let choice: DensityChoice | undefined;
  let solution: KeptSolution | undefined;
  const { gainError, positionError } = task.known;
  const exact = gainError === 0 && positionError === 0;
  let seeking = (gainError ?? 0) > 0 || (positionError ?? 0) > 0;
  for (let round = 0; round < (seeking ? ROUNDS + ERROR_ROUNDS : ROUNDS); round++) {
    report(0.5 + 0.02 * round, 'outliers');
    if (task.given === undefined && round > 0 && choice === undefined) {
      const coarse = coarseForm(model, reduced, task.cell.outline, COARSE, dense);
      const left = count - spentBelow(task, reduced);
      choice = chooseDensity(coarse.model, coarse.reduced, left, centre, dense, () => {});
      density = choice.density;
      const { curve } = choice;
      spent = curve.degrees[curve.lambda.findIndex(lambda => lambda * density >= 1)] ?? 0;
      solution = undefined;
    }
    solution ??= solveUniform(model, reduced, density, dense, false);
    const { x } = solution;
    const outside = reduced.outsideOf(x);
    const fitted = fittedReadings(scan.equations, model, readings, x, outside);
    const residual = fitted.map((f, r) => readings.value[r] - f);
    // What the model spends of the readings is missing in their residual.
    const free = Math.max(0.1, 1 - (reduced.outsideDegrees + spent) / count);
    let scale = 1;
    let reweighted = false;
    const own = () => residual.map((v, r) => v / deviation[r]);
    let earned: Float64Array | undefined;
    if (readings.sigmaStated && !seeking) {
      const trusted = sampleWeights(readings, own());
      earned = trusted;
      const beyond = excess(
        own().map((v, r) => v * trusted[readings.sample[r]]),
        free,
      );
      if (task.mayRefine && beyond > REFINE) return undefined;
      if (!exact && round > 0) seeking = beyond > SUSPICIOUS;
    } else if (!exact && round > 0) seeking = true;
    if (seeking) {
      const { gradient } = predictedGradient(task, x, outside);
      const slope = gradient.x.map((v, r) => Math.hypot(v, gradient.y[r], gradient.z[r]));
      const next = fitErrorModel({
        residual,
        sigma: readings.sigma,
        sigmaStated: readings.sigmaStated,
        field: fitted,
        slope,
        free,
        known: task.known,
      });
      const after = readings.sigma.map((s, r) => Math.sqrt(varianceOf(next, s, fitted[r], slope[r])));
      const change = after.reduce((sum, d, r) => sum + Math.abs(Math.log(d / deviation[r])), 0) / count;
      reweighted = change > SETTLED / 2;
      if (reweighted) {
        deviation.set(after);
        errors = next;
        earned = undefined;
      }
    } else if (!readings.sigmaStated) {
      scale = robustDeviation(own()) / Math.sqrt(free);
      errors = { ...errors, noise: errors.noise * scale };
      for (let r = 0; r < count; r++) deviation[r] *= scale;
    }
    earned ??= sampleWeights(readings, own());
    const others = otherSamples(trust, earned);
    if (round > 0 && scale === 1 && !reweighted && others.settled) break;
    const changed = changeTrust(readings, trust, earned, others.slight ? [] : others.samples);
    // As good as it was: the same form serves the next round, which looks at lambda and at other errors.
    if (scale === 1 && !reweighted && changed.which.length === 0) continue;
    const { equations, room } = changeable();
    if (reweighted) {
      for (let r = 0; r < count; r++) weights[r] = 1 / deviation[r];
      renewEquations(equations, model, readings, weights, dense, part =>
        report(0.5 + 0.1 * part, 'readings, weighted anew'),
      );
      const some = Array.from(trust.keys()).filter(s => trust[s] !== 1);
      const less = changeTrust(
        readings,
        trust.map(() => 1),
        trust,
        some,
      );
      if (some.length > 0) addReadings(equations, model, readings, weights, less.which, less.factors, dense);
    } else {
      if (scale !== 1) scaleEquations(equations, 1 / scale, dense);
      for (let r = 0; r < count; r++) weights[r] = 1 / deviation[r];
      if (changed.which.length > 0)
        addReadings(equations, model, readings, weights, changed.which, changed.factors, dense);
    }
    reduced = eliminateOutside(equations, model, room, dense);
    choice = undefined;
    solution = undefined;
  }
  for (let r = 0; r < count; r++) weights[r] = trust[readings.sample[r]] / deviation[r];
  return {
    deviation,
    weights,
    rejected: Uint8Array.from(trust, t => (t === 0 ? 1 : 0)),
    errors,
    reduced,
    room: scan.room,
    rows: scan.equations.rows,
    choice,
    solution: choice && solution,
  };
}

/** A sheet below may spend so many readings that generalised cross-validation must not count them. */
export function spentBelow({ below }: { readonly below: number | undefined }, { outsideDegrees }: ReducedForm): number {
  return below === undefined ? 0 : outsideDegrees;
}

/** Root mean square of residuals in deviations, without the largest, per freedom. */
function excess(residual: Float64Array, free: number): number {
  const sum = residual.reduce((total, v) => total + Math.min(v * v, 25), 0);
  return Math.sqrt(sum / (free * residual.length));
}

/** A sample that loses no more of its weight than this is hardly an outlier. */
const SLIGHT = 0.5;

/**
 * Samples whose new weight is another; settled if these are hardly any and the same samples are left out, slight if moreover
 * all have full weight or nearly.
 */
function otherSamples(
  trust: Float64Array,
  next: Float64Array,
): { samples: number[]; settled: boolean; slight: boolean } {
  const samples: number[] = [];
  let mild = true;
  let same = true;
  for (let s = 0; s < trust.length; s++) {
    if ((trust[s] === 0) !== (next[s] === 0)) same = false;
    if (Math.abs(next[s] - trust[s]) > SETTLED * Math.max(next[s], trust[s])) samples.push(s);
    if (Math.min(next[s], trust[s]) < SLIGHT) mild = false;
  }
  const settled = same && samples.length < FEW * trust.length;
  return { samples, settled, slight: settled && mild };
}

/** Sets the weights of the given samples; their readings, and by how much the square of each one's weight changed. */
function changeTrust(
  readings: ScanReadings,
  trust: Float64Array,
  next: Float64Array,
  samples: readonly number[],
): { which: Int32Array; factors: Float64Array } {
  const which: number[] = [];
  const factors: number[] = [];
  for (const s of samples) {
    for (let r = readings.first[s]; r < readings.first[s + 1]; r++) {
      which.push(r);
      factors.push(next[s] ** 2 - trust[s] ** 2);
    }
    trust[s] = next[s];
  }
  return { which: Int32Array.from(which), factors: Float64Array.from(factors) };
}
