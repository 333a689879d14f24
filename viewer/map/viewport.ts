import type { Box } from '../../src/figures/raster.js';
import type { Point, Viewport } from '../state/page.js';

export type { Box };

export interface Extent {
  readonly xMin: number;
  readonly xMax: number;
  readonly yMin: number;
  readonly yMax: number;
}

/** Room around the map, so that tabs outside the outline are seen, as a part of its longer side. */
const MARGIN = 0.04;
const MOST_ZOOM = 400;

/** The viewport that shows all of `extent` in `plot`. */
export function fitView(extent: Extent, plot: Box): Viewport {
  const width = extent.xMax - extent.xMin;
  const height = extent.yMax - extent.yMin;
  const margin = 2 * MARGIN * Math.max(width, height);
  const perPixel = Math.max((width + margin) / Math.max(1, plot.width), (height + margin) / Math.max(1, plot.height));
  return {
    x: (extent.xMin + extent.xMax) / 2,
    y: (extent.yMin + extent.yMax) / 2,
    perPixel: perPixel > 0 ? perPixel : 1e-3,
  };
}

export function toPixelX(view: Viewport, plot: Box, x: number): number {
  return plot.x + plot.width / 2 + (x - view.x) / view.perPixel;
}

export function toPixelY(view: Viewport, plot: Box, y: number): number {
  return plot.y + plot.height / 2 - (y - view.y) / view.perPixel;
}

/** The point of the plane under a pixel. */
export function toPlane(view: Viewport, plot: Box, px: number, py: number): Point {
  return {
    x: view.x + (px - plot.x - plot.width / 2) * view.perPixel,
    y: view.y - (py - plot.y - plot.height / 2) * view.perPixel,
  };
}

/** Zooms by `factor` (above 1: closer); the point under the pixel stays there. `whole` bounds how far. */
export function zoomAt(view: Viewport, plot: Box, px: number, py: number, factor: number, whole: Viewport): Viewport {
  const fixed = toPlane(view, plot, px, py);
  const perPixel = Math.min(4 * whole.perPixel, Math.max(whole.perPixel / MOST_ZOOM, view.perPixel / factor));
  const ratio = perPixel / view.perPixel;
  return { x: fixed.x + (view.x - fixed.x) * ratio, y: fixed.y + (view.y - fixed.y) * ratio, perPixel };
}

/** Moves the picture by so many pixels. */
export function panBy(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx * view.perPixel, y: view.y + dy * view.perPixel };
}

export function joinExtents(extents: readonly Extent[]): Extent {
  return {
    xMin: Math.min(...extents.map(e => e.xMin)),
    xMax: Math.max(...extents.map(e => e.xMax)),
    yMin: Math.min(...extents.map(e => e.yMin)),
    yMax: Math.max(...extents.map(e => e.yMax)),
  };
}
