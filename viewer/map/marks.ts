import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { LINE_COLOURS } from '../../src/figures/panel.js';
import type { Samples, Spot } from '../state/document.js';
import type { Segment, Viewport } from '../state/page.js';
import type { Ink } from './ink.js';
import { drawBadge, strokeHaloed } from './stroke.js';
import { type Box, toPixelX, toPixelY } from './viewport.js';

/** What is drawn over a map besides the current: outline and tabs, samples, the user's line and region, the cursor. */

/** Depth of a tab outside the outline, px. */
const TAB = 9;

/** The outline, and each tab as a bar outside of it with a triangle that points the way the current goes. */
export function drawCells(
  context: CanvasRenderingContext2D,
  cells: readonly CellDrawing[],
  view: Viewport,
  plot: Box,
): void {
  const x = (metres: number) => toPixelX(view, plot, metres);
  const y = (metres: number) => toPixelY(view, plot, metres);
  for (const { outline, tabs } of cells) {
    const path = new Path2D();
    outline.forEach(([px, py], i) => {
      if (i === 0) path.moveTo(x(px), y(py));
      else path.lineTo(x(px), y(py));
    });
    path.closePath();
    context.lineJoin = 'round';
    strokeHaloed(context, path, ['rgba(255,255,255,0.85)', 3], ['#222', 1.4]);
    for (const { start, end, into } of tabs) {
      const [ax, ay, bx, by] = [x(start[0]), y(start[1]), x(end[0]), y(end[1])];
      const length = Math.hypot(bx - ax, by - ay);
      if (!(length > 0)) continue;
      const [tx, ty] = [(bx - ax) / length, (by - ay) / length];
      // Outwards on the screen: the cell lies on the left of the way from start to end.
      const point = (along: number, out: number) => [ax + along * tx - out * ty, ay + along * ty + out * tx] as const;
      const shape = (points: readonly (readonly [number, number])[]) => {
        context.beginPath();
        for (const [px, py] of points) context.lineTo(px, py);
        context.closePath();
      };
      shape([point(0, 0), point(length, 0), point(length, TAB), point(0, TAB)]);
      context.fillStyle = into ? LINE_COLOURS[1] : LINE_COLOURS[0];
      context.fill();
      context.strokeStyle = '#222';
      context.lineWidth = 0.8;
      context.stroke();
      const half = Math.min(0.9 * TAB, length / 3);
      const [tip, base] = into ? [1, TAB - 1] : [TAB - 1, 1];
      shape([point(length / 2 - half, base), point(length / 2 + half, base), point(length / 2, tip)]);
      context.fillStyle = '#fff';
      context.fill();
    }
  }
}

/** Where the readings were taken; rejected ones as crosses, also where the others are not asked for. */
export function drawSamples(
  context: CanvasRenderingContext2D,
  { x, y, rejected }: Samples,
  all: boolean,
  view: Viewport,
  plot: Box,
): void {
  const dots = new Path2D();
  const crosses = new Path2D();
  for (let i = 0; i < x.length; i++) {
    const bad = rejected?.[i] === 1;
    if (!all && !bad) continue;
    const [px, py] = [toPixelX(view, plot, x[i]), toPixelY(view, plot, y[i])];
    if (px < plot.x || px > plot.x + plot.width || py < plot.y || py > plot.y + plot.height) continue;
    if (bad) {
      crosses.moveTo(px - 4, py - 4);
      crosses.lineTo(px + 4, py + 4);
      crosses.moveTo(px - 4, py + 4);
      crosses.lineTo(px + 4, py - 4);
    } else dots.rect(px - 0.9, py - 0.9, 1.8, 1.8);
  }
  context.fillStyle = 'rgba(255,255,255,0.85)';
  context.strokeStyle = 'rgba(0,0,0,0.5)';
  context.lineWidth = 0.5;
  context.stroke(dots);
  context.fill(dots);
  context.lineCap = 'round';
  strokeHaloed(context, crosses, ['#fff', 3.4], ['#b00020', 1.6]);
}

/** In a plot lower than this a ring has no name, px. */
const NAMED = 300;

/** A ring around a place, with its name. */
export function drawSpots(context: CanvasRenderingContext2D, spots: readonly Spot[], view: Viewport, plot: Box): void {
  context.font = '600 11px Inter, system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const { x, y, text } of spots) {
    const [px, py] = [toPixelX(view, plot, x), toPixelY(view, plot, y)];
    for (const [colour, width] of [
      ['#000', 4],
      ['#fff', 2],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(px, py, 12, 0, 2 * Math.PI);
      context.stroke();
    }
    if (plot.height < NAMED) continue;
    const right = px + 20 + context.measureText(text).width < plot.x + plot.width;
    context.textAlign = right ? 'left' : 'right';
    context.lineJoin = 'round';
    context.strokeStyle = '#000';
    context.lineWidth = 3;
    context.strokeText(text, px + (right ? 17 : -17), py);
    context.fillStyle = '#fff';
    context.fillText(text, px + (right ? 17 : -17), py);
  }
}

/** The dragged line with its ends A and B. */
export function drawLine(context: CanvasRenderingContext2D, line: Segment, view: Viewport, plot: Box, ink: Ink): void {
  const [ax, ay] = [toPixelX(view, plot, line.from.x), toPixelY(view, plot, line.from.y)];
  const [bx, by] = [toPixelX(view, plot, line.to.x), toPixelY(view, plot, line.to.y)];
  context.lineCap = 'round';
  for (const [colour, width] of [
    ['#fff', 4],
    [ink.accent, 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(ax, ay);
    context.lineTo(bx, by);
    context.stroke();
  }
  drawBadge(context, ax, ay, 'A', ink, '#fff');
  drawBadge(context, bx, by, 'B', ink, '#fff');
}

export function drawRegion(
  context: CanvasRenderingContext2D,
  region: Segment,
  view: Viewport,
  plot: Box,
  ink: Ink,
): void {
  const [ax, ay] = [toPixelX(view, plot, region.from.x), toPixelY(view, plot, region.from.y)];
  const [bx, by] = [toPixelX(view, plot, region.to.x), toPixelY(view, plot, region.to.y)];
  context.strokeStyle = '#fff';
  context.lineWidth = 3.5;
  context.strokeRect(Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay));
  context.strokeStyle = ink.accent;
  context.lineWidth = 1.8;
  context.strokeRect(Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay));
}

/** A cross over the whole plot, open in the middle. */
export function drawCursor(context: CanvasRenderingContext2D, px: number, py: number, plot: Box): void {
  if (px < plot.x || px > plot.x + plot.width || py < plot.y || py > plot.y + plot.height) return;
  context.lineCap = 'butt';
  for (const [colour, width] of [
    ['rgba(255,255,255,0.7)', 2.4],
    ['rgba(0,0,0,0.85)', 1],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [x0, y0, x1, y1] of [
      [plot.x, py, px - 7, py],
      [px + 7, py, plot.x + plot.width, py],
      [px, plot.y, px, py - 7],
      [px, py + 7, px, plot.y + plot.height],
    ]) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
  }
}
