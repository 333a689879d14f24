import { addAdjointResponse, crop, type Domain, fieldOf, type SheetModel } from './sheetModel.js';

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
 * @param inverse as {@link inverseOfSum} gives it
 */
export function tikhonov(model: SheetModel, fields: Iterable<Float64Array>, inverse: Float64Array): Float64Array {
  const psi = new Float64Array(model.transform.spectrumLength);
  let c = 0;
  for (const field of fields) {
    model.transform.forward(field, model.spectrum);
    addAdjointResponse(model, c++, model.spectrum, psi);
  }
  multiplyModes(psi, inverse);
  return psi;
}

/** spectrum *= a real factor per mode. */
export function multiplyModes(spectrum: Float64Array, factor: Float64Array): void {
  for (let m = 0, i = 0; m < factor.length; m++, i += 2) {
    const f = factor[m];
    spectrum[i] *= f;
    spectrum[i + 1] *= f;
  }
}

/** 1 / (|A|^2 + lambda L) per mode, zero where the field tells nothing. */
export function inverseOfSum({ power }: SheetModel, penalty: Float64Array, lambda: number): Float64Array {
  const out = new Float64Array(power.length);
  for (let m = 0; m < out.length; m++) if (power[m] > 0) out[m] = 1 / (power[m] + lambda * penalty[m]);
  return out;
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

/** Puts a window-shaped array into the domain, zero elsewhere. */
export function embed(domain: Domain, values: Float64Array, out: Float64Array): void {
  const { nx, ny, padX } = domain;
  out.fill(0);
  for (let iy = 0; iy < ny; iy++) out.set(values.subarray(iy * nx, (iy + 1) * nx), iy * padX);
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
