import { InputError } from '../errors.js';
import { solveSmall } from '../linearAlgebra/smallSystem.js';

/**
 * Where a picture lies in the plane: x = a u + b v + c, y = d u + e v + f, in m, of the pixel in column u and row v, both from
 * 0 and counted at the pixels' centres; row 0 is on top. So a picture that is not mirrored has a determinant below zero.
 */
export type PlaneMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface PointPair {
  /** Column and row in the picture. */
  readonly u: number;
  readonly v: number;
  /** In the plane, m. */
  readonly x: number;
  readonly y: number;
}

export function toPlaneX([a, b, c]: PlaneMap, u: number, v: number): number {
  return a * u + b * v + c;
}

export function toPlaneY([, , , d, e, f]: PlaneMap, u: number, v: number): number {
  return d * u + e * v + f;
}

/** From the plane to the picture. @throws {InputError} where the map flattens the picture */
export function inversePlaneMap([a, b, c, d, e, f]: PlaneMap): PlaneMap {
  const det = a * e - b * d;
  if (!(Math.abs(det) > 0)) {
    throw new InputError('the picture has no extent in the plane', { advice: 'choose points that are farther apart' });
  }
  return [e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det];
}

/** The side of a pixel in the plane, m: the root of its area. */
export function pixelSide([a, b, , d, e]: PlaneMap): number {
  return Math.sqrt(Math.abs(a * e - b * d));
}

/** A turn (rad), a scale and a shift (m) of the plane about a centre, after the map. */
export function movedMap(
  map: PlaneMap,
  centre: readonly [number, number],
  {
    shift,
    angle,
    scale,
  }: { readonly shift: readonly [number, number]; readonly angle: number; readonly scale: number },
): PlaneMap {
  const [a, b, c, d, e, f] = map;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [x, y] = [c - centre[0], f - centre[1]];
  return [
    cos * a - sin * d,
    cos * b - sin * e,
    centre[0] + cos * x - sin * y + shift[0],
    sin * a + cos * d,
    sin * b + cos * e,
    centre[1] + sin * x + cos * y + shift[1],
  ];
}

export interface PointFit {
  readonly map: PlaneMap;
  /** Root mean square distance of the points from where the fit puts them, m. Zero where nothing is left over. */
  readonly rms: number;
}

/**
 * The similarity (turn, one scale, shift; from two pairs) or the affine map (from three pairs) that lays the picture's points
 * over those of the plane, by least squares. The similarity does not mirror: rows go down where y goes up.
 * @throws {InputError} with too few pairs, or where they coincide or lie on one line
 */
export function fitPoints(pairs: readonly PointPair[], kind: 'similarity' | 'affine'): PointFit {
  const least = kind === 'affine' ? 3 : 2;
  if (pairs.length < least) {
    throw new InputError(`${pairs.length} pairs of points are too few`, { advice: `give at least ${least}` });
  }
  const n = kind === 'affine' ? 6 : 4;
  const [mu, mv] = [mean(pairs.map(p => p.u)), mean(pairs.map(p => p.v))];
  const [mx, my] = [mean(pairs.map(p => p.x)), mean(pairs.map(p => p.y))];
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  const add = (row: readonly number[], value: number) => {
    for (let i = 0; i < n; i++) {
      right[i] += row[i] * value;
      for (let j = 0; j < n; j++) matrix[i * n + j] += row[i] * row[j];
    }
  };
  for (const pair of pairs) {
    const [u, v, x, y] = [pair.u - mu, pair.v - mv, pair.x - mx, pair.y - my];
    if (kind === 'affine') {
      add([u, v, 1, 0, 0, 0], x);
      add([0, 0, 0, u, v, 1], y);
    } else {
      add([u, v, 1, 0], x);
      add([-v, u, 0, 1], y);
    }
  }
  const found = solveSmall(matrix, n, right, 1);
  if (found === undefined) {
    throw new InputError('the points coincide or lie on one line', { advice: 'choose points that are farther apart' });
  }
  const [a, b, c, d, e, f] = kind === 'affine' ? found : [found[0], found[1], found[2], found[1], -found[0], found[3]];
  const map: PlaneMap = [a, b, c + mx - a * mu - b * mv, d, e, f + my - d * mu - e * mv];
  const square = pairs.reduce(
    (sum, p) => sum + (toPlaneX(map, p.u, p.v) - p.x) ** 2 + (toPlaneY(map, p.u, p.v) - p.y) ** 2,
    0,
  );
  return { map, rms: Math.sqrt(square / pairs.length) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
