import { type Motion, moved } from '../src/comparison/motion.js';
import type { VectorMap } from '../src/comparison/vectorMap.js';
import { type Grid, gridSize } from '../src/grid.js';
import { random } from '../src/random.js';

/** A smooth current without symmetry whose K has a closed form everywhere, so that it can be moved exactly. */

export const PLAIN: Grid = { nx: 60, ny: 44, x0: 0, y0: 0, dx: 2e-3, dy: 2e-3 };

/** Eddies of different size and strength: [x, y, radius, psi], m and A. No symmetry. */
const EDDIES = [
  [0.03, 0.025, 0.014, 1],
  [0.085, 0.06, 0.02, -1.6],
  [0.06, 0.03, 0.01, 0.5],
  [0.02, 0.07, 0.017, 0.9],
  [0.1, 0.018, 0.012, -0.7],
] as const;

/** K of psi = sum of Gaussians, (dpsi/dy, -dpsi/dx), A/m. */
export function eddies(x: number, y: number): [number, number] {
  let [kx, ky] = [0, 0];
  for (const [x0, y0, radius, size] of EDDIES) {
    const psi = size * Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * radius ** 2));
    kx -= (psi * (y - y0)) / radius ** 2;
    ky += (psi * (x - x0)) / radius ** 2;
  }
  return [kx, ky];
}

export interface Made {
  readonly motion?: Motion;
  readonly gain?: number;
  readonly noise?: number;
  readonly seed?: number;
  /** Standard deviation to state; the noise if left out. */
  readonly sigma?: number;
  readonly inside?: (x: number, y: number) => boolean;
  readonly independent?: boolean;
}

/** The eddies on a grid; with a motion m the map B whose m-image they are, R^-1 K(m r). */
export function eddyMap(
  grid: Grid,
  { motion, gain = 1, noise = 0, seed = 1, sigma, inside, independent }: Made = {},
): VectorMap {
  const n = gridSize(grid);
  const [kx, ky] = [new Float64Array(n), new Float64Array(n)];
  const rng = random(seed);
  const [c, s] = [Math.cos(motion?.angle ?? 0), Math.sin(motion?.angle ?? 0)];
  for (let p = 0; p < n; p++) {
    const [x, y] = [grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy];
    const [u, v] = motion === undefined ? [x, y] : moved(motion, x, y);
    const [a, b] = eddies(u, v);
    const there = inside === undefined || inside(x, y);
    kx[p] = there ? gain * (c * a + s * b) + noise * rng.normal() : Number.NaN;
    ky[p] = there ? gain * (c * b - s * a) + noise * rng.normal() : Number.NaN;
  }
  const stated = sigma ?? noise;
  return {
    grid,
    z: 0,
    names: ['Kx', 'Ky'],
    values: [kx, ky],
    ...(stated > 0 ? { sigma: [new Float64Array(n).fill(stated), new Float64Array(n).fill(stated)] } : {}),
    independent: independent ?? true,
  };
}
