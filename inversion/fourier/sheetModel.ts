import { MU0 } from '../../src/constants.js';
import { NumericalError } from '../../src/errors.js';
import type { AxisName } from '../../src/fieldMap.js';
import {
  columnWaveNumbers,
  type RealTransform2D,
  realTransform2D,
  rowWaveNumbers,
  transformThreads,
} from '../../src/transforms/index.js';
import { type Sensor, sensorTransfer } from './sensorResponse.js';

/** Geometry of the window and of the larger periodic domain that it is embedded in (window in the lower left corner). */
export interface Domain {
  /** Window, pixels. */
  readonly nx: number;
  readonly ny: number;
  readonly dx: number;
  readonly dy: number;
  /** Domain, pixels; lengths that the transforms support. */
  readonly padX: number;
  readonly padY: number;
}

/**
 * The field of a current sheet as a product in Fourier space (Roth, Sepulveda and Wikswo 1989): at height h above it
 * B~ = A psi~ with A = (mu0/2) e^(-kh) times (-i kx, -i ky, k) for (Bx, By, Bz), times the sensor's transfer function.
 * Below the sheet Bx and By change sign. psi in A, B in T.
 */
export interface SheetModel {
  readonly domain: Domain;
  readonly components: readonly AxisName[];
  readonly transform: RealTransform2D;
  /** A of every component, interleaved complex, `[iy][jx]`; zero at k = 0 and at the Nyquist wave numbers. */
  readonly response: readonly Float64Array[];
  /** Sum of |A|^2 over the components, per mode. */
  readonly power: Float64Array;
  /** k^2 per mode, rad^2/m^2. */
  readonly k2: Float64Array;
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  /** Scratch of the domain's size, shared by the functions below and by all models of this size; holds nothing between calls. */
  readonly real: Float64Array;
  readonly spectrum: Float64Array;
  /** Keeps the room of this size alive. */
  readonly room: object;
}

/** What models of one size share: their transform and scratch, which hold nothing between calls. */
export type Room = Pick<SheetModel, 'transform' | 'real' | 'spectrum'>;

const rooms = new Map<string, WeakRef<Room>>();

/**
 * The room for a size, for as long as anybody uses it: an inversion makes several models of two or three sizes, and to set a
 * transform's memory up costs more than some transforms.
 */
export function roomOf(padY: number, padX: number): Room {
  const key = `${padY} ${padX} ${transformThreads()}`;
  const known = rooms.get(key)?.deref();
  if (known !== undefined) return known;
  const transform = realTransform2D(padY, padX);
  const room = {
    transform,
    real: transform.allocate(padX * padY),
    spectrum: transform.allocate(transform.spectrumLength),
  };
  for (const [other, reference] of rooms) if (reference.deref() === undefined) rooms.delete(other);
  rooms.set(key, new WeakRef(room));
  return room;
}

/**
 * @param height z of the samples minus z of the sheet, m, not zero
 * @throws {NumericalError} where the samples lie in the sheet's plane.
 */
export function sheetModel(
  domain: Domain,
  components: readonly AxisName[],
  height: number,
  sensor?: Sensor,
): SheetModel {
  const h = Math.abs(height);
  if (!(h > 0)) {
    throw new NumericalError('all samples lie in the plane of the current', {
      advice: 'give the height of the sensors above the sheet, in the z column or by --standoff-mm',
    });
  }
  const { padX, padY, dx, dy } = domain;
  const room = roomOf(padY, padX);
  const { transform, real, spectrum } = room;
  const { columns } = transform;
  const kx = columnWaveNumbers(padX, dx);
  const ky = rowWaveNumbers(padY, dy);
  const side = height > 0 ? 1 : -1;
  const k2 = new Float64Array(padY * columns);
  for (let iy = 0, m = 0; iy < padY; iy++) {
    const square = ky[iy] * ky[iy];
    for (let j = 0; j < columns; j++, m++) k2[m] = kx[j] * kx[j] + square;
  }
  const power = new Float64Array(padY * columns);
  const decay = verticalDecay(k2, padY, columns, h);
  const transfer = sensor === undefined ? undefined : sensorTransfer(sensor, ky, kx);
  const response = components.map(name => {
    const a = new Float64Array(transform.spectrumLength);
    for (let iy = 0; iy < padY; iy++) {
      if (2 * iy === padY) continue;
      const end = (iy + 1) * columns - 1;
      if (name === 'bz') for (let m = iy * columns; m < end; m++) a[2 * m] = decay[m] * Math.sqrt(k2[m]);
      else if (name === 'by') for (let m = iy * columns; m < end; m++) a[2 * m + 1] = -side * decay[m] * ky[iy];
      else for (let j = 0, m = iy * columns; m < end; j++, m++) a[2 * m + 1] = -side * decay[m] * kx[j];
    }
    if (transfer !== undefined) multiplyComplex(a, transfer);
    for (let m = 0, i = 0; m < power.length; m++, i += 2) power[m] += a[i] * a[i] + a[i + 1] * a[i + 1];
    return a;
  });
  return {
    domain,
    components,
    transform,
    response,
    power,
    k2,
    kx,
    ky,
    real,
    spectrum,
    room,
  };
}

