import type { AxisName, FieldMap } from '../../src/fieldMap.js';
import type { Grid } from '../../src/grid.js';
import { transformLength } from '../../src/transforms/index.js';
import { chooseLambda, type LambdaChoice, type LambdaRule } from '../regularisation/chooseLambda.js';
import { filtered } from '../regularisation/filteredSpectrum.js';
import { gcvScore } from '../regularisation/gcv.js';
import { type Attempt, continuedAttempt, type Exterior, filterOf, leastCurrentAttempt, rimShare } from './exterior.js';
import { lineNoise } from './lineNoise.js';
import type { WindowData } from './missingData.js';
import { modeEnergy, modeSpectrum } from './modeSpectrum.js';
import { pointSpreadWidth } from './pointSpread.js';
import type { Sensor } from './sensorResponse.js';
import { penalty, type SheetCurrent, type SheetModel, sheetModel, streamFunctionOf } from './sheetModel.js';
import { interiorVariance, type StandardErrors, standardErrors } from './standardError.js';
import { fillGaps, windowData } from './windowData.js';

/** Every choice that is left out is made from the data. */
export interface FourierOptions {
  /** z of the sheet, m. Default 0. */
  readonly sheetZ?: number;
  readonly sensor?: Sensor;
  /** Order p of the penalty |grad^p psi|^2: 1, 2 or 3. */
  readonly order?: number;
  /** Weight of the penalty, T^2 m^(2p) / A^2. */
  readonly lambda?: number;
  /** What lies outside the window: 'closed', or the length of the continuation in windows. */
  readonly exterior?: Exterior;
  /** Whether a constant per component is fitted along; left out, it is where the map then needs less current. */
  readonly background?: boolean;
  /** Called with the part of the work done, 0..1, and what comes next. */
  readonly onProgress?: (part: number, next: string) => void;
}

export interface FourierSolution {
  readonly grid: Grid;
  readonly current: SheetCurrent;
  /** Stream function in the window, A. */
  readonly psi: Float64Array;
  readonly order: number;
  readonly lambda: number;
  /** The rule that chose lambda, or 'given'. */
  readonly lambdaBy: LambdaRule | 'given';
  /** What the rules say, whether or not lambda was given. */
  readonly choice: LambdaChoice;
  readonly exterior: Exterior;
  /** Whether it was given, not chosen. */
  readonly exteriorGiven: boolean;
  /** False where the solver of a closed exterior was stopped before it got to the noise. */
  readonly converged: boolean;
  /** z of the samples less z of the sheet, m. */
  readonly height: number;
  /** Constant field per component, T. */
  readonly background: Readonly<Partial<Record<AxisName, number>>>;
  /** Field of the current plus background in the window, T. */
  readonly fitted: Readonly<Partial<Record<AxisName, Float64Array>>>;
  /** Readings that were used, and the effective degrees of freedom that the map spends of them. */
  readonly readings: number;
  readonly degrees: number;
  /** Standard deviation of a reading, T: as the map states it, else as the residual shows it. */
  readonly sigma: number;
  /** Squared residual over its expectation with the stated sigma; undefined where sigma comes from the residual. */
  readonly chi2: number | undefined;
  /** Line noise over the white noise floor; 1 where the noise is white. */
  readonly lineNoise: number;
  /** Rms of the field, less its background, along the rim over that in the window: near 0 where nothing is cut off. */
  readonly rim: number;
  /** One standard deviation of the current per pixel, A/m. */
  readonly errors: StandardErrors;
  /** Full width at half maximum of the point spread along x and y, m. */
  readonly resolution: { readonly x: number; readonly y: number };
}

/** A domain is not made larger than this many pixels. */
const MOST_PIXELS = 2 ** 23;

/**
 * The textbook inversion (Roth, Sepulveda and Wikswo 1989) done right: Tikhonov in Fourier space on the stream function,
 * from any subset of Bx, By and Bz together, with the outside of the window, the order of the penalty and lambda chosen
 * from the data.
 *
 * 1. Order and lambda by the rules of `chooseLambda`, from the spectrum of the tapered window (`modeSpectrum.ts`). Where
 *    the noise is correlated along the scan lines, GCV would follow it: then the order is 2 and the L-curve decides.
 * 2. At this lambda the beliefs about the outside are compared (`exterior.ts`).
 *
 * @throws {NumericalError} for samples in the plane of the sheet or fewer than 8 x 8 pixels.
 */
