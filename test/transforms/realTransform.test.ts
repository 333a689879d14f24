import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { fftJsRealTransform } from '../../src/transforms/fftJs.js';
import {
  columnWaveNumbers,
  columnWeight,
  isProductOf235,
  LONGEST,
  type RealTransform2D,
  realTransform2D,
  rowWaveNumbers,
  transformLength,
} from '../../src/transforms/index.js';
import { LENGTHS, normal, product, relativeError } from './support.js';

const SEEDED = { seed: 20_240_229, numRuns: 40 };
const shapes = fc.record({ ny: LENGTHS, nx: LENGTHS, seed: fc.integer() });

/** f~(k) = sum f(r) exp(-i k.r), term by term. */
function directSum({ ny, nx, columns, spectrumLength }: RealTransform2D, real: Float64Array): Float64Array {
  const out = new Float64Array(spectrumLength);
  for (let row = 0, m = 0; row < ny; row++) {
    for (let j = 0; j < columns; j++, m += 2) {
      for (let iy = 0; iy < ny; iy++) {
        for (let ix = 0; ix < nx; ix++) {
          // Whole turns dropped in integers, so that the sum itself is exact to the last digits.
          const angle = -2 * Math.PI * (((row * iy) % ny) / ny + ((j * ix) % nx) / nx);
          out[m] += real[iy * nx + ix] * Math.cos(angle);
          out[m + 1] += real[iy * nx + ix] * Math.sin(angle);
        }
      }
    }
  }
  return out;
}

/** Scalar product over the whole spectrum, of which the arrays hold half. */
function spectralProduct({ ny, nx, columns }: RealTransform2D, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < ny * columns; m++) {
    sum += columnWeight(nx, m % columns) * (a[2 * m] * b[2 * m] + a[2 * m + 1] * b[2 * m + 1]);
  }
  return sum;
}

/** The kernel on arrays of its own and on others, and fft.js: one law book for all. */
const BACKENDS: [string, typeof fftJsRealTransform, (plan: RealTransform2D, n: number) => Float64Array][] = [
  ['kernel, its own arrays', (ny, nx, batch) => realTransform2D(ny, nx, batch), (plan, n) => plan.allocate(n)],
  ['kernel, any arrays', (ny, nx, batch) => realTransform2D(ny, nx, batch), (_, n) => new Float64Array(n)],
  ['fft.js', fftJsRealTransform, (_, n) => new Float64Array(n)],
];

