import { columnWeight } from '../../src/transforms/index.js';
import type { SheetModel } from './sheetModel.js';

/**
 * The resolution of a map: the full width at half maximum of its point spread, the inverse transform of the filter
 * f = |A|^2 / (|A|^2 + lambda L) that the inversion applies to the true current. It is the same everywhere inside the
 * window.
 * @param weights the penalty L per mode
 * @returns the width along x and along y, m, not less than the pitch
 */
export function pointSpreadWidth(model: SheetModel, weights: Float64Array, lambda: number): { x: number; y: number } {
  const { power, transform, domain } = model;
  const { padX, padY } = domain;
  const { columns } = transform;
  // Along an axis it is the transform of the filter's sums across that axis.
  const [sumX, sumY] = [new Float64Array(columns), new Float64Array(padY)];
  for (let iy = 0, m = 0; iy < padY; iy++) {
    for (let j = 0; j < columns; j++, m++) {
      // k = 0 drops out of every map; with it the point spread has no negative offset.
      const filter = m === 0 ? 1 : power[m] > 0 ? power[m] / (power[m] + lambda * weights[m]) : 0;
      const both = columnWeight(padX, j) * filter;
      sumX[j] += both;
      sumY[iy] += both;
    }
  }
  return {
    x: domain.dx * Math.max(1, 2 * halfWidth(sumX, padX)),
    y: domain.dy * Math.max(1, 2 * halfWidth(sumY, padY)),
  };
}

/** Steps along a line at which sum s_j cos(2 pi j x / n) has fallen to half of its value at the start, linearly interpolated. */
function halfWidth(sums: Float64Array, n: number): number {
  const cosines = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const at = (x: number) => {
    let total = 0;
    for (let j = 0, turn = 0; j < sums.length; j++, turn = (turn + x) % n) total += sums[j] * cosines[turn];
    return total;
  };
  const half = at(0) / 2;
  for (let i = 1, before = 2 * half; i < n / 2; i++) {
    const next = at(i);
    if (next <= half) return i - 1 + (before - half) / (before - next);
    before = next;
  }
  return n / 2;
}
