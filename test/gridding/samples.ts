import fc from 'fast-check';
import { expect } from 'vitest';
import type { FieldScan } from '../../src/fieldScan.js';
import type { Grid } from '../../src/grid.js';
import { type Random, random } from '../../src/random.js';

/** Every run draws the same cases. */
const SEED = 20240611;
export const check = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void, numRuns = 60) =>
  fc.assert(fc.property(arbitrary, law), { seed: SEED, numRuns });

export type Points = readonly (readonly [x: number, y: number])[];
export const height = 5e-3;

export function scanAt(
  points: Points,
  value: (x: number, y: number, i: number) => number,
  more: Partial<FieldScan> = {},
) {
  const scan: FieldScan = {
    count: points.length,
    x: Float64Array.from(points, p => p[0]),
    y: Float64Array.from(points, p => p[1]),
    z: new Float64Array(points.length).fill(height),
    components: { bz: { values: Float64Array.from(points, ([x, y], i) => value(x, y, i)) } },
    ...more,
  };
  return scan;
}

export function nodes({ nx, ny, x0, y0, dx, dy }: Grid): [number, number][] {
  return Array.from({ length: nx * ny }, (_, p) => [x0 + (p % nx) * dx, y0 + Math.floor(p / nx) * dy]);
}

export const square = (n: number, pitch = 2e-3): Grid => ({ nx: n, ny: n, x0: -0.01, y0: 0.003, dx: pitch, dy: pitch });

export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const out = items.slice();
  const source = random(seed);
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(source.uniform() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

export const jittered = (points: Points, size: number, source: Random): [number, number][] =>
  points.map(([x, y]) => [x + size * source.normal(), y + size * source.normal()]);

export const scattered = (n: number, width: number, length: number, source: Random): [number, number][] =>
  Array.from({ length: n }, () => [width * source.uniform(), length * source.uniform()]);

export const turned = (points: Points, angle: number): [number, number][] =>
  points.map(([x, y]) => [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y]);

export const plane = (x: number, y: number) => 3e-6 + 2e-4 * x - 5e-4 * y;
/** A field without symmetry. */
export const bumpy = (x: number, y: number) => Math.sin(300 * x) + Math.cos(200 * y + 100 * x);
export const share = (values: Float64Array) => values.filter(v => !Number.isNaN(v)).length / values.length;

export function expectGrid(got: Grid, want: Grid): void {
  expect([got.nx, got.ny]).toEqual([want.nx, want.ny]);
  expect(Math.abs(got.dx / want.dx - 1)).toBeLessThan(1e-9);
  expect(Math.abs(got.dy / want.dy - 1)).toBeLessThan(1e-9);
  expect(Math.abs(got.x0 - want.x0)).toBeLessThan(1e-9 * want.dx);
  expect(Math.abs(got.y0 - want.y0)).toBeLessThan(1e-9 * want.dy);
}

function cross(o: readonly number[], a: readonly number[], b: readonly number[]): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

/** Anticlockwise convex hull (Andrew's monotone chain). */
export function convexHull(points: Points): Points {
  const sorted = points.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: Points) => {
    const chain: (readonly [number, number])[] = [];
    for (const p of list) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.slice().reverse())];
}

/** How far a point lies outside a convex polygon (outside its worst edge), negative inside. */
export function outside(hull: Points, point: readonly number[]): number {
  return Math.max(
    ...hull.map((a, i) => {
      const b = hull[(i + 1) % hull.length];
      return -cross(a, b, point) / Math.hypot(b[0] - a[0], b[1] - a[1]);
    }),
  );
}
