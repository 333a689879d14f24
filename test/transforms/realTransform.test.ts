import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { random } from '../../src/random.js';
import {
  columnWaveNumbers,
  columnWeight,
  type RealTransform2D,
  realTransform2D,
  rowWaveNumbers,
  transformLength,
} from '../../src/transforms/index.js';

const SEEDED = { seed: 20_240_229, numRuns: 40 };
const length = fc.constantFrom(4, 8, 16, 32);
const shapes = fc.record({ ny: length, nx: length, seed: fc.integer() });

function normal(n: number, seed: number): Float64Array {
  const rng = random(seed);
  return Float64Array.from({ length: n }, () => rng.normal());
}

/** |a - b| over |b|. */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

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

const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

describe('the real transform', () => {
  it('is the sum of f exp(-i k.r)', () => {
    for (const [ny, nx] of [
      [4, 4],
      [4, 8],
      [8, 4],
      [16, 8],
      [8, 32],
      [32, 16],
    ]) {
      const plan = realTransform2D(ny, nx);
      const real = normal(ny * nx, 100 * ny + nx);
      const spectrum = new Float64Array(plan.spectrumLength);
      plan.forward(real, spectrum);
      expect(relativeError(spectrum, directSum(plan, real)), `${ny} x ${nx}`).toBeLessThan(1e-13);
    }
  });

  it('is undone by its inverse, again and again with one plan', () => {
    fc.assert(
      fc.property(shapes, ({ ny, nx, seed }) => {
        const plan = realTransform2D(ny, nx);
        const spectrum = new Float64Array(plan.spectrumLength);
        const back = new Float64Array(ny * nx);
        for (const real of [normal(ny * nx, seed), normal(ny * nx, seed + 1)]) {
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
        const real = normal(ny * nx, seed);
        const spectrum = new Float64Array(plan.spectrumLength);
        plan.forward(real, spectrum);
        const energy = product(real, real);
        expect(Math.abs(spectralProduct(plan, spectrum, spectrum) / (ny * nx) / energy - 1)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it('turns a shift into a phase', () => {
    fc.assert(
      fc.property(shapes, fc.nat(31), fc.nat(31), ({ ny, nx, seed }, a, b) => {
        const [byX, byY] = [a % nx, b % ny];
        const plan = realTransform2D(ny, nx);
        const real = normal(ny * nx, seed);
        const shifted = real.map((_, i) => {
          const [ix, iy] = [(i % nx) - byX, Math.floor(i / nx) - byY];
          return real[((iy + ny) % ny) * nx + ((ix + nx) % nx)];
        });
        const before = new Float64Array(plan.spectrumLength);
        const after = new Float64Array(plan.spectrumLength);
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
        const real = normal(ny * nx, seed);
        const spectrum = normal(plan.spectrumLength, seed + 1);
        const forward = new Float64Array(plan.spectrumLength);
        const inverse = new Float64Array(ny * nx);
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
        const real = normal(ny * nx, seed);
        const cut = real.map((v, i) => (i < rows * nx ? v : 0));
        const [partly, whole] = [new Float64Array(plan.spectrumLength), new Float64Array(plan.spectrumLength)];
        plan.forward(real, partly, rows);
        plan.forward(cut, whole);
        expect(relativeError(partly, whole)).toBeLessThan(1e-14);
        const spectrum = normal(plan.spectrumLength, seed + 1);
        const [some, all] = [new Float64Array(ny * nx).fill(7), new Float64Array(ny * nx)];
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
        const real = normal(ny * nx, seed);
        const spectrum = normal(plan.spectrumLength, seed + 1);
        const [realBefore, spectrumBefore] = [real.slice(), spectrum.slice()];
        const forward = new Float64Array(plan.spectrumLength).fill(Number.NaN);
        const inverse = new Float64Array(ny * nx).fill(Number.NaN);
        plan.forward(real, forward);
        plan.inverse(spectrum, inverse);
        expect(real).toEqual(realBefore);
        expect(spectrum).toEqual(spectrumBefore);
        expect([...forward, ...inverse].every(Number.isFinite)).toBe(true);
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
  const supported = (n: number) => {
    try {
      realTransform2D(n, 4);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return false;
    }
  };

  it('transformLength is the smallest supported length that is not less', () => {
    for (let n = 1; n <= 300; n++) {
      let least = n;
      while (!supported(least)) least++;
      expect(transformLength(n)).toBe(least);
    }
  });

  it('other lengths are refused along either axis', () => {
    for (const n of [-8, 0, 1, 2, 3, 6, 12, 100, 4.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => realTransform2D(n, 8), `ny = ${n}`).toThrow(InputError);
      expect(() => realTransform2D(8, n), `nx = ${n}`).toThrow(InputError);
    }
  });
});
