import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Rectangle,
  rectangleBetween,
  rectangleLogarithm,
  rectangleSolidAngle,
  sheetField,
  type Vector3,
  wireField,
} from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import {
  cross,
  expectRelative,
  expectVector,
  fieldAt,
  integrate,
  minus,
  norm,
  plus,
  SEEDED,
  type Source,
  times,
} from './support.js';

const sheet =
  (rectangle: Rectangle, kx: number, ky: number): Source =>
  (points, out) =>
    sheetField(points, rectangle, kx, ky, out);

const UNIT: Rectangle = { centre: [0, 0, 0], width_m: 2, height_m: 1 };
const side = fc.double({ min: 0.1, max: 1, noNaN: true });
const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
const height = fc
  .tuple(fc.double({ min: 0.15, max: 2, noNaN: true }), fc.boolean())
  .map(([z, below]) => (below ? -z : z));

describe('laws of the uniform sheet', () => {
  it('obeys the right hand: above it Bx goes with Ky and By against Kx; below the opposite; Bz the same', () => {
    const [bx, by] = fieldAt([0.1, 0.1, 0.2], sheet(UNIT, 1, 1));
    expect(bx).toBeGreaterThan(0);
    expect(by).toBeLessThan(0);
    // Left of a current along +x (y > 0) the field points up.
    expect(fieldAt([0, 2, 0], sheet(UNIT, 1, 0))[2]).toBeGreaterThan(0);
    expect(fieldAt([2, 0, 0], sheet(UNIT, 0, 1))[2]).toBeLessThan(0);
    const above = fieldAt([0.4, 0.3, 0.2], sheet(UNIT, 1, -2));
    const below = fieldAt([0.4, 0.3, -0.2], sheet(UNIT, 1, -2));
    expectVector([-below[0], -below[1], below[2]], above, 1e-15);
  });

  it('tends to mu0 K / 2 just above a point of the sheet, and above an infinite sheet', () => {
    const near = fieldAt([0, 0, 1e-12], sheet(UNIT, 3, 7));
    expectVector([near[0], near[1], 0], times(MU0 / 2, [7, -3, 0]), 1e-11);
    const wide = fieldAt([0, 0, 1], sheet({ centre: [0, 0, 0], width_m: 1e9, height_m: 1e9 }, 3, 7));
    expectVector(wide, times(MU0 / 2, [7, -3, 0]), 1e-8);
  });

  it('is linear in K', () => {
    const p: Vector3 = [0.3, -0.8, 0.1];
    const parts = plus(times(3, fieldAt(p, sheet(UNIT, 1, 0))), times(-2, fieldAt(p, sheet(UNIT, 0, 1))));
    expectVector(fieldAt(p, sheet(UNIT, 3, -2)), parts, 1e-14);
  });

  it('is scale invariant: the same K makes the same field at every size', () => {
    fc.assert(
      fc.property(side, side, coordinate, coordinate, height, (w, h, x, y, z) => {
        const s = 2 ** -10;
        const small: Rectangle = { centre: [0, 0, 0], width_m: s * w, height_m: s * h };
        const scaled = fieldAt([s * x, s * y, s * z], sheet(small, 2, 1));
        expectVector(scaled, fieldAt([x, y, z], sheet({ centre: [0, 0, 0], width_m: w, height_m: h }, 2, 1)), 1e-15);
      }),
      SEEDED,
    );
  });

  it('turns with the sheet: a quarter turn takes (Kx, Ky) to (-Ky, Kx)', () => {
    const [x, y, z] = [0.7, -0.4, 0.3];
    const [bx, by, bz] = fieldAt([x, y, z], sheet(UNIT, 3, -2));
    const turned = fieldAt([-y, x, z], sheet({ centre: [0, 0, 0], width_m: 1, height_m: 2 }, 2, 3));
    expectVector(turned, [-by, bx, bz], 1e-15);
  });

  it('is the sum of its parts, also on the inner edges and nodes', () => {
    const parts: Source = (points, out) => {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 2; j++) {
          sheetField(points, rectangleBetween(-1 + i / 2, -0.5 + j / 2, -0.5 + i / 2, j / 2, 0), 3, -2, out);
        }
      }
    };
    for (const p of [
      [0.3, 0.2, 0.1],
      [0.25, 0, 0],
      [0.5, 0.2, 0],
      [0.5, 0, 0],
      [0, 0.3, 1e-6],
      [9, -5, 4],
    ] as Vector3[]) {
      expectVector(fieldAt(p, parts), fieldAt(p, sheet(UNIT, 3, -2)), 2e-13);
    }
  });
});

