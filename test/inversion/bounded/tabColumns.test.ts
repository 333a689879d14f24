import { describe, expect, it } from 'vitest';
import { fineLattice, INSIDE, RING } from '../../../inversion/bounded/fineLattice.js';
import { pixelCurrent } from '../../../inversion/bounded/pixelCurrent.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { boundaryPsi } from '../../../src/model/boundaryStreamFunction.js';
import { arcLength, type Point, rectangleOutline } from '../../../src/model/outline.js';
import { tabNeck } from '../../../src/simulation/pack/tabNeck.js';
import { cellOf } from './support.js';

const outline = rectangleOutline(0.08, 0.1);
const BOX = { x0: -0.02, y0: -0.02, x1: 0.1, y1: 0.12 };
const top: [Point, Point] = [
  [0.06, 0.1],
  [0.03, 0.1],
];
const bottom: [Point, Point] = [
  [0.02, 0],
  [0.05, 0],
];

describe('tabColumns', () => {
  const cell = cellOf(outline, [
    [...top, 1],
    [...bottom, -1, 0.012],
  ]);
  const { lattice, fine, base, columns } = tabColumns(cell, BOX);
  const nodeAt = (x: number, y: number) =>
    Math.round((y - lattice.y0) / lattice.pitch) * lattice.nx + Math.round((x - lattice.x0) / lattice.pitch);

  it('is harmonic inside, base and columns', () => {
    for (const psi of [base, ...columns.map(column => column.psi)]) {
      let worst = 0;
      for (let i = 0; i < psi.length; i++) {
        if (fine.nodes[i] !== INSIDE) continue;
        const rest = psi[i + 1] + psi[i - 1] + psi[i + lattice.nx] + psi[i - lattice.nx] - 4 * psi[i];
        worst = Math.max(worst, Math.abs(rest));
      }
      expect(worst).toBeLessThan(1e-10);
    }
  });

  it('has the values of the cell on the outline beside the tabs; columns are 0 there', () => {
    const profile = boundaryPsi(cell);
    for (const [x, y] of [
      [0, 0.05],
      [0.08, 0.05],
      [0.01, 0],
      [0.07, 0.1],
    ]) {
      const node = nodeAt(x, y);
      expect(fine.nodes[node]).toBe(RING);
      expect(base[node]).toBeCloseTo(10 * profile(arcLength(outline, x, y)), 12);
      for (const { psi } of columns) expect(psi[node]).toBe(0);
    }
  });

  it('carries the current of the tabs through every cut: in at the top, down, and out below', () => {
    const current = pixelCurrent(
      fine,
      Float64Array.from({ length: 160 }, (_, i) => (i + 0.5) * 0.5e-3),
      BETWEEN,
    );
    const { ky } = current(base);
    BETWEEN.forEach((_, row) => {
      const down = -ky.slice(row * 160, row * 160 + 160).reduce((sum, k) => sum + k * 0.5e-3, 0);
      expect(down).toBeCloseTo(10, 9);
    });
  });

  it('names columns and priors: necks only for tabs of unknown length', () => {
    expect(columns.map(column => column.name)).toEqual([
      'neck',
      'neck tab 1',
      ...[1, 2, 3, 4, 5].map(j => `mode tab 1 ${j}`),
      ...[1, 2, 3, 4, 5].map(j => `mode tab 2 ${j}`),
    ]);
    expect(columns[3].sd).toBeCloseTo((0.05 * 10) / 2, 12);
    expect(columns[8].sd).toBeCloseTo((0.02 * 10) / 2, 12);
    expect(columns.map(column => column.tab)).toEqual([-1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  it('asks for the current', () => {
    const { current: _, ...unknown } = cell;
    expect(() => tabColumns(unknown, BOX)).toThrow(/current/);
  });
});

const BETWEEN = Float64Array.of(0.02025, 0.05025, 0.09025);

describe('a neck of known length', () => {
  it('has the profile with which a strip of one foil joins it, by an independent solution of foil and strip together', () => {
    const length = 0.012;
    const cell = cellOf(outline, [
      [...top, 1, length],
      [...bottom, -1, length],
    ]);
    const { lattice, fine, base } = tabColumns(cell, BOX, { pitch: 0.5e-3 });
    const profiles = cell.tabs.map(tab => tabNeck(cell, tab, 0.5e-3)!.profile);
    const psi = boundaryPsi(cell);
    let worst = 0;
    let uniform = 0;
    for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
      for (let ix = 0; ix < lattice.nx; ix++, i++) {
        if (fine.nodes[i] !== RING) continue;
        const arc = arcLength(outline, lattice.x0 + ix * lattice.pitch, lattice.y0 + iy * lattice.pitch);
        const there = 10 * psi(arc, profiles);
        worst = Math.max(worst, Math.abs(base[i] - there));
        uniform = Math.max(uniform, Math.abs(10 * psi(arc) - there));
      }
    }
    expect(uniform).toBeGreaterThan(0.2);
    expect(worst).toBeLessThan(0.1 * uniform);
  });

  it('does not know of the other tab, for that belongs to the other foil', () => {
    const far = cellOf(outline, [
      [...top, 1, 0.012],
      [...bottom, -1, 0.012],
    ]);
    const near = cellOf(outline, [
      [...top, 1, 0.012],
      [[0.02, 0.1], [0, 0.1], -1, 0.012],
    ]);
    const [one, other] = [far, near].map(cell => {
      const { fine, base, lattice } = tabColumns(cell, BOX, { pitch: 1e-3 });
      const values: number[] = [];
      for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
        for (let ix = 0; ix < lattice.nx; ix++, i++) {
          const [x, y] = [lattice.x0 + ix * lattice.pitch, lattice.y0 + iy * lattice.pitch];
          if (fine.nodes[i] === RING && y > 0.0999 && x > 0.0299 && x < 0.0601) values.push(base[i]);
        }
      }
      return values.map(v => v - values[0]);
    });
    one.forEach((v, i) => {
      expect(v).toBeCloseTo(other[i], 9);
    });
  });
});

describe('pixelCurrent', () => {
  const fine = fineLattice(outline, BOX);
  const { nx, x0, y0, pitch } = fine.lattice;
  const psi = Float64Array.from(
    fine.nodes,
    (_, i) => 300 * (x0 + (i % nx) * pitch) - 200 * (y0 + Math.floor(i / nx) * pitch),
  );

  it('is exact for a uniform current, next to the outline too, and nothing beyond it', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => -0.0052 + i * 0.0031);
    const { kx, ky } = pixelCurrent(fine, x, Float64Array.of(0.0004, 0.05))(psi);
    for (let i = 0; i < 2 * x.length; i++) {
      const centre = x[i % x.length];
      if (centre < -0.0021 || centre > 0.0821) expect(kx[i]).toBeNaN();
      else if (centre > 0 && centre < 0.08) {
        expect(kx[i]).toBeCloseTo(-200, 8);
        expect(ky[i]).toBeCloseTo(-300, 8);
      }
    }
  });
});
