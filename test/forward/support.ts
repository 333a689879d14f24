import {
  convolutionOperator,
  directReadings,
  type ForwardOptions,
  type Lattice,
  type LinearOperator,
  type Readings,
  type Sheet,
} from '../../src/forward/index.js';
import { type Random, random } from '../../src/random.js';

/** Property tests draw the same cases in every run. */
export const SEEDED = { seed: 20_240_229, numRuns: 30 };

export const normals = (n: number, rng: Random) => Float64Array.from({ length: n }, () => rng.normal());

/** |<A x, y> - <x, A^T y>| over |A x| |y|, for random x and y. */
export function dotTest(operator: LinearOperator, seed: number): number {
  const rng = random(seed);
  const x = normals(operator.columns, rng);
  const y = normals(operator.rows, rng);
  const ax = new Float64Array(operator.rows).fill(Number.NaN);
  const aty = new Float64Array(operator.columns).fill(Number.NaN);
  operator.apply(x, ax);
  operator.applyTranspose(y, aty);
  return Math.abs(dot(ax, y) - dot(x, aty)) / Math.sqrt(dot(ax, ax) * dot(y, y));
}

export const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
export const largest = (a: Float64Array) => a.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
export const difference = (a: Float64Array, b: Float64Array) => a.map((v, i) => v - b[i]);

/** A lattice whose centre is the origin. */
export function centred(nx: number, ny: number, pitch: number): Lattice {
  return { x0: (-(nx - 1) / 2) * pitch, y0: (-(ny - 1) / 2) * pitch, pitch, nx, ny };
}

export type Point = readonly [x: number, y: number, z: number];

/** Bx, By and Bz at every point: three readings each, in this order. */
export function vectorReadings(points: readonly Point[]): Readings {
  const column = (f: (point: Point, c: number) => number) =>
    Float64Array.from(points.flatMap(point => [0, 1, 2].map(c => f(point, c))));
  return {
    x: column(p => p[0]),
    y: column(p => p[1]),
    z: column(p => p[2]),
    nx: column((_, c) => (c === 0 ? 1 : 0)),
    ny: column((_, c) => (c === 1 ? 1 : 0)),
    nz: column((_, c) => (c === 2 ? 1 : 0)),
  };
}

/** Points spread evenly over a box about (0, 0), sides 2 halfX and 2 halfY, heights between lowest and highest. */
export function scattered(
  n: number,
  halfX: number,
  halfY: number,
  lowest: number,
  highest: number,
  rng: Random,
): Point[] {
  return Array.from({ length: n }, () => [
    halfX * (2 * rng.uniform() - 1),
    halfY * (2 * rng.uniform() - 1),
    lowest + (highest - lowest) * rng.uniform(),
  ]);
}

/** A sum of Gaussian bumps of either sign, A, 1.5 to 3 pitches wide, that fade out within the lattice: smooth. */
export function bumps(lattice: Lattice, rng: Random): Float64Array {
  const { nx, ny } = lattice;
  const psi = new Float64Array(nx * ny);
  for (let k = 0; k < 8; k++) {
    const sigma = 1.5 * (1 + rng.uniform() * Math.min(1, Math.min(nx, ny) / 36 - 0.5));
    const cx = (nx - 1) / 2 + (nx / 2 - 6 * sigma) * (2 * rng.uniform() - 1);
    const cy = (ny - 1) / 2 + (ny / 2 - 6 * sigma) * (2 * rng.uniform() - 1);
    const height = rng.normal();
    for (let iy = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++) {
        psi[iy * nx + ix] += height * Math.exp(-((ix - cx) ** 2 + (iy - cy) ** 2) / (2 * sigma * sigma));
      }
    }
  }
  return psi;
}

/** The readings of psi, by convolution and by direct summation. */
export function both(sheet: Sheet, readings: Readings, psi: Float64Array, options: ForwardOptions = {}) {
  const fast = new Float64Array(readings.x.length).fill(Number.NaN);
  const direct = new Float64Array(readings.x.length);
  convolutionOperator(sheet, readings, options).apply(psi, fast);
  directReadings(sheet, readings, psi, direct, options);
  return { fast, direct };
}

/** Largest error of the convolution as a fraction of the largest field. */
export function interpolationError(sheet: Sheet, readings: Readings, psi: Float64Array, options: ForwardOptions = {}) {
  const { fast, direct } = both(sheet, readings, psi, options);
  return largest(difference(fast, direct)) / largest(direct);
}
