import { MU0 } from '../constants.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';

/**
 * Adds the field of a point dipole, B = (mu0 / 4 pi) (3 n (m . n) - m) / r^3 with n = r / |r| (Jackson, Classical
 * Electrodynamics, eq. 5.56 without its delta function).
 *
 * Sign: a moment along +z (an anticlockwise loop seen from +z) has Bz > 0 above and below it, Bz < 0 beside it.
 *
 * Singular point: at its own position the dipole contributes zero, like every source of this room on itself, so that a
 * lattice of dipoles can be evaluated at its own sites. (Zero is also the average of the expression over a small
 * sphere.)
 *
 * @param points n points, m
 * @param position of the dipole, m
 * @param moment_Am2 magnetic moment, A m^2
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length.
 */
export function dipoleField(points: Positions, position: Vector3, moment_Am2: Vector3, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const [x0, y0, z0] = position;
  const scale = MU0 / (4 * Math.PI);
  const mx = scale * moment_Am2[0];
  const my = scale * moment_Am2[1];
  const mz = scale * moment_Am2[2];
  for (let i = 0; i < n; i++) {
    const dx = x[i] - x0;
    const dy = y[i] - y0;
    const dz = z[i] - z0;
    const r2 = dx * dx + dy * dy + dz * dz;
    if (r2 === 0) continue;
    const inverse2 = 1 / r2;
    const inverse3 = inverse2 * Math.sqrt(inverse2);
    const along = 3 * inverse2 * (mx * dx + my * dy + mz * dz);
    bx[i] += inverse3 * (along * dx - mx);
    by[i] += inverse3 * (along * dy - my);
    bz[i] += inverse3 * (along * dz - mz);
  }
}
