import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POWERS_OF_TEN, parseUnit, scaleAllByPowerOfTen, scaleByPowerOfTen, splitUnit, unitsOf } from '../src/units.js';

describe('units', () => {
  it('are powers of ten of their SI unit', () => {
    const table = {
      m: 0,
      cm: -2,
      mm: -3,
      um: -6,
      nm: -9,
      T: 0,
      mT: -3,
      uT: -6,
      nT: -9,
      pT: -12,
      fT: -15,
      G: -4,
      mG: -7,
    };
    for (const [symbol, exponent] of Object.entries(table)) expect(parseUnit(symbol)?.exponent).toBe(exponent);
    expect(parseUnit('ms')).toMatchObject({ quantity: 'time', exponent: -3 });
    expect(parseUnit('mA')).toMatchObject({ quantity: 'current', exponent: -3 });
    expect(parseUnit('degC')?.quantity).toBe(parseUnit('C')?.quantity);
  });

  it('take both micro signs and spaces', () => {
    for (const text of ['uT', '\u00b5T', '\u03bcT', ' uT ']) expect(parseUnit(text)?.symbol).toBe('uT');
    expect(parseUnit('\u00b5m')?.exponent).toBe(-6);
  });

  it('know relative units of the field', () => {
    for (const [text, symbol] of [
      ['Phi0/A', 'Phi0/A'],
      ['Phi_0 / A', 'Phi0/A'],
      ['mPhi_0', 'mPhi0'],
      ['\u03a60', 'Phi0'],
      ['V', 'V'],
      ['mV', 'mV'],
      ['Hz', 'Hz'],
      ['kHz', 'kHz'],
    ]) {
      expect(parseUnit(text)).toEqual({ symbol, quantity: 'field', exponent: 0, relative: true });
    }
  });

  it('refuse anything else', () => {
    for (const text of ['', 'MT', 'ut', 'tesla', 'mm2', 'm/s', 'constructor', '__proto__', 'Oe', 'K']) {
      expect(parseUnit(text)).toBeUndefined();
    }
  });

  it('name the alternatives', () => expect(unitsOf('length')).toBe('m, cm, mm, um, nm'));
});

it.each([
  ['bz_uT', 'bz', 'uT'],
  ['bx_q_nT', 'bx_q', 'nT'],
  ['sigma_x_pT', 'sigma_x', 'pT'],
  ['bz_Phi_0/A', 'bz', 'Phi0/A'],
  ['t_s', 't', 's'],
  ['current_A', 'current', 'A'],
  ['temperature_C', 'temperature', 'C'],
  ['sensor', 'sensor', undefined],
  ['bz', 'bz', undefined],
  ['bz_furlong', 'bz_furlong', undefined],
  ['_mm', '_mm', undefined],
])('the header %s is %s in %s', (header, name, symbol) => {
  const split = splitUnit(header);
  expect([split.name, split.unit?.symbol]).toEqual([name, symbol]);
});

describe('scaling', () => {
  it('rounds once: a whole number of millimetres is what the decimal says', () => {
    for (let mm = -500; mm <= 500; mm++) expect(scaleByPowerOfTen(mm, -3)).toBe(mm === 0 ? 0 : Number(`${mm}e-3`));
  });

  it('does to an array what it does to a number', () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.integer({ min: -22, max: 22 }), (values, exponent) => {
        const expected = Float64Array.from(values, value => scaleByPowerOfTen(value, exponent));
        expect(scaleAllByPowerOfTen(values, exponent)).toEqual(expected);
      }),
      { seed: 7 },
    );
  });

  it('uses exact powers of ten', () => {
    expect(Array.from(POWERS_OF_TEN, BigInt)).toEqual(Array.from({ length: 23 }, (_, i) => 10n ** BigInt(i)));
  });
});
