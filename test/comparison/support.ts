import { rectangleBetween, rectangleLoopField, zeroField } from '../../src/biotSavart/index.js';
import { type Motion, moved } from '../../src/comparison/motion.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { random } from '../../src/random.js';

export { eddies, eddyMap, type Made, PLAIN } from '../../bench/eddies.js';

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
