import {
  arcLength,
  cornerAt,
  cornerCount,
  distanceToOutline,
  type Outline,
  type Point,
  perimeter,
  wrapArc,
} from './outline.js';

/** The part of an outline that a tab takes up. */
export interface TabSpan {
  /** Arc of the end that comes first anticlockwise, m, in [0, perimeter). */
  readonly start: number;
  /** Length along the outline, m; start + length may pass the end of the turn. */
  readonly length: number;
}

/** How far a tab may stand off the outline, bend or reach over its neighbour, m: rounding in a drawing. */
export const TAB_TOLERANCE = 1e-6;

/**
 * The span of a tab with the two given ends, in either order, m. Corners between the ends are allowed where the outline
 * goes straight on.
 * @returns undefined when the ends are off the outline, lie on different straight edges, or are one point.
 */
export function tabSpan(outline: Outline, a: Point, b: Point): TabSpan | undefined {
  const chord = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (!(chord > TAB_TOLERANCE)) return undefined;
  if (tooFar(outline, a) || tooFar(outline, b)) return undefined;
  const turn = perimeter(outline);
  const [arcA, arcB] = [arcLength(outline, ...a), arcLength(outline, ...b)];
  const forward = wrapArc(outline, arcB - arcA);
  const span = forward <= turn / 2 ? { start: arcA, length: forward } : { start: arcB, length: turn - forward };
  return isStraight(outline, span, a, b) ? span : undefined;
}

/** Whether two spans share more than the tolerance. Spans that touch do not overlap. */
export function spansOverlap(outline: Outline, a: TabSpan, b: TabSpan): boolean {
  return (
    wrapArc(outline, b.start - a.start) < a.length - TAB_TOLERANCE ||
    wrapArc(outline, a.start - b.start) < b.length - TAB_TOLERANCE
  );
}

function tooFar(outline: Outline, [x, y]: Point): boolean {
  return !(distanceToOutline(outline, x, y) <= TAB_TOLERANCE);
}

/** Whether every corner within the span lies on the straight line between its ends. */
function isStraight(outline: Outline, span: TabSpan, a: Point, b: Point): boolean {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const chord = Math.hypot(ux, uy);
  if (span.length > chord + 4 * TAB_TOLERANCE) return false;
  for (let i = 0; i < cornerCount(outline); i++) {
    if (wrapArc(outline, outline.arcs[i] - span.start) >= span.length) continue;
    const [x, y] = cornerAt(outline, i);
    if (Math.abs(ux * (y - a[1]) - uy * (x - a[0])) > TAB_TOLERANCE * chord) return false;
  }
  return true;
}
