import type { Vectors } from '../state/document.js';
import type { Viewport } from '../state/page.js';
import { type Box, toPixelX, toPixelY } from './viewport.js';

/** Distance of neighbouring arrows, px, at least. */
const SPACING = 20;
const SHORTEST = 2.5;

/**
 * Arrows along the current: each stands for a square of the plane and shows the mean vector there. Squares keep their place
 * when the map is moved. Length grows with the square root of the magnitude, so that weak currents show their direction.
 */
export function drawArrows(context: CanvasRenderingContext2D, vectors: Vectors, view: Viewport, plot: Box): void {
  const { grid, kx, ky } = vectors;
  const pitch = Math.min(grid.dx, grid.dy);
  // A whole number of pixels per square, in steps of a factor, so that arrows do not crawl while zooming.
  const wanted = (SPACING * view.perPixel) / pitch;
  const step = Math.max(1, wanted <= 4 ? Math.ceil(wanted) : Math.ceil(2 ** (Math.ceil(2 * Math.log2(wanted)) / 2)));
  const xOf = (ix: number) => grid.x0 + ix * grid.dx;
  const yOf = (iy: number) => grid.y0 + iy * grid.dy;
  const half = { x: (plot.width / 2) * view.perPixel, y: (plot.height / 2) * view.perPixel };
  const first = (low: number, start: number, d: number) => Math.max(0, Math.floor((low - start) / d / step) - 1);
  const last = (high: number, start: number, d: number, n: number) =>
    Math.min(Math.ceil(n / step) - 1, Math.ceil((high - start) / d / step));
  const [c0, c1] = [first(view.x - half.x, grid.x0, grid.dx), last(view.x + half.x, grid.x0, grid.dx, grid.nx)];
  const [r0, r1] = [first(view.y - half.y, grid.y0, grid.dy), last(view.y + half.y, grid.y0, grid.dy, grid.ny)];
  const found: { x: number; y: number; u: number; v: number; size: number }[] = [];
  for (let row = r0; row <= r1; row++) {
    for (let column = c0; column <= c1; column++) {
      let [u, v, count, all] = [0, 0, 0, 0];
      const [x1, y1] = [Math.min(grid.nx, (column + 1) * step), Math.min(grid.ny, (row + 1) * step)];
      for (let iy = row * step; iy < y1; iy++) {
        for (let ix = column * step, i = iy * grid.nx + ix; ix < x1; ix++, i++) {
          all++;
          if (!(Number.isFinite(kx[i]) && Number.isFinite(ky[i]))) continue;
          u += kx[i];
          v += ky[i];
          count++;
        }
      }
      if (count === 0 || 2 * count < all) continue;
      found.push({
        x: toPixelX(view, plot, (xOf(column * step) + xOf(x1 - 1)) / 2),
        y: toPixelY(view, plot, (yOf(row * step) + yOf(y1 - 1)) / 2),
        u: u / count,
        v: v / count,
        size: Math.hypot(u, v) / count,
      });
    }
  }
  const sizes = Float64Array.from(found, arrow => arrow.size).sort();
  // The few largest vectors (beside a narrow tab) must not shrink all others to dots.
  const reference = sizes[Math.floor(0.97 * (sizes.length - 1))] ?? 0;
  if (!(reference > 0)) return;
  const full = 0.92 * step * (pitch / view.perPixel);
  context.beginPath();
  for (const { x, y, u, v, size } of found) {
    const length = Math.min(42, full) * Math.min(1.1, Math.sqrt(size / reference));
    if (length >= SHORTEST) arrow(context, x, y, u / size, -v / size, length);
  }
  context.lineJoin = 'round';
  context.strokeStyle = 'rgba(0,0,0,0.55)';
  context.lineWidth = 1.1;
  context.stroke();
  context.fillStyle = '#fff';
  context.fill();
}

// A closed outline about the middle: shaft, then a head whose size follows the length up to a limit.
function arrow(context: CanvasRenderingContext2D, x: number, y: number, ux: number, uy: number, length: number): void {
  const head = Math.min(7, 0.55 * length);
  const wide = 0.45 * head;
  const thin = Math.min(0.9, 0.16 * head + 0.15);
  const neck = length / 2 - head;
  const to = (along: number, across: number, move = false) => {
    const [px, py] = [x + along * ux - across * uy, y + along * uy + across * ux];
    if (move) context.moveTo(px, py);
    else context.lineTo(px, py);
  };
  to(-length / 2, -thin, true);
  to(neck, -thin);
  to(neck, -wide);
  to(length / 2, 0);
  to(neck, wide);
  to(neck, thin);
  to(-length / 2, thin);
  context.closePath();
}
