import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { polylineField, positionsOf, type Vector3, wireField, zeroField } from '../../src/biotSavart/index.js';
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
  times,
} from './support.js';

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const vector = fc.tuple(coordinate, coordinate, coordinate);
const wire =
  (a: Vector3, b: Vector3, current = 1) =>
  (p: Parameters<typeof wireField>[0], out: ReturnType<typeof zeroField>) =>
    wireField(p, a, b, current, out);
const path =
  (vertices: Vector3[], current = 1) =>
  (p: Parameters<typeof wireField>[0], out: ReturnType<typeof zeroField>) =>
    polylineField(p, positionsOf(vertices), current, out);
/** Distance of a point from the segment a b. */
function distance(p: Vector3, a: Vector3, b: Vector3): number {
  const l = minus(b, a);
  const t = Math.min(1, Math.max(0, (p[0] - a[0]) * l[0] + (p[1] - a[1]) * l[1] + (p[2] - a[2]) * l[2]) / norm(l) ** 2);
  return norm(minus(p, plus(a, times(t, l))));
}

describe('laws of the straight wire', () => {
  it('obeys the right hand: thumb along the current, fingers along B', () => {
    const up = wire([0, 0, -1], [0, 0, 1]);
    expect(fieldAt([0.1, 0, 0], up)[1]).toBeGreaterThan(0);
    expect(fieldAt([0, 0.1, 0], up)[0]).toBeLessThan(0);
    expect(fieldAt([-0.1, 0, 0], up)[1]).toBeLessThan(0);
  });

  it('encircles the wire: B is perpendicular to the wire and to the way to it', () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, p) => {
        fc.pre(norm(minus(b, a)) > 0.01 && distance(p, a, b) > 0.01);
        const field = fieldAt(p, wire(a, b));
        const l = minus(b, a);
        const ra = minus(p, a);
        const scale = norm(field) * norm(l) * norm(ra);
        expect(Math.abs(field[0] * l[0] + field[1] * l[1] + field[2] * l[2])).toBeLessThan(1e-13 * scale + 1e-300);
        expect(Math.abs(field[0] * ra[0] + field[1] * ra[1] + field[2] * ra[2])).toBeLessThan(1e-13 * scale + 1e-300);
      }),
      SEEDED,
    );
  });

  it('is scale invariant: B goes as I / L', () => {
    fc.assert(
      fc.property(vector, vector, vector, fc.integer({ min: -20, max: 20 }), (a, b, p, power) => {
        fc.pre(distance(p, a, b) > 1e-3);
        const s = 2 ** power;
        const scaled = fieldAt(times(s, p), wire(times(s, a), times(s, b), 3 * s));
        expectVector(plus(scaled, [0, 0, 1]), plus(times(3, fieldAt(p, wire(a, b))), [0, 0, 1]), 1e-15);
        if (norm(scaled) > 0) expectVector(scaled, times(3, fieldAt(p, wire(a, b))), 1e-14);
      }),
      SEEDED,
    );
  });

  it('turns with the wire', () => {
    fc.assert(
      fc.property(vector, vector, vector, coordinate, (a, b, p, angle) => {
        fc.pre(distance(p, a, b) > 0.01 && norm(minus(b, a)) > 0.01 && norm(cross(minus(b, a), minus(p, a))) > 0.01);
        const axis = times(1 / Math.sqrt(3), [1, 1, 1]);
        const turn = (v: Vector3) => rotate(v, axis, 3 * angle);
        expectVector(fieldAt(turn(p), wire(turn(a), turn(b))), turn(fieldAt(p, wire(a, b))), 1e-12);
      }),
      SEEDED,
    );
  });

  it('reverses with the current and with the direction', () => {
    const [a, b, p]: Vector3[] = [
      [0, 0.1, 0.2],
      [1, -0.3, 0.5],
      [0.3, 0.4, -0.1],
    ];
    expectVector(fieldAt(p, wire(b, a)), times(-1, fieldAt(p, wire(a, b))), 1e-15);
    expectVector(fieldAt(p, wire(a, b, -1)), fieldAt(p, wire(b, a)), 1e-15);
  });

  it('is the sum of its parts: a subdivided wire is the whole wire', () => {
    fc.assert(
      fc.property(vector, vector, vector, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (a, b, p, t) => {
        fc.pre(distance(p, a, b) > 0.02 && norm(cross(minus(b, a), minus(p, a))) > 0.02);
        const middle = plus(a, times(t, minus(b, a)));
        expectVector(fieldAt(p, path([a, middle, b])), fieldAt(p, wire(a, b)), 1e-12);
      }),
      SEEDED,
    );
  });

  it("obeys Ampere's law around a side of a closed circuit", () => {
    const square: Vector3[] = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ];
    const circuit = path(square, 2);
    // Anticlockwise about the current +x through (0.5, 0, 0): y towards z.
    expectRelative(circulation(circuit, [0.5, 0, 0], [0, 1, 0], [0, 0, 1], 0.2), MU0 * 2, 1e-12);
    expect(Math.abs(circulation(circuit, [0.5, 0.5, 0.5], [0, 1, 0], [0, 0, 1], 0.2))).toBeLessThan(1e-12 * MU0);
  });

  it('adds to the buffers', () => {
    const out = zeroField(2);
    const points = positionsOf([
      [0.1, 0, 0],
      [0, 0.3, 1],
    ]);
    wireField(points, [0, 0, -1], [0, 0, 1], 1, out);
    const once = [...out.by];
    wireField(points, [0, 0, -1], [0, 0, 1], 1, out);
    expect([...out.by]).toEqual(once.map(value => 2 * value));
  });
});

