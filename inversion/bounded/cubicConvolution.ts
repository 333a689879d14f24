import type { Grid } from '../../src/grid.js';
import type { InteriorLattice } from './interiorLattice.js';

/** The departure between the nodes of its lattice: cubic convolution (Keys 1981), at a point or on all pixels of a map. */

/**
 * psi and its slopes at a point from the values at the 16 nodes around it, continued oddly across the outline, where psi is
 * zero. Fills `index` (unknowns) and the weights of psi, d psi/dx (1/m) and d psi/dy;
 * returns how many there are.
 */
export function interpolationAt(
  lattice: InteriorLattice,
  x: number,
  y: number,
  index: Int32Array,
  value: Float64Array,
  slopeX: Float64Array,
  slopeY: Float64Array,
): number {
  const u = (x - lattice.x0) / lattice.dx;
  const v = (y - lattice.y0) / lattice.dy;
  const ix = before(u, lattice.nx);
  const iy = before(v, lattice.ny);
  for (let a = 0; a < 4; a++) {
    keys(u - ix - a + 1, alongX, a);
    keys(v - iy - a + 1, alongY, a);
  }
  let n = 0;
  for (let b = 0; b < 4; b++) {
    const [fy, gy] = [alongY[b], alongY[4 + b] / lattice.dy];
    for (let a = 0; a < 4; a++) {
      const node = nodeValue(lattice, ix + a - 1, iy + b - 1);
      if (node === 0) continue;
      const sign = node > 0 ? 1 : -1;
      index[n] = sign * node - 1;
      value[n] = sign * alongX[a] * fy;
      slopeX[n] = (sign * alongX[4 + a] * fy) / lattice.dx;
      slopeY[n] = sign * alongX[a] * gy;
      n++;
    }
  }
  return n;
}

/** How the nodes of the lattice act on the pixels of a map: along x and along y apart, four nodes each. */
export interface PixelLattice {
  /**
   * What the nodes hold, those one step beyond the edges among them, `[iy + 1][ix + 1]`: +(unknown + 1), -(unknown + 1) for the
   * mirror image of one across the outline, or 0.
   */
  readonly nodes: Int32Array;
  /** Nodes of a row. */
  readonly width: number;
  readonly x: PixelWeights;
  readonly y: PixelWeights;
}

/** Of the pixels along an axis: the first of four nodes, as `nodes` counts them, and for each pixel four weights and slopes (1/m). */
export interface PixelWeights {
  readonly first: Int32Array;
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

export function pixelLattice(lattice: InteriorLattice, grid: Grid): PixelLattice {
  const [width, height] = [lattice.nx + 2, lattice.ny + 2];
  return {
    nodes: Int32Array.from({ length: width * height }, (_, i) =>
      nodeValue(lattice, (i % width) - 1, Math.floor(i / width) - 1),
    ),
    width,
    x: pixelWeights(lattice.nx, lattice.x0, lattice.dx, grid.nx, grid.x0, grid.dx),
    y: pixelWeights(lattice.ny, lattice.y0, lattice.dy, grid.ny, grid.y0, grid.dy),
  };
}

function pixelWeights(
  nodes: number,
  origin: number,
  step: number,
  pixels: number,
  start: number,
  pitch: number,
): PixelWeights {
  const first = new Int32Array(pixels);
  const [value, slope] = [new Float64Array(4 * pixels), new Float64Array(4 * pixels)];
  for (let i = 0; i < pixels; i++) {
    const u = (start + i * pitch - origin) / step;
    const at = before(u, nodes);
    first[i] = at;
    for (let a = 0; a < 4; a++) {
      keys(u - at - a + 1, alongX, a);
      value[4 * i + a] = alongX[a];
      slope[4 * i + a] = alongX[4 + a] / step;
    }
  }
  return { first, value, slope };
}

/** The second of the four nodes around u, in steps from the first node. */
function before(u: number, nodes: number): number {
  return Math.min(nodes - 2, Math.max(0, Math.floor(u)));
}

/** Weights of four nodes, then their slopes. */
const [alongX, alongY] = [new Float64Array(8), new Float64Array(8)];

/** Keys' kernel (a = -1/2) and its slope at a distance of t steps. */
function keys(t: number, out: Float64Array, at: number): void {
  const s = Math.abs(t);
  const sign = t < 0 ? -1 : 1;
  out[at] = out[4 + at] = 0;
  if (s < 1) {
    out[at] = (1.5 * s - 2.5) * s * s + 1;
    out[4 + at] = sign * (4.5 * s - 5) * s;
  } else if (s < 2) {
    out[at] = ((-0.5 * s + 2.5) * s - 4) * s + 2;
    out[4 + at] = sign * ((-1.5 * s + 5) * s - 4);
  }
}

const AXES = [1, 0, -1, 0, 0, 1, 0, -1];
const DIAGONALS = [1, 1, 1, -1, -1, 1, -1, -1];

/** What a node holds: +(unknown + 1), -(unknown + 1) for the mirror image of one across the outline, or 0. */
function nodeValue({ nx, ny, unknown }: InteriorLattice, ix: number, iy: number): number {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= nx || y >= ny ? -1 : unknown[y * nx + x]);
  const own = at(ix, iy);
  if (own >= 0) return own + 1;
  for (let k = 0; k < 8; k += 2) if (at(ix + AXES[k], iy + AXES[k + 1]) >= 0) return 0;
  for (let k = 0; k < 8; k += 2) if (at(ix + DIAGONALS[k], iy + DIAGONALS[k + 1]) >= 0) return 0;
  for (let k = 0; k < 8; k += 2) {
    const mirror = at(ix + 2 * AXES[k], iy + 2 * AXES[k + 1]);
    if (mirror >= 0) return -(mirror + 1);
  }
  return 0;
}
