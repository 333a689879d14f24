import { addAdjointResponse, crop, type Domain, fieldOf, innerProduct, type SheetModel } from './sheetModel.js';

/** Measured values, window-shaped, one array per component; `measured` is 1 where there is a reading. */
export interface WindowData {
  readonly values: readonly Float64Array[];
  readonly measured: Uint8Array;
  /** Number of ones in `measured`. */
  readonly count: number;
  /** Whether a constant per component is fitted along. */
  readonly background: boolean;
}

/**
 * psi~ = conj(A) field~ / (|A|^2 + lambda L), summed over the components: Tikhonov on a field known everywhere.
 * @param fields component by component, each looked at before the next is asked for
 */
export function tikhonov(
  model: SheetModel,
  fields: Iterable<Float64Array>,
  penalty: Float64Array,
  lambda: number,
  inverse = inverseOfSum(model, penalty, lambda),
): Float64Array {
  const psi = new Float64Array(model.transform.spectrumLength);
  let c = 0;
  for (const field of fields) {
    model.transform.forward(field, model.spectrum);
    addAdjointResponse(model, c++, model.spectrum, psi);
  }
  for (let m = 0, i = 0; m < inverse.length; m++, i += 2) {
    psi[i] *= inverse[m];
    psi[i + 1] *= inverse[m];
  }
  return psi;
}

/** 1 / (|A|^2 + lambda L) per mode, zero where the field tells nothing. */
export function inverseOfSum({ power }: SheetModel, penalty: Float64Array, lambda: number): Float64Array {
  const out = new Float64Array(power.length);
  for (let m = 0; m < out.length; m++) if (power[m] > 0) out[m] = 1 / (power[m] + lambda * penalty[m]);
  return out;
}

/**
 * A step of the iteration: psi += alpha direction, r -= alpha product; and r' F r for a real diagonal F, by the scalar product of
 * `innerProduct`.
 */
function descend(
  model: SheetModel,
  alpha: number,
  { psi, direction, product, r }: Iterate,
  factor: Float64Array,
): number {
  const { padX, padY } = model.domain;
  const { columns } = model.transform;
  let sum = 0;
  for (let m = 0, i = 0; m < factor.length; m++, i += 2) {
    psi[i] += alpha * direction[i];
    psi[i + 1] += alpha * direction[i + 1];
    const re = r[i] - alpha * product[i];
    const im = r[i + 1] - alpha * product[i + 1];
    r[i] = re;
    r[i + 1] = im;
    sum += factor[m] * (re * re + im * im);
  }
  let once = 0;
  for (let m = 0; m < factor.length; m += columns) {
    for (const edge of [m, m + columns - 1]) once += factor[edge] * (r[2 * edge] ** 2 + r[2 * edge + 1] ** 2);
  }
  return (2 * sum - once) / (padX * padY);
}

/** direction = F r + beta direction, for a real diagonal F */
function turn({ direction, r }: Iterate, factor: Float64Array, beta: number): void {
  for (let m = 0, i = 0; m < factor.length; m++, i += 2) {
    direction[i] = factor[m] * r[i] + beta * direction[i];
    direction[i + 1] = factor[m] * r[i + 1] + beta * direction[i + 1];
  }
}

/**
 * P: keeps the measured pixels of a domain-shaped field, removes their mean where a background is fitted (the projection
 * that eliminates it), and zeroes the rest. Symmetric and idempotent.
 */
export function projectOnData(domain: Domain, data: WindowData, field: Float64Array): void {
  const { nx, ny, padX } = domain;
  const { measured } = data;
  const whole = data.count === measured.length;
  let mean = 0;
  if (data.background) {
    for (let iy = 0, w = 0; iy < ny; iy++) {
      for (let ix = 0, at = iy * padX; ix < nx; ix++, w++, at++) if (measured[w] === 1) mean += field[at];
    }
    mean /= data.count;
  }
  for (let iy = 0, w = 0; iy < ny; iy++) {
    const at = iy * padX;
    if (!whole) for (let i = at; i < at + nx; i++, w++) field[i] = measured[w] === 1 ? field[i] - mean : 0;
    else if (mean !== 0) for (let i = at; i < at + nx; i++) field[i] -= mean;
    field.fill(0, at + nx, at + padX);
  }
  field.fill(0, ny * padX);
}

/** See {@link solveClosed}. */
const ENOUGH = 1e-3;
const MOST_STEPS = 300;

/** Puts a window-shaped array into the domain, zero elsewhere. */
export function embed(domain: Domain, values: Float64Array, out: Float64Array): void {
  const { nx, ny, padX } = domain;
  out.fill(0);
  for (let iy = 0; iy < ny; iy++) out.set(values.subarray(iy * nx, (iy + 1) * nx), iy * padX);
}