export function fourierInversion(map: FieldMap, options: FourierOptions = {}): FourierSolution {
  const report = options.onProgress ?? (() => {});
  const data = windowData(map, options.background ?? true);
  const { nx, ny } = map.grid;
  const whole = data.values.map(v => fillGaps(v, data.measured, ny, nx));
  const height = map.z - (options.sheetZ ?? 0);
  const modelFor = (length: number) => windowModel(map.grid, data.components, height, length, options.sensor);

  report(0, 'order and lambda');
  const narrow = modelFor(0);
  const ridge = Math.max(...whole.map(v => lineNoise(v, ny, nx, narrow)));
  const { order, choice, degrees, noise } = chooseOrder(narrow, whole, data, ridge, map.sigma, options);
  const lambda = options.lambda ?? choice.lambda;

  report(0.2, 'outside of the window');
  const sigma = map.sigma ?? noise;
  const task = { data, whole, order, lambda, sigma };
  const wish = options.exterior;
  const least = leastCurrentAttempt(task, modelFor, options.background, wish === undefined);
  const { chosen, other } =
    typeof wish === 'number'
      ? {
          chosen: continuedAttempt(filterOf(modelFor(wish), task), task, least.chosen.background, wish),
          other: least.chosen,
        }
      : least;

  report(0.9, 'errors');
  const weights = penalty(chosen.model, order);
  const solution = {
    ...compareWithData(chosen, data, degrees, map.sigma),
    grid: map.grid,
    current: chosen.current,
    psi: streamFunctionOf(chosen.model, chosen.psi),
    order,
    lambda,
    lambdaBy: options.lambda === undefined ? choice.by : ('given' as const),
    choice,
    exterior: chosen.exterior,
    exteriorGiven: wish !== undefined,
    converged: chosen.converged,
    height,
    readings: data.count * data.components.length,
    degrees,
    sigma,
    lineNoise: ridge,
    errors: standardErrors(chosen.current, other.current, interiorVariance(chosen.model, weights, lambda, sigma)),
    resolution: pointSpreadWidth(chosen.model, weights, lambda),
  };
  report(1, 'done');
  return solution;
}

/** The model on a domain with room for a continuation over `length` windows. */
export function windowModel(
  { nx, ny, dx, dy }: Grid,
  components: readonly AxisName[],
  height: number,
  length: number,
  sensor?: Sensor,
): SheetModel {
  return sheetModel({ nx, ny, dx, dy, ...paddedSize(ny, nx, length) }, components, height, sensor);
}

/** Step 1. The order with the best GCV score at its lambda; `noise` is the standard deviation that the residual shows. */
export function chooseOrder(
  model: SheetModel,
  whole: readonly Float64Array[],
  data: WindowData,
  ridge: number,
  sigma: number | undefined,
  options: Pick<FourierOptions, 'order' | 'lambda'>,
): { order: number; choice: LambdaChoice; degrees: number; noise: number } {
  const energy = modeEnergy(model, whole);
  const white = ridge === 1;
  const orders = options.order !== undefined ? [options.order] : white ? [1, 2, 3] : [2];
  const distrust = white ? undefined : 'the noise is correlated along the scan lines';
  const attempts = orders.map(order => {
    const spectrum = modeSpectrum(model, penalty(model, order), energy, data);
    const choice = chooseLambda(spectrum, sigma, distrust);
    const at = filtered(spectrum, options.lambda ?? choice.lambda);
    const noise = Math.sqrt(at.residual / (spectrum.count - at.degrees));
    return { order, choice, degrees: at.degrees, noise, score: gcvScore(spectrum, at) };
  });
  return attempts.reduce((best, next) => (next.score < best.score ? next : best));
}

/** Lengths of the domain for a continuation over `length` windows on both sides and as much again where it is zero. */
function paddedSize(ny: number, nx: number, length: number): { padY: number; padX: number } {
  // Even lengths: the model drops the last column of the half spectrum, which for odd ones is not the Nyquist column.
  const even = (n: number) => 2 * transformLength(n / 2);
  const enlarge = (factor: number) => ({ padY: even(ny * factor), padX: even(nx * factor) });
  const size = enlarge(1 + 3 * length);
  return size.padX * size.padY <= MOST_PIXELS ? size : enlarge(1 + length);
}

/** Background, fitted field, chi-squared and the share of the field at the rim. */
function compareWithData(
  { model, background: constant, fitted: fields, residual }: Attempt,
  data: WindowData & { components: AxisName[] },
  degrees: number,
  sigma: number | undefined,
): Pick<FourierSolution, 'background' | 'fitted' | 'chi2' | 'rim'> {
  const { nx, ny } = model.domain;
  const background: Partial<Record<AxisName, number>> = {};
  const fitted: Partial<Record<AxisName, Float64Array>> = {};
  let rim = 0;
  for (let c = 0; c < data.components.length; c++) {
    const name = data.components[c];
    const field = fields()[c].slice();
    for (let w = 0; w < field.length; w++) field[w] += constant[c];
    const values = data.values[c];
    rim = Math.max(rim, rimShare(values, constant[c], data.measured, ny, nx));
    background[name] = constant[c];
    fitted[name] = field;
  }
  const free = data.count * data.components.length - degrees;
  return { background, fitted, chi2: sigma === undefined ? undefined : residual() / (sigma * sigma * free), rim };
}
