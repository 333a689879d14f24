import type { Grid } from '../../grid.js';
import type { Point } from '../../model/outline.js';

/** Whether a point, m, belongs to a shape. */
export type Shape = (x: number, y: number) => boolean;

/** Sub-pixels along each side of a pixel through which the edge of a shape runs. */
const SUBPIXELS = 8;

/** A disc. */
export function disc([cx, cy]: Point, radius: number): Shape {
  return (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= radius * radius;
}

/** A straight band of the given width between two points, with square ends. */
export function band([ax, ay]: Point, [bx, by]: Point, width: number): Shape {
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  return (x, y) => {
    const along = (x - ax) * ux + (y - ay) * uy;
    const across = (y - ay) * ux - (x - ax) * uy;
    return along >= 0 && along <= length && Math.abs(across) <= width / 2;
  };
}

/**
 * The part of every pixel that a shape covers, 0 to 1, `[iy][ix]`: by 8 x 8 sub-pixels, so that a defect's size does not
 * jump with the grid. Pixels whose corners and middle are of one mind are taken as whole: shapes are larger than pixels.
 */
export function coverage({ nx, ny, x0, y0, dx, dy }: Grid, shape: Shape): Float64Array {
  const out = new Float64Array(nx * ny);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const [x, y] = [x0 + ix * dx, y0 + iy * dy];
      const middle = shape(x, y);
      const one =
        shape(x - dx / 2, y - dy / 2) === middle &&
        shape(x + dx / 2, y - dy / 2) === middle &&
        shape(x - dx / 2, y + dy / 2) === middle &&
        shape(x + dx / 2, y + dy / 2) === middle;
      if (one) {
        out[i] = middle ? 1 : 0;
        continue;
      }
      let count = 0;
      for (let j = 0; j < SUBPIXELS; j++) {
        for (let k = 0; k < SUBPIXELS; k++) {
          const u = x + ((k + 0.5) / SUBPIXELS - 0.5) * dx;
          if (shape(u, y + ((j + 0.5) / SUBPIXELS - 0.5) * dy)) count++;
        }
      }
      out[i] = count / SUBPIXELS ** 2;
    }
  }
  return out;
}
