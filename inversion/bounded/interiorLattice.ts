import { NumericalError } from '../../src/errors.js';
import {
  boundingBox,
  contains,
  cornerAt,
  cornerCount,
  distanceToOutline,
  type Outline,
} from '../../src/model/outline.js';

/**
 * Nodes of the departure from the harmonic solution, one lattice for all sheets. psi is zero on the outline and outside.
 * Steps along x and y are chosen so that straight edges of the outline fall on nodes as well as they can.
 */
export interface InteriorLattice {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly nx: number;
  readonly ny: number;
  /** Unknown of each node, -1 on the outline and outside, `[iy][ix]`. */
  readonly unknown: Int32Array;
  /** Positions of the unknowns. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly count: number;
}

/** A node closer to the outline than this part of a step is on it. */
const ON_OUTLINE = 0.3;

/** @param pitch wanted, m @throws {NumericalError} for an outline that holds no node. */
export function interiorLattice(outline: Outline, pitch: number): InteriorLattice {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const corners = Array.from({ length: cornerCount(outline) }, (_, i) => cornerAt(outline, i));
  const dx = bestStep(
    x1 - x0,
    corners.map(([x]) => x - x0),
    pitch,
  );
  const dy = bestStep(
    y1 - y0,
    corners.map(([, y]) => y - y0),
    pitch,
  );
  const nx = Math.round((x1 - x0) / dx) + 1;
  const ny = Math.round((y1 - y0) / dy) + 1;
  const unknown = new Int32Array(nx * ny).fill(-1);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let iy = 1; iy < ny - 1; iy++) {
    for (let ix = 1; ix < nx - 1; ix++) {
      const x = x0 + ix * dx;
      const y = y0 + iy * dy;
      if (!contains(outline, x, y) || distanceToOutline(outline, x, y) < ON_OUTLINE * Math.min(dx, dy)) continue;
      unknown[iy * nx + ix] = xs.length;
      xs.push(x);
      ys.push(y);
    }
  }
  if (xs.length === 0) {
    throw new NumericalError('the cell is too small for its distance to the sensors', {
      advice: 'scan closer to the cell',
    });
  }
  return { x0, y0, dx, dy, nx, ny, unknown, x: Float64Array.from(xs), y: Float64Array.from(ys), count: xs.length };
}

/** The step near `pitch` that divides the extent and misses the given positions the least. */
function bestStep(extent: number, positions: readonly number[], pitch: number): number {
  const least = Math.max(2, Math.ceil(extent / (1.12 * pitch)));
  const most = Math.max(least, Math.floor(extent / (0.85 * pitch)));
  let best = least;
  let bestMiss = Number.POSITIVE_INFINITY;
  for (let n = least; n <= most; n++) {
    const step = extent / n;
    const miss =
      positions.reduce((sum, p) => sum + Math.abs(p / step - Math.round(p / step)), 0) +
      0.02 * Math.abs(step / pitch - 1);
    if (miss < bestMiss - 1e-9) {
      best = n;
      bestMiss = miss;
    }
  }
  return extent / best;
}

/** Five-point Laplacian of psi at every unknown, 1/m^2: neighbours (-1 where psi is zero) and weights. */
export interface Laplacian {
  /** Four neighbours of each unknown: -x, +x, -y, +y. */
  readonly neighbours: Int32Array;
  readonly alongX: number;
  readonly alongY: number;
  readonly centre: number;
}

export function laplacian({ nx, dx, dy, unknown, count }: InteriorLattice): Laplacian {
  const neighbours = new Int32Array(4 * count);
  for (let i = 0; i < unknown.length; i++) {
    const u = unknown[i];
    if (u < 0) continue;
    neighbours[4 * u] = unknown[i - 1];
    neighbours[4 * u + 1] = unknown[i + 1];
    neighbours[4 * u + 2] = unknown[i - nx];
    neighbours[4 * u + 3] = unknown[i + nx];
  }
  return { neighbours, alongX: 1 / dx ** 2, alongY: 1 / dy ** 2, centre: -2 / dx ** 2 - 2 / dy ** 2 };
}

/** w = laplacian psi, A/m^2. */
export function applyLaplacian(l: Laplacian, psi: Float64Array, out: Float64Array): void {
  const { neighbours } = l;
  for (let u = 0; u < out.length; u++) {
    let sum = l.centre * psi[u];
    for (let k = 0; k < 4; k++) {
      const v = neighbours[4 * u + k];
      if (v >= 0) sum += (k < 2 ? l.alongX : l.alongY) * psi[v];
    }
    out[u] = sum;
  }
}

/** Adds L^T diag(1 / variance) L to the lower triangle of a matrix, its corner at row and column `at`. */
export function addLaplacianPrior(
  l: Laplacian,
  variance: Float64Array,
  matrix: Float64Array,
  stride: number,
  at: number,
): void {
  const index = new Int32Array(5);
  const value = new Float64Array(5);
  for (let u = 0; u < variance.length; u++) {
    index[0] = u;
    value[0] = l.centre;
    let n = 1;
    for (let k = 0; k < 4; k++) {
      const v = l.neighbours[4 * u + k];
      if (v < 0) continue;
      index[n] = v;
      value[n++] = k < 2 ? l.alongX : l.alongY;
    }
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        if (index[a] >= index[b])
          matrix[(at + index[a]) * stride + at + index[b]] += (value[a] * value[b]) / variance[u];
      }
    }
  }
}
