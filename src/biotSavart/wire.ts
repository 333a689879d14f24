import { MU0 } from '../constants.js';
import { InputError } from '../errors.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';
import { coincidenceDistance } from './geometry.js';

/**
 * Adds the field of a straight thin wire of finite length.
 *
 * With L = b - a, ra = r - a, rb = r - b:
 *
 *     B = (mu0 I / 4 pi)  (L x ra)  (|ra| + |rb|) / (|ra| |rb| (|ra| |rb| + ra . rb))
 *
 * which is the textbook difference of two sines (Griffiths, Introduction to Electrodynamics, eq. 5.37) without its
 * cancellation: the relative error stays at the rounding level for short wires seen from far away. Beside the wire,
 * where ra . rb < 0, the denominator is rationalised with (|ra||rb|)^2 - (ra . rb)^2 = |L x ra|^2.
 *
 * Sign: the current flows from `a` to `b`; the right hand's thumb along it, the fingers along B. A single wire that
 * does not close is not a physical circuit (its field has a curl); only sums over closed paths obey Ampere's law.
 *
 * Singular points: on the wire, ends included, it contributes zero (the principal value: the field is odd across it);
 * on its extension beyond the ends the field is zero. A wire of no length contributes zero.
 *
 * @param points n points, m
 * @param a start of the wire, m
 * @param b end of the wire, m
 * @param current_A current from `a` to `b`, A
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length.
 */
export function wireField(points: Positions, a: Vector3, b: Vector3, current_A: number, out: FieldVectors): void {
  pointCount(points, out);
  addSegment(points, a[0], a[1], a[2], b[0], b[1], b[2], current_A, out);
}

/**
 * Adds the field of a thin wire that runs straight from vertex to vertex: the sum of {@link wireField} over its
 * segments. Repeat the first vertex at the end to close it. On a segment that segment contributes zero, the others what
 * they do.
 *
 * @param points n points, m
 * @param vertices at least two points in the order of the current, m; fewer make no field
 * @param current_A current along the path, A
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length.
 */
export function polylineField(points: Positions, vertices: Positions, current_A: number, out: FieldVectors): void {
  pointCount(points, out);
  const { x, y, z } = vertices;
  if (y.length !== x.length || z.length !== x.length) {
    throw new InputError(`the path has ${x.length} x, ${y.length} y and ${z.length} z coordinates`);
  }
  for (let i = 1; i < x.length; i++) {
    addSegment(points, x[i - 1], y[i - 1], z[i - 1], x[i], y[i], z[i], current_A, out);
  }
}

function addSegment(
  points: Positions,
  ax: number,
  ay: number,
  az: number,
  bx: number,
  by: number,
  bz: number,
  current_A: number,
  out: FieldVectors,
): void {
  const { x, y, z } = points;
  const { bx: outX, by: outY, bz: outZ } = out;
  const n = x.length;
  const lx = bx - ax;
  const ly = by - ay;
  const lz = bz - az;
  const scale = (MU0 / (4 * Math.PI)) * current_A;
  const onWire = (coincidenceDistance(ax, ay, az, bx, by, bz) * Math.hypot(lx, ly, lz)) ** 2;

  for (let i = 0; i < n; i++) {
    const px = x[i] - ax;
    const py = y[i] - ay;
    const pz = z[i] - az;
    const qx = x[i] - bx;
    const qy = y[i] - by;
    const qz = z[i] - bz;
    // L x ra rather than ra x rb: the latter cancels when the wire is short and far away.
    const cx = ly * pz - lz * py;
    const cy = lz * px - lx * pz;
    const cz = lx * py - ly * px;
    const ra = Math.sqrt(px * px + py * py + pz * pz);
    const rb = Math.sqrt(qx * qx + qy * qy + qz * qz);
    const product = ra * rb;
    const dot = px * qx + py * qy + pz * qz;
    let factor: number;
    if (dot > 0) {
      factor = (ra + rb) / (product * (product + dot));
    } else {
      const cross2 = cx * cx + cy * cy + cz * cz;
      if (cross2 <= onWire) continue;
      factor = ((ra + rb) * (product - dot)) / (product * cross2);
    }
    factor *= scale;
    outX[i] += factor * cx;
    outY[i] += factor * cy;
    outZ[i] += factor * cz;
  }
}
