import { InputError } from '../../src/errors.js';
import type { Vector3 } from '../../src/model/rig.js';
import { gaussNewton } from './gaussNewton.js';
import { studentFactor } from './student.js';

/** Gain, orthogonality and offset of one element. */
export interface EllipsoidFit {
  /** Symmetric: the rotation is not seen. */
  readonly gain: Vector3[];
  readonly gainErrors: Vector3[];
  /** T, along the channels. */
  readonly offset: Vector3;
  readonly offsetErrors: Vector3;
  /** Size of the field, T: what was given, or what makes the mean of the three gains 1. */
  readonly field: number;
  /** Root mean square of |M (v - o)| - field, T. */
  readonly residual: number;
  readonly readings: number;
  /** |M (v - o)| - field of each reading, T. */
  readonly left: Float64Array;
}

/** Fewer readings do not fix nine numbers. */
const FEWEST = 12;
/** Errors of gains beyond this say that the rotations did not cover the sphere. */
const WORST = 0.05;

/**
 * The ellipsoid fit: in a uniform field of constant size the readings of a turned sensor lie on an ellipsoid, which M takes
 * to a sphere about the offset, |M (v - o)| = F. Minimises the sum of (|M (v - o)| - F)^2 over a symmetric M and o; an
 * M with a rotation before it would serve as well, so the rotation is another measurement's business. Where F is not known
 * the mean of the diagonal of M is 1.
 * @param x, y, z readings of the three channels, T
 * @param field size of the field, T, where it is known
 * @throws {InputError} for too few readings, and where the rotations do not cover the sphere
 */
export function ellipsoidFit(x: Float64Array, y: Float64Array, z: Float64Array, field?: number): EllipsoidFit {
  const n = x.length;
  if (n < FEWEST) {
    throw new InputError(`${n} readings do not fix gain and offset`, {
      advice: `take ${FEWEST} or more, turned about all axes`,
    });
  }
  const middle = (values: Float64Array) => (Math.min(...values) + Math.max(...values)) / 2;
  const centre: Vector3 = [middle(x), middle(y), middle(z)];
  let radius = 0;
  for (let i = 0; i < n; i++) radius += Math.hypot(x[i] - centre[0], y[i] - centre[1], z[i] - centre[2]) / n;
  const size = field ?? radius;
  const start = size / radius;
  const residuals = (p: Float64Array, out: Float64Array) => {
    for (let i = 0; i < n; i++) {
      const [u, v, w] = [x[i] - p[6] * radius, y[i] - p[7] * radius, z[i] - p[8] * radius];
      out[i] =
        Math.hypot(p[0] * u + p[3] * v + p[4] * w, p[3] * u + p[1] * v + p[5] * w, p[4] * u + p[5] * v + p[2] * w) -
        size;
    }
  };
  const fit = gaussNewton(n, residuals, {
    start: [start, start, start, 0, 0, 0, ...centre.map(v => v / radius)],
    scale: new Array<number>(9).fill(1e-4),
  });
  if (fit === undefined || !(Math.max(...fit.errors.subarray(0, 6)) < WORST)) {
    throw new InputError('the rotations do not fix gain and offset', {
      advice: 'turn the sensor about all three axes, over the whole sphere, away from iron',
    });
  }
  const { values: p } = fit;
  const e = fit.errors.map(error => error * studentFactor(fit.degrees));
  const scale = field === undefined ? 3 / (p[0] + p[1] + p[2]) : 1;
  const symmetric = (v: Float64Array, f: number): Vector3[] => [
    [f * v[0], f * v[3], f * v[4]],
    [f * v[3], f * v[1], f * v[5]],
    [f * v[4], f * v[5], f * v[2]],
  ];
  const left = new Float64Array(n);
  residuals(p, left);
  return {
    gain: symmetric(p, scale),
    gainErrors: symmetric(e, scale),
    offset: [p[6] * radius, p[7] * radius, p[8] * radius],
    offsetErrors: [e[6] * radius, e[7] * radius, e[8] * radius],
    field: scale * size,
    residual: scale * fit.residual,
    readings: n,
    left: left.map(v => scale * v),
  };
}
