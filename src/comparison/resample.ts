import { type Grid, gridSize } from '../grid.js';
import { inverseMotion, type Motion, moved, NO_MOTION } from './motion.js';
import { newStencil, placeCubic, placeLinear, type Stencil, weighted } from './stencil.js';
import { planarPair, type VectorMap } from './vectorMap.js';

/** A grid coarser than the map by more than this takes means over its pixels instead of values at their centres. */
const COARSER = 1.5;

export function sameGrid(a: Grid, b: Grid): boolean {
  const keys = ['nx', 'ny', 'x0', 'y0', 'dx', 'dy'] as const;
  const slack = 1e-6 * Math.min(a.dx, a.dy);
  return keys.every(key => Math.abs(a[key] - b[key]) <= (key === 'nx' || key === 'ny' ? 0 : slack));
}

/**
 * A map on another grid, after a motion if one is given: M'(r) = R M(m^-1 r), the components in the plane turned with
 * their place. Cubic convolution, next to a gap or the rim bilinear; nothing is extrapolated, so that a pixel without
 * nodes all around it is NaN. Where the grid is more than 1.5 times as coarse, each pixel is the mean over points spread
 * evenly over its area (at least half of which must have a value).
 *
 * Standard deviations: of independent readings by the weights of the interpolation, of maps whose pixels err alike the
 * interpolated deviation, which is an upper bound.
 */
export function resample(map: VectorMap, grid: Grid, motion?: Motion): VectorMap {
  if (motion === undefined && sameGrid(map.grid, grid)) return map;
  const back = motion === undefined ? NO_MOTION : inverseMotion(motion);
  const ratioX = grid.dx / map.grid.dx;
  const ratioY = grid.dy / map.grid.dy;
  const partsX = ratioX > COARSER ? Math.ceil(ratioX) : 1;
  const partsY = ratioY > COARSER ? Math.ceil(ratioY) : 1;
  const count = map.values.length;
  const size = gridSize(grid);
  const values = map.values.map(() => new Float64Array(size).fill(Number.NaN));
  const sigma = map.sigma?.map(() => new Float64Array(size).fill(Number.NaN));
  const stencil = newStencil();
  const sums = new Float64Array(count);
  const spread = new Float64Array(count);
  for (let iy = 0, p = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, p++) {
      sums.fill(0);
      spread.fill(0);
      let hits = 0;
      for (let part = 0; part < partsX * partsY; part++) {
        const x = grid.x0 + (ix + ((part % partsX) + 0.5) / partsX - 0.5) * grid.dx;
        const y = grid.y0 + (iy + (Math.floor(part / partsX) + 0.5) / partsY - 0.5) * grid.dy;
        const [u, v] = moved(back, x, y);
        if (!place(stencil, map, u, v)) continue;
        hits++;
        for (let c = 0; c < count; c++) {
          sums[c] += weighted(stencil, stencil.weight, map.values[c]);
          if (map.sigma !== undefined) spread[c] += deviation(stencil, map.sigma[c], map.independent);
        }
      }
      if (2 * hits < partsX * partsY || hits === 0) continue;
      // Of independent readings a mean over several pixels has the smaller error.
      const pixels = map.independent ? Math.sqrt(Math.max(1, ratioX) * Math.max(1, ratioY)) : 1;
      const gain = partsX * partsY > 1 ? pixels : 1;
      for (let c = 0; c < count; c++) {
        values[c][p] = sums[c] / hits;
        if (sigma !== undefined) sigma[c][p] = spread[c] / hits / gain;
      }
    }
  }
  const angle = motion?.angle ?? 0;
  if (angle !== 0) turn(map.names, values, sigma, angle);
  return { ...map, grid, values, ...(sigma === undefined ? {} : { sigma }) };
}

/** Puts the stencil where all of its nodes have values: cubic, else bilinear, else nowhere. */
function place(stencil: Stencil, { grid, values }: VectorMap, x: number, y: number): boolean {
  if (placeCubic(stencil, grid, x, y) && !Number.isNaN(weighted(stencil, stencil.weight, values[0]))) return true;
  return placeLinear(stencil, grid, x, y) && !Number.isNaN(weighted(stencil, stencil.weight, values[0]));
}

function deviation({ count, index, weight }: Stencil, sigma: Float64Array, independent: boolean): number {
  let sum = 0;
  let weights = 0;
  for (let k = 0; k < count; k++) {
    const w = weight[k];
    if (w === 0) continue;
    const s = sigma[index[k]];
    sum += independent ? (w * s) ** 2 : Math.abs(w) * s;
    weights += Math.abs(w);
  }
  return independent ? Math.sqrt(sum) : sum / weights;
}

function turn(
  names: readonly string[],
  values: readonly Float64Array[],
  sigma: readonly Float64Array[] | undefined,
  angle: number,
): void {
  const pair = planarPair(names);
  if (pair === undefined) return;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = pair.map(i => values[i]);
  for (let p = 0; p < x.length; p++) {
    const [u, v] = [x[p], y[p]];
    x[p] = c * u - s * v;
    y[p] = s * u + c * v;
  }
  if (sigma === undefined) return;
  const [sx, sy] = pair.map(i => sigma[i]);
  for (let p = 0; p < x.length; p++) {
    const [u, v] = [sx[p], sy[p]];
    sx[p] = Math.hypot(c * u, s * v);
    sy[p] = Math.hypot(s * u, c * v);
  }
}
