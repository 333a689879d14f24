import { describe, expect, it } from 'vitest';
import {
  dipoleField,
  magnetisedTileField,
  type Prism,
  prismField,
  prismKernel,
  type Vector3,
} from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import { random } from '../../src/random.js';
import { divergenceAndCurl, expectVector, fieldAt, minus, norm, plus, type Source, times } from './support.js';

const block: Prism = { centre: [0.1, -0.2, 0.3], sides: [1, 2, 0.5] };
const prism =
  (magnetisation: Vector3, shape: Prism = block): Source =>
  (points, out) =>
    prismField(points, shape, magnetisation, out);

/** Points all around, none on a face. */
function around(count: number, reach: number): Vector3[] {
  const rng = random(3);
  const coordinate = () => reach * (2 * rng.uniform() - 1);
  return Array.from({ length: count }, () => plus(block.centre, [coordinate(), coordinate(), coordinate()]));
}

function tensor(x: number, y: number, z: number, a: number, b: number, c: number): number[] {
  const out = new Float64Array(6);
  prismKernel(x, y, z, a, b, c, out, 0);
  return [...out];
}

describe('the magnetised prism', () => {
  it('has no divergence and, outside, no curl', () => {
    for (const p of around(20, 2)) {
      const inside = p.every((v, i) => Math.abs(v - block.centre[i]) < block.sides[i] / 2);
      const h = 1e-3;
      const { div, curl } = divergenceAndCurl(prism([3, -1, 2]), p, h);
      const size = norm(fieldAt(p, prism([3, -1, 2])));
      expect(Math.abs(div)).toBeLessThan(1e-6 * size);
      if (!inside) expect(norm(curl)).toBeLessThan(1e-6 * size);
    }
  });

  it('has a tensor with the trace 0 outside and -4 pi inside', () => {
    for (const [x, y, z] of around(50, 3)) {
      const [xx, yy, zz] = tensor(x, y, z, 0.5, 1, 0.25);
      const inside = Math.abs(x) < 0.5 && Math.abs(y) < 1 && Math.abs(z) < 0.25;
      expect(xx + yy + zz).toBeCloseTo(inside ? -4 * Math.PI : 0, 12);
    }
  });

  it('has the demagnetising factor 1/3 in the middle of a cube and B = 2/3 mu0 M there', () => {
    const cube: Prism = { centre: [1, 2, 3], sides: [0.1, 0.1, 0.1] };
    expectVector(fieldAt([1, 2, 3], prism([1, 2, -3], cube)), times((2 / 3) * MU0, [1, 2, -3]), 1e-13);
  });

  it('is the sum of its halves, and the same whichever axis it lies along', () => {
    const m: Vector3 = [0.3, 1, -2];
    const halves = [-0.25, 0.25].map((dx): Prism => ({ centre: plus(block.centre, [dx, 0, 0]), sides: [0.5, 2, 0.5] }));
    for (const p of around(20, 4)) {
      const sum = plus(fieldAt(p, prism(m, halves[0])), fieldAt(p, prism(m, halves[1])));
      expectVector(fieldAt(p, prism(m)), sum, 1e-12);
    }
    const [x, y, z] = [0.9, -1.4, 0.6];
    const [xx, yy, zz, xy, xz, yz] = tensor(x, y, z, 0.5, 1, 0.25);
    const turned = tensor(y, z, x, 1, 0.25, 0.5);
    [yy, zz, xx, yz, xy, xz].forEach((v, i) => {
      expect(turned[i]).toBeCloseTo(v, 13);
    });
  });

  it('is even or odd along each axis as a dipole is', () => {
    const [xx, yy, zz, xy, xz, yz] = tensor(0.9, 1.4, 0.6, 0.5, 1, 0.25);
    expect(tensor(-0.9, 1.4, 0.6, 0.5, 1, 0.25)).toEqual([xx, yy, zz, -xy, -xz, yz]);
    expect(tensor(0.9, -1.4, -0.6, 0.5, 1, 0.25)).toEqual([xx, yy, zz, -xy, -xz, yz]);
  });

  it('is a dipole far away, with all digits where the closed form hands over', () => {
    const m: Vector3 = [1, -2, 0.5];
    const far = plus(block.centre, [3e5, -2e5, 1e5]);
    const dipole = fieldAt(far, (points, out) => dipoleField(points, block.centre, m, out));
    expectVector(fieldAt(far, prism(m)), dipole, 1e-10);
    // Just below and above 40 half diagonals.
    const reach = 40 * Math.hypot(0.5, 1, 0.25);
    for (const direction of [
      [1, 0, 0],
      [0.6, 0.8, 0],
      [0.48, 0.6, 0.64],
    ] as Vector3[]) {
      const [near, beyond] = [1 - 1e-9, 1 + 1e-9].map(s =>
        fieldAt(plus(block.centre, times(s * reach, direction)), prism(m)),
      );
      expect(norm(minus(near, beyond))).toBeLessThan(1e-8 * norm(near));
    }
  });

  it('is the current loop of a tile when it is thin and magnetised along z', () => {
    const thin: Prism = { centre: [0, 0, 0], sides: [1, 2, 1e-4] };
    for (const p of [
      [0.2, 0.3, 0.5],
      [1.2, -0.4, 0.3],
      [0.5, 1, 0.8],
    ] as Vector3[]) {
      const tile = fieldAt(p, (points, out) =>
        magnetisedTileField(points, { centre: [0, 0, 0], width_m: 1, height_m: 2 }, 1e-4, out),
      );
      expectVector(fieldAt(p, prism([0, 0, 1], thin)), tile, 1e-7);
    }
  });

  it('is continuous through a face along its normal and takes the mean beside', () => {
    const m: Vector3 = [1, 2, 3];
    const face: Vector3 = plus(block.centre, [0.1, 0.2, 0.25]);
    const [below, on, above] = [-1e-9, 0, 1e-9].map(d => fieldAt(plus(face, [0, 0, d]), prism(m)));
    expect(above[2]).toBeCloseTo(below[2], 12);
    expectVector(on, times(0.5, plus(below, above)), 1e-6);
  });

  it('stays finite on edges, on their extensions and at corners', () => {
    for (const p of [
      [0.5, 1, 0],
      [0.5, 1, 0.25],
      [0.5, 1, 3],
      [-0.5, 1, -3],
      [0, 1, 0.25],
    ]) {
      expect(tensor(p[0], p[1], p[2], 0.5, 1, 0.25).every(Number.isFinite)).toBe(true);
    }
    // The extension of an edge is no singular place: the same a hair beside it.
    const [on, beside] = [0, 1e-8].map(d => tensor(0.5, 1, -3 + d, 0.5, 1, 0.25));
    on.forEach((v, i) => {
      expect(beside[i]).toBeCloseTo(v, 6);
    });
  });

  it('refuses sides that are not positive', () => {
    expect(() => fieldAt([0, 0, 0], prism([0, 0, 1], { centre: [0, 0, 0], sides: [1, 0, 1] }))).toThrow(/sides/);
  });
});
