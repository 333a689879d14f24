import type { Grid } from '../../src/grid.js';
import { gridSize } from '../../src/grid.js';
import type { Polarity } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import { median } from '../median.js';
import { radiusFor } from './holeLaw.js';
import { type HolePatterns, UNIT } from './holePatterns.js';
import { foilCurrent, type SimulatedCell } from './simulatedCell.js';

/** d'^2 of a hole of {@link UNIT} radius as a form in the foil's current there: xx, xy, yy per place, 1/(A/m)^2. */
export interface HoleSensitivity {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
  /** Of the readings above the foil, m. */
  readonly standoff: number;
}

/** The smallest hole that is found, over the cell. */
export interface HoleMap {
  readonly foil: Polarity;
  readonly grid: Grid;
  /** m, `[iy][ix]`; Infinity where no hole is found, NaN outside the outline. */
  readonly radius: Float64Array;
  /** m; Infinity where no hole is found. */
  readonly median: number;
  readonly best: { readonly radius: number; readonly x: number; readonly y: number };
  readonly worst: { readonly radius: number; readonly x: number; readonly y: number };
  /** Part of the cell's area where no hole is found. */
  readonly blind: number;
}

/**
 * @param products of signals, k x k, in which those of the patterns start at `first`
 */
export function holeSensitivity(
  { x, y, signals }: HolePatterns,
  products: Float64Array,
  k: number,
  first: number,
  standoff: number,
): HoleSensitivity {
  const at = (p: number, a: 0 | 1, b: 0 | 1) => products[(first + 2 * p + a) * k + first + 2 * p + b];
  const of = (a: 0 | 1, b: 0 | 1) => Float64Array.from({ length: signals.length / 2 }, (_, p) => at(p, a, b));
  return { x, y, xx: of(0, 0), xy: of(0, 1), yy: of(1, 1), standoff };
}

/** d' of a hole of a radius (m) at a place where the foil carries (kx, ky), A/m, by the law of `holeLaw.ts`: its c, 1/m^2. */
export function holeStrength(sensitivity: HoleSensitivity, x: number, y: number, kx: number, ky: number): number {
  let [weight, xx, xy, yy] = [0, 0, 0, 0];
  // Inverse fourth power of the distance: smooth in between, exact at the places, the nearest beyond them.
  for (let p = 0; p < sensitivity.x.length; p++) {
    const w = 1 / ((sensitivity.x[p] - x) ** 2 + (sensitivity.y[p] - y) ** 2 + 1e-12) ** 2;
    weight += w;
    xx += w * sensitivity.xx[p];
    xy += w * sensitivity.xy[p];
    yy += w * sensitivity.yy[p];
  }
  return Math.sqrt(Math.max(0, kx * kx * xx + 2 * kx * ky * xy + ky * ky * yy) / weight) / UNIT ** 2;
}

/**
 * The smallest radius of a hole in one foil of the uppermost pair whose d' reaches what is needed, at every pixel.
 * @param pixels of the map along the longer side
 */
export function smallestHoleMap(
  simulated: SimulatedCell,
  foil: Polarity,
  sensitivity: HoleSensitivity,
  needed: number,
  pixels: number,
): HoleMap {
  const box = boundingBox(simulated.cell.outline);
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const { grid: fine, inside } = simulated.currents;
  const { kx, ky } = foilCurrent(simulated, foil);
  const nx = Math.max(1, Math.round((pixels * width) / Math.max(width, height)));
  const ny = Math.max(1, Math.round((pixels * height) / Math.max(width, height)));
  const [dx, dy] = [width / nx, height / ny];
  const grid: Grid = { nx, ny, x0: box.x0 + dx / 2, y0: box.y0 + dy / 2, dx, dy };
  const most = Math.min(width, height) / 2;
  const radius = new Float64Array(gridSize(grid)).fill(Number.NaN);
  let best = { radius: Number.POSITIVE_INFINITY, x: Number.NaN, y: Number.NaN };
  let worst = { radius: 0, x: Number.NaN, y: Number.NaN };
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const [x, y] = [grid.x0 + ix * dx, grid.y0 + iy * dy];
      const [fx, fy] = [Math.round((x - fine.x0) / fine.dx), Math.round((y - fine.y0) / fine.dy)];
      if (fx < 0 || fy < 0 || fx >= fine.nx || fy >= fine.ny) continue;
      const pixel = fy * fine.nx + fx;
      if (inside[pixel] !== 1) continue;
      const strength = holeStrength(sensitivity, x, y, kx[pixel], ky[pixel]);
      const r = radiusFor(needed, strength, sensitivity.standoff, most);
      radius[i] = r;
      if (r < best.radius) best = { radius: r, x, y };
      if (r > worst.radius) worst = { radius: r, x, y };
    }
  }
  const known = radius.filter(r => !Number.isNaN(r));
  const blind = known.reduce((n, r) => (Number.isFinite(r) ? n : n + 1), 0) / Math.max(1, known.length);
  const typical = known.length === 0 ? Number.POSITIVE_INFINITY : median(known);
  return { foil, grid, radius, median: typical, best, worst, blind };
}
