import { InputError } from '../errors.js';
import { outlineFault } from './outlineFault.js';

/** A point on the cell's face, m. */
export type Point = readonly [x: number, y: number];

/** A simple polygon. Lengths along it ("arcs") are measured anticlockwise from its first corner. */
export interface Outline {
  /** x0, y0, x1, y1, ... of the n corners, m, anticlockwise; the last is joined to the first. */
  readonly corners: Float64Array;
  /** Arc of each corner, m, ascending from 0, and the perimeter behind them: length n + 1. */
  readonly arcs: Float64Array;
}

/** An axis-aligned box, m. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A point closer than this to the outline lies on it, m: rounding of decimal millimetres, far below any part. */
const ON_OUTLINE = 1e-9;

/**
 * The outline with the given corners, m. Clockwise corners are turned round (their order carries no meaning); the first
 * corner stays the first.
 * @throws {InputError} for fewer than three corners, repeated corners, edges that cross or touch, no area.
 */
export function polygonOutline(points: readonly Point[]): Outline {
  const fault = outlineFault(points);
  if (fault !== undefined) throw new InputError(fault.message, { advice: fault.advice });
  const ordered = signedArea(points) > 0 ? points : [points[0], ...points.slice(1).reverse()];
  const n = ordered.length;
  const corners = Float64Array.from(ordered.flat());
  const arcs = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    arcs[i + 1] = arcs[i] + Math.hypot(ordered[j][0] - ordered[i][0], ordered[j][1] - ordered[i][1]);
  }
  return { corners, arcs };
}

/** The rectangle from the origin to (width, height), m. @throws {InputError} as {@link polygonOutline}. */
export function rectangleOutline(width: number, height: number): Outline {
  return polygonOutline(rectangleCorners(width, height));
}

/** The corners of {@link rectangleOutline}, anticlockwise from the lower left. */
export function rectangleCorners(width: number, height: number): Point[] {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

/** Number of corners, and of edges; edge i runs from corner i to the next. */
export function cornerCount(outline: Outline): number {
  return outline.corners.length / 2;
}

/** Corner i, m. */
export function cornerAt({ corners }: Outline, i: number): Point {
  return [corners[2 * i], corners[2 * i + 1]];
}

/** Area, m^2, positive. */
export function outlineArea(outline: Outline): number {
  return signedArea(Array.from({ length: cornerCount(outline) }, (_, i) => cornerAt(outline, i)));
}

/** Length of the whole outline, m. */
export function perimeter({ arcs }: Outline): number {
  return arcs[arcs.length - 1];
}

/** The smallest box that holds the outline, m. */
export function boundingBox({ corners }: Outline): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < corners.length; i += 2) {
    x0 = Math.min(x0, corners[i]);
    x1 = Math.max(x1, corners[i]);
    y0 = Math.min(y0, corners[i + 1]);
    y1 = Math.max(y1, corners[i + 1]);
  }
  return { x0, y0, x1, y1 };
}

/**
 * Whether (x, y), m, lies inside; the outline itself, within `tolerance`, counts as inside. Counts the edges that a ray
 * to +x crosses; near an edge, where rounding could miscount, the tolerance has already decided.
 */
export function contains({ corners }: Outline, x: number, y: number, tolerance = ON_OUTLINE): boolean {
  const n = corners.length;
  let inside = false;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
    const ax = corners[j] - x;
    const ay = corners[j + 1] - y;
    const bx = corners[i] - x;
    const by = corners[i + 1] - y;
    if (squaredDistance(ax, ay, bx, by, nearestParameter(ax, ay, bx, by)) <= tolerance * tolerance) return true;
    if (ay > 0 !== by > 0 && (ax * by - ay * bx) * (by - ay) > 0) inside = !inside;
  }
  return inside;
}

/** Distance of (x, y) to the outline, m, never negative, inside as outside. */
export function distanceToOutline(outline: Outline, x: number, y: number): number {
  return nearest(outline, x, y).distance;
}

/**
 * Arc of the point of the outline that is nearest to (x, y), m, in [0, perimeter). Where several are equally near, the
 * smallest arc.
 */
export function arcLength(outline: Outline, x: number, y: number): number {
  return nearest(outline, x, y).arc;
}

/** The point at an arc, m; arcs beyond one turn go on round. */
export function pointAt(outline: Outline, arc: number): Point {
  const { corners, arcs } = outline;
  const n = arcs.length - 1;
  const s = wrapArc(outline, arc);
  let edge = 0;
  for (let above = n; above - edge > 1; ) {
    const middle = (edge + above) >> 1;
    if (arcs[middle] <= s) edge = middle;
    else above = middle;
  }
  const next = (edge + 1) % n;
  const t = (s - arcs[edge]) / (arcs[edge + 1] - arcs[edge]);
  return [
    corners[2 * edge] * (1 - t) + corners[2 * next] * t,
    corners[2 * edge + 1] * (1 - t) + corners[2 * next + 1] * t,
  ];
}

/** The same arc in [0, perimeter). */
export function wrapArc(outline: Outline, arc: number): number {
  const turn = perimeter(outline);
  const s = arc % turn;
  // A tiny negative arc rounds up to the whole turn, which is 0 again.
  return s >= 0 ? s : s + turn < turn ? s + turn : 0;
}

function nearest(outline: Outline, x: number, y: number): { distance: number; arc: number } {
  const { corners, arcs } = outline;
  const n = corners.length;
  let least = Infinity;
  let arc = 0;
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    const ax = corners[i] - x;
    const ay = corners[i + 1] - y;
    const bx = corners[j] - x;
    const by = corners[j + 1] - y;
    const t = nearestParameter(ax, ay, bx, by);
    const d2 = squaredDistance(ax, ay, bx, by, t);
    if (d2 < least) {
      least = d2;
      arc = arcs[i / 2] + t * (arcs[i / 2 + 1] - arcs[i / 2]);
    }
  }
  return { distance: Math.sqrt(least), arc: wrapArc(outline, arc) };
}

/** Where between a (0) and b (1) the segment is nearest to the origin. */
function nearestParameter(ax: number, ay: number, bx: number, by: number): number {
  const ux = bx - ax;
  const uy = by - ay;
  return Math.min(1, Math.max(0, -(ax * ux + ay * uy) / (ux * ux + uy * uy)));
}

function squaredDistance(ax: number, ay: number, bx: number, by: number, t: number): number {
  return (ax + t * (bx - ax)) ** 2 + (ay + t * (by - ay)) ** 2;
}

/** Shoelace sum about the first corner, which keeps digits where the polygon is far from the origin. */
function signedArea(points: readonly Point[]): number {
  const [x0, y0] = points[0];
  let twice = 0;
  for (let i = 1; i + 1 < points.length; i++) {
    const [ax, ay] = points[i];
    const [bx, by] = points[i + 1];
    twice += (ax - x0) * (by - y0) - (ay - y0) * (bx - x0);
  }
  return twice / 2;
}
