import { denseMatrix } from '../../forward/index.js';
import { plainAlgebra } from '../../linearAlgebra/index.js';
import { symmetricEigen } from '../symmetricEigen.js';

/** Readings of a map that take part, one entry per reading: where, and along which Cartesian axis (0, 1, 2). */
export interface MapReadings {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly axis: Uint8Array;
}

/** How like maps differ without a defect, in the unit of the maps. */
export interface Variation {
  /** Standard deviation of each reading about the reference's mean, but for the patterns. */
  readonly noise: Float64Array;
  /** Patterns in units of the noise, each of length 1 over the whole map, and the variance of their amount. */
  readonly patterns: readonly Float64Array[];
  readonly variances: readonly number[];
  /** Part of the readings that err independently, 0 to 1. */
  readonly independent: number;
}

/**
 * The departures that currents in the plane of the cell can make: orthonormal directions in the readings, whitened by the noise and
 * by what the reference varies anyway, so that every coordinate of a map without defect is a standard normal number.
 */
export interface DepartureSpace {
  readonly size: number;
  /** Variance that a random current gives each coordinate; they add up to 1. */
  readonly spectrum: Float64Array;
  /** Coordinates of a change of the map, in the map's unit. */
  coordinates(change: Float64Array): Float64Array;
  /**
   * Sum of squares of what no current in the plane explains, beyond what noise leaves in 999 of 1000 maps; 0 where there is no such
   * thing. In units of the noise.
   */
  beyond(change: Float64Array): number;
}

/** Pitch of the currents in standoffs, and how many there may be. */
const PITCH = 0.8;
const MOST = 220;
/** Directions with less than this part of the largest variance are left to the noise. */
const LEAST = 1e-5;
/** Standard deviations that one of a thousand exceeds. */
const RARE = 3.1;

/** @param standoff of the readings from the currents, which flow at the height z0, m */
export function departureSpace(
  readings: MapReadings,
  { noise, patterns, variances, independent }: Variation,
  z0: number,
  standoff: number,
): DepartureSpace {
  const count = readings.x.length;
  const columns = currentPatterns(readings, z0, standoff);
  const hats = columns.length / count;
  for (let i = 0; i < count; i++) for (let j = 0; j < hats; j++) columns[i * hats + j] /= noise[i];
  const gram = new Float64Array(hats * hats);
  plainAlgebra.addGram(columns, count, hats, gram);
  const { values, vectors } = symmetricEigen(gram, hats);
  let size = 0;
  while (size < hats && values[size] > LEAST * values[0]) size++;
  // Direction k of the readings: columns times vector k, of length 1.
  const turn = new Float64Array(hats * size);
  for (let j = 0; j < hats; j++)
    for (let k = 0; k < size; k++) turn[j * size + k] = vectors[j * hats + k] / Math.sqrt(values[k]);
  const directions = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < hats; j++) {
      const value = columns[i * hats + j];
      for (let k = 0; k < size; k++) directions[i * size + k] += value * turn[j * size + k];
    }
  }
  const project = (whitened: Float64Array) => {
    const out = new Float64Array(size);
    for (let i = 0; i < count; i++) {
      const value = whitened[i];
      for (let k = 0; k < size; k++) out[k] += value * directions[i * size + k];
    }
    return out;
  };
  const varied = patterns.map(project);
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    covariance[a * size + a] = 1;
    for (let b = 0; b <= a; b++) {
      varied.forEach((g, j) => {
        covariance[a * size + b] += Math.max(0, variances[j] - 1) * g[a] * g[b];
      });
    }
  }
  plainAlgebra.cholesky(covariance, size);
  const whiten = (coordinates: Float64Array) => {
    plainAlgebra.forwardSolve(covariance, size, coordinates, 1);
    return coordinates;
  };
  // Covariance of random currents in whitened coordinates, and its principal axes.
  const random = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const axis = new Float64Array(size);
    axis[k] = Math.sqrt(values[k]);
    whiten(axis);
    for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) random[a * size + b] += axis[a] * axis[b];
  }
  const principal = symmetricEigen(random, size);
  const total = principal.values.reduce((sum, v) => sum + Math.max(0, v), 0);
  const remainders = orthonormal(patterns.map((pattern, j) => without(pattern, directions, varied[j], size)));
  const whitened = (change: Float64Array) => change.map((v, i) => v / noise[i]);
  return {
    size,
    spectrum: principal.values.map(v => Math.max(v, 0) / total),
    coordinates(change) {
      const own = whiten(project(whitened(change)));
      const out = new Float64Array(size);
      for (let a = 0; a < size; a++) {
        const value = own[a];
        for (let k = 0; k < size; k++) out[k] += value * principal.vectors[a * size + k];
      }
      return out;
    },
    beyond(change) {
      const scaled = whitened(change);
      const left = without(scaled, directions, project(scaled), size);
      let energy = 0;
      for (const v of left) energy += v * v;
      for (const remainder of remainders) {
        let product = 0;
        for (let i = 0; i < count; i++) product += remainder[i] * left[i];
        energy -= product * product;
      }
      const degrees = independent * Math.max(1, count - size - remainders.length);
      return Math.max(0, energy - degrees - RARE * Math.sqrt(2 * degrees));
    },
  };
}

/** Field of a unit of stream function at each node of a lattice under the readings, readings x nodes. */
function currentPatterns({ x, y, z, axis }: MapReadings, z0: number, standoff: number): Float64Array {
  const [x0, x1, y0, y1] = [least(x), -least(x.map(v => -v)), least(y), -least(y.map(v => -v))];
  const pitch = Math.max(PITCH * standoff, Math.sqrt(((x1 - x0) * (y1 - y0)) / MOST));
  const [nx, ny] = [Math.floor((x1 - x0) / pitch) + 1, Math.floor((y1 - y0) / pitch) + 1];
  const lattice = { x0: (x0 + x1 - (nx - 1) * pitch) / 2, y0: (y0 + y1 - (ny - 1) * pitch) / 2, pitch, nx, ny };
  const along = (a: number) => Float64Array.from(axis, v => (v === a ? 1 : 0));
  return denseMatrix({ lattice, z0 }, { x, y, z, nx: along(0), ny: along(1), nz: along(2) }).matrix;
}

function least(values: Float64Array): number {
  return values.reduce((low, v) => Math.min(low, v), Number.POSITIVE_INFINITY);
}

function without(
  values: Float64Array,
  directions: Float64Array,
  coordinates: Float64Array,
  size: number,
): Float64Array {
  return values.map((v, i) => {
    let sum = v;
    for (let k = 0; k < size; k++) sum -= coordinates[k] * directions[i * size + k];
    return sum;
  });
}

/** Gram-Schmidt; what is nothing but rounding is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const out: Float64Array[] = [];
  for (const vector of vectors) {
    const own = vector.slice();
    for (const other of out) {
      const product = own.reduce((sum, v, i) => sum + v * other[i], 0);
      for (let i = 0; i < own.length; i++) own[i] -= product * other[i];
    }
    const norm = Math.sqrt(own.reduce((sum, v) => sum + v * v, 0));
    if (norm > 1e-6) out.push(own.map(v => v / norm));
  }
  return out;
}
