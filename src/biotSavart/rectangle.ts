import { MU0 } from '../constants.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';
import { coincidenceDistance, requireFinite, requirePositive, snap, snapToEither } from './geometry.js';
import { rectangleLoopKernel } from './rectangleLoopKernel.js';

/** A rectangle in a plane z = const with sides along x and y: a current loop, a pixel, a magnetised tile or a sheet. */
export interface Rectangle {
  /** m */
  readonly centre: Vector3;
  /** Side along x, m, positive. */
  readonly width_m: number;
  /** Side along y, m, positive. */
  readonly height_m: number;
}

/** The rectangle between two opposite corners (m, in any order) at height z (m). */
export function rectangleBetween(x1: number, y1: number, x2: number, y2: number, z: number): Rectangle {
  return { centre: [(x1 + x2) / 2, (y1 + y2) / 2, z], width_m: Math.abs(x2 - x1), height_m: Math.abs(y2 - y1) };
}

/**
 * Adds the field of a thin wire along the outline of a rectangle.
 *
 * Formula, accuracy and singular points (an edge contributes zero on itself; in the loop's plane B is along z): see
 * {@link rectangleLoopKernel}. A point within rounding error of an edge or of the plane counts as on it.
 *
 * @param points n points, m
 * @param rectangle the loop's outline
 * @param current_A current, anticlockwise seen from +z, A; Bz is then positive inside and above
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length or a side is not positive.
 */
export function rectangleLoopField(
  points: Positions,
  rectangle: Rectangle,
  current_A: number,
  out: FieldVectors,
): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const [cx, cy, cz] = rectangle.centre;
  const tolerance = checkedTolerance(rectangle);
  const a = rectangle.width_m / 2;
  const b = rectangle.height_m / 2;
  const scale = (MU0 / (4 * Math.PI)) * current_A;
  const kernel = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    const u = snapToEither(x[i] - cx, a, tolerance);
    const v = snapToEither(y[i] - cy, b, tolerance);
    const h = snap(z[i] - cz, 0, tolerance);
    rectangleLoopKernel(u, v, h, a, b, kernel, 0);
    bx[i] += scale * kernel[0];
    by[i] += scale * kernel[1];
    bz[i] += scale * kernel[2];
  }
}

/**
 * Adds the field of a thin tile that is uniformly magnetised along +z. Its bound current runs along the rim, so it is
 * the field of {@link rectangleLoopField} with the moment per area for the current (Griffiths, Introduction to
 * Electrodynamics, sec. 6.2); a layer of thickness t and magnetisation M along z has the moment per area M t.
 *
 * @param points n points, m
 * @param rectangle the tile
 * @param momentPerArea_A magnetic moment per area, A m^2 / m^2 = A
 * @param out n field vectors, T, added to; in the tile's own plane this is the field of the rim, finite inside
 * @throws {InputError} if the arrays differ in length or a side is not positive.
 */
export function magnetisedTileField(
  points: Positions,
  rectangle: Rectangle,
  momentPerArea_A: number,
  out: FieldVectors,
): void {
  rectangleLoopField(points, rectangle, momentPerArea_A, out);
}

/**
 * Checks a rectangle and returns the distance (m) within which a point counts as on its edges or in its plane.
 * @throws {InputError} if a side is not positive or the centre not finite.
 */
export function checkedTolerance(rectangle: Rectangle): number {
  requireFinite(rectangle.centre, 'centre');
  requirePositive(rectangle.width_m, 'width_m');
  requirePositive(rectangle.height_m, 'height_m');
  return coincidenceDistance(...rectangle.centre, rectangle.width_m, rectangle.height_m);
}
