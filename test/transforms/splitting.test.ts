import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realTransform2D, type WeightedResponse } from '../../src/transforms/index.js';
import { projectInParts, shrinkInParts } from '../../src/transforms/splitInParts.js';
import { LENGTHS, normal, relativeError } from './support.js';

const SEEDED = { seed: 20_261_122, numRuns: 40 };
const cases = fc.record({ ny: LENGTHS, nx: LENGTHS, count: fc.integer({ min: 1, max: 4 }), seed: fc.nat(1e6) });

describe('the step for psi', () => {
  it('by the kernel is that by its definition, for responses of every kind', () => {
    fc.assert(
      fc.property(cases, ({ ny, nx, count, seed }) => {
        const transform = realTransform2D(ny, nx, count);
        const half = transform.spectrumLength / count;
        const placed = (length: number, own: number) => {
          const array = transform.allocate(length);
          array.set(normal(length, own));
          return array;
        };
        const responses = Array.from({ length: count }, (_, k): WeightedResponse => {
          const kind = (['real', 'imaginary', 'complex'] as const)[(seed + k) % 3];
          return { kind, values: placed(kind === 'complex' ? half : half / 2, seed + k), weight: 0.5 + k };
        });
        const inverse = placed(half / 2, seed + 9);
        const spectra = placed(count * half, seed + 10);
        const [psi, plain] = [transform.allocate(half), new Float64Array(half)];
        const expected = spectra.slice();
        projectInParts(transform, expected, responses, inverse, plain);
        const again = spectra.slice();
        transform.project(spectra, responses, inverse, psi);
        expect(relativeError(spectra, expected)).toBeLessThan(1e-13);
        expect(relativeError(psi, plain)).toBeLessThan(1e-13);
        // An array that stands elsewhere changes nothing; nor whether psi is wanted.
        transform.project(again, responses, inverse);
        expect(relativeError(again, expected)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it('gives the psi of least weighted squares, and leaves alone what is of one psi already', () => {
    const transform = realTransform2D(6, 10, 2);
    const half = transform.spectrumLength / 2;
    const values = [normal(half / 2, 1), normal(half, 2)];
    const responses: WeightedResponse[] = [
      { kind: 'imaginary', values: values[0], weight: 3 },
      { kind: 'complex', values: values[1], weight: 0.2 },
    ];
    const inverse = Float64Array.from(
      { length: half / 2 },
      (_, m) => 1 / (3 * values[0][m] ** 2 + 0.2 * (values[1][2 * m] ** 2 + values[1][2 * m + 1] ** 2)),
    );
    const spectra = normal(2 * half, 3);
    const given = spectra.slice();
    const psi = new Float64Array(half);
    transform.project(spectra, responses, inverse, psi);
    // What is left of the given is orthogonal to all responses, in every mode.
    const left = given.map((v, i) => v - spectra[i]);
    const slope = new Float64Array(half);
    projectInParts(transform, left, responses, inverse, slope);
    expect(Math.max(...slope.map(Math.abs))).toBeLessThan(1e-13);
    const projected = spectra.slice();
    transform.project(spectra, responses, inverse);
    expect(relativeError(spectra, projected)).toBeLessThan(1e-13);
  });
});

describe('the shorter vectors', () => {
  it('by the kernel are those by their definition: p is t less the threshold in its direction, or zero', () => {
    fc.assert(
      fc.property(cases, ({ ny, nx, count, seed }) => {
        const transform = realTransform2D(ny, nx, count);
        const n = ny * nx;
        const [given, dual] = [transform.allocate(count * n), transform.allocate(count * n)];
        given.set(normal(count * n, seed));
        dual.set(normal(count * n, seed + 1));
        const before = { given: given.slice(), dual: dual.slice() };
        const plain = { given: given.slice(), dual: dual.slice() };
        transform.shrink(given, dual, count, 1.2);
        shrinkInParts(n, plain.given, plain.dual, count, 1.2);
        expect(relativeError(given, plain.given)).toBeLessThan(1e-14);
        expect(relativeError(dual, plain.dual)).toBeLessThan(1e-14);
        for (let i = 0; i < n; i++) {
          const of = (array: Float64Array) => Array.from({ length: count }, (_, k) => array[i + k * n]);
          const t = of(before.given).map((v, k) => v + of(before.dual)[k]);
          const p = t.map((v, k) => v - of(dual)[k]);
          const [length, short] = [Math.hypot(...t), Math.hypot(...p)];
          expect(short).toBeCloseTo(Math.max(0, length - 1.2), 12);
          p.forEach((v, k) => {
            expect(v * length).toBeCloseTo(t[k] * short, 12);
            expect(of(given)[k]).toBeCloseTo(v - of(dual)[k], 12);
          });
        }
      }),
      SEEDED,
    );
  });
});
