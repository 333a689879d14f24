import { describe, expect, it } from 'vitest';
import { coarsening } from '../../../inversion/bounded/coarsen.js';
import { knownFields } from '../../../inversion/bounded/knownFields.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { splitFields, streamFields, tabFields } from '../../../inversion/bounded/tabFields.js';
import { polylineField, positionsOf, type Vector3, zeroField } from '../../../src/biotSavart/index.js';
import { directReadings, forwardOperator, type Lattice, type Readings } from '../../../src/forward/index.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { cellOf, relativeError, vectorReadings } from './support.js';

const outline = rectangleOutline(0.06, 0.08);
const BOX = { x0: -0.04, y0: -0.04, x1: 0.1, y1: 0.12 };
const cell = cellOf(outline, [
  [[0.05, 0.08], [0.02, 0.08], 1],
  [[0.01, 0], [0.04, 0], -1],
]);
const tabs = tabColumns(cell, BOX);
const points = (z: number) =>
  Array.from({ length: 130 }, (_, i) => [-0.01 + (i % 10) * 0.0083, -0.01 + Math.floor(i / 10) * 0.0079, z] as const);

/** The sum over the nodes as it stands. */
function direct(lattice: Lattice, psi: Float64Array, at: Readings): Float64Array {
  const out = new Float64Array(at.x.length);
  directReadings({ lattice, z0: 0 }, at, psi, out, { kernel: 'dipole' });
  return out;
}

describe('tabFields', () => {
  it('follows the right hand: current downwards, Bx < 0 above and > 0 below, Bz > 0 on its left (seen from above)', () => {
    const at = vectorReadings([
      [0.03, 0.04, 0.006],
      [0.03, 0.04, -0.006],
      [-0.01, 0.04, 0.006],
      [0.07, 0.04, 0.006],
    ]);
    const [field] = tabFields(tabs, cell, at).base;
    expect(field[0]).toBeLessThan(-2e-5);
    expect(field[3]).toBeCloseTo(-field[0], 9);
    expect(field[8]).toBeLessThan(0);
    expect(field[11]).toBeGreaterThan(0);
  });

  it('is the sum over the nodes, whatever the lattice it was computed on', () => {
    const at = vectorReadings(points(0.007).slice(0, 20));
    const lattice = tabs.lattice;
    const exact = direct(lattice, tabs.base, at);
    expect(relativeError(streamFields(tabs.fine, 0, [tabs.base], at)[0], exact)).toBeLessThan(2e-5);
  });

  it('a split between heights that coincide is no split, base and columns', () => {
    const at = vectorReadings(points(0.008));
    const psi = [tabs.base, ...tabs.columns.map(column => column.psi)];
    const whole = streamFields(tabs.fine, 0.001, psi, at);
    const split = splitFields(cell, tabs.fine, [0.001, 0.001], psi, at);
    whole.forEach((field, c) => {
      expect(relativeError(split[c][0], field)).toBeLessThan(c === 0 ? 1e-3 : 1e-2);
    });
  });

  it('two sheets: the currents close, so that no field has a divergence or a curl between the sensors', () => {
    const two = { ...cell, sheets: Float64Array.of(0.003, -0.003) };
    // Around the tab, where the risers matter; central differences.
    const d = 2e-4;
    const centre: Vector3 = [0.045, 0.082, 0.012];
    const at = vectorReadings(
      [0, 1, 2].flatMap(axis =>
        [-d, d].map(step => centre.map((value, a) => value + (a === axis ? step : 0)) as unknown as Vector3),
      ),
    );
    for (const field of tabFields(tabs, two, at).base) {
      const slope = (component: number, axis: number) =>
        (field[6 * axis + 3 + component] - field[6 * axis + component]) / (2 * d);
      const scale = Math.abs(slope(2, 1)) + Math.abs(slope(0, 2)) + Math.abs(slope(1, 1));
      expect(Math.abs(slope(0, 0) + slope(1, 1) + slope(2, 2)) / scale).toBeLessThan(2e-3);
      expect(Math.abs(slope(2, 0) - slope(0, 2)) / scale).toBeLessThan(5e-3);
      expect(Math.abs(slope(2, 1) - slope(1, 2)) / scale).toBeLessThan(5e-3);
      expect(Math.abs(slope(1, 0) - slope(0, 1)) / scale).toBeLessThan(5e-3);
    }
  });

  it('the nearer sheet makes the larger field', () => {
    const two = { ...cell, sheets: Float64Array.of(0.003, -0.003) };
    const [upper, lower] = tabFields(tabs, two, vectorReadings([[0.03, 0.04, 0.009]])).base;
    expect(Math.abs(upper[0])).toBeGreaterThan(1.1 * Math.abs(lower[0]));
  });
});

describe('coarsening', () => {
  it('keeps the field of any sources at 5 coarse pitches', () => {
    const lattice = { x0: 0.01, y0: -0.02, pitch: 0.5e-3, nx: 50, ny: 43 };
    const psi = Float64Array.from({ length: 50 * 43 }, (_, i) => Math.cos(i * i));
    const { lattice: coarse, apply } = coarsening(lattice, 3);
    const at = vectorReadings(points(0.0075));
    expect(relativeError(direct(coarse, apply(psi), at), direct(lattice, psi, at))).toBeLessThan(2e-3);
  });
});

describe('knownFields', () => {
  const path: Vector3[] = [
    [0.03, 0.08, 0],
    [0.03, 0.1, 0],
    [0.03, 0.1, 0.05],
  ];
  const at = vectorReadings(points(0.009));

  it('is the field of the leads by Biot-Savart', () => {
    const out = zeroField(at.x.length);
    polylineField({ x: at.x, y: at.y, z: at.z }, positionsOf(path), -5, out);
    const expected = at.x.map((_, r) => at.nx[r] * out.bx[r] + at.ny[r] * out.by[r] + at.nz[r] * out.bz[r]);
    const wire = { ...cell, leads: [{ name: 'lead', path, share: -0.5 }] };
    expect(relativeError(knownFields(wire, at), expected)).toBeLessThan(1e-12);
    const strip = { ...cell, leads: [{ name: 'lead', path, share: -0.5, width: 1e-4 }] };
    expect(relativeError(knownFields(strip, at), expected)).toBeLessThan(1e-4);
  });

  it('is zero for a cell with nothing known, and the image of the cell for a return plate', () => {
    expect(knownFields(cell, at).every(b => b === 0)).toBe(true);
    const plate = { ...cell, returnPlate: { z: -0.01, share: -1 } };
    const field = knownFields(plate, at, tabs);
    const operator = forwardOperator({ lattice: tabs.lattice, z0: -0.01 }, at);
    const expected = new Float64Array(operator.rows);
    operator.apply(tabs.base, expected);
    expect(
      relativeError(
        field.map(b => -b),
        expected,
      ),
    ).toBeLessThan(1e-4);
  });
});
