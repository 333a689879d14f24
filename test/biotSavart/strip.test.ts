import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  infiniteStripField,
  type Strip,
  sheetField,
  stripField,
  type Vector3,
  wireField,
} from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import {
  circulation,
  cross,
  expectRelative,
  expectVector,
  fieldAt,
  integrate,
  minus,
  norm,
  plus,
  rotate,
  SEEDED,
  type Source,
  times,
} from './support.js';

const strip =
  (shape: Strip, current = 1): Source =>
  (points, out) =>
    stripField(points, shape, current, out);
const infiniteStrip =
  (shape: Strip, current = 1): Source =>
  (points, out) =>
    infiniteStripField(points, shape, current, out);

/** Along +x, 2 m long, 1 m wide, in the plane z = 0. */
const FLAT: Strip = { from: [-1, 0, 0], to: [1, 0, 0], width_m: 1, normal: [0, 0, 1] };
const OBLIQUE: Strip = { from: [0.2, -0.1, 0.3], to: [0.9, 0.5, -0.2], width_m: 0.4, normal: [0.3, 0.2, 1] };
const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const vector = fc.tuple(coordinate, coordinate, coordinate);

/** Unit vectors along and across a strip. */
function axes(shape: Strip): [Vector3, Vector3] {
  const path = minus(shape.to, shape.from);
  const sideways = cross(shape.normal, path);
  return [times(1 / norm(path), path), times(1 / norm(sideways), sideways)];
}

/** The strip as wires side by side. */
const wires =
  (shape: Strip, panels = 40) =>
  (p: Vector3) =>
    integrate(
      t => {
        const shift = times(t, axes(shape)[1]);
        return fieldAt(p, (points, out) =>
          wireField(points, plus(shape.from, shift), plus(shape.to, shift), 1 / shape.width_m, out),
        );
      },
      -shape.width_m / 2,
      shape.width_m / 2,
      panels,
    );

describe('laws of the strip', () => {
  it('obeys the right hand: current to +x, By < 0 above, Bz > 0 on the left', () => {
    expect(fieldAt([0, 0, 0.3], strip(FLAT))[1]).toBeLessThan(0);
    expect(fieldAt([0, 0, -0.3], strip(FLAT))[1]).toBeGreaterThan(0);
    expect(fieldAt([0, 1, 0], strip(FLAT))[2]).toBeGreaterThan(0);
  });

  it('is the integral of straight wires over its width', () => {
    fc.assert(
      fc.property(vector, p => {
        const [along, across] = axes(OBLIQUE);
        const out = minus(p, OBLIQUE.from);
        const height = Math.abs(
          out[0] * cross(along, across)[0] + out[1] * cross(along, across)[1] + out[2] * cross(along, across)[2],
        );
        fc.pre(height > 0.03);
        expectVector(fieldAt(p, strip(OBLIQUE)), wires(OBLIQUE)(p), 1e-12);
      }),
      { ...SEEDED, numRuns: 30 },
    );
  });

  it('is the sheet that it covers', () => {
    const p: Vector3 = [0.4, -0.3, 0.2];
    const cover: Source = (points, out) =>
      sheetField(points, { centre: [0, 0, 0], width_m: 2, height_m: 1 }, 3, 0, out);
    expectVector(fieldAt(p, strip(FLAT, 3)), fieldAt(p, cover), 1e-14);
    const upright: Strip = { from: [0, -0.5, 0], to: [0, 0.5, 0], width_m: 2, normal: [0, 0, -1] };
    const crossways: Source = (points, out) =>
      sheetField(points, { centre: [0, 0, 0], width_m: 2, height_m: 1 }, 0, 1.5, out);
    expectVector(fieldAt(p, strip(upright, 3)), fieldAt(p, crossways), 1e-14);
  });

  it('turns and moves with the strip', () => {
    const axis = times(1 / 3, [2, -1, 2]);
    fc.assert(
      fc.property(vector, vector, coordinate, (p, shift, angle) => {
        fc.pre(Math.abs(p[2]) > 0.05);
        const turn = (v: Vector3) => rotate(v, axis, 3 * angle);
        const moved: Strip = {
          from: plus(turn(FLAT.from), shift),
          to: plus(turn(FLAT.to), shift),
          width_m: 1,
          normal: turn([0.3, 0, 2]),
        };
        expectVector(fieldAt(plus(turn(p), shift), strip(moved)), turn(fieldAt(p, strip(FLAT))), 1e-12);
      }),
      SEEDED,
    );
  });

  it('does not mind the sign and the length of the normal, nor a part of it along the current', () => {
    const p: Vector3 = [0.4, -0.3, 0.2];
    for (const normal of [
      [0, 0, -1],
      [0, 0, 1e-3],
      [5, 0, -2],
    ] as Vector3[]) {
      expectVector(fieldAt(p, strip({ ...FLAT, normal })), fieldAt(p, strip(FLAT)), 1e-15);
    }
  });

  it('is scale invariant: B goes as I / L', () => {
    const p: Vector3 = [0.4, -0.3, 0.2];
    const s = 2 ** -8;
    const small: Strip = { from: times(s, FLAT.from), to: times(s, FLAT.to), width_m: s, normal: [0, 0, 1] };
    expectVector(fieldAt(times(s, p), strip(small, 2)), times(2 / s, fieldAt(p, strip(FLAT))), 1e-15);
  });

  it("obeys Ampere's law around the whole width", () => {
    expectRelative(circulation(infiniteStrip(FLAT, 3), [0, 0, 0], [0, 1, 0], [0, 0, 1], 2), 3 * MU0, 1e-12);
  });
});

