import { type ContourLine, contourLevels, contourLines } from '../../src/figures/contours.js';
import { STREAMLINES } from '../../src/figures/streamlines.js';
import type { Grid } from '../../src/grid.js';
import type { Viewport } from '../state/page.js';
import { strokeHaloed } from './stroke.js';
import { type Box, toPixelX, toPixelY } from './viewport.js';

/** Distance of the heads along a line, and their length, px. */
const HEAD_SPACING = 95;
const HEAD = 7;
/** Heads of different lines do not come nearer than this, px. */
const APART = 26;

interface Lines {
  readonly lines: readonly ContourLine[];
  readonly step: number;
}

const made = new WeakMap<Float64Array, Lines>();

/** The contours of a stream function, found once. Between two neighbours flows the same current, `step`. */
export function linesOf(grid: Grid, psi: Float64Array): Lines {
  let lines = made.get(psi);
  if (lines === undefined) {
    const { levels, step } = contourLevels(psi, STREAMLINES);
    lines = { lines: levels.flatMap(level => contourLines(grid, psi, level)), step };
    made.set(psi, lines);
  }
  return lines;
}

/** The lines along which the current flows, with heads in its direction. */
export function drawStreamlines(
  context: CanvasRenderingContext2D,
  grid: Grid,
  psi: Float64Array,
  view: Viewport,
  plot: Box,
): void {
  const heads = new Path2D();
  const placed: (readonly [number, number])[] = [];
  const path = new Path2D();
  for (const { points, closed } of linesOf(grid, psi).lines) {
    let since = HEAD_SPACING / 2;
    let [x, y] = [0, 0];
    for (let i = 0; i < points.length; i += 2) {
      const px = toPixelX(view, plot, grid.x0 + points[i] * grid.dx);
      const py = toPixelY(view, plot, grid.y0 + points[i + 1] * grid.dy);
      if (i === 0) path.moveTo(px, py);
      else {
        path.lineTo(px, py);
        const length = Math.hypot(px - x, py - y);
        since += length;
        const free = () => placed.every(([hx, hy]) => Math.hypot(hx - px, hy - py) > APART);
        if (since > HEAD_SPACING && length > 0 && free()) {
          placed.push([px, py]);
          addHead(heads, px, py, (px - x) / length, (py - y) / length);
          since = 0;
        }
      }
      [x, y] = [px, py];
    }
    if (closed) path.closePath();
  }
  context.lineJoin = 'round';
  strokeHaloed(context, path, ['rgba(0,0,0,0.35)', 2], ['#fff', 1]);
  context.strokeStyle = 'rgba(0,0,0,0.5)';
  context.stroke(heads);
  context.fillStyle = '#fff';
  context.fill(heads);
}

function addHead(path: Path2D, x: number, y: number, ux: number, uy: number): void {
  const [bx, by] = [x - HEAD * ux, y - HEAD * uy];
  path.moveTo(x, y);
  path.lineTo(bx - 0.42 * HEAD * uy, by + 0.42 * HEAD * ux);
  path.lineTo(bx + 0.42 * HEAD * uy, by - 0.42 * HEAD * ux);
  path.closePath();
}