describe('numbers of the straight wire', () => {
  it('equals quadrature of the Biot-Savart law', () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, p) => {
        fc.pre(distance(p, a, b) > 0.1 && norm(minus(b, a)) > 0.1);
        const l = minus(b, a);
        const direct = integrate(
          t => {
            const r = minus(p, plus(a, times(t, l)));
            return times((MU0 / 4 / Math.PI) * norm(r) ** -3, cross(l, r));
          },
          0,
          1,
        );
        fc.pre(norm(cross(l, minus(p, a))) > 0.01);
        expectVector(fieldAt(p, wire(a, b)), direct, 1e-11);
      }),
      { ...SEEDED, numRuns: 50 },
    );
  });

  it('tends to mu0 I / (2 pi d) beside a long wire, down to the smallest distances', () => {
    for (const d of [1e-1, 1e-4, 1e-8, 1e-12]) {
      const [, by] = fieldAt([d, 0, 0], wire([0, 0, -100], [0, 0, 100], 5));
      // Closed form of the middle of a finite wire; the cosine differs from 1 by less than 1e-6.
      expectRelative(by, (MU0 * 5) / (2 * Math.PI * d) / Math.sqrt(1 + (d / 100) ** 2), 1e-14);
    }
  });

  it('keeps its digits far from a short wire: the field of a current element', () => {
    for (const r of [1e2, 1e4, 1e6]) {
      const direction: Vector3 = times(1 / 7, [2, 3, 6]);
      const l: Vector3 = [0.6, -0.3, 0.2];
      const element = times(MU0 / (4 * Math.PI) / (r * r), cross(l, direction));
      // The element in the middle: the first correction is of order (l / r)^2.
      const field = fieldAt(times(r, direction), wire(times(-0.5, l), times(0.5, l)));
      expectVector(field, element, Math.max(2 / (r * r), 1e-13));
    }
  });
});

describe('singular points of the straight wire', () => {
  it('is zero on the wire and at its ends, also where coordinates are rounded', () => {
    const a: Vector3 = [0.1, 0.2, 0.3];
    const b: Vector3 = [0.7, -0.5, 1.1];
    for (const t of [0, 0.1, 1 / 3, 0.5, 0.7, 0.9, 1]) {
      expect(fieldAt(plus(a, times(t, minus(b, a))), wire(a, b)).map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  it('is exactly zero on the extension of the wire beyond its ends', () => {
    for (const t of [-1000, -1, -1e-9, 1 + 1e-9, 2, 1000]) {
      expect(fieldAt([0, 0.25, t], wire([0, 0.25, 0], [0, 0.25, 1])).map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  it('is continuous across the extension and odd across the wire', () => {
    const source = wire([0, 0, 0], [0, 0, 1]);
    expect(norm(fieldAt([1e-9, 0, 1.5], source))).toBeLessThan(1e-8 * MU0);
    const sum = plus(fieldAt([1e-3, 2e-3, 0.4], source), fieldAt([-1e-3, -2e-3, 0.4], source));
    expect(norm(sum)).toBeLessThan(1e-14 * norm(fieldAt([1e-3, 2e-3, 0.4], source)));
  });

  it('makes nothing of a wire without length, or of a path without segments', () => {
    expect(fieldAt([0, 0, 1], wire([0, 0, 0], [0, 0, 0]))).toEqual([0, 0, 0]);
    expect(fieldAt([0, 0, 0], wire([0, 0, 0], [0, 0, 0]))).toEqual([0, 0, 0]);
    expect(fieldAt([0, 0, 1], path([[1, 2, 3]]))).toEqual([0, 0, 0]);
  });

  it('gives at a vertex of a path what the other segments make there', () => {
    const vertices: Vector3[] = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 0],
    ];
    expectVector(fieldAt([0, 0, 0], path(vertices)), fieldAt([0, 0, 0], path(vertices.slice(1))), 1e-15);
  });
});