describe('limits of the strip', () => {
  it('tends to the infinite strip when it is long', () => {
    const long: Strip = { ...FLAT, from: [-1e6, 0, 0], to: [1e6, 0, 0] };
    for (const p of [
      [0, 0.2, 0.1],
      [0, -3, 0.5],
      [0, 0.7, 0],
      [0, 0.1, -1e-3],
    ] as Vector3[]) {
      expectVector(fieldAt(p, strip(long)), fieldAt(p, infiniteStrip(FLAT)), 1e-11);
    }
  });

  it('tends to a wire when it is narrow', () => {
    const narrow: Strip = { ...FLAT, width_m: 1e-6 };
    const p: Vector3 = [0.4, -0.3, 0.2];
    const wire: Source = (points, out) => wireField(points, FLAT.from, FLAT.to, 1, out);
    expectVector(fieldAt(p, strip(narrow)), fieldAt(p, wire), 1e-10);
  });

  it('tends to mu0 K / 2 when it is wide', () => {
    const wide: Strip = { from: [-1e7, 0, 0], to: [1e7, 0, 0], width_m: 2e7, normal: [0, 0, 1] };
    expectVector(fieldAt([0.3, 0.2, 1], strip(wide, 2e7 * 5)), [0, (-MU0 * 5) / 2, 0], 1e-6);
    const [, by] = fieldAt([0, 0, 2], infiniteStrip({ ...FLAT, width_m: 3 }, 3));
    expectRelative(by, (-MU0 / Math.PI) * Math.atan(3 / 4), 1e-15);
  });

  it('is a current element from far away, with all its digits', () => {
    const n: Vector3 = [2 / 7, -3 / 7, 6 / 7];
    const path = minus(OBLIQUE.to, OBLIQUE.from);
    const middle = times(0.5, plus(OBLIQUE.from, OBLIQUE.to));
    const element = times(MU0 / 4 / Math.PI / 1e14, cross(path, n));
    expectVector(fieldAt(plus(middle, times(1e7, n)), strip(OBLIQUE)), element, 1e-13);
  });
});

describe('singular points of the strip', () => {
  it('has in its plane only a normal component, wherever the strip lies', () => {
    const [along, across] = axes(OBLIQUE);
    const normal = cross(along, across);
    for (const t of [-0.3, 0, 0.11, 0.2, 0.45]) {
      const p = plus(plus(OBLIQUE.from, times(0.37, along)), times(t, across));
      const b = fieldAt(p, strip(OBLIQUE));
      const up = b[0] * normal[0] + b[1] * normal[1] + b[2] * normal[2];
      expect(norm(minus(b, times(up, normal)))).toBeLessThan(1e-15 * MU0);
    }
    // In the middle the two halves cancel.
    expect(norm(fieldAt([0, 0, 0], strip(FLAT)))).toBe(0);
  });

  it('stays finite on its edges and corners', () => {
    for (const p of [
      [0, 0.5, 0],
      [1, 0.5, 0],
      [-1, -0.5, 0],
      [1, 0, 0],
    ] as Vector3[]) {
      expect(fieldAt(p, strip(FLAT)).every(Number.isFinite)).toBe(true);
      expect(fieldAt(p, infiniteStrip(FLAT)).every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses a strip without length or width or with a normal along the current', () => {
    expect(() => fieldAt([0, 0, 1], strip({ ...FLAT, to: FLAT.from }))).toThrow(/strip has no direction/);
    expect(() => fieldAt([0, 0, 1], strip({ ...FLAT, width_m: 0 }))).toThrow(/width_m/);
    expect(() => fieldAt([0, 0, 1], strip({ ...FLAT, normal: [2, 0, 0] }))).toThrow(/normal of the strip/);
    expect(() => fieldAt([0, 0, 1], infiniteStrip({ ...FLAT, normal: [0, 0, 0] }))).toThrow(/normal has no direction/);
  });
});
