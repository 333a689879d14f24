import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayUnit, formatNumber, formatQuantity, formatWithError, tickLabels } from '../../src/figures/format.js';

/** Reads back what was written for people. */
function parse(text: string): number {
  const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const [, mantissa, exponent] = /^(−?[\d.]+)?(?:\u00a0×\u00a0)?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/.exec(text)!;
  const power = [...(exponent ?? '⁰')].map(c => (c === '⁻' ? '-' : superscripts.indexOf(c))).join('');
  return Number((mantissa ?? '1').replace('−', '-')) * 10 ** Number(power);
}

const numbers = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 })
  .filter(v => Math.abs(v) > 1e-20);

fc.configureGlobal({ seed: 20 });

describe('formatNumber', () => {
  it('is within half a unit of the last digit, with at most that many digits', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 6 }), (value, digits) => {
        const text = formatNumber(value, digits);
        if (/10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/.test(text) && !text.includes('×')) return;
        expect(Math.abs(parse(text) - value)).toBeLessThanOrEqual(
          0.5001 * 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits),
        );
        expect(text).not.toMatch(/-|e|\d{10}/);
      }),
    );
  });

  it.each([
    [0.1 + 0.2, '0.3'],
    [-12.34, '−12.3'],
    [1.23e-5, '1.23\u00a0×\u00a010⁻⁵'],
    [1e-8, '10⁻⁸'],
    [-0, '0'],
    [7655, '7655'],
    [9.996e-4, '0.001'],
    [9.999999e6, '10⁷'],
    [Number.NaN, '–'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%s is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('units', () => {
  it('shows the largest value of an SI unit between 1 and 1000', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-15, max: 1e9, noNaN: true }), value => {
        const shown = value * displayUnit('T', value).factor;
        expect(shown).toBeGreaterThanOrEqual(0.999_999);
        expect(shown).toBeLessThan(1000.001);
      }),
    );
  });

  it.each([
    [81.2e-6, 'T', '81.2\u00a0µT'],
    [-3.4, 'A/m', '−3.4\u00a0A/m'],
    [4.2e-3, 'A/m', '4.2\u00a0mA/m'],
    [0.0093, 'm', '9.3\u00a0mm'],
    [999.96e-9, 'T', '1\u00a0µT'],
    [0.012, 'Phi0/A', '0.012\u00a0Phi0/A'],
    [5, '', '5'],
    [0, 'T', '0\u00a0T'],
  ])('%s %s is %s', (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  it('leaves relative units alone and takes far powers of ten out of them', () => {
    expect(displayUnit('Phi0/A', 3)).toEqual({ factor: 1, unit: 'Phi0/A' });
    const far = displayUnit('Phi0/A', 3e-5);
    expect(far.unit).toBe('10⁻⁵\u00a0Phi0/A');
    expect(3e-5 * far.factor).toBeCloseTo(3, 9);
    expect(displayUnit('relative', 2).unit).toBe('relative');
  });
});

describe('formatWithError', () => {
  it.each([
    [1.23456, 0.0561, '1.235\u00a0±\u00a00.056'],
    [-12.3, 3.4, '−12.3\u00a0±\u00a03.4'],
    [1234, 56, '1234\u00a0±\u00a056'],
    [12345, 678, '12350\u00a0±\u00a0680'],
    [-0.001, 3.4, '0.0\u00a0±\u00a03.4'],
    [5, Number.NaN, '5'],
  ])('%s and %s give %s', (value, sigma, text) => {
    expect(formatWithError(value, sigma)).toBe(text);
  });
});

describe('tickLabels', () => {
  it('tells all ticks apart with one number of decimals and no noise', () => {
    const ticks = [-0.2, -0.1, 0, 0.1, 0.1 + 0.1, 0.1 + 0.2];
    expect(tickLabels(ticks)).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2', '0.3']);
    expect(tickLabels([0, 50, 100])).toEqual(['0', '50', '100']);
    expect(tickLabels([])).toEqual([]);
  });
});