describe.each(BACKENDS)('the real transform, %s,', (_, transform, array) => {
  const realTransform2D = (ny: number, nx: number) => transform(ny, nx, 1);
  const filled = (plan: RealTransform2D, values: Float64Array) => {
    const own = array(plan, values.length);
    own.set(values);
    return own;
  };

  it('is the sum of f exp(-i k.r)', () => {
    for (const [ny, nx] of [
      [4, 4],
      [4, 8],
      [8, 4],
      [16, 8],
      [8, 32],
      [32, 16],
      [1, 1],
      [1, 12],
      [2, 3],
      [15, 10],
      [27, 25],
      [9, 2],
      [24, 40],
      [60, 45],
    ]) {
      const plan = realTransform2D(ny, nx);
      const real = filled(plan, normal(ny * nx, 100 * ny + nx));
      const spectrum = array(plan, plan.spectrumLength);
      plan.forward(real, spectrum);
      expect(relativeError(spectrum, directSum(plan, real)), `${ny} x ${nx}`).toBeLessThan(1e-14);
    }
  });

  it('is undone by its inverse, again and again with one plan', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, seed }) => {
        const plan = realTransform2D(ny, nx);
        const spectrum = array(plan, plan.spectrumLength);
        const back = array(plan, ny * nx);
        for (const values of [normal(ny * nx, seed), normal(ny * nx, seed + 1)]) {
          const real = filled(plan, values);
          plan.forward(real, spectrum);
          plan.inverse(spectrum, back);
          expect(relativeError(back, real)).toBeLessThan(1e-14);
        }
      }),
      SEEDED,
    );
  });

  it('keeps the energy (Parseval), each column of the half spectrum with its weight', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, seed }) => {
        const plan = realTransform2D(ny, nx);
        const real = filled(plan, normal(ny * nx, seed));
        const spectrum = array(plan, plan.spectrumLength);
        plan.forward(real, spectrum);
        const energy = product(real, real);
        expect(Math.abs(spectralProduct(plan, spectrum, spectrum) / (ny * nx) / energy - 1)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it('turns a shift into a phase', () => {
    fc.assert(
      fc.property(shapes, fc.nat(99), fc.nat(99), ({ ny, nx, seed }, a, b) => {
        const [byX, byY] = [a % nx, b % ny];
        const plan = realTransform2D(ny, nx);
        const real = filled(plan, normal(ny * nx, seed));
        const shifted = real.slice().map((_, i) => {
          const [ix, iy] = [(i % nx) - byX, Math.floor(i / nx) - byY];
          return real[((iy + ny) % ny) * nx + ((ix + nx) % nx)];
        });
        const before = array(plan, plan.spectrumLength);
        const after = array(plan, plan.spectrumLength);
        plan.forward(real, before);
        plan.forward(shifted, after);
        const expected = before.slice();
        for (let m = 0; m < ny * plan.columns; m++) {
          const [row, j] = [Math.floor(m / plan.columns), m % plan.columns];
          const phase = -2 * Math.PI * ((row * byY) / ny + (j * byX) / nx);
          const [c, s] = [Math.cos(phase), Math.sin(phase)];
          expected[2 * m] = c * before[2 * m] - s * before[2 * m + 1];
          expected[2 * m + 1] = c * before[2 * m + 1] + s * before[2 * m];
        }
        expect(relativeError(after, expected)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it('has its inverse, times the number of points, as adjoint (any spectrum, not only that of a real array)', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, seed }) => {
        const plan = realTransform2D(ny, nx);
        const real = filled(plan, normal(ny * nx, seed));
        const spectrum = filled(plan, normal(plan.spectrumLength, seed + 1));
        const forward = array(plan, plan.spectrumLength);
        const inverse = array(plan, ny * nx);
        plan.forward(real, forward);
        plan.inverse(spectrum, inverse);
        const left = spectralProduct(plan, forward, spectrum);
        const right = ny * nx * product(real, inverse);
        const size = Math.sqrt(spectralProduct(plan, forward, forward) * spectralProduct(plan, spectrum, spectrum));
        expect(Math.abs(left - right) / size).toBeLessThan(1e-14);
      }),
      SEEDED,
    );
  });

  it('of the first rows alone: the others are read as zero and left unwritten', () => {
    fc.assert(
      fc.property(shapes, fc.nat(31), ({ ny, nx, seed }, choice) => {
        const rows = 1 + (choice % ny);
        const plan = realTransform2D(ny, nx);
        const real = filled(plan, normal(ny * nx, seed));
        const cut = filled(
          plan,
          real.slice().map((v, i) => (i < rows * nx ? v : 0)),
        );
        const [partly, whole] = [array(plan, plan.spectrumLength), array(plan, plan.spectrumLength)];
        plan.forward(real, partly, rows);
        plan.forward(cut, whole);
        expect(relativeError(partly, whole)).toBeLessThan(1e-14);
        const spectrum = filled(plan, normal(plan.spectrumLength, seed + 1));
        const [some, all] = [array(plan, ny * nx).fill(7), array(plan, ny * nx)];
        plan.inverse(spectrum, some, rows);
        plan.inverse(spectrum, all);
        expect(relativeError(some.subarray(0, rows * nx), all.subarray(0, rows * nx))).toBeLessThan(1e-14);
        expect(some.subarray(rows * nx).every(v => v === 7)).toBe(true);
      }),
      SEEDED,
    );
  });

  it('leaves what it is given as it is, and fills all of what it gives', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, seed }) => {
        const plan = realTransform2D(ny, nx);
        const real = filled(plan, normal(ny * nx, seed));
        const spectrum = filled(plan, normal(plan.spectrumLength, seed + 1));
        const [realBefore, spectrumBefore] = [real.slice(), spectrum.slice()];
        const forward = array(plan, plan.spectrumLength).fill(Number.NaN);
        const inverse = array(plan, ny * nx).fill(Number.NaN);
        plan.forward(real, forward);
        plan.inverse(spectrum, inverse);
        expect(real).toEqual(realBefore);
        expect(spectrum).toEqual(spectrumBefore);
        expect([...forward, ...inverse].every(Number.isFinite)).toBe(true);
        const again = array(plan, ny * nx);
        plan.inverse(spectrum, again, ny, true);
        expect(again).toEqual(inverse);
      }),
      SEEDED,
    );
  });
});

