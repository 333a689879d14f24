import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poissonLength, poissonSolver, type Sides } from '../../src/transforms/index.js';
import { normal, product, relativeError } from './support.js';

const SEEDED = { seed: 20_240_304, numRuns: 60 };
const sides = fc.record({
  condition: fc.constantFrom('dirichlet' as const, 'neumann' as const),
  points: fc.constantFrom('vertex' as const, 'centre' as const),
});
const pointsOf = ({ condition, points }: Sides, n: number) =>
  points === 'centre' ? n : condition === 'dirichlet' ? n - 1 : n + 1;

/** Second difference along one direction, with the value beyond a side from the condition there. */
function secondDifference(u: Float64Array, n: number, stride: number, step: number, { condition, points }: Sides) {
  const sign = condition === 'dirichlet' ? -1 : 1;
  const beyond = (value: number, next: number) =>
    points === 'centre' ? sign * value : condition === 'dirichlet' ? 0 : next;
  return u.map((value, i) => {
    const at = Math.floor(i / stride) % n;
    const before = at > 0 ? u[i - stride] : beyond(value, u[i + stride]);
    const after = at < n - 1 ? u[i + stride] : beyond(value, u[i - stride]);
    return (before - 2 * value + after) / step ** 2;
  });
}

const shapes = fc.record({
  y: sides,
  x: sides,
  ly: fc.constantFrom(3, 4, 6, 10, 15),
  lx: fc.constantFrom(3, 5, 8, 12, 20),
  shift: fc.constantFrom(0, 2.5e5),
  seed: fc.integer(),
});
const steps = { dy: 0.8e-3, dx: 1.3e-3 };

describe('the Poisson solver', () => {
  it('solves the five-point equation for every pair of sides', () => {
    fc.assert(
      fc.property(shapes, ({ y, x, ly, lx, shift, seed }) => {
        const [ny, nx] = [pointsOf(y, ly), pointsOf(x, lx)];
        const solver = poissonSolver(ny, nx, steps, { y, x }, shift);
        const u = normal(ny * nx, seed);
        const alongY = secondDifference(u, ny, nx, steps.dy, y);
        const alongX = secondDifference(u, nx, 1, steps.dx, x);
        const f = u.map((value, i) => alongY[i] + alongX[i] - shift * value);
        const applied = u.slice();
        solver.apply(applied);
        expect(relativeError(applied, f)).toBeLessThan(1e-13);
        const solution = f.slice();
        solver.solve(solution);
        // Where only derivatives are fixed, a constant is free.
        const free = y.condition === 'neumann' && x.condition === 'neumann' && shift === 0;
        const constant = free ? solution[0] - u[0] : 0;
        expect(
          relativeError(
            solution.map(v => v - constant),
            u,
          ),
        ).toBeLessThan(1e-11);
      }),
      SEEDED,
    );
  });

  it('has its adjoint', () => {
    fc.assert(
      fc.property(shapes, ({ y, x, ly, lx, shift, seed }) => {
        const [ny, nx] = [pointsOf(y, ly), pointsOf(x, lx)];
        const solver = poissonSolver(ny, nx, steps, { y, x }, shift);
        const [a, b] = [normal(ny * nx, seed), normal(ny * nx, seed + 1)];
        const [solved, adjoint] = [a.slice(), b.slice()];
        solver.solve(solved);
        solver.solveAdjoint(adjoint);
        const size = Math.sqrt(product(solved, solved) * product(b, b));
        expect(Math.abs(product(solved, b) - product(a, adjoint)) / size).toBeLessThan(1e-12);
      }),
      SEEDED,
    );
  });

  it('converges as the square of the step to the solution of the equation itself', () => {
    // u = sin(pi x) cos(pi y) on the unit square: zero on the sides in x, no slope on those in y.
    const error = (n: number) => {
      const x: Sides = { condition: 'dirichlet', points: 'vertex' };
      const y: Sides = { condition: 'neumann', points: 'centre' };
      const [ny, nx, d] = [n, n - 1, 1 / n];
      const exact = Float64Array.from({ length: ny * nx }, (_, i) => {
        return Math.sin(Math.PI * ((i % nx) + 1) * d) * Math.cos(Math.PI * (Math.floor(i / nx) + 0.5) * d);
      });
      const f = exact.map(v => -2 * Math.PI ** 2 * v);
      poissonSolver(ny, nx, { dy: d, dx: d }, { y, x }).solve(f);
      return relativeError(f, exact);
    };
    expect(error(16) / error(32)).toBeCloseTo(4, 1);
    expect(error(32) / error(64)).toBeCloseTo(4, 1);
  });

  it('says for which numbers of points it is made', () => {
    expect(poissonLength({ condition: 'dirichlet', points: 'vertex' }, 99)).toBe(true);
    expect(poissonLength({ condition: 'dirichlet', points: 'vertex' }, 100)).toBe(false);
    expect(poissonLength({ condition: 'neumann', points: 'vertex' }, 101)).toBe(true);
    expect(poissonLength({ condition: 'neumann', points: 'centre' }, 7)).toBe(false);
    expect(() =>
      poissonSolver(7, 8, steps, {
        y: { condition: 'neumann', points: 'centre' },
        x: { condition: 'neumann', points: 'centre' },
      }),
    ).toThrow('no transform of length 7');
  });
});
