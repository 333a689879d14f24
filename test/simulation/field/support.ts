import { type FieldVectors, type Positions, zeroField } from '../../../src/biotSavart/index.js';
import type { Grid } from '../../../src/grid.js';
import { random } from '../../../src/random.js';
import { gaussLegendre } from '../../../src/simulation/field/gauss.js';
import type { SheetSource, ThroughSource } from '../../../src/simulation/field/pixelField.js';
import { addPixelKernels, KERNELS, pixelRules } from '../../../src/simulation/field/pixelKernel.js';

/** n points at random in a box, m. */
export function randomPoints(n: number, seed: number, low: readonly number[], high: readonly number[]): Positions {
  const rng = random(seed);
  const axis = (k: number) => Float64Array.from({ length: n }, () => low[k] + rng.uniform() * (high[k] - low[k]));
  return { x: axis(0), y: axis(1), z: axis(2) };
}

/** The field by direct summation over pixels, points and heights. */
export function directField(
  grid: Grid,
  sheets: readonly SheetSource[],
  throughs: readonly ThroughSource[],
  points: Positions,
): FieldVectors {
  const out = zeroField(points.x.length);
  const rules = pixelRules(grid.dx, grid.dy);
  const e = new Float64Array(KERNELS);
  for (let p = 0; p < points.x.length; p++) {
    for (let iy = 0, i = 0; iy < grid.ny; iy++) {
      for (let ix = 0; ix < grid.nx; ix++, i++) {
        const [x, y] = [points.x[p] - grid.x0 - ix * grid.dx, points.y[p] - grid.y0 - iy * grid.dy];
        for (const sheet of sheets) {
          e.fill(0);
          for (const { z, weight } of sheet.heights) addPixelKernels(rules, x, y, points.z[p] - z, weight, e, 0);
          const [mx, my] = [sheet.alongX[i] * grid.dx, sheet.alongY[i] * grid.dy];
          const [gx, gy] = [sheet.growthX[i] * grid.dx, sheet.growthY[i] * grid.dy];
          out.bx[p] += my * e[2] + gy * e[6];
          out.by[p] -= mx * e[2] + gx * e[4];
          out.bz[p] += mx * e[1] + gx * e[3] - my * e[0] - gy * e[5];
        }
        for (const { current, spans } of throughs) {
          e.fill(0);
          for (const { from, to, weight } of spans) {
            const { nodes, weights } = gaussLegendre(6);
            nodes.forEach((t, k) => {
              const z = (from + to) / 2 + ((to - from) / 2) * t;
              addPixelKernels(rules, x, y, points.z[p] - z, (weight * weights[k] * (to - from)) / 2, e, 0);
            });
          }
          out.bx[p] -= current[i] * e[1];
          out.by[p] += current[i] * e[0];
        }
      }
    }
  }
  return out;
}

/** Norm of the difference of two fields over the norm of the second. */
export function fieldError(a: FieldVectors, b: FieldVectors): number {
  let [difference, norm] = [0, 0];
  for (const c of ['bx', 'by', 'bz'] as const) {
    for (let i = 0; i < a[c].length; i++) {
      difference += (a[c][i] - b[c][i]) ** 2;
      norm += b[c][i] ** 2;
    }
  }
  return Math.sqrt(difference / norm);
}
