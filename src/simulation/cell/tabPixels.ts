import type { Grid } from '../../grid.js';
import type { Tab } from '../../model/cell.js';
import { type Neck, neckOf } from './pixelGrid.js';

/** Of a pixel at the side of a neck, the least part that counts as foil. */
const LEAST_COVER = 0.05;

/** How far into the cell the pixel of a piece of the outline is looked for, in half pixels. */
const DEEPEST = 8;

/** Where the current of a tab enters. */
export interface Injection {
  readonly pixels: Int32Array;
  /** Adds up to 1. */
  readonly part: Float64Array;
  readonly normal: readonly [number, number];
}

/**
 * The part of each pixel that the neck of a tab covers, 0 to 1: pixels outside the cell, within the strip.
 * @param inside 1 for the pixels of the cell
 * @param visit called with the pixel and its part
 */
export function coverNeck(
  grid: Grid,
  inside: Uint8Array,
  tab: Tab,
  visit: (pixel: number, part: number) => void,
): void {
  const neck = neckOf(tab, grid.dx, grid.dy);
  if (neck.length === 0) return;
  const { along, normal } = neck;
  const reach = Math.abs(along[0]) * grid.dx + Math.abs(along[1]) * grid.dy;
  const parallel = Math.abs(along[0]) < 1e-9 || Math.abs(along[1]) < 1e-9;
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      if (inside[i]) continue;
      const x = grid.x0 + ix * grid.dx - tab.start[0];
      const y = grid.y0 + iy * grid.dy - tab.start[1];
      const depth = x * normal[0] + y * normal[1];
      // An edge between two rows of pixels is moved to the nearer border of pixels, and its neck with it.
      if (depth <= -reach || depth > neck.length) continue;
      const at = x * along[0] + y * along[1];
      const cover = parallel
        ? (Math.min(at + reach / 2, neck.width) - Math.max(at - reach / 2, 0)) / reach
        : at >= 0 && at <= neck.width
          ? 1
          : 0;
      if (cover >= LEAST_COVER) visit(i, Math.min(1, cover));
    }
  }
}

/**
 * The pixels through whose outer side the current of a tab comes, spread uniformly: along the tab, or along the far end of
 * its neck. The segment is cut at the borders of pixels; each piece goes to the first pixel of `carrier` behind it.
 * @param carrier 1 for pixels with foil of the tab's polarity
 * @returns undefined where no pixel takes the current
 */
export function injection(grid: Grid, carrier: Uint8Array, tab: Tab): Injection | undefined {
  const neck = neckOf(tab, grid.dx, grid.dy);
  const { along, normal, width, length } = neck;
  const ax = tab.start[0] + length * normal[0];
  const ay = tab.start[1] + length * normal[1];
  const cuts = cutsOf(grid, ax, ay, neck);
  const parts = new Map<number, number>();
  let missed = 0;
  for (let k = 1; k < cuts.length; k++) {
    const piece = cuts[k] - cuts[k - 1];
    const at = (cuts[k] + cuts[k - 1]) / 2;
    const pixel = behind(grid, carrier, ax + at * along[0], ay + at * along[1], normal);
    if (pixel === undefined) missed += piece;
    else parts.set(pixel, (parts.get(pixel) ?? 0) + piece);
  }
  // What finds no pixel (a sliver at the side of a neck) is spread over the others.
  if (parts.size === 0 || missed > 0.5 * width) return undefined;
  const total = width - missed;
  return {
    pixels: Int32Array.from(parts.keys()),
    part: Float64Array.from(parts.values(), piece => piece / total),
    normal,
  };
}

/** Where the borders of pixels cut the segment from (ax, ay) on, m along it, with both ends. */
function cutsOf(grid: Grid, ax: number, ay: number, { along, width }: Neck): number[] {
  const cuts = [0, width];
  const axes = [
    [along[0], ax - grid.x0 + grid.dx / 2, grid.dx],
    [along[1], ay - grid.y0 + grid.dy / 2, grid.dy],
  ];
  for (const [direction, from, step] of axes) {
    if (Math.abs(direction) < 1e-9) continue;
    const [first, last] = [from / step, (from + direction * width) / step].sort((a, b) => a - b);
    for (let k = Math.ceil(first); k <= last; k++) {
      const at = (k * step - from) / direction;
      if (at > 1e-6 * step && at < width - 1e-6 * step) cuts.push(at);
    }
  }
  return cuts.sort((a, b) => a - b);
}

function behind(
  grid: Grid,
  carrier: Uint8Array,
  x: number,
  y: number,
  normal: readonly [number, number],
): number | undefined {
  for (let k = 1; k <= DEEPEST; k++) {
    const ix = Math.round((x - (k / 2) * normal[0] * grid.dx - grid.x0) / grid.dx);
    const iy = Math.round((y - (k / 2) * normal[1] * grid.dy - grid.y0) / grid.dy);
    if (ix < 0 || iy < 0 || ix >= grid.nx || iy >= grid.ny) continue;
    const i = iy * grid.nx + ix;
    if (carrier[i]) return outermost(grid, carrier, ix, iy, normal);
  }
  return undefined;
}

/** From a pixel outwards along the steps of a slanted edge, to one with a free side towards the tab. */
function outermost(
  { nx, ny }: Grid,
  carrier: Uint8Array,
  ix: number,
  iy: number,
  normal: readonly [number, number],
): number {
  const has = (x: number, y: number) => x >= 0 && y >= 0 && x < nx && y < ny && carrier[y * nx + x] === 1;
  const stepX = Math.abs(normal[0]) > 1e-9 ? Math.sign(normal[0]) : 0;
  const stepY = Math.abs(normal[1]) > 1e-9 ? Math.sign(normal[1]) : 0;
  const alongX = Math.abs(normal[0]) > Math.abs(normal[1]);
  let [x, y] = [ix, iy];
  while ((stepX === 0 || has(x + stepX, y)) && (stepY === 0 || has(x, y + stepY))) {
    if (alongX) x += stepX;
    else y += stepY;
  }
  return y * nx + x;
}
