import type { Point } from './outline.js';

/** What is wrong with a polygon. */
export interface OutlineFault {
  /** Index of the corner to look at, or of the first corner of the edge. */
  readonly corner: number;
  readonly message: string;
  readonly advice: string;
}

/** Corners closer than this are one corner, m: a thousandth of a millimetre, finer than any drawing of a cell. */
const ONE_CORNER = 1e-6;
/** Edges closer than this touch, m. */
const TOUCHING = 1e-7;

/**
 * Looks for what keeps a list of corners, m, from being a simple polygon: fewer than three corners, numbers that are not
 * finite, repeated corners, edges that cross or touch or fold back, no area. Corners and edges in the message count from
 * 1, in the order given, and coordinates are in mm.
 * @returns undefined when the polygon is sound.
 */
export function outlineFault(points: readonly Point[]): OutlineFault | undefined {
  const n = points.length;
  const bad = points.findIndex(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
  if (bad >= 0) {
    return { corner: bad, message: `corner ${bad + 1} is not finite`, advice: 'give each corner as two numbers' };
  }
  if (n < 3) {
    return { corner: 0, message: `${n} corners enclose no area`, advice: 'give at least three corners' };
  }
  return repeatedCorner(points) ?? flatPolygon(points) ?? crossing(points);
}

function repeatedCorner(points: readonly Point[]): OutlineFault | undefined {
  const n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (distance(points[i], points[j]) > ONE_CORNER) continue;
      const closing = i === 0 && j === n - 1;
      return {
        corner: j,
        message: `corner ${j + 1} at ${inMm(points[j])} repeats corner ${i + 1}`,
        advice: closing ? 'leave it out: the outline closes by itself' : 'leave one of the two out',
      };
    }
  }
  return undefined;
}

/** All corners on one line: said for the whole, before every edge is found to touch every other. */
function flatPolygon(points: readonly Point[]): OutlineFault | undefined {
  let far = points[0];
  for (const point of points) if (distance(point, points[0]) > distance(far, points[0])) far = point;
  if (points.some(point => distanceToLine(point, points[0], far) > ONE_CORNER)) return undefined;
  return { corner: 0, message: 'all corners lie on one line and enclose no area', advice: 'check the coordinates' };
}

function crossing(points: readonly Point[]): OutlineFault | undefined {
  const n = points.length;
  const corner = (i: number) => points[i % n];
  for (let i = 0; i < n; i++) {
    const a = corner(i);
    const b = corner(i + 1);
    const c = corner(i + 2);
    if (distanceToSegment(c, a, b) < TOUCHING || distanceToSegment(a, b, c) < TOUCHING) {
      return {
        corner: (i + 1) % n,
        message: `the outline folds back on itself at corner ${((i + 1) % n) + 1}, ${inMm(b)}`,
        advice: 'leave the spike out',
      };
    }
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue; // neighbours across the first corner
      const d = corner(j);
      const e = corner(j + 1);
      if (apart(a, b, d, e) || !segmentsMeet(a, b, d, e)) continue;
      return {
        corner: i,
        message: `edge ${i + 1} from ${inMm(a)} to ${inMm(b)} and edge ${j + 1} from ${inMm(d)} to ${inMm(e)} cross or touch`,
        advice: 'list the corners in order along the outline',
      };
    }
  }
  return undefined;
}

/** Whether the boxes of the segments ab and de leave room between them: the cheap test that nearly always decides. */
function apart(a: Point, b: Point, d: Point, e: Point): boolean {
  for (const k of [0, 1] as const) {
    if (Math.min(d[k], e[k]) > Math.max(a[k], b[k]) + TOUCHING) return true;
    if (Math.min(a[k], b[k]) > Math.max(d[k], e[k]) + TOUCHING) return true;
  }
  return false;
}

function segmentsMeet(a: Point, b: Point, d: Point, e: Point): boolean {
  if (turn(a, b, d) * turn(a, b, e) < 0 && turn(d, e, a) * turn(d, e, b) < 0) return true;
  // Segments that do not cross are nearest at an end of one of them.
  const gap = Math.min(
    distanceToSegment(a, d, e),
    distanceToSegment(b, d, e),
    distanceToSegment(d, a, b),
    distanceToSegment(e, a, b),
  );
  return gap < TOUCHING;
}

/** Twice the area of the triangle abc, positive when it turns left. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function distanceToLine(p: Point, a: Point, b: Point): number {
  return Math.abs(turn(a, b, p)) / distance(a, b);
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const t = ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / (ux * ux + uy * uy);
  const clipped = Math.min(1, Math.max(0, t));
  return Math.hypot(p[0] - a[0] - clipped * ux, p[1] - a[1] - clipped * uy);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** A length for a message, mm. */
export function mm(metres: number): number {
  return Number((metres * 1000).toPrecision(6));
}

/** A point for a message: `(20, 130) mm`. */
export function inMm([x, y]: Point): string {
  return `(${mm(x)}, ${mm(y)}) mm`;
}
