import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { fftJsTrigonometricTransform } from '../../src/transforms/fftJs.js';
import { type Trigonometric, trigonometricPeriod, trigonometricTransform2D } from '../../src/transforms/index.js';
import { normal, relativeError } from './support.js';

const KINDS: Trigonometric[] = ['cosine1', 'sine1', 'cosine2', 'sine2'];
const SEEDED = { seed: 20_240_302, numRuns: 40 };

/** The definitions, term by term, along one direction. */
function definition(kind: Trigonometric, x: ArrayLike<number>): Float64Array {
  const n = x.length;
  const period = trigonometricPeriod(kind, n);
  return Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      if (kind === 'cosine1') {
        const weight = j === 0 || j === n - 1 ? 1 : 2;
        sum += weight * x[j] * Math.cos((2 * Math.PI * ((j * k) % period)) / period);
      } else if (kind === 'sine1') {
        sum += 2 * x[j] * Math.sin((2 * Math.PI * (((j + 1) * (k + 1)) % period)) / period);
      } else if (kind === 'cosine2') {
        sum += 2 * x[j] * Math.cos((Math.PI * (((2 * j + 1) * k) % (2 * period))) / period);
      } else {
        sum += 2 * x[j] * Math.sin((Math.PI * (((2 * j + 1) * (k + 1)) % (2 * period))) / period);
      }
    }
    return sum;
  });
}

/** Along x, then along y. */
function definition2D(ny: number, nx: number, alongY: Trigonometric, alongX: Trigonometric, data: Float64Array) {
  const out = new Float64Array(ny * nx);
  for (let iy = 0; iy < ny; iy++) out.set(definition(alongX, data.subarray(iy * nx, (iy + 1) * nx)), iy * nx);
  for (let ix = 0; ix < nx; ix++) {
    const column = definition(
      alongY,
      Array.from({ length: ny }, (_, iy) => out[iy * nx + ix]),
    );
    for (let iy = 0; iy < ny; iy++) out[iy * nx + ix] = column[iy];
  }
  return out;
}

/** Points between the sides so that the transform's own length is supported. */
const points = (kind: Trigonometric, length: number) =>
  kind === 'cosine1' ? length + 1 : kind === 'sine1' ? length - 1 : length;

const shapes = fc.record({
  alongY: fc.constantFrom(...KINDS),
  alongX: fc.constantFrom(...KINDS),
  y: fc.constantFrom(2, 3, 4, 5, 6, 9, 10, 16, 25, 40),
  x: fc.constantFrom(2, 3, 4, 5, 8, 12, 15, 27, 32),
  batch: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
});

describe.each([
  ['kernel', trigonometricTransform2D],
  [
    'fft.js',
    (ny: number, nx: number, y: Trigonometric, x: Trigonometric, batch = 1) =>
      fftJsTrigonometricTransform(ny, nx, y, x, batch),
  ],
] as [string, typeof trigonometricTransform2D][])('sine and cosine transforms, %s:', (_, transform) => {
  it('are what their definitions say, and are undone by their inverse', () => {
    fc.assert(
      fc.property(shapes, ({ alongY, alongX, y, x, batch, seed }) => {
        const [ny, nx] = [points(alongY, y), points(alongX, x)];
        const plan = transform(ny, nx, alongY, alongX, batch);
        const before = normal(ny * nx * batch, seed);
        for (const data of [before.slice(), plan.allocate(before.length)]) {
          data.set(before);
          plan.forward(data);
          for (let a = 0; a < batch; a++) {
            const part = before.subarray(a * ny * nx, (a + 1) * ny * nx);
            const expected = definition2D(ny, nx, alongY, alongX, part);
            expect(relativeError(data.subarray(a * ny * nx, (a + 1) * ny * nx), expected)).toBeLessThan(1e-14);
          }
          plan.inverse(data);
          expect(relativeError(data, before)).toBeLessThan(1e-14);
        }
      }),
      SEEDED,
    );
  });

  it('of one element', () => {
    for (const kind of ['sine1', 'cosine2', 'sine2'] as const) {
      const data = Float64Array.of(3);
      const plan = transform(1, 1, kind, kind);
      plan.forward(data);
      // Each direction multiplies by 2 sin(pi/2) or 2 cos(0).
      expect(data[0]).toBeCloseTo(12, 13);
      plan.inverse(data);
      expect(data[0]).toBeCloseTo(3, 14);
    }
  });
});

describe('lengths of sine and cosine transforms', () => {
  it('are those that make the period a supported one', () => {
    expect(() => trigonometricTransform2D(2047, 2049, 'sine1', 'cosine1')).not.toThrow();
    expect(() => trigonometricTransform2D(2048, 2048, 'sine2', 'cosine2')).not.toThrow();
    for (const [kind, n] of [
      ['sine1', 6],
      ['sine1', 2048],
      ['cosine1', 1],
      ['cosine1', 8],
      ['cosine2', 7],
      ['sine2', 0],
    ] as const) {
      expect(() => trigonometricTransform2D(n, 4, kind, 'cosine2'), `${kind} of ${n}`).toThrow(InputError);
    }
  });
});
