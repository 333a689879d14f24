import type { CurrentMap } from './currentMap.js';

/**
 * Height at which the current flows, m, per pixel: the mean of the sheets' heights, weighted by the part of each one's current that runs
 * along the whole. NaN where the whole is less than a part of its root mean square over the map: there it has no height.
 */
export function currentHeight(sheets: readonly CurrentMap[], least = 0.05): Float64Array {
  const total = sheets[0].kx.map((_, i) => sheets.reduce((sum, { kx }) => sum + kx[i], 0));
  const upward = sheets[0].ky.map((_, i) => sheets.reduce((sum, { ky }) => sum + ky[i], 0));
  const squares = total.map((v, i) => v * v + upward[i] * upward[i]);
  const inside = squares.filter(v => !Number.isNaN(v));
  const floor = (least * least * inside.reduce((sum, v) => sum + v, 0)) / inside.length;
  return squares.map((square, i) => {
    if (!(square > floor)) return Number.NaN;
    return sheets.reduce((sum, { z, kx, ky }) => sum + (z * (kx[i] * total[i] + ky[i] * upward[i])) / square, 0);
  });
}