describe('numbers of the uniform sheet', () => {
  it('equals quadrature of the Biot-Savart law over the area', () => {
    fc.assert(
      fc.property(side, side, coordinate, coordinate, height, (w, h, x, y, z) => {
        const k: Vector3 = [0.8, -1.7, 0];
        const direct = integrate(
          sx =>
            integrate(
              sy => {
                const r = minus([x, y, z], [sx, sy, 0]);
                return times((MU0 / 4 / Math.PI) * norm(r) ** -3, cross(k, r));
              },
              -h / 2,
              h / 2,
              4,
            ),
          -w / 2,
          w / 2,
          4,
        );
        const rectangle: Rectangle = { centre: [0, 0, 0], width_m: w, height_m: h };
        expectVector(fieldAt([x, y, z], sheet(rectangle, k[0], k[1])), direct, 1e-11);
      }),
      { ...SEEDED, numRuns: 20 },
    );
  });

  it('is the integral of wires across the current', () => {
    const p: Vector3 = [0.3, -0.8, 0.2];
    const wires = integrate(
      x => fieldAt(p, (points, out) => wireField(points, [x, -0.5, 0], [x, 0.5, 0], 5, out)),
      -1,
      1,
      40,
    );
    expectVector(fieldAt(p, sheet(UNIT, 0, 5)), wires, 1e-12);
  });

  it('is a current element from far away, with all its digits', () => {
    const n: Vector3 = [2 / 7, -3 / 7, 6 / 7];
    for (const r of [1e4, 1e7]) {
      const element = times((MU0 / 4 / Math.PI) * (2 / r ** 2), cross([1, 4, 0], n));
      expectVector(fieldAt(times(r, n), sheet(UNIT, 1, 4)), element, Math.max(5 / r ** 2, 3e-15));
    }
  });

  it('sees the solid angle of the face of a cube as a sixth of the sphere', () => {
    expectRelative(rectangleSolidAngle(0, 0, 0.5, 0.5, 0.5), (4 * Math.PI) / 6, 1e-15);
    expectRelative(rectangleSolidAngle(0.5, 0.5, -1, 0.5, 0.5), (-4 * Math.PI) / 24, 1e-15);
  });

  it('has the textbook terms: four arctangents and four inverse hyperbolic sines', () => {
    fc.assert(
      fc.property(side, side, coordinate, coordinate, height, (a, b, x, y, z) => {
        let [solidAngle, logarithm] = [0, 0];
        for (const [u, su] of [
          [x + a, 1],
          [x - a, -1],
        ]) {
          for (const [v, sv] of [
            [y + b, 1],
            [y - b, -1],
          ]) {
            solidAngle += su * sv * Math.atan((u * v) / (z * Math.hypot(u, v, z)));
            logarithm -= su * sv * Math.asinh(v / Math.hypot(u, z));
          }
        }
        expect(Math.abs(rectangleSolidAngle(x, y, z, a, b) - solidAngle)).toBeLessThan(1e-14);
        expect(Math.abs(rectangleLogarithm(x, y, z, a, b) - logarithm)).toBeLessThan(1e-14);
      }),
      SEEDED,
    );
  });
});

describe('singular points of the uniform sheet', () => {
  it('takes the mean of the two sides in its plane: no in-plane field', () => {
    for (const p of [
      [0.2, 0.1, 0],
      [1, 0.1, 0],
      [0.2, 0.5, 0],
      [1, 0.5, 0],
      [3, 2, 0],
      [1, 3, 0],
    ] as Vector3[]) {
      const [bx, by, bz] = fieldAt(p, sheet(UNIT, 1, 2));
      expect([Math.abs(bx), Math.abs(by)]).toEqual([0, 0]);
      expect(Number.isFinite(bz)).toBe(true);
    }
    const mean = times(
      0.5,
      plus(fieldAt([0.2, 0.1, 1e-7], sheet(UNIT, 1, 2)), fieldAt([0.2, 0.1, -1e-7], sheet(UNIT, 1, 2))),
    );
    expectVector(fieldAt([0.2, 0.1, 0], sheet(UNIT, 1, 2)), mean, 1e-6);
  });

  it('is continuous through its plane outside, and through the extension of its edges', () => {
    for (const p of [
      [3, 0.2, 0],
      [1, 0.9, 0],
      [1.5, 0.5, 0],
      [1, 0.5, 0.2],
      [0.2, 0.5, 0.2],
      [1, 0, 0.2],
    ] as Vector3[]) {
      for (const step of [
        [1e-9, 0, 0],
        [0, 1e-9, 0],
        [0, 0, 1e-9],
      ] as Vector3[]) {
        expectVector(fieldAt(plus(p, step), sheet(UNIT, 1, 2)), fieldAt(p, sheet(UNIT, 1, 2)), 1e-7);
      }
    }
  });

  it('diverges logarithmically at an edge along the current, and drops that edge on itself', () => {
    const at = (d: number) => fieldAt([0, 0.5 + d, 0], sheet(UNIT, 1, 0))[2];
    // Bz grows by (mu0 K / 2 pi) ln 10 per decade.
    expectRelative(at(1e-7) - at(1e-6), (MU0 / (2 * Math.PI)) * Math.log(10), 1e-5);
    // The other edge alone: -(mu0 K / 4 pi) ln((s + L) / (s - L)), s = 2 sqrt(2), L = 2.
    const other = (-MU0 / (4 * Math.PI)) * Math.log((2 * Math.SQRT2 + 2) / (2 * Math.SQRT2 - 2));
    expectRelative(at(0), other, 1e-14);
  });

  it('refuses a rectangle without area', () => {
    expect(() => fieldAt([0, 0, 1], sheet({ centre: [0, 0, 0], width_m: 1, height_m: -1 }, 1, 0))).toThrow(/height_m/);
  });
});
