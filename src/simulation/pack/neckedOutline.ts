import { type CellBoundary, tabSpans } from '../../model/boundaryStreamFunction.js';
import type { Tab } from '../../model/cell.js';
import { cornerAt, cornerCount, type Point, pointAt, polygonOutline, wrapArc } from '../../model/outline.js';
import { TAB_TOLERANCE } from '../../model/tabSpan.js';

/**
 * The outline with the strips of its tabs: a tab of known length becomes a neck of that length at right angles to its
 * edge, and the tab itself moves to the far end, where its current is uniform. Tabs without a length stay where they
 * are. @throws {InputError} where a neck runs into the cell or another neck.
 */
export function neckedOutline(cell: CellBoundary): CellBoundary {
  const { outline } = cell;
  const spans = tabSpans(cell);
  if (!cell.tabs.some(hasNeck)) return cell;
  const order = cell.tabs.map((_, k) => k).filter(k => hasNeck(cell.tabs[k]));
  const tabs = [...cell.tabs];
  /** Corners to go through instead of the span of a tab, by the arc where it starts. */
  const detours = order.map(k => {
    const { start, length } = spans[k];
    const a = pointAt(outline, start);
    const b = pointAt(outline, start + length);
    // Outward is to the right of an anticlockwise edge.
    const reach = (cell.tabs[k].length as number) / Math.hypot(b[0] - a[0], b[1] - a[1]);
    const [ox, oy] = [(b[1] - a[1]) * reach, (a[0] - b[0]) * reach];
    const farA: Point = [a[0] + ox, a[1] + oy];
    const farB: Point = [b[0] + ox, b[1] + oy];
    tabs[k] = { ...cell.tabs[k], start: farA, end: farB };
    return { start, length, corners: [a, farA, farB, b] };
  });
  const from = detours[0].start;
  // Once round from the start of the first neck: what lies within a span is replaced by its detour.
  const stops: { at: number; corners: readonly Point[] }[] = detours.map(({ start, corners }) => ({
    at: wrapArc(outline, start - from),
    corners,
  }));
  for (let i = 0; i < cornerCount(outline); i++) {
    const within = (span: { start: number; length: number }) =>
      wrapArc(outline, outline.arcs[i] - span.start + TAB_TOLERANCE) <= span.length + 2 * TAB_TOLERANCE;
    if (!detours.some(within))
      stops.push({ at: wrapArc(outline, outline.arcs[i] - from), corners: [cornerAt(outline, i)] });
  }
  const corners = stops.sort((p, q) => p.at - q.at).flatMap(stop => stop.corners);
  return { outline: polygonOutline(withoutRepeats(corners)), tabs };
}

/** Whether a tab has a strip of known length. */
export function hasNeck(tab: Tab): boolean {
  return tab.length !== undefined && tab.length > TAB_TOLERANCE;
}

/** Necks that touch share a corner. */
function withoutRepeats(corners: readonly Point[]): Point[] {
  return corners.filter(([x, y], i) => {
    const [px, py] = corners[(i + corners.length - 1) % corners.length];
    return Math.hypot(x - px, y - py) > TAB_TOLERANCE;
  });
}
