import { trigonometricTransform2D } from './index.js';
import { isProductOf235, LONGEST } from './lengths.js';
import type { Trigonometric } from './transforms.js';

/**
 * What holds at the two sides of one direction: the value zero (`dirichlet`) or the derivative zero (`neumann`), and
 * where the points lie: on the sides (`vertex`; the side itself is an unknown for `neumann`, and not one for `dirichlet`)
 * or half a step inside (`centre`).
 */
export interface Sides {
  readonly condition: 'dirichlet' | 'neumann';
  readonly points: 'vertex' | 'centre';
}

export interface PoissonSolver {
  readonly ny: number;
  readonly nx: number;
  /**
   * Solves (laplacian - shift) u = f in place: f, ny x nx, becomes u. Where no value is fixed (`neumann` on all sides,
   * shift 0) the mean of f is dropped and u has mean zero, in the sense of the transform's first coefficient.
   */
  solve(f: Float64Array): void;
  /** The transpose of `solve`. It differs only for `neumann` on vertices, whose outermost points count half. */
  solveAdjoint(f: Float64Array): void;
  /** f becomes (laplacian - shift) f, by the same transforms. */
  apply(f: Float64Array): void;
}

/** Whether the transforms support ny points between such sides. */
export function poissonLength(sides: Sides, n: number): boolean {
  const inner = sides.points === 'centre' ? n : sides.condition === 'dirichlet' ? n + 1 : n - 1;
  return inner >= 1 && inner <= LONGEST && isProductOf235(inner);
}

/**
 * Direct solver of the five-point Poisson (or, with shift > 0, screened Poisson) equation on a rectangle:
 * (u(x+dx) - 2 u + u(x-dx)) / dx^2 + the same along y - shift u = f. Sine and cosine transforms make it diagonal, with
 * the eigenvalues -4 sin^2(angle / 2) / step^2 (Buzbee, Golub and Nielson 1970; Swarztrauber 1977).
 * @param steps dy and dx, m
 * @param shift 1/m^2
 * @throws {InputError} where the transforms do not support the number of points, see {@link poissonLength}.
 */
export function poissonSolver(
  ny: number,
  nx: number,
  steps: { dy: number; dx: number },
  sides: { y: Sides; x: Sides },
  shift = 0,
): PoissonSolver {
  const transform = trigonometricTransform2D(ny, nx, transformOf(sides.y), transformOf(sides.x));
  const alongY = eigenvalues(sides.y, ny, steps.dy);
  const alongX = eigenvalues(sides.x, nx, steps.dx);
  const work = transform.allocate(ny * nx);
  const weightY = weights(sides.y, ny);
  const weightX = weights(sides.x, nx);
  // The constant is in the null space, up to rounding.
  const least = 1e-14 * (Math.abs(alongY[ny - 1]) + Math.abs(alongX[nx - 1]) + shift);

  const eigenvalue = (i: number) => alongY[Math.floor(i / nx)] + alongX[i % nx] - shift;
  let reciprocals: Float64Array | undefined;

  const diagonal = (f: Float64Array, divide: boolean) => {
    work.set(f.length === work.length ? f : f.subarray(0, work.length));
    transform.forward(work);
    if (divide) {
      reciprocals ??= Float64Array.from(work, (_, i) => (Math.abs(eigenvalue(i)) <= least ? 0 : 1 / eigenvalue(i)));
      const factor = reciprocals;
      for (let i = 0; i < work.length; i++) work[i] *= factor[i];
    } else for (let i = 0; i < work.length; i++) work[i] *= eigenvalue(i);
    transform.inverse(work);
    f.set(work);
  };

  const weigh = (f: Float64Array, inverse: boolean) => {
    for (let iy = 0, i = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++, i++) {
        const w = weightY[iy] * weightX[ix];
        f[i] *= inverse ? 1 / w : w;
      }
    }
  };

  return {
    ny,
    nx,
    solve: f => diagonal(f, true),
    solveAdjoint(f) {
      weigh(f, true);
      diagonal(f, true);
      weigh(f, false);
    },
    apply: f => diagonal(f, false),
  };
}

function transformOf({ condition, points }: Sides): Trigonometric {
  return `${condition === 'dirichlet' ? 'sine' : 'cosine'}${points === 'vertex' ? 1 : 2}`;
}

function eigenvalues({ condition, points }: Sides, n: number, step: number): Float64Array {
  const periods = points === 'centre' ? n : condition === 'dirichlet' ? n + 1 : n - 1;
  const first = condition === 'dirichlet' ? 1 : 0;
  return Float64Array.from(
    { length: n },
    (_, k) => -4 * (Math.sin((Math.PI * (k + first)) / (2 * periods)) / step) ** 2,
  );
}

/** The inner product in which the five-point operator is symmetric: a vertex on a free side has half a cell. */
function weights({ condition, points }: Sides, n: number): Float64Array {
  const out = new Float64Array(n).fill(1);
  if (condition === 'neumann' && points === 'vertex') out[0] = out[n - 1] = 0.5;
  return out;
}
