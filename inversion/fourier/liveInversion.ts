import type { FieldMap } from '../../src/fieldMap.js';
import { gridSize } from '../../src/grid.js';
import type { LambdaChoice } from '../regularisation/chooseLambda.js';
import { solveClosed } from './closedExterior.js';
import { continueField } from './continuation.js';
import { closedLength, type Exterior, LENGTHS } from './exterior.js';
import { chooseOrder, windowModel } from './fourierInversion.js';
import { lineNoise } from './lineNoise.js';
import { inverseOfSum, meanResidual } from './missingData.js';
import { addAdjointResponse, currentOf, fieldOf, penalty, type SheetModel, streamFunctionOf } from './sheetModel.js';
import { fillGaps, windowData } from './windowData.js';

/** Choices that are known, such as those of a result; every one that is left out is made from the data. */
export interface LiveOptions {
  /** z of the sheet, m. Default 0. */
  readonly sheetZ?: number;
  readonly order?: number;
  readonly lambda?: number;
  readonly exterior?: Exterior;
  /** Whether a constant per component is fitted along. Default true. */
  readonly background?: boolean;
}

/** A map at one lambda and height. The arrays are new each time. */
export interface LiveMap {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  readonly psi: Float64Array;
}

/** An inversion that follows lambda and the height of the sensors at once. */
export interface LiveInversion {
  readonly order: number;
  /** At which it starts. */
  readonly lambda: number;
  readonly height: number;
  /** What the rules say at a height: the curves behind the choice of lambda. */
  choiceAt(height: number): LambdaChoice;
  /** @param height m, of the same sign as {@link LiveInversion.height} */
  at(lambda: number, height: number): LiveMap;
}

/** Steps of the closed exterior; a few reach nearly all of the readings. */
const STEPS = 24;
/** A domain for a live map is not made larger than this many pixels. */
const MOST_PIXELS = 2 ** 20;

/**
 * The Fourier inversion in the form in which another lambda or another height costs one pass over the spectrum and the
 * transforms back. With the field known everywhere, psi~ = conj(A) b~ / (|A|^2 + lambda L); A at height h + d is that at h
 * times e^(-kd), so
 *
 *   psi~ = e^(-kd) S / (e^(-2kd) |A|^2 + lambda L),   S = sum over the components of conj(A) b~ at the first height.
 *
 * Outside the window and in gaps, where nothing was measured, b is the field of the map at the first lambda and height (so
 * there it is the solution of `fourierInversion`, as far as {@link STEPS} steps go) or, for a continued exterior, that
 * continuation. It is held while lambda and height change: near the rim the map then is a preview.
 * @throws {NumericalError} as {@link fourierInversion}
 */
export function liveInversion(map: FieldMap, options: LiveOptions = {}): LiveInversion {
  const data = windowData(map, options.background ?? true);
  const { nx, ny } = map.grid;
  const whole = data.values.map(v => fillGaps(v, data.measured, ny, nx));
  const height = map.z - (options.sheetZ ?? 0);
  const ridge = Math.max(...whole.map(v => lineNoise(v, ny, nx)));
  const choiceWith = (order: number | undefined, at: number) => {
    const model = windowModel(map.grid, data.components, at, 0);
    return chooseOrder(model, whole, data, ridge, map.sigma, order === undefined ? {} : { order });
  };
  const { order, choice, noise } = choiceWith(options.order, height);
  const lambda = options.lambda ?? choice.lambda;
  const wished = options.exterior ?? 'closed';
  const longest = Math.sqrt(MOST_PIXELS / gridSize(map.grid));
  const length =
    wished === 'closed' ? closedLength(data.components) : Math.max(LENGTHS[0], Math.min(wished, (longest - 1) / 3));
  const model = windowModel(map.grid, data.components, height, length);
  const weights = penalty(model, order);

  const fields = model.components.map(() => new Float64Array(model.real.length));
  const { psi } = solveClosed(model, data, inverseOfSum(model, weights, lambda), map.sigma ?? noise, STEPS);
  const constant = meanResidual(model, data, psi);
  fields.forEach((field, c) => {
    if (wished === 'closed') {
      fieldOf(model, c, psi, model.real);
      field.set(model.real);
      insert(model, data.values[c], data.measured, constant[c], field);
    } else {
      field.set(continueField(model.domain, whole[c], length * nx, length * ny, constant[c]));
    }
  });
  const sum = new Float64Array(model.transform.spectrumLength);
  fields.forEach((field, c) => {
    model.transform.forward(field, model.spectrum);
    addAdjointResponse(model, c, model.spectrum, sum);
  });

  const decay = new Float64Array(model.power.length).fill(1);
  let decayed = height;
  const spectrum = new Float64Array(sum.length);
  return {
    order,
    lambda,
    height,
    choiceAt: at => (at === height ? choice : choiceWith(order, at).choice),
    at(lambda, at) {
      if (at !== decayed) {
        const further = Math.abs(at) - Math.abs(height);
        for (let m = 0; m < decay.length; m++) decay[m] = Math.exp(-Math.sqrt(model.k2[m]) * further);
        decayed = at;
      }
      for (let m = 0; m < decay.length; m++) {
        const d = decay[m];
        const factor = model.power[m] > 0 ? d / (d * d * model.power[m] + lambda * weights[m]) : 0;
        spectrum[2 * m] = factor * sum[2 * m];
        spectrum[2 * m + 1] = factor * sum[2 * m + 1];
      }
      const { kx, ky } = currentOf(model, spectrum);
      return { kx, ky, psi: streamFunctionOf(model, spectrum) };
    },
  };
}

/** Puts the readings less their constant over the field, where there are readings. */
function insert(
  { domain }: SheetModel,
  values: Float64Array,
  measured: Uint8Array,
  constant: number,
  field: Float64Array,
): void {
  const { nx, ny, padX } = domain;
  for (let iy = 0, w = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, w++) if (measured[w] === 1) field[iy * padX + ix] = values[w] - constant;
  }
}
