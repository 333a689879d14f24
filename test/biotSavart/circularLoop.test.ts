import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { circularLoopField, polylineField, positionsOf, type Vector3 } from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import {
  circulation,
  cross,
  expectRelative,
  expectVector,
  fieldAt,
  minus,
  norm,
  plus,
  rotate,
  SEEDED,
  type Source,
  times,
} from './support.js';

const loop =
  (radius_m: number, current = 1, centre: Vector3 = [0, 0, 0], axis: Vector3 = [0, 0, 1]): Source =>
  (points, out) =>
    circularLoopField(points, { centre, axis, radius_m }, current, out);

const decade = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map(power => 10 ** power);

describe('laws of the circular loop', () => {
  it('obeys the right hand: anticlockwise seen from +z, Bz > 0 above and inside, < 0 outside', () => {
    expect(fieldAt([0, 0, 0.5], loop(1))[2]).toBeGreaterThan(0);
    expect(fieldAt([0.5, 0, 0], loop(1))[2]).toBeGreaterThan(0);
    expect(fieldAt([0, 0, -0.5], loop(1))[2]).toBeGreaterThan(0);
    expect(fieldAt([1.5, 0, 0], loop(1))[2]).toBeLessThan(0);
    expect(fieldAt([0.5, 0, 0.5], loop(1))[0]).toBeGreaterThan(0);
    expect(fieldAt([0.5, 0, -0.5], loop(1))[0]).toBeLessThan(0);
  });

  it('is scale invariant: B goes as I / R', () => {
    fc.assert(
      fc.property(decade(-3, 2), decade(-3, 2), fc.integer({ min: -20, max: 20 }), (rho, z, power) => {
        const s = 2 ** power;
        expectVector(fieldAt([s * rho, 0, s * z], loop(s, 5)), times(5 / s, fieldAt([rho, 0, z], loop(1))), 1e-15);
      }),
      SEEDED,
    );
  });

  it('turns and moves with the loop', () => {
    const turnAxis = times(1 / 3, [1, -2, 2]);
    fc.assert(
      fc.property(decade(-2, 1), decade(-2, 1), fc.double({ min: 0, max: 6, noNaN: true }), (rho, z, angle) => {
        const turn = (v: Vector3) => rotate(v, turnAxis, angle);
        fc.pre(Math.hypot(rho - 1, z) > 1e-2);
        const p: Vector3 = [0.6 * rho, 0.8 * rho, z];
        const centre: Vector3 = [0.3, -0.2, 0.1];
        const moved = fieldAt(plus(turn(p), centre), loop(1, 1, centre, times(7, turn([0, 0, 1]))));
        expectVector(moved, turn(fieldAt(p, loop(1))), 1e-12);
      }),
      SEEDED,
    );
  });

  it("obeys Ampere's law around its wire", () => {
    // At (1, 0, 0) the current flows along +y: z towards x is anticlockwise about it.
    expectRelative(circulation(loop(1, 3), [1, 0, 0], [0, 0, 1], [1, 0, 0], 0.3), 3 * MU0, 1e-12);
  });

  it('has no radial field on the axis nor in its plane', () => {
    for (const z of [-2, 0, 0.1, 30]) expect(fieldAt([0, 0, z], loop(1)).slice(0, 2)).toEqual([0, 0]);
    for (const rho of [1e-9, 0.3, 0.999, 1.001, 40]) {
      expect(fieldAt([rho, 0, 0], loop(1)).slice(0, 2).map(Math.abs)).toEqual([0, 0]);
    }
  });
});

