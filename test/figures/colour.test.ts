import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOUR_MAPS, levelColour, levelOf } from '../../src/figures/colour.js';
import { colourLimits } from '../../src/figures/limits.js';

/** Lightness of OKLab, 0..1. */
function lightness(lut: Uint8Array, level: number): number {
  const [r, g, b] = [0, 1, 2].map(i => {
    const c = lut[3 * level + i] / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(Number.NaN, 0)), {
  minLength: 1,
});

fc.configureGlobal({ seed: 20 });

describe('colour maps', () => {
  it('have 256 entries', () => {
    for (const map of Object.values(COLOUR_MAPS)) expect(map.lut).toHaveLength(768);
  });

  it('a sequential map grows lighter from end to end', () => {
    for (const name of ['viridis', 'cividis', 'inferno', 'magma'] as const) {
      const { lut } = COLOUR_MAPS[name];
      for (let level = 2; level <= 255; level++)
        expect(lightness(lut, level)).toBeGreaterThan(lightness(lut, level - 1) - 0.004);
      expect(lightness(lut, 255) - lightness(lut, 1)).toBeGreaterThan(0.5);
    }
  });

  it('the diverging map grows darker away from zero, equally on both sides', () => {
    const { lut } = COLOUR_MAPS.diverging;
    for (let d = 1; d <= 127; d++) {
      expect(lightness(lut, 128 + d)).toBeLessThan(lightness(lut, 128 + d - 1) + 0.003);
      expect(Math.abs(lightness(lut, 128 + d) - lightness(lut, 128 - d))).toBeLessThan(0.012);
    }
  });

  it('zero is drawn in the neutral colour, whatever the limits', () => {
    const { lut } = COLOUR_MAPS.diverging;
    const [r, g, b] = lut.subarray(3 * 128, 3 * 128 + 3);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(2);
    expect(Math.min(r, g, b)).toBeGreaterThan(240);
    fc.assert(
      fc.property(values, v => {
        expect(levelOf(0, colourLimits(v, 'signed'))).toBe(128);
      }),
    );
  });

  it('opposite values stand opposite', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), v => {
        const limits = { min: -2, max: 2 };
        expect(Math.abs(levelOf(v, limits) + levelOf(-v, limits) - 256)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('NaN is no value; infinities and what is beyond the limits take the end', () => {
    const limits = { min: 0, max: 1 };
    expect([Number.NaN, -5, 0, 1, 5, Number.POSITIVE_INFINITY].map(v => levelOf(v, limits))).toEqual([
      0, 1, 1, 255, 255, 255,
    ]);
    expect(levelColour(COLOUR_MAPS.viridis, 1)).toBe('#440154');
  });
});

describe('limits', () => {
  it('are symmetric about zero for a signed map and never empty', () => {
    fc.assert(
      fc.property(values, v => {
        const signed = colourLimits(v, 'signed');
        expect(signed.min).toBe(-signed.max);
        expect(signed.max).toBeGreaterThan(0);
        const magnitude = colourLimits(v, 'magnitude');
        expect(magnitude.max).toBeGreaterThan(magnitude.min);
      }),
    );
  });

  it('hold every value, or say where they do not', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('signed', 'magnitude'), (v, kind) => {
        const limits = colourLimits(v, kind);
        expect(v.some(x => x > limits.max)).toBe(limits.clippedHigh ?? false);
        expect(v.some(x => x < limits.min)).toBe(limits.clippedLow ?? false);
      }),
    );
  });

  it('a few readings right at a wire do not hide all others', () => {
    const field = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i));
    field[17] = 500;
    const limits = colourLimits(field, 'signed');
    expect(limits.max).toBeLessThan(1.1);
    expect(limits).toMatchObject({ clippedHigh: true });
    expect(limits.clippedLow).toBeUndefined();
  });

  it('scale with the values', () => {
    const v = [0.5, -2, 3, Number.NaN];
    expect(
      colourLimits(
        v.map(x => x * 1e-9),
        'signed',
      ).max,
    ).toBeCloseTo(colourLimits(v, 'signed').max * 1e-9, 20);
  });
});
