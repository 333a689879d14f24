/**
 * Published numbers of magpylib's own test-suite (BSD-2-Clause), which were themselves checked against independent
 * calculations. The data stand beside the project, not in it. The values of triangular sheets in the same folder are
 * not used: a triangle is not a sum of rectangles.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circularLoopField, dipoleField, type Strip, stripField, type Vector3 } from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import { expectRelative, fieldAt, times } from './support.js';

interface Circle {
  readonly I: number;
  readonly diameter: number;
  readonly obs: Vector3;
  readonly B?: Vector3;
  readonly Bz?: number;
}
interface Published {
  readonly circle: Circle[];
  readonly triangle_strip: { readonly obs: Vector3[]; readonly H_strip1: Vector3[]; readonly H_strip2: Vector3[] };
  readonly dipole: {
    readonly moment: Vector3;
    readonly position: Vector3;
    readonly obs: Vector3;
    readonly B: Vector3;
    readonly H: Vector3;
  };
}

const FILE = fileURLToPath(
  new URL('../../../shared/data/published_numbers/magpylib_circle_strip.json', import.meta.url),
);
const missing = !existsSync(FILE);
if (missing) console.warn('skipped: no ../shared/data/published_numbers/magpylib_circle_strip.json beside the project');
const published: Published = missing
  ? { circle: [], triangle_strip: {}, dipole: {} }
  : JSON.parse(readFileSync(FILE, 'utf8'));

/** |actual - quoted| is at most half a unit of the last digit that is quoted. */
function expectQuoted(actual: number, quoted: number): void {
  const [mantissa, exponent] = quoted.toExponential().split('e');
  const decimals = (mantissa.split('.')[1] ?? '').length;
  const half = 0.5 * 10 ** (Number(exponent) - decimals);
  expect(Math.abs(actual - quoted), `${actual} against ${quoted}`).toBeLessThanOrEqual(half * (1 + 1e-6));
}

describe.skipIf(missing)('published numbers', () => {
  it('has the circular loop: full precision to 1e-9, eight digits to half a unit of the last', () => {
    for (const { I, diameter, obs, B, Bz } of published.circle) {
      const field = fieldAt(obs, (points, out) =>
        circularLoopField(points, { centre: [0, 0, 0], axis: [0, 0, 1], radius_m: diameter / 2 }, I, out),
      );
      if (Bz !== undefined) expectRelative(field[2], Bz, 1e-9);
      if (B !== undefined)
        B.forEach((value, axis) => {
          expectQuoted(field[axis], value);
        });
    }
    expect(published.circle.length).toBe(5);
  });

  it.each([
    ['H_strip1', 1],
    ['H_strip2', 2],
  ] as const)('has the strip %s: eight or nine digits to half a unit of the last', (name, width_m) => {
    // Two triangles that make the rectangle 0 <= x <= 1, 0 <= y <= width, with 10.1 A along +x.
    const strip: Strip = { from: [0, width_m / 2, 0], to: [1, width_m / 2, 0], width_m, normal: [0, 0, 1] };
    const { obs, [name]: quoted } = published.triangle_strip;
    obs.forEach((point, i) => {
      // A corner: the field diverges there. The published number leaves out the triangle that touches the point, which
      // is no limit of the field; ours leaves out the edge.
      if (point.every(value => value === 0)) return;
      const h = times(
        1 / MU0,
        fieldAt(point, (points, out) => stripField(points, strip, 10.1, out)),
      );
      h.forEach((value, axis) => {
        if (quoted[i][axis] === 0) expect(Math.abs(value)).toBeLessThan(1e-16);
        else expectQuoted(value, quoted[i][axis]);
      });
    });
  });

  it('has the dipole: six to nine digits to half a unit of the last', () => {
    const { moment, position, obs, B, H } = published.dipole;
    const field = fieldAt(obs, (points, out) => dipoleField(points, position, moment, out));
    field.forEach((value, axis) => {
      expectQuoted(value, B[axis]);
      expectQuoted(value / MU0, H[axis]);
    });
  });
});
