import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Outline } from '../../src/model/outline.js';
import { outlineArea } from '../../src/model/outline.js';
import { interiorLattice, laplacian } from '../bounded/interiorLattice.js';
import { singleSources, sourceRows } from '../bounded/pointSources.js';
import type { ScanReadings } from '../bounded/scanReadings.js';

/** What small holes at some places of a cell would change in the readings. */
export interface HolePatterns {
  /** Places, m, on a lattice of this pitch. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly pitch: number;
  /**
   * Two per place, T per A/m: readings of a hole of {@link UNIT} radius (as a point dipole) where the foil's current there runs
   * along x, and along y.
   */
  readonly signals: readonly Float64Array[];
}

/** Radius that the signals are for, m. */
export const UNIT = 1e-3;

/** Nodes of the lattice of psi in standoffs, and how many there may be. */
const PITCH = 0.45;
const BLOCK = 256;

/**
 * Dipoles of the stream function that vanishes on the outline: laplacian delta psi = -2 pi r^2 (Kx d/dy - Ky d/dx) delta, on the
 * five-point lattice.
 * @param z height of the foil, m @param standoff of the readings above it, m
 * @param wanted about so many places @param mostNodes of the lattice
 */
export function holePatterns(
  outline: Outline,
  z: number,
  readings: ScanReadings,
  standoff: number,
  { wanted, mostNodes }: { readonly wanted: number; readonly mostNodes: number },
  dense: DenseWorkspace,
): HolePatterns {
  const area = outlineArea(outline);
  const lattice = interiorLattice(outline, Math.max(PITCH * standoff, Math.sqrt(area / mostNodes)));
  const { count, nx, ny, dx, dy, unknown } = lattice;
  const { neighbours, alongX, alongY, centre } = laplacian(lattice);
  const step = Math.max(1, Math.round(Math.sqrt(area / wanted / (dx * dy))));
  const places: number[] = [];
  for (let iy = 1 + (((ny - 3) % step) >> 1); iy < ny - 1; iy += step) {
    for (let ix = 1 + (((nx - 3) % step) >> 1); ix < nx - 1; ix += step) {
      const u = unknown[iy * nx + ix];
      if (u >= 0) places.push(u);
    }
  }
  const k = 2 * places.length;
  return dense.temporarily(() => {
    const matrix = dense.allocate(count * count);
    for (let u = 0; u < count; u++) {
      matrix[u * count + u] = -centre;
      for (let e = 0; e < 4; e++) {
        const v = neighbours[4 * u + e];
        if (v >= 0 && v < u) matrix[u * count + v] = -(e < 2 ? alongX : alongY);
      }
    }
    dense.cholesky(matrix, count);
    // delta psi of every place; the derivative of a delta is a pair of charges on the neighbours.
    const psi = dense.allocate(count * k);
    const strength = (2 * Math.PI * UNIT ** 2) / (dx * dy);
    places.forEach((u, p) => {
      const put = (edge: number, column: number, value: number) => {
        const v = neighbours[4 * u + edge];
        if (v >= 0) psi[v * k + column] += value;
      };
      // -laplacian on the left: the signs of -(Kx d/dy - Ky d/dx) delta turn round, and the derivative's once more.
      put(3, 2 * p, -strength / (2 * dy));
      put(2, 2 * p, strength / (2 * dy));
      put(1, 2 * p + 1, strength / (2 * dx));
      put(0, 2 * p + 1, -strength / (2 * dx));
    });
    dense.solveCholesky(matrix, count, psi, k);
    const sources = singleSources(z, lattice.x, lattice.y, dx * dy);
    const signals = Array.from({ length: k }, () => new Float64Array(readings.count));
    const rows = dense.allocate(BLOCK * count);
    const turned = dense.allocate(count * BLOCK);
    const out = dense.allocate(BLOCK * k);
    const ones = new Float64Array(readings.count).fill(1);
    for (let from = 0; from < readings.count; from += BLOCK) {
      const length = Math.min(BLOCK, readings.count - from);
      const which = Int32Array.from({ length }, (_, i) => from + i);
      sourceRows(sources, readings, ones, which, rows, count, 0, readings.footprint, dense);
      for (let i = 0; i < length; i++) for (let u = 0; u < count; u++) turned[u * length + i] = rows[i * count + u];
      out.fill(0);
      dense.addCross(turned, count, length, psi, k, out);
      for (let i = 0; i < length; i++) for (let c = 0; c < k; c++) signals[c][from + i] = out[i * k + c];
    }
    return {
      x: Float64Array.from(places, u => lattice.x[u]),
      y: Float64Array.from(places, u => lattice.y[u]),
      pitch: step * Math.sqrt(dx * dy),
      signals,
    };
  });
}