describe('the wave numbers', () => {
  const [ny, nx, dy, dx] = [16, 32, 0.7e-3, 1.3e-3];

  it('multiply a plane wave as the gradient does, by finite differences of the wave', () => {
    const plan = realTransform2D(ny, nx);
    const [kx, ky] = [columnWaveNumbers(nx, dx), rowWaveNumbers(ny, dy)];
    for (const [row, j] of [
      [0, 1],
      [1, 0],
      [3, 5],
      [ny - 1, 0],
      [ny - 4, 11],
      [7, 15],
      [9, 15],
    ]) {
      // The row's signed count of periods, whatever the order of the spectrum: rows above half are negative.
      const periods = row <= ny / 2 ? row : row - ny;
      const wave = (x: number, y: number) => {
        return Math.cos(2 * Math.PI * ((j * x) / (nx * dx) + (periods * y) / (ny * dy)) + 0.4);
      };
      const sample = (f: (x: number, y: number) => number) => {
        return Float64Array.from({ length: ny * nx }, (_, i) => f((i % nx) * dx, Math.floor(i / nx) * dy));
      };
      const spectrum = new Float64Array(plan.spectrumLength);
      plan.forward(sample(wave), spectrum);
      const h = 1e-4;
      for (const axis of ['x', 'y'] as const) {
        const times = new Float64Array(plan.spectrumLength);
        for (let m = 0; m < ny * plan.columns; m++) {
          const k = axis === 'x' ? kx[m % plan.columns] : ky[Math.floor(m / plan.columns)];
          times[2 * m] = -k * spectrum[2 * m + 1];
          times[2 * m + 1] = k * spectrum[2 * m];
        }
        const derivative = new Float64Array(ny * nx);
        plan.inverse(times, derivative);
        const difference = sample((x, y) => {
          const [ex, ey] = axis === 'x' ? [h * dx, 0] : [0, h * dy];
          return (wave(x + ex, y + ey) - wave(x - ex, y - ey)) / (2 * h * (axis === 'x' ? dx : dy));
        });
        const scale = Math.hypot(kx[j], ky[row]) * Math.sqrt(ny * nx);
        const error = Math.hypot(...derivative.map((v, i) => v - difference[i])) / scale;
        expect(error, `row ${row}, column ${j}, along ${axis}`).toBeLessThan(1e-7);
      }
    }
  });

  it('rise in steps of 2 pi / length, are odd along the rows and zero at Nyquist', () => {
    const ky = rowWaveNumbers(ny, dy);
    const kx = columnWaveNumbers(nx, dx);
    expect(ky).toHaveLength(ny);
    expect(kx).toHaveLength(nx / 2 + 1);
    expect(ky[1]).toBeCloseTo((2 * Math.PI) / (ny * dy), 9);
    expect(kx[1]).toBeCloseTo((2 * Math.PI) / (nx * dx), 9);
    for (let i = 1; i < ny / 2; i++) expect(ky[ny - i]).toBe(-ky[i]);
    expect([ky[0], ky[ny / 2], kx[0], kx[nx / 2]]).toEqual([0, 0, 0, 0]);
  });

  it('the columns of the half spectrum stand for all columns once', () => {
    for (const n of [4, 16, 64]) {
      const weights = Array.from({ length: n / 2 + 1 }, (_, j) => columnWeight(n, j));
      expect(weights.reduce((sum, w) => sum + w)).toBe(n);
      expect([weights[0], weights[1], weights[n / 2]]).toEqual([1, 2, 1]);
    }
  });
});

describe('supported lengths', () => {
  it('are all products of twos, threes and fives up to the longest, and each is transformed', () => {
    const lengths = Array.from({ length: LONGEST }, (_, i) => i + 1).filter(isProductOf235);
    expect(lengths.slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16]);
    expect(lengths.at(-1)).toBe(8192);
    for (const n of lengths) {
      const plan = realTransform2D(2, n);
      const [spectrum, reference] = [new Float64Array(plan.spectrumLength), new Float64Array(plan.spectrumLength)];
      const real = normal(2 * n, n);
      plan.forward(real, spectrum);
      fftJsRealTransform(2, n, 1).forward(real, reference);
      expect(relativeError(spectrum, reference), `length ${n}`).toBeLessThan(1e-14);
      const back = new Float64Array(2 * n);
      plan.inverse(spectrum, back);
      expect(relativeError(back, real), `length ${n}`).toBeLessThan(1e-15);
    }
  });

  it('transformLength is the smallest supported length that is not less', () => {
    for (let n = 1; n <= LONGEST; n++) {
      let least = n;
      while (!isProductOf235(least)) least++;
      expect(transformLength(n)).toBe(least);
    }
    expect(() => transformLength(LONGEST + 1)).toThrow('no transform of length 8193');
  });

  it('other lengths are refused along either axis, and the next one is named', () => {
    for (const n of [-8, 0, 7, 11, 14, 2049, 8193, 4.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => realTransform2D(n, 8), `ny = ${n}`).toThrow(InputError);
      expect(() => realTransform2D(8, n), `nx = ${n}`).toThrow(`no transform of length ${n}`);
    }
  });
});
