import { MU0 } from '../../constants.js';
import { gaussLegendre } from './gauss.js';

/**
 * Integrals of R / R^3 over a pixel, R from the source to the point, which with the law of Biot and Savart,
 * B = (mu0 / 4 pi) integral K x R / R^3, give the field of a sheet current that is linear within pixels. With <> the mean
 * over the pixel and (u, v) in [-1/2, 1/2]^2 the place in it:
 *
 *     MEAN_X, MEAN_Y, MEAN_Z   <R / R^3>          of a uniform current
 *     SLOPE_X_Y, SLOPE_X_Z     <u R / R^3>        of what flows along x and grows along x
 *     SLOPE_Y_X, SLOPE_Y_Z     <v R / R^3>        of what flows along y and grows along y
 *
 * All times mu0 / 4 pi, T per A m.
 */
export const MEAN_X = 0;
export const MEAN_Y = 1;
export const MEAN_Z = 2;
export const SLOPE_X_Y = 3;
export const SLOPE_X_Z = 4;
export const SLOPE_Y_X = 5;
export const SLOPE_Y_Z = 6;
export const KERNELS = 7;

/** Parity of each kernel in x and in y. */
export const PARITY: readonly (readonly [number, number])[] = [
  [-1, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [-1, -1],
  [1, -1],
];

/** Points of a pixel, weights with the mean over it, and the place within. */
interface PixelRule {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weight: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** Rules for the distances from which a pixel may be seen. */
export interface PixelRules {
  /** Square of the least distance of each rule, m^2, descending; the last is 0. */
  readonly least: Float64Array;
  readonly rules: readonly PixelRule[];
}

/** Relative error of a rule at its least distance. */
const TOLERANCE = 1e-8;
const [FEWEST, MOST] = [2, 8];

/**
 * Gauss-Legendre points for pixels dx by dy: n along each side from the distance R on at which (side / 4 R)^2n, the error
 * for a pole at that distance, is 1e-8; 2 to 8, which serve from 0.4 sides on.
 */
export function pixelRules(dx: number, dy: number): PixelRules {
  const counts = Array.from({ length: MOST - FEWEST + 1 }, (_, k) => FEWEST + k);
  const least = counts.map(n => (n === MOST ? 0 : (Math.max(dx, dy) / (4 * TOLERANCE ** (1 / (2 * n)))) ** 2));
  return { least: Float64Array.from(least), rules: counts.map(n => pixelRule(dx, dy, n)) };
}

function pixelRule(dx: number, dy: number, n: number): PixelRule {
  const { nodes, weights } = gaussLegendre(n);
  const size = n * n;
  const rule = {
    x: new Float64Array(size),
    y: new Float64Array(size),
    weight: new Float64Array(size),
    u: new Float64Array(size),
    v: new Float64Array(size),
  };
  for (let j = 0, k = 0; j < n; j++) {
    for (let i = 0; i < n; i++, k++) {
      rule.u[k] = nodes[i] / 2;
      rule.v[k] = nodes[j] / 2;
      rule.x[k] = rule.u[k] * dx;
      rule.y[k] = rule.v[k] * dy;
      rule.weight[k] = (weights[i] * weights[j]) / 4;
    }
  }
  return rule;
}

/**
 * Adds `weight` times the kernels of a pixel in the origin, seen from (x, y, z), m, to out[at ... at + 6].
 * @param z not 0; negative below the pixel
 */
export function addPixelKernels(
  { least, rules }: PixelRules,
  x: number,
  y: number,
  z: number,
  weight: number,
  out: Float64Array,
  at: number,
): void {
  let [mx, my, mz, xy, xz, yx, yz] = [0, 0, 0, 0, 0, 0, 0];
  const z2 = z * z;
  const distance2 = x * x + y * y + z2;
  let which = 0;
  while (distance2 < least[which]) which++;
  const rule = rules[which];
  for (let k = 0; k < rule.weight.length; k++) {
    const px = x - rule.x[k];
    const py = y - rule.y[k];
    const r2 = px * px + py * py + z2;
    const w = rule.weight[k] / (r2 * Math.sqrt(r2));
    const [u, v] = [rule.u[k] * w, rule.v[k] * w];
    mx += w * px;
    my += w * py;
    mz += w;
    xy += u * py;
    xz += u;
    yx += v * px;
    yz += v;
  }
  const scale = (MU0 / (4 * Math.PI)) * weight;
  out[at] += scale * mx;
  out[at + MEAN_Y] += scale * my;
  out[at + MEAN_Z] += scale * z * mz;
  out[at + SLOPE_X_Y] += scale * xy;
  out[at + SLOPE_X_Z] += scale * z * xz;
  out[at + SLOPE_Y_X] += scale * yx;
  out[at + SLOPE_Y_Z] += scale * z * yz;
}
