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

/** Nodes within a rectangle: 1 ... nx - 2 along x, 1 ... ny - 2 along y. */
export interface InnerNodes {
  readonly xs: Int32Array;
  readonly ys: Int32Array;
}

/**
 * What a source of -1 on one node makes of another, with zero on the four sides: the discrete Green's function between
 * nodes of {@link rectangleLaplace},
 *
 *     G = (2 / N) sum_k sin(k pi x / N) sin(k pi x' / N) sinh(t y<) sinh(t (M - y>)) / (sinh(t) sinh(t M)),
 *
 * with N and M steps along x and y and 2 cosh(t) = 4 - 2 cos(k pi / N). Positive, symmetric.
 * @returns the matrix from `b` (columns) to `a` (rows)
 */
export function greenMatrix(ny: number, nx: number, a: InnerNodes, b: InnerNodes = a): Float64Array {
  const decay = decayRates(nx);
  const ofA = waves(ny, nx, decay, a);
  const ofB = a === b ? ofA : waves(ny, nx, decay, b);
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
  const [rows, columns] = [a.xs.length, b.xs.length];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < (a === b ? i + 1 : columns); j++) {
      const below = a.ys[i] <= b.ys[j];
      const lower = (below ? ofA : ofB).growth[below ? i : j];
      const upper = (below ? ofB : ofA).rest[below ? j : i];
      const damping = power(Math.abs(a.ys[i] - b.ys[j]));
      let sum = 0;
      for (let k = 0; k < damping.length; k++) sum += lower[k] * upper[k] * damping[k];
      out[i * columns + j] = sum;
      if (a === b) out[j * columns + i] = sum;
    }
  }
  return out;
}

/** t of every wave along x. */
function decayRates(nx: number): Float64Array {
  return Float64Array.from({ length: nx - 2 }, (_, k) => {
    const half = 2 * Math.sin((Math.PI * (k + 1)) / (2 * (nx - 1))) ** 2;
    return Math.log1p(half + Math.sqrt(half * (half + 2)));
  });
}

/** Per node the amplitudes of the waves, as they grow from the side below and decay to the one above. */
function waves(ny: number, nx: number, decay: Float64Array, { xs, ys }: InnerNodes) {
  const [steps, height] = [nx - 1, ny - 1];
  const scale = decay.map(t => Math.sqrt(2 / steps / (2 * Math.sinh(t) * -Math.expm1(-2 * t * height))));
  const amplitude = (x: number) => scale.map((s, k) => s * Math.sin((Math.PI * (((k + 1) * x) % (2 * steps))) / steps));
  const [growth, rest] = [1, -1].map(sign =>
    Array.from(xs, (x, i) => {
      const distance = sign > 0 ? ys[i] : height - ys[i];
      return amplitude(x).map((value, k) => value * -Math.expm1(-2 * decay[k] * distance));
    }),
  );
  return { growth, rest };
}

/** A wave that has decayed this far adds nothing that a double could hold. */
const NEGLIGIBLE = 1e-18;
