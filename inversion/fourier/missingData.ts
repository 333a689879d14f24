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

/** psi~ = conj(A) field~ / (|A|^2 + lambda L), summed over the components: Tikhonov on a field known everywhere. */
export function tikhonov(
  model: SheetModel,
  fields: readonly Float64Array[],
  penalty: Float64Array,
  lambda: number,
): Float64Array {
  const psi = new Float64Array(model.transform.spectrumLength);
  for (let c = 0; c < fields.length; c++) {
    model.transform.forward(fields[c], model.spectrum);
    addAdjointResponse(model, c, model.spectrum, psi);
  }
  precondition(inverseOfSum(model, penalty, lambda), psi, psi);
  return psi;
}

/** 1 / (|A|^2 + lambda L) per mode, zero where the field tells nothing. */
function inverseOfSum(model: SheetModel, penalty: Float64Array, lambda: number): Float64Array {
  return model.power.map((power, m) => (power > 0 ? 1 / (power + lambda * penalty[m]) : 0));
}

/** out = factor r, mode by mode. */
function precondition(factor: Float64Array, r: Float64Array, out: Float64Array): void {
  for (let m = 0; m < factor.length; m++) {
    out[2 * m] = r[2 * m] * factor[m];
    out[2 * m + 1] = r[2 * m + 1] * factor[m];
  }
}

/**
 * P: keeps the measured pixels of a domain-shaped field, removes their mean where a background is fitted (the projection
 * that eliminates it), and zeroes the rest. Symmetric and idempotent.
 */
export function projectOnData(domain: Domain, data: WindowData, field: Float64Array): void {
  const { nx, ny, padX } = domain;
  let mean = 0;
  if (data.background) {
    for (let iy = 0, w = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++, w++) if (data.measured[w] === 1) mean += field[iy * padX + ix];
    }
    mean /= data.count;
  }
  for (let iy = 0; iy < ny; iy++) {
    const at = iy * padX;
    for (let ix = 0; ix < nx; ix++) field[at + ix] = data.measured[iy * nx + ix] === 1 ? field[at + ix] - mean : 0;
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
  for (let m = 0; m < penalty.length; m++) {
    out[2 * m] = lambda * penalty[m] * psi[2 * m];
    out[2 * m + 1] = lambda * penalty[m] * psi[2 * m + 1];
  }
  for (let c = 0; c < model.components.length; c++) {
    fieldOf(model, c, psi, model.real, model.domain.ny);
    projectOnData(model.domain, data, model.real);
    model.transform.forward(model.real, model.spectrum, model.domain.ny);
    addAdjointResponse(model, c, model.spectrum, out);
  }
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
): { psi: Float64Array; steps: number; converged: boolean } {
  const n = model.transform.spectrumLength;
  const psi = new Float64Array(n);
  const rhs = new Float64Array(n);
  for (let c = 0; c < model.components.length; c++) {
    embed(model.domain, data.values[c], model.real);
    projectOnData(model.domain, data, model.real);
    model.transform.forward(model.real, model.spectrum, model.domain.ny);
    addAdjointResponse(model, c, model.spectrum, rhs);
  }
  const z = new Float64Array(n);
  const factor = inverseOfSum(model, penalty, lambda);
  precondition(factor, rhs, z);
  // Rounding ends every iteration somewhere.
  const least = 1e-20 * innerProduct(model, rhs, z);
  const goal = Math.max(least, ENOUGH * sigma * sigma * data.count * model.components.length);
  const product = new Float64Array(n);
  const r = rhs;
  const direction = z.slice();
  let rz = innerProduct(model, r, z);
  let steps = 0;
  while (rz > goal && steps < maxSteps) {
    normalOperator(model, data, penalty, lambda, direction, product);
    const alpha = rz / innerProduct(model, direction, product);
    for (let m = 0; m < n; m++) {
      psi[m] += alpha * direction[m];
      r[m] -= alpha * product[m];
    }
    precondition(factor, r, z);
    const next = innerProduct(model, r, z);
    const beta = next / rz;
    for (let m = 0; m < n; m++) direction[m] = z[m] + beta * direction[m];
    rz = next;
    steps++;
  }
  return { psi, steps, converged: !(rz > goal) };
}

/** The background that goes with a solution: the mean residual of each component over the measured pixels, T. */
export function meanResidual(model: SheetModel, data: WindowData, psi: Float64Array): Float64Array {
  const out = new Float64Array(model.components.length);
  if (!data.background) return out;
  for (let c = 0; c < out.length; c++) {
    fieldOf(model, c, psi, model.real, model.domain.ny);
    const fitted = crop(model.domain, model.real);
    const values = data.values[c];
    for (let w = 0; w < values.length; w++) if (data.measured[w] === 1) out[c] += values[w] - fitted[w];
    out[c] /= data.count;
  }
  return out;
}

/** Squared residual over the measured pixels of all components, T^2. */
export function squaredResidual(
  model: SheetModel,
  data: WindowData,
  psi: Float64Array,
  background: Float64Array,
): number {
  let square = 0;
  for (let c = 0; c < background.length; c++) {
    fieldOf(model, c, psi, model.real, model.domain.ny);
    const fitted = crop(model.domain, model.real);
    const values = data.values[c];
    for (let w = 0; w < values.length; w++) {
      if (data.measured[w] === 1) square += (values[w] - background[c] - fitted[w]) ** 2;
    }
  }
  return square;
}
