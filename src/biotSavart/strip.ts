import { MU0 } from '../constants.js';
import { InputError } from '../errors.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';
import { coincidenceDistance, cross, requireFinite, requirePositive, snap, snapToEither, unit } from './geometry.js';
import { rectangleLogarithm, rectangleSolidAngle } from './sheetKernel.js';

/** A flat thin conductor of rectangular shape, anywhere in space: a tab, a busbar, a flat lead. */
export interface Strip {
  /** Middle of the end where the current enters, m. */
  readonly from: Vector3;
  /** Middle of the end where the current leaves, m. */
  readonly to: Vector3;
  /** Across the current, m, positive. */
  readonly width_m: number;
  /**
   * Normal of the strip's flat face, of any length and either sign. Only its part perpendicular to the current counts;
   * the width lies along normal x current.
   */
  readonly normal: Vector3;
}

/**
 * Adds the field of a flat strip of finite length whose current is uniform across the width and flows straight along
 * it.
 *
 * In the strip's own axes (t along the current, w across, n = t x w) and with K = current / width:
 *
 *     B = (mu0 K / 4 pi) (-Omega w + Lambda n)
 *
 * with Omega the solid angle of the strip and Lambda the integral of W / R^3 over it, W the w component of R; both in
 * closed form in `sheetKernel.ts`. It is the integral of the finite wire over the width.
 *
 * Sign: the right hand's thumb along the current; the current flowing to +x and the strip in the xy plane, By < 0
 * above.
 *
 * Singular points: in the strip's own plane B is along the normal (the mean of the two sides). The normal component
 * diverges logarithmically at the two long edges; on one of them, corners included, that edge contributes zero. A point
 * within rounding error of an edge or of the plane counts as on it.
 *
 * @param points n points, m
 * @param strip the conductor
 * @param current_A current from `from` to `to`, A
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length, the strip has no length or width, or the normal is along it.
 */
export function stripField(points: Positions, strip: Strip, current_A: number, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const { along, across, normal, length } = stripAxes(strip);
  const [tx, ty, tz] = along;
  const [wx, wy, wz] = across;
  const [nx, ny, nz] = normal;
  const { from, to, width_m } = strip;
  const cx = (from[0] + to[0]) / 2;
  const cy = (from[1] + to[1]) / 2;
  const cz = (from[2] + to[2]) / 2;
  const a = length / 2;
  const b = width_m / 2;
  const tolerance = coincidenceDistance(...from, ...to, width_m);
  const scale = ((MU0 / (4 * Math.PI)) * current_A) / width_m;
  for (let i = 0; i < n; i++) {
    const dx = x[i] - cx;
    const dy = y[i] - cy;
    const dz = z[i] - cz;
    const t = snapToEither(dx * tx + dy * ty + dz * tz, a, tolerance);
    const w = snapToEither(dx * wx + dy * wy + dz * wz, b, tolerance);
    const h = snap(dx * nx + dy * ny + dz * nz, 0, tolerance);
    const sideways = -scale * rectangleSolidAngle(t, w, h, a, b);
    const upward = scale * rectangleLogarithm(w, t, h, b, a);
    bx[i] += sideways * wx + upward * nx;
    by[i] += sideways * wy + upward * ny;
    bz[i] += sideways * wz + upward * nz;
  }
}

/**
 * Adds the field of the strip continued without end in both directions: the limit of {@link stripField}, with
 * Omega = 2 (angle that the width subtends) and Lambda = ln(rho1^2 / rho2^2) of the distances to the two edges.
 * Same signs and errors; on an edge the normal component, whose
 * own part diverges and whose other part has no limit for infinite length, is zero.
 */
export function infiniteStripField(points: Positions, strip: Strip, current_A: number, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const { across, normal } = stripAxes(strip);
  const [wx, wy, wz] = across;
  const [nx, ny, nz] = normal;
  const { from, to, width_m } = strip;
  const b = width_m / 2;
  const tolerance = coincidenceDistance(...from, ...to, width_m);
  const scale = ((MU0 / (4 * Math.PI)) * current_A) / width_m;
  for (let i = 0; i < n; i++) {
    const dx = x[i] - from[0];
    const dy = y[i] - from[1];
    const dz = z[i] - from[2];
    const w = snapToEither(dx * wx + dy * wy + dz * wz, b, tolerance);
    const h = snap(dx * nx + dy * ny + dz * nz, 0, tolerance);
    const solidAngle = h === 0 ? 0 : 2 * Math.atan2(width_m * h, (w + b) * (w - b) + h * h);
    const edge2 = (Math.abs(w) - b) ** 2 + h * h;
    const logarithm = edge2 === 0 ? 0 : Math.sign(w) * Math.log1p((4 * Math.abs(w) * b) / edge2);
    const sideways = -scale * solidAngle;
    const upward = scale * logarithm;
    bx[i] += sideways * wx + upward * nx;
    by[i] += sideways * wy + upward * ny;
    bz[i] += sideways * wz + upward * nz;
  }
}

/** The strip's right-handed axes and its length; n = along x across is the given normal made perpendicular. */
function stripAxes(strip: Strip): { along: Vector3; across: Vector3; normal: Vector3; length: number } {
  requirePositive(strip.width_m, 'width_m');
  requireFinite(strip.from, 'from');
  requireFinite(strip.to, 'to');
  const [x0, y0, z0] = strip.from;
  const [x1, y1, z1] = strip.to;
  const path: Vector3 = [x1 - x0, y1 - y0, z1 - z0];
  const along = unit(path, 'strip');
  const sideways = cross(unit(strip.normal, 'normal'), along);
  if (Math.hypot(...sideways) < 1e-9) {
    throw new InputError('the normal of the strip points along its current', {
      advice: 'give a normal that is perpendicular to the line between the two ends',
    });
  }
  const across = unit(sideways, 'strip');
  return { along, across, normal: cross(along, across), length: Math.hypot(...path) };
}
