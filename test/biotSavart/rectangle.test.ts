import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dipoleField,
  magnetisedTileField,
  polylineField,
  positionsOf,
  type Rectangle,
  rectangleBetween,
  rectangleLoopField,
  rectangleLoopKernel,
  type Vector3,
} from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import {
  circulation,
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

const loop =
  (rectangle: Rectangle, current = 1): Source =>
  (points, out) =>
    rectangleLoopField(points, rectangle, current, out);

/** The same loop as four straight wires, anticlockwise. */
const fourWires = ({ centre: [x, y, z], width_m, height_m }: Rectangle): Source => {
  const [a, b] = [width_m / 2, height_m / 2];
  const corners: Vector3[] = [
    [x - a, y - b, z],
    [x + a, y - b, z],
    [x + a, y + b, z],
    [x - a, y + b, z],
    [x - a, y - b, z],
  ];
  return (points, out) => polylineField(points, positionsOf(corners), 1, out);
};

const kernelAt = (p: Vector3, a: number, b: number): Vector3 => {
  const out = new Float64Array(3);
  rectangleLoopKernel(p[0], p[1], p[2], a, b, out, 0);
  return [out[0], out[1], out[2]];
};

const CELL: Rectangle = { centre: [0.1, 0.07, 0.002], width_m: 0.2, height_m: 0.14 };
const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const side = fc.double({ min: -1.5, max: 0, noNaN: true }).map(power => 10 ** power);
const signedDecade = fc
  .tuple(fc.double({ min: -4, max: 1, noNaN: true }), fc.boolean())
  .map(([power, negative]) => (negative ? -1 : 1) * 10 ** power);

describe('laws of the rectangular loop', () => {
  it('obeys the right hand: anticlockwise seen from +z, Bz > 0 above and inside, < 0 outside', () => {
    expect(fieldAt([0.1, 0.07, 0.01], loop(CELL))[2]).toBeGreaterThan(0);
    expect(fieldAt([0.15, 0.1, 0.002], loop(CELL))[2]).toBeGreaterThan(0);
    expect(fieldAt([0.1, 0.07, -0.01], loop(CELL))[2]).toBeGreaterThan(0);
    expect(fieldAt([0.3, 0.07, 0.002], loop(CELL))[2]).toBeLessThan(0);
    // Above the right edge, whose current flows along +y.
    expect(fieldAt([0.2, 0.07, 0.01], loop(CELL))[0]).toBeGreaterThan(0);
  });

  it('is four straight wires', () => {
    fc.assert(
      fc.property(side, side, signedDecade, signedDecade, signedDecade, (a, b, x, y, z) => {
        const rectangle = { centre: [0, 0, 0] as Vector3, width_m: 2 * a, height_m: 2 * b };
        fc.pre(norm([x, y, z]) < 30 * Math.min(a, b));
        fc.pre(Math.hypot(Math.min(Math.abs(Math.abs(x) - a), Math.abs(Math.abs(y) - b)), z) > 1e-3);
        // The four wires cancel with the square of the distance over the side, the closed form does not.
        const distance = Math.max(1, norm([x, y, z]) / Math.min(a, b));
        const tolerance = 1e-15 * Math.max(1000, 10 * distance ** 2);
        expectVector(fieldAt([x, y, z], loop(rectangle)), fieldAt([x, y, z], fourWires(rectangle)), tolerance);
      }),
      { ...SEEDED, numRuns: 500 },
    );
  });

  it('is the uniformly magnetised tile', () => {
    const p: Vector3 = [0.12, 0.03, 0.01];
    const tile: Source = (points, out) => magnetisedTileField(points, CELL, 2.5, out);
    expect(fieldAt(p, tile)).toEqual(fieldAt(p, loop(CELL, 2.5)));
    // Independent of the kernel: the tile as a sheet of dipoles.
    const dipoles = integrate(
      x =>
        integrate(y => fieldAt(p, (points, out) => dipoleField(points, [x, y, 0.002], [0, 0, 2.5], out)), 0, 0.14, 16),
      0,
      0.2,
      16,
    );
    expectVector(fieldAt(p, tile), dipoles, 1e-10);
  });

  it('makes an array of tiles the same as the big tile, also over the inner edges and nodes', () => {
    const big = rectangleBetween(-1, -0.5, 2, 1, 0);
    const tiles: Source = (points, out) => {
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 3; j++) {
          rectangleLoopField(points, rectangleBetween(-1 + i / 2, -0.5 + j / 2, -0.5 + i / 2, j / 2, 0), 3, out);
        }
      }
    };
    for (const p of [
      [0.2, 0.1, 0.3],
      [0.5, 0.25, 0],
      [0.5, 0.5, 0],
      [0.1, 0, 0],
      [5, -4, 3],
      [0, 0, 1e-3],
    ] as Vector3[]) {
      expectVector(fieldAt(p, tiles), fieldAt(p, loop(big, 3)), 1e-12);
    }
  });

  it('is scale invariant: B goes as I / L', () => {
    fc.assert(
      fc.property(side, side, signedDecade, signedDecade, signedDecade, (a, b, x, y, z) => {
        const s = 2 ** -9;
        const scaled = kernelAt(times(s, [x, y, z]), s * a, s * b);
        expectVector(scaled, times(1 / s, kernelAt([x, y, z], a, b)), 1e-15);
      }),
      SEEDED,
    );
  });

  it('has the symmetry of a rectangle', () => {
    fc.assert(
      fc.property(side, side, coordinate, coordinate, coordinate, (a, b, x, y, z) => {
        const [bx, by, bz] = kernelAt([x, y, z], a, b);
        expectVector(kernelAt([-x, y, z], a, b), [-bx, by, bz], 0);
        expectVector(kernelAt([x, -y, z], a, b), [bx, -by, bz], 0);
        expectVector(kernelAt([x, y, -z], a, b), [-bx, -by, bz], 0);
        // A diagonal mirror swaps the sides.
        const swapped = kernelAt([y, x, z], b, a);
        expectVector([swapped[1], swapped[0], swapped[2]], [bx, by, bz], 1e-15);
      }),
      SEEDED,
    );
  });

  it("obeys Ampere's law around an edge", () => {
    const source = loop({ centre: [0, 0, 0], width_m: 2, height_m: 1 }, 4);
    expectRelative(circulation(source, [0.3, -0.5, 0], [0, 1, 0], [0, 0, 1], 0.2), 4 * MU0, 1e-12);
    expectRelative(circulation(source, [1, 0.1, 0], [0, 0, 1], [1, 0, 0], 0.2), 4 * MU0, 1e-12);
  });
});

