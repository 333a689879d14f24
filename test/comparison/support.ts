import { rectangleBetween, rectangleLoopField, zeroField } from '../../src/biotSavart/index.js';
import { type Motion, moved } from '../../src/comparison/motion.js';
import type { VectorMap } from '../../src/comparison/vectorMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { type Grid, gridSize } from '../../src/grid.js';
import { random } from '../../src/random.js';

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

export interface MadeScan {
  readonly current?: number;
  readonly background?: { readonly bx?: number; readonly by?: number; readonly bz?: number };
  readonly noise?: number;
  readonly seed?: number;
  readonly motion?: Motion;
  /** m. */
  readonly pitch?: number;
  readonly z?: number;
  readonly origin?: readonly [number, number];
  readonly size?: readonly [number, number];
  /** Displaces every sample by so much at random, m. */
  readonly jitter?: number;
}

/** Bx, By, Bz of a loop of 80 x 50 mm around (60, 42) mm with the current and a small one in it with half of it, T; samples row by row. */
export function fieldScan(made: MadeScan = {}): FieldScan {
  const { current = 1, background = {}, noise = 0, seed = 1, motion, pitch = 3e-3, z = 8e-3, jitter = 0 } = made;
  const [x0, y0] = made.origin ?? [0, 0];
  const [width, height] = made.size ?? [0.12, 0.084];
  const rng = random(seed);
  const [nx, ny] = [Math.floor(width / pitch + 1e-9) + 1, Math.floor(height / pitch + 1e-9) + 1];
  const count = nx * ny;
  const [x, y, u, v] = [0, 1, 2, 3].map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    x[i] = x0 + (i % nx) * pitch + jitter * rng.normal();
    y[i] = y0 + Math.floor(i / nx) * pitch + jitter * rng.normal();
    [u[i], v[i]] = motion === undefined ? [x[i], y[i]] : moved(motion, x[i], y[i]);
  }
  const heights = new Float64Array(count).fill(z);
  const field = zeroField(count);
  const points = { x: u, y: v, z: heights };
  rectangleLoopField(points, rectangleBetween(0.02, 0.017, 0.1, 0.067, 0), current, field);
  rectangleLoopField(points, rectangleBetween(0.03, 0.03, 0.045, 0.05, 0), 0.5 * current, field);
  const angle = motion?.angle ?? 0;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const noisy = (value: number, offset = 0) => value + offset + noise * rng.normal();
  const bx = field.bx.map((b, i) => noisy(c * b + s * field.by[i], background.bx));
  const by = field.by.map((b, i) => noisy(c * b - s * field.bx[i], background.by));
  const bz = field.bz.map(b => noisy(b, background.bz));
  return {
    count,
    x,
    y,
    z: heights,
    components: { bx: { values: bx }, by: { values: by }, bz: { values: bz } },
    ...(noise > 0 ? { sigma: noise } : {}),
  };
}
