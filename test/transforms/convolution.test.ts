import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convolveInParts } from '../../src/transforms/convolveInParts.js';
import {
  convolutionOperator,
  type Kernel,
  type Response,
  realTransform2D,
  type Signal,
} from '../../src/transforms/index.js';
import { LENGTHS, normal, product, relativeError } from './support.js';

const SEEDED = { seed: 20_240_303, numRuns: 40 };

const valuesOf = (signal: Signal) => ('spectrum' in signal ? signal.spectrum : signal);

describe('a convolution fused into the transform', () => {
  it('is the product of the spectra, for kernels of every kind, any number of arrays and spectra, and part of the rows', () => {
    const cases = fc.record({
      ny: LENGTHS,
      nx: LENGTHS,
      inputs: fc.integer({ min: 1, max: 4 }),
      outputs: fc.integer({ min: 1, max: 4 }),
      conjugate: fc.boolean(),
      spectra: fc.nat(255),
      in: fc.nat(99),
      out: fc.nat(99),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(cases, ({ ny, nx, inputs, outputs, conjugate, spectra, in: a, out: b, seed }) => {
        const plan = realTransform2D(ny, nx);
        const options = { conjugate, rowsIn: 1 + (a % ny), rowsOut: 1 + (b % ny) };
        const { spectrumLength } = plan;
        /** The bits of `spectra` say which of the inputs, then of the outputs, are spectra. */
        const signal = (bit: number, fill: (length: number) => Float64Array): Signal => {
          if (((spectra >> bit) & 1) === 0) return fill(ny * nx);
          const spectrum = plan.allocate(spectrumLength);
          spectrum.set(fill(spectrumLength));
          return { spectrum };
        };
        const from = Array.from({ length: inputs }, (_, i) => signal(i, length => normal(length, seed + i)));
        const kernels = Array.from({ length: outputs }, (_, o) =>
          Array.from({ length: inputs }, (_, i): Kernel => {
            const kind = (['real', 'imaginary', 'complex'] as const)[(((seed + o + 2 * i) % 3) + 3) % 3];
            const length = plan.spectrumLength / (kind === 'complex' ? 1 : 2);
            const values = plan.allocate(length);
            values.set(normal(length, seed + 17 * o + i));
            return { kind, values };
          }),
        );
        const results = () =>
          Array.from({ length: outputs }, (_, o) => signal(4 + o, length => new Float64Array(length).fill(3)));
        const [fused, parts] = [results(), results()];
        const given = from.map(s => valuesOf(s).slice());
        plan.convolve(from, kernels, fused, options);
        convolveInParts(plan, from, kernels, parts, options);
        for (const [o, output] of fused.entries()) {
          expect(relativeError(valuesOf(output), valuesOf(parts[o]))).toBeLessThan(1e-14);
        }
        expect(from.map(valuesOf)).toEqual(given);
      }),
      SEEDED,
    );
  });
});

describe('the convolution operator', () => {
  const responses: Record<string, Response> = {
    even: { value: (dy, dx) => 1 / (2 + dy * dy + 0.5 * dx * dx + 0.3 * dx * dy), parity: 'even' },
    odd: { value: (dy, dx) => (dx - 0.4 * dy) / (3 + dx * dx + dy * dy) ** 1.5, parity: 'odd' },
    any: { value: (dy, dx) => Math.exp(-0.1 * (dx - 1) ** 2 - 0.2 * dy * dy) },
  };
  const cases = fc.record({
    inputNy: fc.integer({ min: 1, max: 9 }),
    inputNx: fc.integer({ min: 1, max: 9 }),
    outputNy: fc.integer({ min: 1, max: 12 }),
    outputNx: fc.integer({ min: 1, max: 12 }),
    offsetY: fc.integer({ min: -6, max: 6 }),
    offsetX: fc.integer({ min: -6, max: 6 }),
  });
  const kinds = fc.array(fc.array(fc.constantFrom(...Object.keys(responses)), { minLength: 2, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  });

  it('is the sum over all pairs of points, nothing wraps around, and has its transpose as adjoint', () => {
    fc.assert(
      fc.property(cases, kinds, fc.integer(), (shape, names, seed) => {
        const matrix = names.map(line => line.map(name => responses[name]));
        const operator = convolutionOperator(shape, matrix);
        const { inputNy, inputNx, outputNy, outputNx, offsetY, offsetX } = shape;
        const inputs = [0, 1].map(i => normal(inputNy * inputNx, seed + i));
        const outputs = matrix.map(() => new Float64Array(outputNy * outputNx));
        operator.apply(inputs, outputs);
        for (const [o, line] of matrix.entries()) {
          const expected = outputs[o].map((_, at) => {
            let sum = 0;
            for (const [i, { value }] of line.entries()) {
              for (let from = 0; from < inputs[i].length; from++) {
                const dy = Math.floor(at / outputNx) + offsetY - Math.floor(from / inputNx);
                const dx = (at % outputNx) + offsetX - (from % inputNx);
                sum += value(dy, dx) * inputs[i][from];
              }
            }
            return sum;
          });
          expect(Math.hypot(...outputs[o].map((v, j) => v - expected[j]))).toBeLessThan(
            1e-13 * Math.hypot(...inputs[0], ...inputs[1]),
          );
        }
        const others = matrix.map((_, o) => normal(outputNy * outputNx, seed + 5 + o));
        const back = inputs.map(input => new Float64Array(input.length));
        operator.applyAdjoint(others, back);
        const left = others.reduce((sum, other, o) => sum + product(other, outputs[o]), 0);
        const right = back.reduce((sum, b, i) => sum + product(b, inputs[i]), 0);
        const size = Math.hypot(...others.flatMap(o => [...o])) * Math.hypot(...outputs.flatMap(o => [...o]));
        expect(Math.abs(left - right)).toBeLessThan(1e-13 * (size + 1e-3));
      }),
      SEEDED,
    );
  });
});
