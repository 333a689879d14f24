import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecimalReader, formatDecimal } from '../../src/formats/decimal.js';
import { SEED } from './arbitraries.js';

function read(text: string, shift = 0, comma = false): { value: number; used: number } {
  const reader = new DecimalReader(new TextEncoder().encode(text), comma);
  return { value: reader.read(shift), used: reader.pos };
}

/** What the decimal says after its point has moved, rounded once. */
function exact(text: string, shift: number): number {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  return Number(`${mantissa}e${Number(exponent) + shift}`);
}

const shift = fc.constantFrom(0, -2, -3, -4, -6, -7, -9, -12, -15);
const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max });
const decimals = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(24), digits(24), fc.option(fc.integer({ min: -340, max: 340 })))
  .filter(([, whole, part]) => whole + part !== '')
  .map(([sign, whole, part, exponent]) => `${sign}${whole}.${part}${exponent === null ? '' : `e${exponent}`}`);

describe('reading', () => {
  it('gives what Number gives, with the point moved', () => {
    fc.assert(
      fc.property(decimals, shift, (text, by) => {
        expect(read(text, by)).toEqual({ value: exact(text, by), used: text.length });
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it('rounds shortest decimals of any double correctly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), shift, (value, by) => {
        const text = Object.is(value, -0) ? '-0' : String(value);
        expect(read(text, by).value).toBe(exact(text, by));
        expect(read(value.toExponential(18), by).value).toBe(exact(value.toExponential(18), by));
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it('rounds decimals right between two doubles to even', () => {
    for (const text of [
      '9007199254740993',
      '9007199254740995',
      '36028797018963972',
      '5e-324',
      '2.4703282292062327e-324',
    ]) {
      for (const by of [0, -3, -6]) expect(read(text, by).value).toBe(exact(text, by));
    }
    expect(read('9007199254740993000', -3).value).toBe(9007199254740992);
  });

  it('takes decimal commas only where they are allowed', () => {
    expect(read('-1,25e1', 0, true)).toEqual({ value: -12.5, used: 7 });
    expect(read('1,25')).toEqual({ value: 1, used: 1 });
  });

  it.each(['', '-', '.', 'e5', '1e', '1e+', 'nan', 'Infinity', '0x', '--1'])('finds no number in %j', text => {
    const { value, used } = read(text);
    expect(Number.isNaN(value) || used < text.length).toBe(true);
  });

  it('overflows and underflows as Number does', () => {
    expect(read('1e400').value).toBe(Number.POSITIVE_INFINITY);
    expect(read('-1e-400').value).toBe(-0);
    expect(read(`1e${'9'.repeat(40)}`).value).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('writing', () => {
  it('is undone by reading, bit for bit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), shift, (value, by) => {
        expect(read(formatDecimal(value, -by), by).value).toBe(value);
      }),
      { seed: SEED, numRuns: 10_000 },
    );
  });

  it.each([
    [0.0125, 3, '12.5'],
    [-0.01787229, 3, '-17.87229'],
    [5e-8, 6, '0.05'],
    [1e-15, 6, '1e-9'],
    [0.1, 3, '100'],
    [1.5e-9, 6, '0.0015'],
    [123456, 0, '123456'],
    [1e21, 3, '1e24'],
    [2.5e20, 0, '250000000000000000000'],
    [-0, 3, '-0'],
  ])('of %d times 1e%d is %s', (value, exponent, text) => expect(formatDecimal(value, exponent)).toBe(text));
});
