import { bilinear } from '../../src/bilinear.js';
import { type Layer, type Vectors, valuesAt } from '../state/document.js';
import type { Segment } from '../state/page.js';
import { indexAt } from './probe.js';

/** Values along a line. */
export interface Profile {
  /** From its start, m. */
  readonly distance: Float64Array;
  /** NaN where the map has no value. */
  readonly values: Float64Array;
  readonly errors?: Float64Array;
}

const MOST_POINTS = 600;
const FEWEST_POINTS = 40;

/** The layer along a line: bilinear between pixels, the nearest of scattered samples. */
export function profileAlong(layer: Layer, frame: number, line: Segment): Profile {
  const { shape } = layer;
  const { values, errors } = valuesAt(layer, frame);
  const length = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y);
  const pitch = shape.type === 'grid' ? Math.min(shape.grid.dx, shape.grid.dy) / 2 : shape.pitch / 2;
  const count = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.ceil(length / pitch) + 1));
  const out = { distance: new Float64Array(count), values: new Float64Array(count), errors: new Float64Array(count) };
  for (let k = 0; k < count; k++) {
    const t = k / (count - 1);
    const x = line.from.x + t * (line.to.x - line.from.x);
    const y = line.from.y + t * (line.to.y - line.from.y);
    out.distance[k] = t * length;
    if (shape.type === 'grid') {
      out.values[k] = valueAt(shape.grid, values, x, y);
      out.errors[k] = errors === undefined ? Number.NaN : valueAt(shape.grid, errors, x, y);
    } else {
      const i = indexAt(layer, x, y);
      out.values[k] = i < 0 ? Number.NaN : values[i];
      out.errors[k] = i < 0 || errors === undefined ? Number.NaN : errors[i];
    }
  }
  return errors === undefined ? { distance: out.distance, values: out.values } : out;
}

/** Between the four pixels around a point; the nearest one where another has no value. */
function valueAt(grid: Vectors['grid'], values: ArrayLike<number>, x: number, y: number): number {
  const { nx, ny, x0, y0, dx, dy } = grid;
  const u = (x - x0) / dx;
  const v = (y - y0) / dy;
  if (u < -0.5 || v < -0.5 || u > nx - 0.5 || v > ny - 0.5) return Number.NaN;
  const value = bilinear(values, nx, ny, u, v);
  if (!Number.isNaN(value)) return value;
  return values[Math.min(ny - 1, Math.max(0, Math.round(v))) * nx + Math.min(nx - 1, Math.max(0, Math.round(u)))];
}

/** The current through a line, A: what flows from the left of the way from A to B to its right. */
export interface LineCurrent {
  readonly current: number;
  /** One standard deviation: errors within a resolution go together, farther apart they do not. */
  readonly error?: number;
  /** Part of the line over which the map has values. */
  readonly covered: number;
}

/**
 * Integral of K.n along the line with n = (dy, -dx) / ds; where psi is known it equals psi(B) - psi(A). What the map does not
 * show counts as none, and lowers `covered`.
 */
export function currentThrough(vectors: Vectors, line: Segment): LineCurrent {
  const { grid, kx, ky, kxErrors, kyErrors, resolution } = vectors;
  const [dx, dy] = [line.to.x - line.from.x, line.to.y - line.from.y];
  const length = Math.hypot(dx, dy);
  const count = Math.min(4000, Math.max(16, Math.ceil((4 * length) / Math.min(grid.dx, grid.dy))));
  const ds = length / count;
  const [nx, ny] = length > 0 ? [dy / length, -dx / length] : [0, 0];
  let [sum, square, covered] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const t = (k + 0.5) / count;
    const [x, y] = [line.from.x + t * dx, line.from.y + t * dy];
    const [u, v] = [valueAt(grid, kx, x, y), valueAt(grid, ky, x, y)];
    if (!Number.isFinite(u + v)) continue;
    covered++;
    sum += (u * nx + v * ny) * ds;
    if (kxErrors === undefined || kyErrors === undefined) continue;
    const variance = (valueAt(grid, kxErrors, x, y) * nx) ** 2 + (valueAt(grid, kyErrors, x, y) * ny) ** 2;
    if (Number.isFinite(variance)) square += variance * ds;
  }
  const known = kxErrors !== undefined && kyErrors !== undefined && resolution !== undefined;
  return {
    current: sum,
    ...(known ? { error: Math.sqrt(square * Math.min(resolution, Math.max(length, ds))) } : {}),
    covered: covered / count,
  };
}
