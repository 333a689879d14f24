import {
  type FieldVectors,
  type Positions,
  rectangleBetween,
  rectangleLoopField,
  zeroField,
} from '../src/biotSavart/index.js';
import { MU0 } from '../src/constants.js';
import type { AxisName, FieldMap } from '../src/fieldMap.js';
import { type Grid, gridSize, xAxis, yAxis } from '../src/grid.js';
import { random } from '../src/random.js';

/** A current whose field has a closed form, on pixel centres of a grid. */
export interface AnalyticCase {
  readonly name: string;
  readonly grid: Grid;
  /** Height of the sensors, m. */
  readonly z: number;
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  /** T, without noise; the buried dipoles have Bz only. */
  readonly field: Partial<Record<AxisName, Float64Array>>;
}

/** n x n pixels around the origin. */
export function centredGrid(n = 256, pitch = 1e-3): Grid {
  const start = (-(n - 1) / 2) * pitch;
  return { nx: n, ny: n, x0: start, y0: start, dx: pitch, dy: pitch };
}

/**
 * 100 A/m circulating in a rectangular frame, outer half-sides 80 and 60 mm, 24 mm wide, corners mitred: the closed form of
 * a rectangular loop, integrated over the width by Gauss-Legendre.
 * @param shiftY moves it along y, m; +85 mm cuts it at the window's upper edge
 */
export function frame(z: number, shiftY = 0, grid = centredGrid()): AnalyticCase {
  const [a, b, width, density] = [0.08, 0.06, 0.024, 100];
  const points = planePoints(grid, z);
  const n = gridSize(grid);
  const kx = new Float64Array(n);
  const ky = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = points.x[i];
    const y = points.y[i] - shiftY;
    const depthX = a - Math.abs(x);
    const depthY = b - Math.abs(y);
    const depth = Math.min(depthX, depthY);
    if (depth <= 0 || depth >= width) continue;
    if (depthX < depthY) ky[i] = Math.sign(x) * density;
    else kx[i] = -Math.sign(y) * density;
  }
  const field: FieldVectors = zeroField(n);
  const { nodes, weights } = gaussLegendre(48);
  for (let q = 0; q < nodes.length; q++) {
    const inset = 0.5 * width * (1 + nodes[q]);
    const [u, v] = [a - inset, b - inset];
    const loop = rectangleBetween(-u, shiftY - v, u, shiftY + v, 0);
    rectangleLoopField(points, loop, 0.5 * width * weights[q] * density, field);
  }
  return { name: shiftY === 0 ? 'frame' : 'cut', grid, z, kx, ky, field };
}

/** The frame moved by +85 mm, so that its current leaves the window. */
export function cut(z: number, grid = centredGrid()): AnalyticCase {
  return frame(z, 0.085, grid);
}

/**
 * psi = sum of m h / (2 pi (r^2 + h^2)^1.5) at z = 0, whose field above is exactly that of dipoles m at depth h: smooth
 * currents of several widths.
 */
export function buried(z: number, grid = centredGrid()): AnalyticCase {
  const dipoles = [
    [-0.03, 0.02, 0.012, 1],
    [0.035, -0.025, 0.008, -0.6],
    [0.02, 0.04, 0.02, 1.5],
  ];
  const points = planePoints(grid, z);
  const n = gridSize(grid);
  const kx = new Float64Array(n);
  const ky = new Float64Array(n);
  const bz = new Float64Array(n);
  for (const [x0, y0, h, m] of dipoles) {
    for (let i = 0; i < n; i++) {
      const x = points.x[i] - x0;
      const y = points.y[i] - y0;
      const r2 = x * x + y * y;
      const slope = (-3 * m * h) / (2 * Math.PI) / (r2 + h * h) ** 2.5;
      kx[i] += slope * y;
      ky[i] -= slope * x;
      const d = h + z;
      bz[i] += ((MU0 * m) / (4 * Math.PI)) * (2 * d * d - r2) * (r2 + d * d) ** -2.5;
    }
  }
  return { name: 'buried', grid, z, kx, ky, field: { bz } };
}

/**
 * What a scan of a case would give: the components asked for, with white noise.
 * @param part noise in parts of the largest |Bz|
 */
export function measured(c: AnalyticCase, components: readonly AxisName[], part: number, seed: number): FieldMap {
  const rng = random(seed);
  const sigma = part * c.field.bz!.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const noisy = components.map(name => [name, c.field[name]!.map(v => v + sigma * rng.normal())]);
  return { grid: c.grid, z: c.z, components: Object.fromEntries(noisy) };
}

/** Relative L2 error of (Kx, Ky) over the grid. */
export function currentError(c: AnalyticCase, kx: Float64Array, ky: Float64Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < kx.length; i++) {
    difference += (kx[i] - c.kx[i]) ** 2 + (ky[i] - c.ky[i]) ** 2;
    norm += c.kx[i] ** 2 + c.ky[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** Pixel centres of a grid at height z. */
export function planePoints(grid: Grid, z: number): Positions {
  const [xs, ys] = [xAxis(grid), yAxis(grid)];
  const n = gridSize(grid);
  const points = { x: new Float64Array(n), y: new Float64Array(n), z: new Float64Array(n).fill(z) };
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      points.x[i] = xs[ix];
      points.y[i] = ys[iy];
    }
  }
  return points;
}

/** Nodes and weights on (-1, 1), by Newton's method on the Legendre polynomial. */
function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [p, before] = [1, 0];
      for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      slope = (n * (x * p - before)) / (x * x - 1);
      const move = p / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
