import { describe, expect, it } from 'vitest';
import { type FineLattice, fineLattice, INSIDE, RING } from '../../../inversion/bounded/fineLattice.js';
import { harmonicExtension } from '../../../inversion/bounded/harmonicExtension.js';
import { polygonPoisson } from '../../../inversion/bounded/polygonPoisson.js';
import { greenMatrix, rectangleLaplace } from '../../../inversion/bounded/rectangleLaplace.js';
import {
  boundingBox,
  type Outline,
  outlineArea,
  perimeter,
  polygonOutline,
  rectangleOutline,
} from '../../../src/model/outline.js';
import { isProductOf235 } from '../../../src/transforms/index.js';

const MM = 1e-3;
const around = (outline: Outline, pad: number) => {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  return { x0: x0 - pad, y0: y0 - pad, x1: x1 + pad, y1: y1 + pad };
};
const polygon = (...points: [number, number][]) => polygonOutline(points.map(([x, y]) => [x * MM, y * MM]));
const OUTLINES: Record<string, Outline> = {
  rectangle: rectangleOutline(100 * MM, 130 * MM),
  'odd rectangle': rectangleOutline(83.7 * MM, 121.3 * MM),
  notched: polygon([0, 0], [100, 0], [100, 100], [30, 100], [30, 70], [0, 70]),
  slanted: polygon([0, 10], [70, 0], [80, 60], [12, 75]),
  ring: polygonOutline(
    Array.from({ length: 40 }, (_, i) => [
      0.05 * Math.cos((i * Math.PI) / 20) + 0.2,
      0.03 * Math.sin((i * Math.PI) / 20) - 0.1,
    ]),
  ),
};

/** Largest departure from the five-point equation at an inside node, in parts of the largest value. */
function defect({ lattice, nodes }: FineLattice, psi: Float64Array): number {
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < psi.length; i++) {
    if (nodes[i] !== INSIDE) continue;
    largest = Math.max(largest, Math.abs(psi[i]));
    worst = Math.max(worst, Math.abs(psi[i + 1] + psi[i - 1] + psi[i + lattice.nx] + psi[i - lattice.nx] - 4 * psi[i]));
  }
  return worst / largest;
}

describe('fineLattice', () => {
  it.each(Object.entries(OUTLINES))('%s: covers the box, keeps the area', (_, outline) => {
    const { lattice, pixels, nodes } = fineLattice(outline, around(outline, 20 * MM));
    expect(lattice.pitch).toBeLessThanOrEqual(0.5e-3 + 1e-12);
    expect(lattice.pitch).toBeGreaterThan(0.3e-3);
    const box = around(outline, 20 * MM);
    expect(lattice.x0).toBeLessThanOrEqual(box.x0);
    expect(lattice.y0 + (lattice.ny - 1) * lattice.pitch).toBeGreaterThanOrEqual(box.y1);
    const area = pixels.reduce((sum, p) => sum + p, 0) * lattice.pitch ** 2;
    expect(Math.abs(area / outlineArea(outline) - 1)).toBeLessThan(6e-3);
    const count = (kind: number) => nodes.reduce((sum, node) => sum + (node === kind ? 1 : 0), 0);
    expect(count(RING)).toBeGreaterThan(400);
    expect(count(INSIDE)).toBeGreaterThan(20 * count(RING) * 0.5);
  });

  it('fits decimal millimetres exactly, with a width that the transforms like', () => {
    const { lattice, pixels } = fineLattice(OUTLINES.rectangle, around(OUTLINES.rectangle, 30 * MM));
    const steps = 0.1 / lattice.pitch;
    expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
    expect(isProductOf235(Math.round(steps))).toBe(true);
    expect(pixels.reduce((sum, p) => sum + p, 0) * lattice.pitch ** 2).toBeCloseTo(0.013, 10);
  });
});

describe('polygonPoisson', () => {
  it.each(Object.entries(OUTLINES))('%s: harmonic inside, the given values on the ring', (_, outline) => {
    const fine = fineLattice(outline, around(outline, 5 * MM));
    const psi = Float64Array.from(fine.nodes, (node, i) => (node === RING ? Math.sin(i * 0.37) + 2 : -7));
    const before = psi.slice();
    polygonPoisson(fine).extend(psi);
    expect(defect(fine, psi)).toBeLessThan(1e-11);
    fine.nodes.forEach((node, i) => {
      if (node !== INSIDE) expect(psi[i]).toBe(before[i]);
    });
  });

  it.each(Object.entries(OUTLINES))('%s: polynomials that are harmonic come out exactly', (_, outline) => {
    const fine = fineLattice(outline, around(outline, 5 * MM));
    const { nx } = fine.lattice;
    const truth = Float64Array.from(fine.nodes, (_, i) => {
      const [x, y] = [(i % nx) / 100 - 1, Math.floor(i / nx) / 100 - 1.2];
      return 1 + x - 2 * y + x * y + (x * x - y * y) + (x ** 3 - 3 * x * y * y);
    });
    const psi = truth.map((value, i) => (fine.nodes[i] === INSIDE ? 0 : value));
    polygonPoisson(fine).extend(psi);
    truth.forEach((value, i) => {
      if (Math.abs(psi[i] - value) > 1e-10) expect.fail(`node ${i}: ${psi[i]} instead of ${value}`);
    });
  });

  it("Green's function is what the solver makes of one source, symmetric", () => {
    const [ny, nx] = [14, 13];
    const xs = Int32Array.of(1, 5, 11, 6);
    const ys = Int32Array.of(2, 12, 7, 7);
    const green = greenMatrix(ny, nx, { xs, ys });
    for (let a = 0; a < 4; a++) {
      const u = new Float64Array(nx * ny);
      u[ys[a] * nx + xs[a]] = -1;
      rectangleLaplace(ny, nx).solve(u);
      for (let b = 0; b < 4; b++) expect(green[a * 4 + b]).toBeCloseTo(u[ys[b] * nx + xs[b]], 13);
    }
  });
});

describe('energy on the ring', () => {
  it.each(Object.entries(OUTLINES))('%s: that of the extension of every node, symmetric', (_, outline) => {
    const extension = harmonicExtension(outline, fineLattice(outline, around(outline, 5 * MM), { pitch: 2 * MM }));
    const strip = extension.strip(perimeter(outline) / 3, 20 * MM, true);
    const n = strip.nodes.length;
    expect(n).toBeGreaterThan(6);
    const energy = extension.energy(strip.nodes);
    for (let s = 0; s < n; s++) {
      const psi = extension.extendStrip(strip, along => (along === strip.along[s] ? 1 : 0));
      const flux = extension.flux(psi, strip.nodes);
      for (let r = 0; r < n; r++) {
        expect(Math.abs(energy[r * n + s] - flux[r])).toBeLessThan(1e-12);
        expect(Math.abs(energy[r * n + s] - energy[s * n + r])).toBeLessThan(1e-13);
      }
    }
  });
});
