import { expect } from 'vitest';
import { type FieldVectors, type Positions, positionsOf, type Vector3, zeroField } from '../../src/biotSavart/index.js';

/** Property tests draw the same cases in every run. */
export const SEEDED = { seed: 20_240_229, numRuns: 100 };

/** A source with everything but the points fixed. */
export type Source = (points: Positions, out: FieldVectors) => void;

/** The field of a source at one point, T. */
export function fieldAt(point: Vector3, source: Source): Vector3 {
  const out = zeroField(1);
  source(positionsOf([point]), out);
  return [out.bx[0], out.by[0], out.bz[0]];
}

export const plus = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (s: number, a: Vector3): Vector3 => [s * a[0], s * a[1], s * a[2]];
export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const norm = (a: Vector3): number => Math.hypot(...a);
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Rotation of a vector by `angle` about the unit vector `axis` (Rodrigues). */
export function rotate(v: Vector3, axis: Vector3, angle: number): Vector3 {
  const c = Math.cos(angle);
  return plus(plus(times(c, v), times(Math.sin(angle), cross(axis, v))), times((1 - c) * dot(axis, v), axis));
}

/** |actual - expected| <= tolerance |expected|, as vectors. */
export function expectVector(actual: Vector3, expected: Vector3, tolerance: number): void {
  const error = norm(minus(actual, expected)) / norm(expected);
  expect(error, `(${actual.join(', ')}) against (${expected.join(', ')})`).toBeLessThanOrEqual(tolerance);
}

export function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** Nodes and weights of Gauss-Legendre quadrature with n points on [-1, 1] (Newton on the Legendre polynomial). */
export function gaussLegendre(n: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= n; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      slope = (n * (x * value - previous)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

const GAUSS = gaussLegendre(20);

/** Integral of a vector function over [from, to] by Gauss-Legendre with 20 points on each of `panels` panels. */
export function integrate(f: (t: number) => Vector3, from: number, to: number, panels = 10): Vector3 {
  let sum: Vector3 = [0, 0, 0];
  const half = (to - from) / panels / 2;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + (2 * panel + 1) * half;
    for (let i = 0; i < GAUSS.nodes.length; i++) {
      sum = plus(sum, times(half * GAUSS.weights[i], f(middle + half * GAUSS.nodes[i])));
    }
  }
  return sum;
}

/** Circulation of B, T m, around the circle about `centre` spanned by the unit vectors e1, e2 by trapezoids. */
export function circulation(source: Source, centre: Vector3, e1: Vector3, e2: Vector3, radius: number): number {
  const n = 256;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * i) / n;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    const b = fieldAt(plus(centre, plus(times(radius * c, e1), times(radius * s, e2))), source);
    sum += dot(b, plus(times(-s, e1), times(c, e2)));
  }
  return (sum * 2 * Math.PI * radius) / n;
}

/** Central difference of order 8, step h: offsets 1..4 with antisymmetric weights. */
const DIFFERENCE = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
const UNIT: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Divergence and curl of B at a point, by differences of order 8 with step h. */
export function divergenceAndCurl(source: Source, point: Vector3, h: number): { div: number; curl: Vector3 } {
  const d = UNIT.map(axis => {
    let sum: Vector3 = [0, 0, 0];
    DIFFERENCE.forEach((weight, k) => {
      const step = times((k + 1) * h, axis);
      const change = minus(fieldAt(plus(point, step), source), fieldAt(minus(point, step), source));
      sum = plus(sum, times(weight / h, change));
    });
    return sum;
  });
  return {
    div: d[0][0] + d[1][1] + d[2][2],
    curl: [d[1][2] - d[2][1], d[2][0] - d[0][2], d[0][1] - d[1][0]],
  };
}
