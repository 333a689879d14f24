import { InputError } from '../../src/errors.js';
import { isProductOf235, trigonometricTransform2D } from '../../src/transforms/index.js';

/** Laplace's equation on a rectangle of unit pixels with values given on its four sides and sources within. */
export interface RectangleLaplace {
  /** Nodes, those on the sides included. */
  readonly ny: number;
  readonly nx: number;
  /**
   * u, ny x nx: on the sides the given values, which stay; within, the right-hand side f, which becomes the u with
   * u(left) + u(right) + u(below) + u(above) - 4 u = f.
   */
  solve(u: Float64Array): void;
}

/**
 * Direct solver: sine transforms along x, for each wave a three-term recursion along y. Only the number of steps along
 * x, nx - 1, has to be a length that the transforms support, so that nearly every rectangle fits as it is.
 * @throws {InputError} for fewer than 3 nodes either way or a number of steps other than 2^a 3^b 5^c.
 */
export function rectangleLaplace(ny: number, nx: number): RectangleLaplace {
  if (!(nx >= 3 && ny >= 3 && isProductOf235(nx - 1))) {
    throw new InputError(`no sine transform over ${nx} x ${ny} nodes`, {
      advice: 'take 2^a 3^b 5^c steps along x and at least two along y',
    });
  }
  const columns = nx - 2;
  const rows = ny - 2;
  const transform = trigonometricTransform2D(1, columns, 'sine1', 'sine1', rows);
  const f = transform.allocate(rows * columns);
  // The recursion a(j-1) + d a(j) + a(j+1) = f, d = -2 - 4 sin^2(angle / 2): elimination multiplies by these.
  const pivots = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) {
    const d = -2 - 4 * Math.sin((Math.PI * (k + 1)) / (2 * (nx - 1))) ** 2;
    pivots[k] = 1 / d;
    for (let j = 1, i = k + columns; j < rows; j++, i += columns) pivots[i] = 1 / (d - pivots[i - columns]);
  }
  const inner = rows * columns;

  const solve = (u: Float64Array): void => {
    for (let j = 0, i = 0; j < rows; j++) {
      let at = (j + 1) * nx + 1;
      for (let k = 0; k < columns; k++) f[i++] = u[at++];
      f[i - columns] -= u[(j + 1) * nx];
      f[i - 1] -= u[(j + 2) * nx - 1];
    }
    for (let k = 0; k < columns; k++) {
      f[k] -= u[k + 1];
      f[inner - columns + k] -= u[(ny - 1) * nx + k + 1];
    }
    transform.forward(f);
    for (let k = 0; k < columns; k++) f[k] *= pivots[k];
    for (let i = columns; i < inner; i++) f[i] = (f[i] - f[i - columns]) * pivots[i];
    for (let i = inner - columns - 1; i >= 0; i--) f[i] -= pivots[i] * f[i + columns];
    transform.inverse(f);
    for (let j = 0; j < rows; j++) u.set(f.subarray(j * columns, (j + 1) * columns), (j + 1) * nx + 1);
  };
  return { ny, nx, solve };
}

/**
 * What a source of -1 on one node makes of another, with zero on the four sides: the discrete Green's function between
 * nodes of {@link rectangleLaplace},
 *
 *     G = (2 / N) sum_k sin(k pi x / N) sin(k pi x' / N) sinh(t y<) sinh(t (M - y>)) / (sinh(t) sinh(t M)),
 *
 * with N and M steps along x and y and 2 cosh(t) = 4 - 2 cos(k pi / N). Positive, symmetric.
 * @param xs nodes, 1 ... N - 1; ys 1 ... M - 1
 * @returns the matrix over all pairs, n x n
 */
export function greenMatrix(ny: number, nx: number, xs: Int32Array, ys: Int32Array): Float64Array {
  const [steps, height, count] = [nx - 1, ny - 1, xs.length];
  const waves = steps - 1;
  const decay = new Float64Array(waves);
  const amplitude = new Float64Array(count * waves);
  const growth = new Float64Array(count * waves);
  const rest = new Float64Array(count * waves);
  for (let k = 0; k < waves; k++) {
    const half = 2 * Math.sin((Math.PI * (k + 1)) / (2 * steps)) ** 2;
    const t = Math.log1p(half + Math.sqrt(half * (half + 2)));
    decay[k] = t;
    const scale = Math.sqrt(2 / steps / (2 * Math.sinh(t) * -Math.expm1(-2 * t * height)));
    for (let i = 0; i < count; i++) {
      const at = i * waves + k;
      amplitude[at] = scale * Math.sin((Math.PI * (((k + 1) * xs[i]) % (2 * steps))) / steps);
      growth[at] = amplitude[at] * -Math.expm1(-2 * t * ys[i]);
      rest[at] = amplitude[at] * -Math.expm1(-2 * t * (height - ys[i]));
    }
  }
  const powers = new Map<number, Float64Array>();
  const power = (distance: number) => {
    let found = powers.get(distance);
    if (found === undefined) {
      const all = decay.map(t => Math.exp(-t * distance));
      const end = all.findIndex(value => value < NEGLIGIBLE);
      powers.set(distance, (found = end < 0 ? all : all.subarray(0, end)));
    }
    return found;
  };
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = (ys[i] <= ys[j] ? i : j) * waves;
      const upper = (ys[i] <= ys[j] ? j : i) * waves;
      const damping = power(Math.abs(ys[i] - ys[j]));
      let sum = 0;
      for (let k = 0; k < damping.length; k++) sum += growth[lower + k] * rest[upper + k] * damping[k];
      out[i * count + j] = out[j * count + i] = sum;
    }
  }
  return out;
}

/** A wave that has decayed this far adds nothing that a double could hold. */
const NEGLIGIBLE = 1e-18;
