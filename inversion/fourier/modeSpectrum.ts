import { columnWeight } from '../../src/transforms/index.js';
import type { Spectrum } from '../regularisation/filteredSpectrum.js';
import type { WindowData } from './missingData.js';
import { addAdjointResponse, type SheetModel } from './sheetModel.js';
import { taperedSpectrum } from './taperedSpectrum.js';

/** Modes with nearly the same generalised singular value act alike and are counted together: 2 % per bin. */
const BINS_PER_DECADE = 100;
/** Values this far below the largest are never fitted: their energy stays in the residual whatever lambda is. */
const DECADES = 18;
/** A response with less than this power, T^2/A^2, counts as none: the squares of its products with readings underflow. */
const LEAST_POWER = 1e-200;

/** How the energy of the readings is shared among the modes of a model, in units of the field squared. */
export interface ModeEnergy {
  /** Energy that the sheet can reach, per mode of the half spectrum, its mirror image included. */
  readonly reached: Float64Array;
  /** Energy per component of the modes to which it does not respond (the Nyquist wave numbers). */
  readonly other: number;
}

/**
 * Energy of the readings per mode. The rules for lambda need the spectrum of the readings as if the window had no rim;
 * what fills the outside would enter their score, and a model that fills it itself makes them follow the noise (on a
 * periodic model of a truncated window GCV fails by large factors). So the window is tapered, as for any spectral
 * estimate: by a raised cosine over an eighth of its length at each end (Tukey), the mean removed, the energy rescaled. White
 * noise stays white, and a structure small against the window keeps its wave number.
 *
 * In each mode the components span a small space of which the sheet reaches one direction, A~ / |A~|. Only the readings'
 * share along it enters, one number per mode: the taper leaks into the other directions.
 * @param model on a domain not smaller than the window
 * @param whole readings of each component, window-shaped, gaps filled
 */
export function modeEnergy(model: SheetModel, whole: readonly Float64Array[]): ModeEnergy {
  const { transform, power, domain } = model;
  const { nx, ny, padX } = domain;
  const { columns } = transform;
  const [alongX, alongY] = [taper(nx), taper(ny)];
  const sum = (values: Float64Array, power: number) => values.reduce((total, v) => total + v ** power, 0);
  const square = sum(alongX, 2) * sum(alongY, 2);
  const projected = new Float64Array(transform.spectrumLength);
  let other = 0;
  for (let c = 0; c < whole.length; c++) {
    const values = whole[c];
    let mean = 0;
    for (let iy = 0, w = 0; iy < ny; iy++) {
      let line = 0;
      for (let ix = 0; ix < nx; ix++, w++) line += values[w] * alongX[ix];
      mean += line * alongY[iy];
    }
    mean /= sum(alongX, 1) * sum(alongY, 1);
    const b = taperedSpectrum(model, values, mean, alongX, alongY);
    addAdjointResponse(model, c, b, projected);
    for (let m = 0; m < power.length; m++) {
      if (power[m] >= LEAST_POWER) continue;
      other += columnWeight(padX, m % columns) * (b[2 * m] ** 2 + b[2 * m + 1] ** 2);
    }
  }
  const scale = (nx * ny) / square / (padX * domain.padY);
  const reached = new Float64Array(power.length);
  for (let iy = 0, m = 0; iy < domain.padY; iy++) {
    for (let j = 0; j < columns; j++, m++) {
      if (power[m] < LEAST_POWER) continue;
      const [re, im] = [projected[2 * m], projected[2 * m + 1]];
      reached[m] = (columnWeight(padX, j) * scale * (re * re + im * im)) / power[m];
    }
  }
  return { reached, other: (other * scale) / whole.length };
}

/** A Tukey window: 1 in the middle, a raised cosine over an eighth of the length at both ends. */
function taper(n: number): Float64Array {
  const edge = n / 8;
  return Float64Array.from({ length: n }, (_, i) => {
    const distance = Math.min(i, n - 1 - i) + 0.5;
    return distance < edge ? 0.5 * (1 - Math.cos((Math.PI * distance) / edge)) : 1;
  });
}

/**
 * The spectrum for the rules that choose lambda: s^2 = |A|^2 / L of every mode, those with nearly the same value counted
 * together; counts and energies are those of the window, whatever the domain's size.
 */
export function modeSpectrum(
  model: SheetModel,
  penalty: Float64Array,
  { reached, other }: ModeEnergy,
  data: WindowData,
): Spectrum {
  const { power, domain, transform } = model;
  let top = 0;
  for (let m = 0; m < power.length; m++) if (power[m] > 0) top = Math.max(top, power[m] / penalty[m]);
  const scale = BINS_PER_DECADE / Math.LN10;
  const energy = new Float64Array(BINS_PER_DECADE * DECADES);
  const multiplicity = new Float64Array(BINS_PER_DECADE * DECADES);
  let outside = other;
  const { columns } = transform;
  const bins = new Int32Array(power.length);
  for (let iy = 0, m = 0; iy < domain.padY; iy++) {
    for (let j = 0; j < columns; j++, m++) {
      if (power[m] === 0) continue;
      // A mode and its mirror image act alike, unless a sensor's response is lopsided; logarithms cost time.
      const mirror = (domain.padY - iy) * columns + j;
      const known = 2 * iy > domain.padY && power[mirror] === power[m] && penalty[mirror] === penalty[m];
      const bin = known ? bins[mirror] : Math.max(0, Math.floor(-Math.log(power[m] / penalty[m] / top) * scale));
      bins[m] = bin;
      if (bin >= energy.length) {
        outside += reached[m];
        continue;
      }
      energy[bin] += reached[m];
      multiplicity[bin] += columnWeight(domain.padX, j);
    }
  }
  const full: number[] = [];
  for (let b = 0; b < energy.length; b++) if (multiplicity[b] > 0) full.push(b);
  const perMode = data.count / (domain.padX * domain.padY);
  return {
    values: Float64Array.from(full, b => top * Math.exp(-(b + 0.5) / scale)),
    energy: Float64Array.from(full, b => energy[b]),
    multiplicity: Float64Array.from(full, b => multiplicity[b] * perMode),
    outside,
    count: data.count - 1,
  };
}
