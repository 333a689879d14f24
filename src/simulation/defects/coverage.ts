import type { Grid } from '../../grid.js';
import type { Box, Point } from '../../model/outline.js';

/** A region of the plane. */
export interface Shape {
  readonly contains: (x: number, y: number) => boolean;
  /** A box that holds it, m; absent for regions that are everywhere much larger than a pixel. */
  readonly box?: Box;
}

/** Places within a pixel at which a shape is asked for. */
const PLACES = 64;

/** A disc. */
export function disc([cx, cy]: Point, radius: number): Shape {
  return {
    contains: (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius * radius,
    box: { x0: cx - radius, y0: cy - radius, x1: cx + radius, y1: cy + radius },
  };
}

/** A straight band of the given width between two points, with square ends. */
export function band([ax, ay]: Point, [bx, by]: Point, width: number): Shape {
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  const [wx, wy] = [(Math.abs(uy) * width) / 2, (Math.abs(ux) * width) / 2];
  return {
    contains: (x, y) => {
      const along = (x - ax) * ux + (y - ay) * uy;
      const across = (y - ay) * ux - (x - ax) * uy;
      return along >= 0 && along <= length && Math.abs(across) <= width / 2;
    },
    box: {
      x0: Math.min(ax, bx) - wx,
      y0: Math.min(ay, by) - wy,
      x1: Math.max(ax, bx) + wx,
      y1: Math.max(ay, by) + wy,
    },
  };
}

/**
 * The part of every pixel that a shape covers, 0 to 1, `[iy][ix]`, so that a defect's size does not jump with the grid:
 * asked at 64 places that lie on no common lines (a Kronecker sequence), for a row of them could all fall on one side of
 * a slanted edge. Of shapes without a box, pixels whose corners and middle agree are taken as whole.
 */
export function coverage({ nx, ny, x0, y0, dx, dy }: Grid, { contains, box }: Shape): Float64Array {
  const out = new Float64Array(nx * ny);
  const u = Float64Array.from({ length: PLACES }, (_, k) => ((k + 0.5) / PLACES - 0.5) * dx);
  const v = Float64Array.from({ length: PLACES }, (_, k) => ((((k + 0.5) * GOLDEN) % 1) - 0.5) * dy);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    const y = y0 + iy * dy;
    if (box !== undefined && (y + dy / 2 < box.y0 || y - dy / 2 > box.y1)) {
      i += nx;
      continue;
    }
    for (let ix = 0; ix < nx; ix++, i++) {
      const x = x0 + ix * dx;
      if (box !== undefined && (x + dx / 2 < box.x0 || x - dx / 2 > box.x1)) continue;
      if (box === undefined) {
        const middle = contains(x, y);
        const one =
          contains(x - dx / 2, y - dy / 2) === middle &&
          contains(x + dx / 2, y - dy / 2) === middle &&
          contains(x - dx / 2, y + dy / 2) === middle &&
          contains(x + dx / 2, y + dy / 2) === middle;
        if (one) {
          out[i] = middle ? 1 : 0;
          continue;
        }
      }
      let count = 0;
      for (let k = 0; k < PLACES; k++) if (contains(x + u[k], y + v[k])) count++;
      out[i] = count / PLACES;
    }
  }
  return out;
}

/** The golden ratio less one. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