describe('numbers of the circular loop', () => {
  it('equals the closed form on the axis', () => {
    for (const z of [0, 1e-8, 0.3, 1, 7, 1e4]) {
      expectRelative(fieldAt([0, 0, z], loop(2, 3))[2], (MU0 * 3 * 4) / (2 * (4 + z * z) ** 1.5), 1e-15 * 4);
    }
  });

  it('equals the expansion about the axis to its last digits', () => {
    // B_rho = -(rho/2) B' + (rho^3/16) B''', with B(z) on the axis (div B = 0 and curl B = 0 order by order).
    const z = 0.4;
    const q = 1 + z * z;
    const first = -3 * z * q ** -2.5;
    const third = 45 * z * q ** -3.5 - 105 * z ** 3 * q ** -4.5;
    for (const rho of [1e-12, 1e-8, 1e-5, 1e-3]) {
      const expected = (MU0 / 2) * ((-rho / 2) * first + (rho ** 3 / 16) * third);
      expectRelative(fieldAt([rho, 0, z], loop(1))[0], expected, Math.max(2 * rho ** 4, 3e-15));
    }
  });

  it('equals the elliptic integrals evaluated with 50 digits', () => {
    // rho, z, B_rho, B_z of the unit loop with mu0 I = 1
    for (const [rho, z, radial, axial] of REFERENCE) {
      const [bx, by, bz] = times(1 / MU0, fieldAt([0.6 * rho, 0.8 * rho, z], loop(1)));
      const size = Math.hypot(radial, axial);
      expect(Math.abs(Math.hypot(bx, by) - Math.abs(radial)) / Math.abs(radial)).toBeLessThan(1e-13);
      expect(Math.abs(bz - axial) / size).toBeLessThan(1e-13);
    }
  });

  it('equals quadrature of the Biot-Savart law', () => {
    const n = 2000;
    fc.assert(
      fc.property(decade(-3, 1), decade(-3, 1), (rho, z) => {
        fc.pre(Math.hypot(rho - 1, z) > 0.05);
        const p: Vector3 = [rho, 0, z];
        let sum: Vector3 = [0, 0, 0];
        for (let i = 0; i < n; i++) {
          const angle = (2 * Math.PI * i) / n;
          const r = minus(p, [Math.cos(angle), Math.sin(angle), 0]);
          sum = plus(sum, times(norm(r) ** -3, cross([-Math.sin(angle), Math.cos(angle), 0], r)));
        }
        expectVector(fieldAt(p, loop(1)), times(MU0 / (2 * n), sum), 1e-11);
      }),
      SEEDED,
    );
  });

  it('is the limit of inscribed polygons', () => {
    const polygon = (n: number): Source => {
      const corners: Vector3[] = [];
      for (let i = 0; i <= n; i++) corners.push([Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n), 0]);
      return (points, out) => polylineField(points, positionsOf(corners), 1, out);
    };
    for (const p of [
      [0.3, 0.2, 0.1],
      [0.1, -1.2, 0.4],
      [3, 1, -2],
      [1.4, 0, 0],
    ] as Vector3[]) {
      const [b1, b2, b4, b8] = [64, 128, 256, 512].map(n => fieldAt(p, polygon(n)));
      // The error is a series in 1 / n^2: Richardson's extrapolation, three times.
      const step = (coarse: Vector3, fine: Vector3, order: number) =>
        plus(fine, times(1 / (2 ** order - 1), minus(fine, coarse)));
      const [c1, c2, c4] = [step(b1, b2, 2), step(b2, b4, 2), step(b4, b8, 2)];
      const limit = step(step(c1, c2, 4), step(c2, c4, 4), 6);
      expectVector(fieldAt(p, loop(1)), limit, 1e-11);
    }
  });

  it('is a dipole from far away', () => {
    for (const r of [1e4, 1e7]) {
      const [x, z] = [0.6 * r, 0.8 * r];
      const moment = ((MU0 / (4 * Math.PI)) * Math.PI) / r ** 3;
      expectVector(
        fieldAt([x, 0, z], loop(1)),
        [moment * 3 * 0.48, 0, moment * (3 * 0.64 - 1)],
        Math.max(5 / r ** 2, 2e-15),
      );
    }
  });

  it('tends to the field of a straight wire at its wire', () => {
    for (const d of [1e-5, 1e-8]) {
      const field = fieldAt([1 + 0.6 * d, 0, 0.8 * d], loop(1));
      // The correction is of relative order d ln(1/d).
      expectVector(field, times(MU0 / (2 * Math.PI * d), [0.8, 0, -0.6]), 10 * d);
    }
  });
});

describe('singular points of the circular loop', () => {
  it('contributes zero on its wire, also where coordinates are rounded', () => {
    for (let i = 0; i < 12; i++) {
      const p: Vector3 = [0.1 + 0.3 * Math.cos(i), 0.2 + 0.3 * Math.sin(i), 0.7];
      expect(fieldAt(p, loop(0.3, 1, [0.1, 0.2, 0.7])).map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  it('refuses a loop without radius or axis', () => {
    expect(() => fieldAt([0, 0, 0], loop(0))).toThrow(/radius_m/);
    expect(() => fieldAt([0, 0, 0], loop(1, 1, [0, 0, 0], [0, 0, 0]))).toThrow(/axis/);
    expect(() => fieldAt([0, 0, 0], loop(1, 1, [0, Number.NaN, 0]))).toThrow(/centre/);
  });
});

const REFERENCE = [
  [1e-9, 0.5, 2.1466252583997983e-10, 0.35777087639996635],
  [1e-4, -3, -7.115124720703909e-7, 0.015811388259337002],
  [0.25, 0.75, 0.04656941345757206, 0.24947811803310124],
  [0.999999, 0.000001, 79577.51133154673, 79578.6690587087],
  [1.0001, -0.0002, -636.5878285737637, -317.5392261934359],
  [5, 2, 0.0017302291717709848, -0.0009267308110836615],
  [1000, 300, 1.8139147670276286e-10, -1.652676179233589e-10],
  [0.001, 2000, 4.687497070310852e-17, 6.249997656246045e-11],
] as const;
