import type { Grid } from '../grid.js';
import { type ContourLine, contourLevels, contourLines } from './contours.js';
import type { Box } from './raster.js';
import { num } from './text.js';

export interface Streamlines {
  /** SVG elements. */
  readonly body: string;
  /** The current that flows between two neighbouring lines, in the unit of psi. */
  readonly step: number;
}

/** At most so many lines; the round step between them decides. */
export const STREAMLINES = 22;
const HEAD = 6.5;
/** Distance between arrow heads along a line, px. */
const HEAD_SPACING = 85;

/**
 * The lines along which the current flows: contours of the stream function psi with heads in the direction of
 * K = (d psi/dy, -d psi/dx). Between any two neighbouring lines flows the same current, so dense lines mean a large K.
 */
export function streamlines(grid: Grid, psi: Float64Array, box: Box, count = STREAMLINES): Streamlines {
  const { levels, step } = contourLevels(psi, count);
  const sx = box.width / grid.nx;
  const sy = box.height / grid.ny;
  let path = '';
  let heads = '';
  const placed: (readonly [number, number])[] = [];
  for (const level of levels) {
    for (const line of contourLines(grid, psi, level)) {
      const pixels = toPixels(line, box, sx, sy);
      path += polyline(pixels, line.closed);
      heads += arrowHeads(pixels, placed);
    }
  }
  if (path === '') return { body: '', step };
  const body =
    `<path d="${path}" fill="none" stroke="#000" stroke-opacity="0.35" stroke-width="1.9" stroke-linejoin="round"/>` +
    `<path d="${path}" fill="none" stroke="#fff" stroke-width="0.9" stroke-linejoin="round"/>` +
    (heads === ''
      ? ''
      : `<path d="${heads}" fill="#fff" stroke="#000" stroke-opacity="0.5" stroke-width="0.5" stroke-linejoin="round"/>`);
  return { body, step };
}

/**
 * Whether streamlines make a picture that can be read: no tangle of noise (hardly more pieces than levels) and, but for
 * the densest twentieth of the map, no two lines nearer than a hundredth of its length.
 */
export function streamlinesLegible(grid: Grid, psi: Float64Array, magnitude: Float64Array): boolean {
  const { levels, step } = contourLevels(psi, STREAMLINES);
  const sizes = magnitude.filter(Number.isFinite).sort();
  const dense = sizes[Math.floor(0.95 * (sizes.length - 1))];
  if (levels.length === 0 || !(step / dense >= Math.max(grid.nx * grid.dx, grid.ny * grid.dy) / 100)) return false;
  let pieces = 0;
  for (const level of levels) pieces += contourLines(grid, psi, level).length;
  return pieces <= 2 * levels.length + 6;
}

function toPixels({ points }: ContourLine, box: Box, sx: number, sy: number): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    out[i] = box.x + (points[i] + 0.5) * sx;
    out[i + 1] = box.y + box.height - (points[i + 1] + 0.5) * sy;
  }
  return out;
}

// Points nearer than half a pixel to the last one add bytes and nothing to see.
function polyline(p: Float64Array, closed: boolean): string {
  let d = `M${num(p[0])} ${num(p[1])}`;
  let x = p[0];
  let y = p[1];
  for (let i = 2; i < p.length; i += 2) {
    if (i < p.length - 2 && Math.hypot(p[i] - x, p[i + 1] - y) < 0.5) continue;
    x = p[i];
    y = p[i + 1];
    d += `L${num(x)} ${num(y)}`;
  }
  return closed ? `${d}Z` : d;
}

/** Heads along a line; none where lines run so close that it would touch one of `placed`. */
function arrowHeads(p: Float64Array, placed: (readonly [number, number])[]): string {
  let total = 0;
  for (let i = 2; i < p.length; i += 2) total += Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]);
  if (total < 4 * HEAD) return '';
  const count = Math.max(1, Math.round(total / HEAD_SPACING));
  let d = '';
  for (let k = 0; k < count; k++) {
    const at = ((k + 0.5) * total) / count;
    const [bx, by] = pointAt(p, at - HEAD / 2);
    const [tx, ty] = pointAt(p, at + HEAD / 2);
    const length = Math.hypot(tx - bx, ty - by);
    // In a hairpin a head would point anywhere.
    if (length < 0.6 * HEAD) continue;
    if (placed.some(([x, y]) => Math.hypot(x - tx, y - ty) < 1.15 * HEAD)) continue;
    placed.push([tx, ty]);
    const ux = (tx - bx) / length;
    const uy = (ty - by) / length;
    const half = 0.4 * HEAD;
    d += `M${num(tx)} ${num(ty)}L${num(bx - half * uy)} ${num(by + half * ux)}L${num(bx + half * uy)} ${num(by - half * ux)}Z`;
  }
  return d;
}

/** The point `distance` px along a polyline. */
function pointAt(p: Float64Array, distance: number): [number, number] {
  let left = Math.max(0, distance);
  for (let i = 2; i < p.length; i += 2) {
    const length = Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]);
    if (left <= length && length > 0) {
      const t = left / length;
      return [p[i - 2] + t * (p[i] - p[i - 2]), p[i - 1] + t * (p[i + 1] - p[i - 1])];
    }
    left -= length;
  }
  return [p[p.length - 2], p[p.length - 1]];
}
