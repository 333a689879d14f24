import type { Cell } from '../model/cell.js';
import { cornerAt, cornerCount } from '../model/outline.js';
import { outlinePaths, type Path } from './mapFigure.js';
import type { Placement } from './mapFrame.js';
import { LINE_COLOURS } from './panel.js';
import { num } from './text.js';

/** What is drawn of a cell over a map, m. */
export interface CellDrawing {
  readonly outline: Path;
  readonly tabs: readonly TabDrawing[];
}

/** A tab: its two ends, anticlockwise along the outline, so that the cell lies on the left. */
export interface TabDrawing {
  readonly start: readonly [number, number];
  readonly end: readonly [number, number];
  /** Sign of the current that it lets into the plane: the triangle points with it. */
  readonly into: boolean;
}

/** How far a tab stands out of the outline, as part of the longer side of the picture, and its bounds, px. */
const TAB_DEPTH = 0.024;
const SHALLOWEST = 4.5;
const DEEPEST = 8;
/** Room around the outline for the tabs, as part of the longer side of the map. */
export const TAB_MARGIN = 0.035;

/** The outline and the tabs of a cell in which the given current flows. */
export function cellDrawing(cell: Pick<Cell, 'outline' | 'tabs' | 'current'>): CellDrawing {
  const { outline, tabs, current = 1 } = cell;
  return {
    outline: Array.from({ length: cornerCount(outline) }, (_, i) => cornerAt(outline, i)),
    tabs: tabs.map(({ start, end, share }) => ({ start, end, into: share * current > 0 })),
  };
}

/** Outlines as lines; each tab as a bar outside the outline with a triangle that points the way the current goes. */
export function drawCells(cells: readonly CellDrawing[], placement: Placement): string {
  const lines = outlinePaths(
    cells.map(cell => cell.outline),
    placement,
  );
  return lines + cells.flatMap(cell => cell.tabs.map(tab => drawTab(tab, placement))).join('');
}

function drawTab({ start, end, into }: TabDrawing, { toX, toY, plot }: Placement): string {
  const [ax, ay, bx, by] = [toX(start[0]), toY(start[1]), toX(end[0]), toY(end[1])];
  const length = Math.hypot(bx - ax, by - ay);
  if (!(length > 0)) return '';
  const [tx, ty] = [(bx - ax) / length, (by - ay) / length];
  // Outwards, on the screen, where y grows downwards: the cell is on the left of the way from start to end.
  const [ox, oy] = [-ty, tx];
  const inPlot = (x: number, y: number) =>
    x >= plot.x - 1 && x <= plot.x + plot.width + 1 && y >= plot.y - 1 && y <= plot.y + plot.height + 1;
  if (!inPlot(ax, ay) && !inPlot(bx, by)) return '';
  const point = (along: number, out: number) => `${num(ax + along * tx + out * ox)} ${num(ay + along * ty + out * oy)}`;
  const depth = Math.min(DEEPEST, Math.max(SHALLOWEST, TAB_DEPTH * Math.max(plot.width, plot.height)));
  const bar = `M${point(0, 0)}L${point(length, 0)}L${point(length, depth)}L${point(0, depth)}Z`;
  const half = Math.min(0.9 * depth, length / 3);
  const [tip, base] = into ? [0.7, depth - 0.7] : [depth - 0.7, 0.7];
  const arrow = `M${point(length / 2 - half, base)}L${point(length / 2 + half, base)}L${point(length / 2, tip)}Z`;
  const colour = into ? LINE_COLOURS[1] : LINE_COLOURS[0];
  return (
    `<path d="${bar}" fill="${colour}" stroke="#222" stroke-width="0.7" stroke-linejoin="round"/>` +
    `<path d="${arrow}" fill="#fff"/>`
  );
}
