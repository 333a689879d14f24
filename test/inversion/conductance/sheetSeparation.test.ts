import { describe, expect, it } from 'vitest';
import { sheetSeparation } from '../../../inversion/conductance/sheetSeparation.js';
import { currentHeight } from '../../../src/currentHeight.js';

describe('two sheets from two sides', () => {
  it('have the condition number coth(k d / 2), near 2 / (k d) for long waves', () => {
    for (const { wavelength, condition } of sheetSeparation([3e-3, -3e-3], [9e-3, -9e-3], [5e-3, 20e-3, 100e-3, 1])) {
      const kd = (2 * Math.PI * 6e-3) / wavelength;
      expect(condition * Math.tanh(kd / 2)).toBeCloseTo(1, 9);
      if (wavelength >= 0.1) expect((condition * kd) / 2).toBeCloseTo(1, 1);
    }
  });

  it('cannot be told apart from one plane', () => {
    const [{ condition }] = sheetSeparation([3e-3, -3e-3], [9e-3, 9e-3], [20e-3]);
    expect(condition).toBeGreaterThan(1e12);
  });

  it('carry their current at the height of the mean', () => {
    const grid = { nx: 2, ny: 1, x0: 0, y0: 0, dx: 1, dy: 1 };
    const sheet = (z: number, kx: number[]) => ({
      grid,
      z,
      psi: new Float64Array(2),
      kx: Float64Array.from(kx),
      ky: new Float64Array(2),
    });
    const height = currentHeight([sheet(2, [3, 1]), sheet(-2, [1, 1])]);
    expect([...height]).toEqual([1, 0]);
    expect(currentHeight([sheet(2, [1e-3, 1]), sheet(-2, [0, 1])])[0]).toBeNaN();
  });
});
