import { MU0 } from '../constants.js';
import { type FieldVectors, type Positions, pointCount } from './buffers.js';
import { snap, snapToEither } from './geometry.js';
import { checkedTolerance, type Rectangle } from './rectangle.js';
import { rectangleLogarithm, rectangleSolidAngle } from './sheetKernel.js';

/**
 * Adds the field of a rectangle that carries the uniform sheet current density K = (kx, ky):
 *
 *     B = (mu0 / 4 pi) K x E = (mu0 / 4 pi) (ky Ez, -kx Ez, kx Ey - ky Ex)
 *
 * with E the integral of R / R^3 over the rectangle, in closed form in `sheetKernel.ts`; Ez is the solid angle. Just
 * above the sheet B tends to (mu0 / 2) (ky, -kx) in the plane, just below to the opposite.
 *
 * One rectangle alone is not a closed circuit: charge would pile up at two of its edges. Sums that carry the current on
 * are what a map of K or a conductor is made of.
 *
 * Singular points: in the sheet's own plane the in-plane components are zero, the mean of the two sides. Bz diverges
 * logarithmically at an edge along which the current flows; on that edge, corners included, the edge contributes zero,
 * so that adjoining rectangles with the same K make exactly the field of their union. A point within rounding error of
 * an edge or of the plane counts as on it.
 *
 * @param points n points, m
 * @param rectangle where the current flows
 * @param kx sheet current density along x, A/m
 * @param ky sheet current density along y, A/m
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length or a side is not positive.
 */
export function sheetField(points: Positions, rectangle: Rectangle, kx: number, ky: number, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const [cx, cy, cz] = rectangle.centre;
  const tolerance = checkedTolerance(rectangle);
  const a = rectangle.width_m / 2;
  const b = rectangle.height_m / 2;
  const sx = (MU0 / (4 * Math.PI)) * kx;
  const sy = (MU0 / (4 * Math.PI)) * ky;
  for (let i = 0; i < n; i++) {
    const u = snapToEither(x[i] - cx, a, tolerance);
    const v = snapToEither(y[i] - cy, b, tolerance);
    const h = snap(z[i] - cz, 0, tolerance);
    const ez = rectangleSolidAngle(u, v, h, a, b);
    bx[i] += sy * ez;
    by[i] -= sx * ez;
    // A sheet along an axis has no use for the other logarithm, and 0 times it is not worth its time.
    if (sx !== 0) bz[i] += sx * rectangleLogarithm(v, u, h, b, a);
    if (sy !== 0) bz[i] -= sy * rectangleLogarithm(u, v, h, a, b);
  }
}
