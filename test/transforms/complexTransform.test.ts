import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fftJsComplexTransform } from '../../src/transforms/fftJs.js';
import { type ComplexTransform2D, complexTransform2D } from '../../src/transforms/index.js';
import { LENGTHS, normal, product, relativeError } from './support.js';

const SEEDED = { seed: 20_240_301, numRuns: 40 };
const shapes = fc.record({ ny: LENGTHS, nx: LENGTHS, batch: fc.integer({ min: 1, max: 3 }), seed: fc.integer() });

/** f~(k) = sum f(r) exp(-i k.r), term by term, of every array of a batch. */
function directSum({ ny, nx, batch }: ComplexTransform2D, data: Float64Array): Float64Array {
  const out = new Float64Array(data.length);
  for (let array = 0; array < batch; array++) {
    const start = array * ny * nx;
    for (let k = 0; k < ny * nx; k++) {
      const [ky, kx] = [Math.floor(k / nx), k % nx];
      for (let r = 0; r < ny * nx; r++) {
        const [iy, ix] = [Math.floor(r / nx), r % nx];
        const angle = -2 * Math.PI * (((ky * iy) % ny) / ny + ((kx * ix) % nx) / nx);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const [re, im] = [data[2 * (start + r)], data[2 * (start + r) + 1]];
        out[2 * (start + k)] += re * c - im * s;
        out[2 * (start + k) + 1] += re * s + im * c;
      }
    }
  }
  return out;
}

const BACKENDS: [string, typeof complexTransform2D, (plan: ComplexTransform2D, n: number) => Float64Array][] = [
  ['kernel, its own arrays', complexTransform2D, (plan, n) => plan.allocate(n)],
  ['kernel, any arrays', complexTransform2D, (_, n) => new Float64Array(n)],
  ['fft.js', (ny, nx, batch = 1) => fftJsComplexTransform(ny, nx, batch), (_, n) => new Float64Array(n)],
];

describe.each(BACKENDS)('the complex transform, %s,', (_, transform, array) => {
  const filled = (plan: ComplexTransform2D, seed: number) => {
    const out = array(plan, 2 * plan.ny * plan.nx * plan.batch);
    out.set(normal(out.length, seed));
    return out;
  };

  it('is the sum of f exp(-i k.r), of every array of a batch', () => {
    for (const [ny, nx, batch] of [
      [1, 1, 1],
      [1, 30, 5],
      [30, 1, 2],
      [8, 8, 1],
      [9, 10, 2],
      [12, 25, 1],
      [40, 24, 1],
    ]) {
      const plan = transform(ny, nx, batch);
      const data = filled(plan, 7 * ny + nx);
      const expected = directSum(plan, data.slice());
      plan.forward(data);
      expect(relativeError(data, expected), `${ny} x ${nx}`).toBeLessThan(1e-14);
    }
  });

  it('is undone by its inverse; out of place it leaves its input alone', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, batch, seed }) => {
        const plan = transform(ny, nx, batch);
        const data = filled(plan, seed);
        const before = data.slice();
        const out = filled(plan, seed + 1);
        plan.forward(data, out);
        expect(data).toEqual(before);
        plan.forward(data);
        expect(data).toEqual(out);
        plan.inverse(data);
        expect(relativeError(data, before)).toBeLessThan(1e-14);
        const after = out.slice();
        plan.inverse(out, data);
        expect(out).toEqual(after);
        expect(relativeError(data, before)).toBeLessThan(1e-14);
      }),
      SEEDED,
    );
  });

  it('keeps the energy, and its adjoint is the inverse times the number of points', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, batch, seed }) => {
        const plan = transform(ny, nx, batch);
        const [a, b] = [filled(plan, seed), filled(plan, seed + 1)];
        const [forward, inverse] = [array(plan, a.length), array(plan, a.length)];
        plan.forward(a, forward);
        plan.inverse(b, inverse);
        const size = Math.sqrt(product(forward, forward) * product(b, b));
        expect(Math.abs(product(forward, forward) / (ny * nx) / product(a, a) - 1)).toBeLessThan(1e-13);
        expect(Math.abs(product(forward, b) - ny * nx * product(a, inverse)) / size).toBeLessThan(1e-14);
      }),
      SEEDED,
    );
  });
});
