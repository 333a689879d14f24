import { describe, expect, it } from 'vitest';
import { interpolationAt } from '../../../inversion/bounded/cubicConvolution.js';
import {
  addLaplacianPrior,
  applyLaplacian,
  type InteriorLattice,
  interiorLattice,
  laplacian,
} from '../../../inversion/bounded/interiorLattice.js';
import {
  contains,
  cornerAt,
  cornerCount,
  distanceToOutline,
  type Outline,
  polygonOutline,
  rectangleOutline,
} from '../../../src/model/outline.js';
import { random } from '../../../src/random.js';
import { normals } from '../../forward/support.js';
import { relativeError } from './support.js';

const MM = 1e-3;
const polygon = (...points: [number, number][]) => polygonOutline(points.map(([x, y]) => [x * MM, y * MM]));
const RECTANGLE = rectangleOutline(40 * MM, 60 * MM);
const NOTCHED = polygon([0, 0], [50, 0], [50, 40], [20, 40], [20, 30], [0, 30]);
const SLANTED = polygon([0, 5], [35, 0], [40, 30], [6, 37]);
const OUTLINES: Record<string, Outline> = { rectangle: RECTANGLE, notched: NOTCHED, slanted: SLANTED };

/** Weights of psi and its slopes at a point. */
function weightsAt(lattice: InteriorLattice, x: number, y: number) {
  const index = new Int32Array(16);
  const [value, slopeX, slopeY] = [0, 0, 0].map(() => new Float64Array(16));
  const n = interpolationAt(lattice, x, y, index, value, slopeX, slopeY);
  const sum = (weights: Float64Array, psi: Float64Array) => {
    let total = 0;
    for (let k = 0; k < n; k++) total += weights[k] * psi[index[k]];
    return total;
  };
  return (psi: Float64Array) => ({ value: sum(value, psi), slopeX: sum(slopeX, psi), slopeY: sum(slopeY, psi) });
}

describe.each(Object.entries(OUTLINES))('the interior lattice, %s', (name, outline) => {
  const lattice = interiorLattice(outline, 3 * MM);
  const l = laplacian(lattice);
  const n = lattice.count;

  it('has its unknowns inside, about as far apart as wanted', () => {
    for (let u = 0; u < n; u++) expect(contains(outline, lattice.x[u], lattice.y[u], 0)).toBe(true);
    for (const step of [lattice.dx, lattice.dy]) {
      expect(step).toBeGreaterThan(0.8 * 3 * MM);
      expect(step).toBeLessThan(1.2 * 3 * MM);
    }
    expect(lattice.unknown.filter(u => u >= 0)).toEqual(Int32Array.from({ length: n }, (_, u) => u));
  });

  it('the prior is L^T V^-1 L, on the lower triangle, where it is wanted', () => {
    const matrix = new Float64Array(n * n);
    const column = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      const unit = new Float64Array(n);
      unit[j] = 1;
      applyLaplacian(l, unit, column);
      for (let i = 0; i < n; i++) matrix[i * n + j] = column[i];
    }
    const variance = normals(n, random(3)).map(v => 1 + v * v);
    const [stride, at] = [n + 4, 3];
    const sum = new Float64Array(stride * stride);
    addLaplacianPrior(l, variance, sum, stride, at);
    const expected = new Float64Array(stride * stride);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0;
        for (let k = 0; k < n; k++) product += (matrix[k * n + i] * matrix[k * n + j]) / variance[k];
        expected[(at + i) * stride + at + j] = product;
      }
    }
    expect(relativeError(sum, expected)).toBeLessThan(1e-13);
    expect(sum.every((v, i) => i % stride <= Math.floor(i / stride) || v === 0)).toBe(true);
  });

  it('the Laplacian is symmetric and negative, and that of a wave on a rectangle is its eigenvalue', () => {
    const [a, b] = [normals(n, random(1)), normals(n, random(2))];
    const [la, lb] = [new Float64Array(n), new Float64Array(n)];
    applyLaplacian(l, a, la);
    applyLaplacian(l, b, lb);
    const dot = (p: Float64Array, q: Float64Array) => p.reduce((sum, v, i) => sum + v * q[i], 0);
    expect(Math.abs(dot(la, b) - dot(a, lb))).toBeLessThan(1e-12 * Math.sqrt(dot(la, la) * dot(b, b)));
    expect(dot(la, a)).toBeLessThan(0);
    if (name !== 'rectangle') return;
    const [kx, ky] = [(2 * Math.PI) / (40 * MM), (3 * Math.PI) / (60 * MM)];
    const wave = Float64Array.from(lattice.x, (x, u) => Math.sin(kx * x) * Math.sin(ky * lattice.y[u]));
    const eigenvalue = -(
      (2 / lattice.dx) ** 2 * Math.sin((kx * lattice.dx) / 2) ** 2 +
      (2 / lattice.dy) ** 2 * Math.sin((ky * lattice.dy) / 2) ** 2
    );
    applyLaplacian(l, wave, la);
    expect(
      relativeError(
        la,
        wave.map(v => eigenvalue * v),
      ),
    ).toBeLessThan(1e-12);
  });

  it('interpolation returns the values on the nodes', () => {
    const psi = normals(n, random(4));
    for (let u = 0; u < n; u++) {
      expect(weightsAt(lattice, lattice.x[u], lattice.y[u])(psi).value).toBeCloseTo(psi[u], 9);
    }
  });

  it('slopes are the derivatives of the value', () => {
    const psi = normals(n, random(5));
    const rng = random(6);
    const step = 1e-7;
    let tried = 0;
    while (tried < 100) {
      const [x, y] = [50 * MM * rng.uniform(), 60 * MM * rng.uniform()];
      if (!contains(outline, x, y) || distanceToOutline(outline, x, y) < 2 * step) continue;
      tried++;
      const at = (px: number, py: number) => weightsAt(lattice, px, py)(psi).value;
      const { slopeX, slopeY } = weightsAt(lattice, x, y)(psi);
      const scale = 1 / lattice.dx;
      expect(Math.abs(slopeX - (at(x + step, y) - at(x - step, y)) / (2 * step))).toBeLessThan(1e-3 * scale);
      expect(Math.abs(slopeY - (at(x, y + step) - at(x, y - step)) / (2 * step))).toBeLessThan(1e-3 * scale);
    }
  });
});