describe('numbers of the rectangular loop', () => {
  it('is the textbook sum over the corners where that sum is good', () => {
    fc.assert(
      fc.property(side, side, coordinate, coordinate, coordinate, (a, b, x, y, z) => {
        fc.pre(Math.abs(z) > 0.05);
        let [bx, by, bz] = [0, 0, 0];
        for (const [u, su] of [
          [x + a, 1],
          [x - a, -1],
        ]) {
          for (const [v, sv] of [
            [y + b, 1],
            [y - b, -1],
          ]) {
            const r = Math.hypot(u, v, z);
            bx -= (su * sv * z * v) / (r * (u * u + z * z));
            by -= (su * sv * z * u) / (r * (v * v + z * z));
            bz += ((su * sv * u * v) / r) * (1 / (u * u + z * z) + 1 / (v * v + z * z));
          }
        }
        const size = 1 / Math.max(0.05, Math.abs(z));
        expect(norm(minus(kernelAt([x, y, z], a, b), [bx, by, bz]))).toBeLessThan(1e-13 * size);
      }),
      SEEDED,
    );
  });

  it('is mu0 I 2 sqrt(2) / (pi L) in the middle of a square', () => {
    const square = rectangleBetween(0, 0, 0.5, 0.5, 0);
    expectRelative(fieldAt([0.25, 0.25, 0], loop(square, 3))[2], (MU0 * 3 * 2 * Math.SQRT2) / (Math.PI * 0.5), 1e-15);
  });

  it('is a dipole from far away, with all its digits', () => {
    const n: Vector3 = [2 / 7, 3 / 7, 6 / 7];
    for (const r of [1e4, 1e6, 1e8]) {
      const unitDipole = fieldAt(times(r, n), (points, out) => dipoleField(points, [0, 0, 0], [0, 0, 0.06], out));
      const field = fieldAt(times(r, n), loop({ centre: [0, 0, 0], width_m: 0.3, height_m: 0.2 }));
      expectVector(field, unitDipole, Math.max(1 / r ** 2, 3e-15));
    }
  });

  it('equals 50-digit values near corners, edges and far along a narrow loop', () => {
    for (const [p, a, b, expected] of REFERENCE) {
      expectVector(kernelAt(p as Vector3, a as number, b as number), expected as Vector3, 1e-14);
    }
  });
});

