import { MU0 } from '../constants.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';
import { coincidenceDistance, requireFinite, requirePositive, snapToEither } from './geometry.js';
import { prismKernel } from './prismKernel.js';

/** A rectangular block with its sides along x, y and z, m. */
export interface Prism {
  readonly centre: Vector3;
  /** Full lengths along x, y and z, positive. */
  readonly sides: Vector3;
}

/**
 * Adds the field of a uniformly magnetised prism, inside and out: B = mu0 (H + M inside), H = T M / (4 pi) with the tensor of
 * {@link prismKernel}. On a face B is the mean of its two sides (its normal component is continuous); a point within rounding
 * error of a face counts as on it.
 *
 * @param points n points, m
 * @param magnetisation_A_per_m A/m; a susceptibility chi much below 1 in a field B0 has M = chi B0 / mu0
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length or a side is not positive.
 */
export function prismField(points: Positions, prism: Prism, magnetisation_A_per_m: Vector3, out: FieldVectors): void {
  const n = pointCount(points, out);
  requireFinite(prism.centre, 'centre');
  requireFinite(magnetisation_A_per_m, 'magnetisation');
  for (const side of prism.sides) requirePositive(side, 'sides');
  const [cx, cy, cz] = prism.centre;
  const [a, b, c] = prism.sides.map(side => side / 2);
  const tolerance = coincidenceDistance(...prism.centre, ...prism.sides);
  const [mx, my, mz] = magnetisation_A_per_m;
  const tensor = new Float64Array(6);
  for (let i = 0; i < n; i++) {
    const u = snapToEither(points.x[i] - cx, a, tolerance);
    const v = snapToEither(points.y[i] - cy, b, tolerance);
    const w = snapToEither(points.z[i] - cz, c, tolerance);
    prismKernel(u, v, w, a, b, c, tensor, 0);
    const [xx, yy, zz, xy, xz, yz] = tensor;
    const inside = 4 * Math.PI * within(u, a) * within(v, b) * within(w, c);
    const scale = MU0 / (4 * Math.PI);
    out.bx[i] += scale * ((xx + inside) * mx + xy * my + xz * mz);
    out.by[i] += scale * (xy * mx + (yy + inside) * my + yz * mz);
    out.bz[i] += scale * (xz * mx + yz * my + (zz + inside) * mz);
  }
}

/** 1 inside, 0 outside, one half on the face. */
function within(u: number, a: number): number {
  const distance = Math.abs(u) - a;
  return distance < 0 ? 1 : distance > 0 ? 0 : 0.5;
}