/** (mu0/2) e^(-kh) per mode; rows iy and -iy have the same. */
function verticalDecay(k2: Float64Array, padY: number, columns: number, h: number): Float64Array {
  const out = new Float64Array(k2.length);
  for (let iy = 0; 2 * iy <= padY; iy++) {
    const at = iy * columns;
    const mirror = ((padY - iy) % padY) * columns;
    for (let j = 0; j < columns; j++) {
      out[mirror + j] = out[at + j] = 0.5 * MU0 * Math.exp(-Math.sqrt(k2[at + j]) * h);
    }
  }
  return out;
}

/** a *= b, interleaved complex. */
function multiplyComplex(a: Float64Array, b: Float64Array): void {
  for (let m = 0; m < a.length; m += 2) {
    const re = a[m] * b[m] - a[m + 1] * b[m + 1];
    a[m + 1] = a[m] * b[m + 1] + a[m + 1] * b[m];
    a[m] = re;
  }
}

/** out = A_c psi~ for component c; both interleaved complex. */
export function applyResponse(model: SheetModel, c: number, psi: Float64Array, out: Float64Array): void {
  const a = model.response[c];
  for (let m = 0; m < a.length; m += 2) {
    const re = a[m];
    const im = a[m + 1];
    out[m] = re * psi[m] - im * psi[m + 1];
    out[m + 1] = re * psi[m + 1] + im * psi[m];
  }
}

/** out += conj(A_c) field~, the adjoint of {@link applyResponse}. */
export function addAdjointResponse(model: SheetModel, c: number, field: Float64Array, out: Float64Array): void {
  const a = model.response[c];
  for (let m = 0; m < a.length; m += 2) {
    const re = a[m];
    const im = a[m + 1];
    out[m] += re * field[m] + im * field[m + 1];
    out[m + 1] += re * field[m + 1] - im * field[m];
  }
}

/**
 * Field of component c, T, domain-shaped.
 * @param rows only the first so many rows are written; default all
 */
export function fieldOf(model: SheetModel, c: number, psi: Float64Array, out: Float64Array, rows?: number): void {
  applyResponse(model, c, psi, model.spectrum);
  model.transform.inverse(model.spectrum, out, rows, true);
}

/** |grad^p psi|^2 in Fourier space: k^(2p), the penalty of order p. Zero at k = 0. */
export function penalty(model: SheetModel, order: number): Float64Array {
  const out = model.k2.slice();
  for (let p = 1; p < order; p++) for (let m = 0; m < out.length; m++) out[m] *= model.k2[m];
  return out;
}

/** Cuts the window out of an array over the domain. */
export function crop(
  domain: Domain,
  padded: Float64Array,
  out = new Float64Array(domain.nx * domain.ny),
): Float64Array {
  const { nx, ny, padX } = domain;
  for (let iy = 0; iy < ny; iy++) out.set(padded.subarray(iy * padX, iy * padX + nx), iy * nx);
  return out;
}

/** Sheet current over the window, A/m. */
export interface SheetCurrent {
  kx: Float64Array;
  ky: Float64Array;
}

/** Stream function over the window, A. */
export function streamFunctionOf(model: SheetModel, psi: Float64Array): Float64Array {
  model.transform.inverse(psi, model.real, model.domain.ny);
  return crop(model.domain, model.real);
}

/** Kx = d psi/dy and Ky = -d psi/dx over the window, from the spectrum of psi. */
export function currentOf(model: SheetModel, psi: Float64Array): SheetCurrent {
  const { transform, real, spectrum, kx, ky, domain } = model;
  const { columns } = transform;
  const back = () => {
    transform.inverse(spectrum, real, domain.ny, true);
    return crop(domain, real);
  };
  for (let iy = 0, m = 0; iy < domain.padY; iy++) {
    const k = ky[iy];
    for (let j = 0; j < columns; j++, m += 2) {
      spectrum[m] = -k * psi[m + 1];
      spectrum[m + 1] = k * psi[m];
    }
  }
  const alongX = back();
  for (let iy = 0, m = 0; iy < domain.padY; iy++) {
    for (let j = 0; j < columns; j++, m += 2) {
      const k = kx[j];
      spectrum[m] = k * psi[m + 1];
      spectrum[m + 1] = -k * psi[m];
    }
  }
  return { kx: alongX, ky: back() };
}
