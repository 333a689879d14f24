import type { Grid } from '../../grid.js';
import type { Cell, Tab } from '../../model/cell.js';
import { type Box, boundingBox, cornerAt, cornerCount } from '../../model/outline.js';

/** Pixels along the longer side of a cell where no pitch is given. */
const DEFAULT_PIXELS = 256;

/** How many more pixels than asked may be taken for the sake of corners and tab ends on pixel borders. */
const MOST_MORE = 1.3;

/** Borders this near to a corner, in pixels, count as met. */
const MET = 1e-6;

/**
 * Pixels for a cell: a whole number of them over the outline's bounding box, square within some 15 %, and as many more as
 * the necks of tabs need. Without a pitch there are 256 or a few more along the longer side, so many that corners and
 * tab ends fall on the borders of pixels, or nearly so.
 * @param pitch m; the box is divided by the number of pixels that comes nearest to it
 */
export function pixelGrid(cell: Pick<Cell, 'outline' | 'tabs'>, pitch?: number): Grid {
  const box = boundingBox(cell.outline);
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const step = pitch ?? Math.max(width, height) / DEFAULT_PIXELS;
  const marks = marksOf(cell);
  const count = (size: number, places: number[]) =>
    pitch === undefined ? alignedCount(size, step, places) : Math.max(1, Math.round(size / step));
  const nx = count(
    width,
    marks.map(([x]) => x - box.x0),
  );
  const ny = count(
    height,
    marks.map(([, y]) => y - box.y0),
  );
  const [dx, dy] = [width / nx, height / ny];
  const whole = withNecks(box, cell.tabs, dx, dy);
  const left = pixels(box.x0 - whole.x0, dx);
  const below = pixels(box.y0 - whole.y0, dy);
  return {
    nx: nx + left + pixels(whole.x1 - box.x1, dx),
    ny: ny + below + pixels(whole.y1 - box.y1, dy),
    x0: box.x0 + (0.5 - left) * dx,
    y0: box.y0 + (0.5 - below) * dy,
    dx,
    dy,
  };
}

/** A tab's neck in the frame of the tab: unit vectors along the tab and out of the cell, m, and its length on pixels. */
export interface Neck {
  readonly along: readonly [number, number];
  readonly normal: readonly [number, number];
  readonly width: number;
  /** m, 0 without a neck; whole pixels where the edge is parallel to an axis. */
  readonly length: number;
}

/** The neck of a tab whose ends run anticlockwise along the outline. */
export function neckOf(tab: Tab, dx: number, dy: number): Neck {
  const width = Math.hypot(tab.end[0] - tab.start[0], tab.end[1] - tab.start[1]);
  const along = [(tab.end[0] - tab.start[0]) / width, (tab.end[1] - tab.start[1]) / width] as const;
  const normal = [along[1], -along[0]] as const;
  const given = tab.length ?? 0;
  const step = Math.abs(normal[0]) < 1e-9 ? dy : Math.abs(normal[1]) < 1e-9 ? dx : 0;
  const length = given === 0 || step === 0 ? given : Math.max(1, Math.round(given / step)) * step;
  return { along, normal, width, length };
}

function marksOf({ outline, tabs }: Pick<Cell, 'outline' | 'tabs'>): (readonly [number, number])[] {
  const corners = Array.from({ length: cornerCount(outline) }, (_, i) => cornerAt(outline, i));
  return [...corners, ...tabs.flatMap(tab => [tab.start, tab.end])];
}

/** The number of pixels, from size / step on, whose borders come nearest to the places. */
function alignedCount(size: number, step: number, places: readonly number[]): number {
  const first = Math.max(1, Math.round(size / step));
  let best = first;
  let least = Infinity;
  for (let n = first; n <= MOST_MORE * first; n++) {
    let worst = MET;
    for (const place of places) {
      const at = (place / size) * n;
      worst = Math.max(worst, Math.abs(at - Math.round(at)));
    }
    if (worst < 0.999 * least) [best, least] = [n, worst];
  }
  return best;
}

function withNecks(box: Box, tabs: readonly Tab[], dx: number, dy: number): Box {
  let { x0, y0, x1, y1 } = box;
  for (const tab of tabs) {
    const { normal, length } = neckOf(tab, dx, dy);
    for (const [x, y] of [tab.start, tab.end]) {
      x0 = Math.min(x0, x + length * normal[0]);
      x1 = Math.max(x1, x + length * normal[0]);
      y0 = Math.min(y0, y + length * normal[1]);
      y1 = Math.max(y1, y + length * normal[1]);
    }
  }
  return { x0, y0, x1, y1 };
}

function pixels(length: number, step: number): number {
  return Math.ceil(length / step - 1e-6);
}
