import type { Grid } from '../../src/grid.js';
import {
  type Box,
  boundingBox,
  contains,
  cornerAt,
  cornerCount,
  type Outline,
  type Point,
} from '../../src/model/outline.js';

/**
 * The pixels of a slab that lie within its outline, wholly or in part. A pixel that the outline cuts is a smaller tile with
 * the area and the centroid of what is inside: the whole moment and its place are exact, which is what the mean of chi needs.
 */
export interface SlabLattice {
  /** Pixels over the outline's bounding box. */
  readonly grid: Grid;
  /** Unknown of each pixel, -1 outside, `[iy][ix]`. */
  readonly unknown: Int32Array;
  readonly count: number;
  /** Pixel of each unknown. */
  readonly pixel: Int32Array;
  /** Centre and half sides of each unknown's tile, m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly halfX: Float64Array;
  readonly halfY: Float64Array;
  /** m^2 */
  readonly area: Float64Array;
}

/** A smaller part of a pixel than this is left out: it holds no moment. */
const LEAST_PART = 1e-6;

/** @param pitch wanted, m; the pixels divide the bounding box evenly */
export function slabLattice(outline: Outline, pitch: number): SlabLattice {
  const box = boundingBox(outline);
  const nx = Math.max(1, Math.round((box.x1 - box.x0) / pitch));
  const ny = Math.max(1, Math.round((box.y1 - box.y0) / pitch));
  const dx = (box.x1 - box.x0) / nx;
  const dy = (box.y1 - box.y0) / ny;
  const grid: Grid = { nx, ny, x0: box.x0 + dx / 2, y0: box.y0 + dy / 2, dx, dy };
  const unknown = new Int32Array(nx * ny).fill(-1);
  const tiles: { pixel: number; x: number; y: number; part: number }[] = [];
  const corners = Array.from({ length: cornerCount(outline) }, (_, i) => cornerAt(outline, i));
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const [x, y] = [grid.x0 + ix * dx, grid.y0 + iy * dy];
      const inside = partInside(corners, { x0: x - dx / 2, y0: y - dy / 2, x1: x + dx / 2, y1: y + dy / 2 });
      if (inside.area < LEAST_PART * dx * dy) continue;
      unknown[iy * nx + ix] = tiles.length;
      tiles.push({ pixel: iy * nx + ix, x: inside.x, y: inside.y, part: Math.min(1, inside.area / (dx * dy)) });
    }
  }
  return {
    grid,
    unknown,
    count: tiles.length,
    pixel: Int32Array.from(tiles, t => t.pixel),
    x: Float64Array.from(tiles, t => t.x),
    y: Float64Array.from(tiles, t => t.y),
    halfX: Float64Array.from(tiles, t => (dx / 2) * Math.sqrt(t.part)),
    halfY: Float64Array.from(tiles, t => (dy / 2) * Math.sqrt(t.part)),
    area: Float64Array.from(tiles, t => dx * dy * t.part),
  };
}

/** Values of the unknowns on the grid; NaN at pixels whose centre lies outside. */
export function onGrid({ grid, unknown }: SlabLattice, outline: Outline, values: Float64Array): Float64Array {
  return Float64Array.from(unknown, (u, p) => {
    const inside =
      u >= 0 && contains(outline, grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy);
    return inside ? values[u] : Number.NaN;
  });
}

/** Area and centroid of the part of a polygon within a box (Sutherland and Hodgman 1974), whose edges may double back. */
function partInside(corners: readonly Point[], { x0, y0, x1, y1 }: Box): { area: number; x: number; y: number } {
  let polygon = clipped(corners, 0, x0, 1);
  polygon = clipped(polygon, 0, x1, -1);
  polygon = clipped(polygon, 1, y0, 1);
  polygon = clipped(polygon, 1, y1, -1);
  // Relative to the middle of the box, so that small areas keep their digits.
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  let [area, sx, sy] = [0, 0, 0];
  polygon.forEach(([px, py], i) => {
    const [qx, qy] = polygon[(i + 1) % polygon.length];
    const cross = (px - mx) * (qy - my) - (qx - mx) * (py - my);
    area += cross / 2;
    sx += (cross * (px + qx - 2 * mx)) / 6;
    sy += (cross * (py + qy - 2 * my)) / 6;
  });
  return area > 0 ? { area, x: mx + sx / area, y: my + sy / area } : { area: 0, x: mx, y: my };
}

/** The part of a polygon where `side` times (coordinate - limit) is not negative. */
function clipped(corners: readonly Point[], axis: 0 | 1, limit: number, side: 1 | -1): Point[] {
  const out: Point[] = [];
  corners.forEach((p, i) => {
    const q = corners[(i + 1) % corners.length];
    const [dp, dq] = [side * (p[axis] - limit), side * (q[axis] - limit)];
    if (dp >= 0) out.push(p);
    if (dp >= 0 === dq >= 0) return;
    const t = dp / (dp - dq);
    out.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
  });
  return out;
}