describe('interpolation of smooth functions that vanish on the outline', () => {
  // All corners of both outlines lie on the zeros.
  const k = Math.PI / (10 * MM);
  const truth = (x: number, y: number) => ({
    value: Math.sin(k * x) * Math.sin(k * y),
    slopeX: k * Math.cos(k * x) * Math.sin(k * y),
    slopeY: k * Math.sin(k * x) * Math.cos(k * y),
  });

  /** Largest errors over the outline but for the surroundings of its corners, m; slopes in units of k. */
  function errors(outline: Outline, pitch: number, beside: number) {
    const lattice = interiorLattice(outline, pitch);
    const psi = Float64Array.from(lattice.x, (x, u) => truth(x, lattice.y[u]).value);
    const rng = random(1);
    let [value, slope] = [0, 0];
    for (let i = 0; i < 4000; i++) {
      const [x, y] = [50 * MM * rng.uniform(), 60 * MM * rng.uniform()];
      if (!contains(outline, x, y)) continue;
      const corners = Array.from({ length: cornerCount(outline) }, (_, c) => cornerAt(outline, c));
      if (corners.some(([cx, cy]) => Math.hypot(x - cx, y - cy) < beside)) continue;
      const [got, wanted] = [weightsAt(lattice, x, y)(psi), truth(x, y)];
      value = Math.max(value, Math.abs(got.value - wanted.value));
      slope = Math.max(slope, Math.abs(got.slopeX - wanted.slopeX) / k, Math.abs(got.slopeY - wanted.slopeY) / k);
    }
    return { value, slope };
  }

  it.each([
    ['rectangle', RECTANGLE],
    ['notched', NOTCHED],
  ])('%s: the error falls with the third power of the pitch, that of the slopes with the second', (_, outline) => {
    const [coarse, middle, fine] = [1, 0.5, 0.25].map(pitch => errors(outline, pitch * MM, 2 * MM));
    expect(coarse.value).toBeLessThan(0.01);
    for (const [a, b] of [
      [coarse, middle],
      [middle, fine],
    ]) {
      expect(a.value / b.value).toBeGreaterThan(6.5);
      expect(a.slope / b.slope).toBeGreaterThan(3.3);
    }
  });

  it('in the corners, where the lattice ends, slopes are of the first order', () => {
    const [coarse, fine] = [1, 0.5].map(pitch => errors(RECTANGLE, pitch * MM, 0));
    expect(coarse.slope).toBeLessThan(0.1);
    expect(coarse.slope / fine.slope).toBeGreaterThan(1.7);
  });

  it('any values: zero on the outline of a rectangle, and so is the slope along it', () => {
    const lattice = interiorLattice(RECTANGLE, 2.7 * MM);
    const psi = normals(lattice.count, random(2));
    const rng = random(3);
    for (let i = 0; i < 200; i++) {
      const [x, y] = [40 * MM * rng.uniform(), 60 * MM * rng.uniform()];
      for (const [px, py, along] of [
        [x, 0, 'slopeX'],
        [x, 60 * MM, 'slopeX'],
        [0, y, 'slopeY'],
        [40 * MM, y, 'slopeY'],
      ] as const) {
        const at = weightsAt(lattice, px, py)(psi);
        expect(Math.abs(at.value)).toBeLessThan(1e-12);
        expect(Math.abs(at[along]) * lattice.dx).toBeLessThan(1e-12);
      }
    }
  });
});

it('an outline that holds no node is refused with advice', () => {
  const sliver = polygon([0, 0], [50, 0.1], [50, 0.2]);
  expect(() => interiorLattice(sliver, 5 * MM)).toThrow(/too small/);
});
