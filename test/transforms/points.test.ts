import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { type NodePoints, type RealTransform2D, realTransform2D } from '../../src/transforms/index.js';
import { sampleInParts, spreadInParts } from '../../src/transforms/pointsInParts.js';
import { normal, relativeError } from './support.js';

const S = 8;
const SEEDED = { seed: 20_261_122, numRuns: 60 };
const sizes = fc.constantFrom(8, 10, 12, 15, 30, 64);
const cases = fc.record({ ny: sizes, nx: sizes, count: fc.integer({ min: 1, max: 700 }), seed: fc.nat(1e6) });

/** Points anywhere in the array, its corners among them, with any weights; where `allocate` puts them. */
function pointsIn(
  ny: number,
  nx: number,
  count: number,
  seed: number,
  allocate: RealTransform2D['allocate'],
): NodePoints {
  const rng = random(seed);
  const { buffer, byteOffset } = allocate(Math.ceil(count / 2));
  const base = new Int32Array(buffer, byteOffset, count);
  const last = (ny - S) * nx + nx - S;
  for (let p = 0; p < count; p++) {
    const [row, column] = [ny - S + 1, nx - S + 1].map(n => Math.floor(rng.uniform() * n));
    base[p] = p === 0 ? 0 : p === 1 ? last : row * nx + column;
  }
  const weights = (own: number) => {
    const array = allocate(S * count);
    array.set(normal(S * count, own));
    return array;
  };
  return { base, weightsX: weights(seed + 1), weightsY: weights(seed + 2) };
}

function placed(allocate: RealTransform2D['allocate'], values: Float64Array): Float64Array {
  const own = allocate(values.length);
  own.set(values);
  return own;
}

describe('interpolation at points', () => {
  it('by the kernel is that by its definition, both ways, wherever the arrays stand', () => {
    fc.assert(
      fc.property(cases, ({ ny, nx, count, seed }) => {
        const transform = realTransform2D(ny, nx);
        const points = pointsIn(ny, nx, count, seed, transform.allocate);
        const [field, values] = [normal(ny * nx, seed + 3), normal(count, seed + 4)];
        const [sampled, spread] = [new Float64Array(count), field.slice()];
        sampleInParts(nx, field, points, sampled);
        spreadInParts(nx, values, points, spread);

        const found = placed(transform.allocate, new Float64Array(count));
        transform.sample(placed(transform.allocate, field), points, found);
        expect(relativeError(found, sampled)).toBeLessThan(1e-13);
        const sum = placed(transform.allocate, field);
        transform.spread(placed(transform.allocate, values), points, sum);
        expect(relativeError(sum, spread)).toBeLessThan(1e-13);

        const elsewhere = new Float64Array(count);
        transform.sample(field, points, elsewhere);
        expect(relativeError(elsewhere, sampled)).toBeLessThan(1e-13);
        const other = field.slice();
        transform.spread(values, points, other);
        expect(relativeError(other, spread)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it('and spreading are adjoint: values . sample(field) = field . spread(values)', () => {
    fc.assert(
      fc.property(cases, ({ ny, nx, count, seed }) => {
        const transform = realTransform2D(ny, nx);
        const { allocate } = transform;
        const points = pointsIn(ny, nx, count, seed, allocate);
        const [field, values] = [normal(ny * nx, seed + 3), normal(count, seed + 4)].map(v => placed(allocate, v));
        const [sampled, spread] = [allocate(count), allocate(ny * nx)];
        transform.sample(field, points, sampled);
        transform.spread(values, points, spread);
        const along = values.reduce((sum, v, p) => sum + v * sampled[p], 0);
        const across = field.reduce((sum, v, i) => sum + v * spread[i], 0);
        const size = Math.hypot(...values) * Math.hypot(...sampled) + Math.hypot(...field) * Math.hypot(...spread);
        expect(Math.abs(along - across) / size).toBeLessThan(1e-14);
      }),
      SEEDED,
    );
  });

  it('leaves every node alone that no point has', () => {
    const [ny, nx] = [20, 30];
    const transform = realTransform2D(ny, nx);
    const { allocate } = transform;
    const points = pointsIn(ny, nx, 1, 1, allocate);
    points.base[0] = 5 * nx + 7;
    const field = allocate(ny * nx);
    transform.spread(placed(allocate, Float64Array.of(1)), points, field);
    for (let iy = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++) {
        const inside = iy >= 5 && iy < 5 + S && ix >= 7 && ix < 7 + S;
        expect(field[iy * nx + ix] !== 0).toBe(inside);
      }
    }
  });

  it('refuses an array that is too short for the points', () => {
    const transform = realTransform2D(16, 16);
    const points = pointsIn(16, 16, 5, 1, transform.allocate);
    expect(() => transform.sample(transform.allocate(256), points, new Float64Array(4))).toThrow(/array of 4 numbers/);
    expect(() => transform.spread(new Float64Array(4), points, transform.allocate(256))).toThrow(/array of 4 numbers/);
  });
});