describe('singular points of the rectangular loop', () => {
  it('drops an edge on itself: the principal value, the mean of both sides', () => {
    const source = loop({ centre: [0, 0, 0], width_m: 2, height_m: 1 });
    const mean = times(0.5, plus(fieldAt([0.3, -0.5 + 1e-4, 0], source), fieldAt([0.3, -0.5 - 1e-4, 0], source)));
    expectVector(fieldAt([0.3, -0.5, 0], source), mean, 1e-6);
    const rest = fieldAt([0.3, -0.5, 0], (points, out) =>
      polylineField(
        points,
        positionsOf([
          [1, -0.5, 0],
          [1, 0.5, 0],
          [-1, 0.5, 0],
          [-1, -0.5, 0],
        ]),
        1,
        out,
      ),
    );
    expectVector(fieldAt([0.3, -0.5, 0], source), rest, 1e-14);
  });

  it('has at a corner the field of the two edges that do not meet there', () => {
    const rest = fieldAt([-1, -0.5, 0], (points, out) =>
      polylineField(
        points,
        positionsOf([
          [1, -0.5, 0],
          [1, 0.5, 0],
          [-1, 0.5, 0],
        ]),
        1,
        out,
      ),
    );
    expectVector(fieldAt([-1, -0.5, 0], loop(rectangleBetween(-1, -0.5, 1, 0.5, 0))), rest, 1e-14);
  });

  it('takes a point within rounding of an edge for a point on it', () => {
    const rectangle = rectangleBetween(0, 0, 0.3, 0.14, 0);
    expect(0.1 + 0.2).not.toBe(0.3);
    expectVector(fieldAt([0.1 + 0.2, 0.05, 0], loop(rectangle)), fieldAt([0.3, 0.05, 0], loop(rectangle)), 1e-12);
    expect(norm(fieldAt([0.1 + 0.2, 0.05, 0], loop(rectangle)))).toBeLessThan(1e-4);
  });

  it('is continuous through the extensions of its edges and of its plane', () => {
    const source = loop({ centre: [0, 0, 0], width_m: 2, height_m: 1 });
    for (const p of [
      [1.5, 0.5, 0],
      [1, 0.9, 0],
      [1, 0.5, 0.3],
      [0.2, 0.5, 0.3],
      [0, 0, 0],
      [3, 0, 0],
    ] as Vector3[]) {
      for (const step of [
        [1e-9, 0, 0],
        [0, 1e-9, 0],
        [0, 0, 1e-9],
      ] as Vector3[]) {
        expectVector(fieldAt(plus(p, step), source), fieldAt(p, source), 1e-7);
      }
    }
  });

  it('refuses a rectangle without area', () => {
    expect(() => fieldAt([0, 0, 1], loop({ centre: [0, 0, 0], width_m: 0, height_m: 1 }))).toThrow(/width_m/);
    expect(() => fieldAt([0, 0, 1], loop({ centre: [0, 0, 0], width_m: 1, height_m: Number.NaN }))).toThrow(/height_m/);
  });
});

// [position, half sides a and b, kernel], from the sum over the corners in 50 digits.
const REFERENCE = [
  [[1.000001, -0.5, -3e-6], 1, 0.5, [-300000.0000031006, 227924.07799913356, -99998.88196004173]],
  [[0.3, 0.4999999, 1e-7], 1, 0.5, [1.311126494186728e-7, 9999999.999712175, 10000003.005426195]],
  [[-2.0, 30.0, 7.0], 100.0, 0.25, [-3.351667694354825e-7, 0.0004650520223912368, -0.000898534748341357]],
  [[1.5, 0.5000001, 0.0], 1, 0.5, [0.0, 0.0, -1.1590348721991948]],
  [[-300.0, 120.5, 5.0], 0.5, 0.5, [-1.273369211485498e-9, 5.114699665985603e-10, -2.956197364360442e-8]],
  [[40.0, 3.0, -0.125], 100.0, 0.25, [-2.6550460107835537e-7, -0.009356001559493505, -0.11121550389491662]],
  [[7.0, -3.0, 900.0], 100.0, 0.25, [3.1035032054035665e-9, -1.3575735610122735e-9, 2.709512413656318e-7]],
] as const;
