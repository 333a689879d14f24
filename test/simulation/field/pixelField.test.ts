import { describe, expect, it } from 'vitest';
import { sheetField, stripField, zeroField } from '../../../src/biotSavart/index.js';
import { InputError } from '../../../src/errors.js';
import { random } from '../../../src/random.js';
import { addPixelField, type SheetSource, type ThroughSource } from '../../../src/simulation/field/pixelField.js';
import { directField, fieldError, randomPoints } from './support.js';

const grid = { nx: 7, ny: 5, x0: 0.5e-3, y0: 1e-3, dx: 1e-3, dy: 1.25e-3 };
const size = grid.nx * grid.ny;
const rng = random(3);
const noise = () => Float64Array.from({ length: size }, () => rng.normal());
const sheet: SheetSource = {
  alongX: noise(),
  alongY: noise(),
  growthX: noise(),
  growthY: noise(),
  heights: [
    { z: 0.3e-3, weight: 1 },
    { z: -1e-3, weight: 0.5 },
  ],
};
const through: ThroughSource = { current: noise(), spans: [{ from: 0.3e-3, to: -1e-3, weight: 2 }] };

describe('the field of currents on pixels', () => {
  it.each([
    [1.6, 1e-3],
    [5.3, 1e-4],
    [12, 3e-6],
  ])('is that of direct summation, %s mm above and below', (mm, tolerance) => {
    const h = mm * 1e-3;
    for (const z of [h, -h]) {
      const points = randomPoints(40, 1, [-6e-3, -6e-3, z - 2e-5], [12e-3, 12e-3, z + 2e-5]);
      const field = zeroField(40);
      addPixelField(grid, [sheet], [through], points, field);
      expect(fieldError(field, directField(grid, [sheet], [through], points))).toBeLessThan(tolerance);
    }
  });

  it('of uniform pixels is the closed form of a rectangle', () => {
    const points = randomPoints(30, 2, [-5e-3, -5e-3, 6e-3], [12e-3, 12e-3, 6.4e-3]);
    const none = new Float64Array(size);
    const uniform = (v: number) => new Float64Array(size).fill(v);
    const [kx, ky] = [2, -3];
    const source = { alongX: uniform(kx * grid.dy), alongY: uniform(ky * grid.dx), growthX: none, growthY: none };
    const field = zeroField(30);
    addPixelField(grid, [{ ...source, heights: [{ z: 0, weight: 1 }] }], [], points, field);
    const width_m = grid.nx * grid.dx;
    const height_m = grid.ny * grid.dy;
    const centre = [grid.x0 - grid.dx / 2 + width_m / 2, grid.y0 - grid.dy / 2 + height_m / 2, 0] as const;
    const exact = zeroField(30);
    sheetField(points, { centre, width_m, height_m }, kx, ky, exact);
    expect(fieldError(field, exact)).toBeLessThan(1e-5);
  });

  it('of a current through the thickness is that of a bundle of upright strips', () => {
    const points = randomPoints(30, 2, [-5e-3, -5e-3, 6e-3], [12e-3, 12e-3, 6.4e-3]);
    const current = new Float64Array(size);
    current[2 * grid.nx + 3] = 1;
    const field = zeroField(30);
    addPixelField(grid, [], [{ current, spans: [{ from: -1e-3, to: 1e-3, weight: 1 }] }], points, field);
    const bundle = zeroField(30);
    const [x, y] = [grid.x0 + 3 * grid.dx, grid.y0 + 2 * grid.dy];
    for (let k = 0; k < 20; k++) {
      const at = y + ((k + 0.5) / 20 - 0.5) * grid.dy;
      const strip = { from: [x, at, -1e-3], to: [x, at, 1e-3], width_m: grid.dx, normal: [0, 1, 0] } as const;
      stripField(points, strip, 1 / 20, bundle);
    }
    expect(fieldError(field, bundle)).toBeLessThan(1e-4);
  });

  it('has neither curl nor divergence where the currents close', () => {
    // One pixel's current goes round: in at its left face in the lower sheet, evenly up, out of the upper sheet's left face.
    const zero = new Float64Array(size);
    const one = (v: number) => {
      const out = zero.slice();
      out[2 * grid.nx + 3] = v;
      return out;
    };
    const lower = {
      alongX: one(0.5),
      growthX: one(-1),
      alongY: zero,
      growthY: zero,
      heights: [{ z: -0.5e-3, weight: 1 }],
    };
    const upper = {
      alongX: one(-0.5),
      growthX: one(1),
      alongY: zero,
      growthY: zero,
      heights: [{ z: 0.5e-3, weight: 1 }],
    };
    const up = { current: one(1), spans: [{ from: -0.5e-3, to: 0.5e-3, weight: 1 }] };
    const face = grid.x0 + 2.5 * grid.dx;
    const y = grid.y0 + 2 * grid.dy;
    const at = (dx: number, dy: number, dz: number) => {
      const points = { x: Float64Array.of(5e-3 + dx), y: Float64Array.of(4.5e-3 + dy), z: Float64Array.of(7e-3 + dz) };
      const b = zeroField(1);
      addPixelField(grid, [lower, upper], [up], points, b);
      const strip = { from: [face, y, 0.5e-3], to: [face, y, -0.5e-3], width_m: grid.dy, normal: [1, 0, 0] } as const;
      stripField(points, strip, 1, b);
      return [b.bx[0], b.by[0], b.bz[0]];
    };
    const e = 2e-5;
    const [x1, x0, y1, y0, z1, z0] = [at(e, 0, 0), at(-e, 0, 0), at(0, e, 0), at(0, -e, 0), at(0, 0, e), at(0, 0, -e)];
    const d = (a: number[], b: number[], c: number) => (a[c] - b[c]) / (2 * e);
    const scale = Math.abs(d(x1, x0, 0)) + Math.abs(d(y1, y0, 1)) + Math.abs(d(z1, z0, 2));
    expect(Math.abs(d(x1, x0, 0) + d(y1, y0, 1) + d(z1, z0, 2))).toBeLessThan(1e-3 * scale);
    expect(Math.abs(d(x1, x0, 1) - d(y1, y0, 0))).toBeLessThan(1e-3 * scale);
    expect(Math.abs(d(y1, y0, 2) - d(z1, z0, 1))).toBeLessThan(1e-3 * scale);
    expect(Math.abs(d(z1, z0, 0) - d(x1, x0, 2))).toBeLessThan(1e-3 * scale);
  });

  it('refuses points among the foils', () => {
    const points = { x: Float64Array.of(0), y: Float64Array.of(0), z: Float64Array.of(0) };
    expect(() => addPixelField(grid, [sheet], [], points, zeroField(1))).toThrow(InputError);
  });
});