/** The normal operator of the closed exterior: out = A^T P A psi + lambda L psi. */
export function normalOperator(
  model: SheetModel,
  data: WindowData,
  penalty: Float64Array,
  lambda: number,
  psi: Float64Array,
  out: Float64Array,
): void {
  for (let m = 0, i = 0; m < penalty.length; m++, i += 2) {
    const weight = lambda * penalty[m];
    out[i] = weight * psi[i];
    out[i + 1] = weight * psi[i + 1];
  }
  for (let c = 0; c < model.components.length; c++) {
    fieldOf(model, c, psi, model.real, model.domain.ny);
    projectOnData(model.domain, data, model.real);
    model.transform.forward(model.real, model.spectrum, model.domain.ny);
    addAdjointResponse(model, c, model.spectrum, out);
  }
}

/** Where the iteration stands: r is what is left of the right side, `product` the operator times `direction`. All spectra. */
interface Iterate {
  readonly psi: Float64Array;
  readonly r: Float64Array;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * The closed exterior: (A^T P A + lambda L) psi = A^T P b by conjugate gradients, preconditioned by the operator of a
 * field known everywhere, A^T A + lambda L. Most of the spectrum of the product is 1, so a few steps do. It starts from
 * zero: what the window hardly sees stays near zero when it stops.
 * @param sigma noise of a reading: it stops when what is left to gain is less than {@link ENOUGH} of the noise's own energy,
 * sigma^2 times the number of readings; quieter data need more steps
 * @returns psi~, the number of steps, and whether it got there
 */
export function solveClosed(
  model: SheetModel,
  data: WindowData,
  penalty: Float64Array,
  lambda: number,
  sigma: number,
  maxSteps = MOST_STEPS,
  inverse = inverseOfSum(model, penalty, lambda),
): { psi: Float64Array; steps: number; converged: boolean } {
  const spectrum = () => new Float64Array(model.transform.spectrumLength);
  const iterate: Iterate = { psi: spectrum(), r: spectrum(), direction: spectrum(), product: spectrum() };
  const { psi, r, direction, product } = iterate;
  for (let c = 0; c < model.components.length; c++) {
    embed(model.domain, data.values[c], model.real);
    projectOnData(model.domain, data, model.real);
    model.transform.forward(model.real, model.spectrum, model.domain.ny);
    addAdjointResponse(model, c, model.spectrum, r);
  }
  let rz = descend(model, 0, iterate, inverse);
  // Rounding ends every iteration somewhere.
  const least = 1e-20 * rz;
  const goal = Math.max(least, ENOUGH * sigma * sigma * data.count * model.components.length);
  let beta = 0;
  let steps = 0;
  while (rz > goal && steps < maxSteps) {
    turn(iterate, inverse, beta);
    normalOperator(model, data, penalty, lambda, direction, product);
    const next = descend(model, rz / innerProduct(model, direction, product), iterate, inverse);
    beta = next / rz;
    rz = next;
    steps++;
  }
  return { psi, steps, converged: !(rz > goal) };
}

/** Field of a solution in the window, T, one array per component. */
export function windowFields(model: SheetModel, psi: Float64Array): Float64Array[] {
  return model.components.map((_, c) => {
    fieldOf(model, c, psi, model.real, model.domain.ny);
    return crop(model.domain, model.real);
  });
}

/** The background that goes with a solution: the mean residual of each component over the measured pixels, T. */
export function meanResidual(
  model: SheetModel,
  data: WindowData,
  psi: Float64Array,
  fitted = data.background ? windowFields(model, psi) : [],
): Float64Array {
  const out = new Float64Array(model.components.length);
  if (!data.background) return out;
  for (let c = 0; c < out.length; c++) {
    const [values, field] = [data.values[c], fitted[c]];
    for (let w = 0; w < values.length; w++) if (data.measured[w] === 1) out[c] += values[w] - field[w];
    out[c] /= data.count;
  }
  return out;
}

/** Squared residual over the measured pixels of all components, T^2. @param fitted as {@link windowFields} gives it */
export function squaredResidual(data: WindowData, fitted: readonly Float64Array[], background: Float64Array): number {
  let square = 0;
  for (let c = 0; c < background.length; c++) {
    const [values, field, level] = [data.values[c], fitted[c], background[c]];
    for (let w = 0; w < values.length; w++) {
      if (data.measured[w] !== 1) continue;
      const left = values[w] - level - field[w];
      square += left * left;
    }
  }
  return square;
}
