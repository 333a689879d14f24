import { describe, expect, it } from 'vitest';
import { compareResults } from '../../src/comparison/index.js';
import type { Motion } from '../../src/comparison/motion.js';
import type { CurrentMap } from '../../src/currentMap.js';
import { InputError } from '../../src/errors.js';
import type { Grid } from '../../src/grid.js';
import type { InversionResult } from '../../src/result.js';
import { eddyMap, type Made, PLAIN } from './support.js';

const inside = (x: number, y: number) => x > 0.004 && y > 0.004 && x < 0.114 && y < 0.082;

function result(made: Made[], grid: Grid = PLAIN, more: Partial<CurrentMap> = {}): InversionResult {
  return {
    sheets: made.map((one, k): CurrentMap => {
      const { values, sigma } = eddyMap(grid, one);
      return {
        grid,
        z: 2e-3 * k,
        // Any psi will do here: the comparison is of K, and psi is carried along.
        psi: values[0].map((v, p) => (Number.isNaN(v) ? v : 1e-3 * p)),
        kx: values[0],
        ky: values[1],
        ...(sigma === undefined ? {} : { kxErrors: sigma[0], kyErrors: sigma[1] }),
        ...more,
      };
    }),
    process: { program: 'savart', version: '0', date: '2026-01-01T00:00:00Z', inputs: [], parameters: {} },
  };
}

describe('two results', () => {
  it('of the same map: equal in everything', () => {
    const one = result([{ noise: 1, inside }]);
    const { agreement, ssim, registration, overlap, by, unit } = compareResults(one, one);
    expect(agreement).toMatchObject({ relativeError: 0, correlation: 1, chi2: 0, rmse: 0 });
    expect(ssim).toBeCloseTo(1, 12);
    expect(registration!.motion.shift).toEqual([0, 0]);
    expect(overlap).toEqual({ whole: 1, ofA: 1, ofB: 1 });
    expect([by, unit]).toEqual(['grid', 'A/m']);
  });

  it('A - B is written as a result: K, psi, the errors of both', () => {
    const { difference } = compareResults(result([{ noise: 3, seed: 1 }]), result([{ noise: 4, seed: 2, inside }]));
    if (!('result' in difference)) throw new Error('no result');
    const [sheet] = difference.result.sheets;
    const at = 20 * PLAIN.nx + 20;
    expect(sheet.kxErrors![at]).toBeCloseTo(5, 12);
    expect(sheet.psi[at]).toBeCloseTo(0, 12);
    expect(sheet.kx[0]).toBeNaN();
    expect(sheet.psi[0]).toBeNaN();
  });

  it('on different grids agree within the interpolation, on the coarser of the two, both ways', () => {
    const fine: Grid = { nx: 152, ny: 112, x0: -3e-4, y0: -2e-4, dx: 8e-4, dy: 8e-4 };
    const [a, b] = [result([{ inside }], fine), result([{ inside }])];
    for (const { agreement, layers } of [compareResults(a, b), compareResults(b, a)]) {
      expect(layers[0].grid).toBe(b.sheets[0].grid);
      expect(agreement.relativeError).toBeLessThan(0.02);
    }
    const shifted: Grid = { ...PLAIN, x0: 0.9e-3, y0: 1.2e-3, nx: 58, ny: 42 };
    expect(compareResults(result([{}]), result([{}], shifted)).agreement.relativeError).toBeLessThan(2e-3);
  });

  it('several sheets are compared each with its own and all together', () => {
    const { agreement, layerAgreements } = compareResults(
      result([{ gain: 1.1 }, { gain: 2 }]),
      result([{}, { gain: 2.4 }]),
    );
    expect(layerAgreements.map(one => one.relativeError)).toEqual([expect.closeTo(0.1, 10), expect.closeTo(1 / 6, 10)]);
    expect(agreement.relativeError).toBeCloseTo(Math.sqrt((0.1 ** 2 + 0.4 ** 2) / (1 + 2.4 ** 2)), 10);
    expect(agreement.largest.z).toBe(2e-3);
  });

  it('a registration takes out what is only moved, vectors turned, and makes the maps agree', () => {
    const motion: Motion = { shift: [5e-3, 3e-3], angle: -0.05, scale: 0.98, centre: [0.06, 0.04] };
    const [a, b] = [result([{ inside }]), result([{ motion, inside }])];
    const before = compareResults(a, b);
    expect(before.agreement.relativeError).toBeGreaterThan(0.3);
    const after = compareResults(a, b, { register: 'similarity' });
    expect(after.registered).toBe(true);
    expect(after.agreement.relativeError).toBeLessThan(0.01);
    expect(after.overlap.whole).toBeLessThan(0.95);
    expect(compareResults(a, b, { register: 'shift' }).agreement.relativeError).toBeGreaterThan(0.05);
  });

  it('the errors of noisy copies account for their difference', () => {
    const { agreement } = compareResults(
      result([{ noise: 3, seed: 1, inside }]),
      result([{ noise: 1, seed: 2, inside }]),
    );
    expect(Math.abs(agreement.chi2! - 1)).toBeLessThan(4 * Math.sqrt(2 / agreement.degrees));
  });

  it('says where something was assumed: heights, shared inputs, errors of one only', () => {
    const inputs = [{ name: 'scan.csv', sha256: 'ab' }];
    const from = (one: InversionResult): InversionResult => ({ ...one, process: { ...one.process, inputs } });
    const noisy = from(result([{ noise: 1 }]));
    expect(compareResults(noisy, from(result([{ noise: 1, seed: 2 }]))).notes.join()).toContain('scan.csv');
    expect(compareResults(noisy, result([{}])).notes.join()).toContain('taken as exact');
    expect(compareResults(noisy, result([{}], PLAIN, { z: 1e-3 })).notes.join()).toContain('1 mm apart');
  });

  it('that cannot be compared are refused with a reason', () => {
    const one = result([{}]);
    const table: [InversionResult, RegExp][] = [
      [result([{}, {}]), /A has 1 sheet of current, B has 2 sheets/],
      [result([{}], PLAIN, { relativeUnit: 'V' }), /A is in A\/m, B in/],
      [result([{}], { ...PLAIN, x0: 1 }), /do not overlap/],
      [result([{ inside: () => false }]), /do not overlap.*no values/],
    ];
    for (const [other, message] of table) {
      expect(() => compareResults(one, other)).toThrow(InputError);
      expect(() => compareResults(one, other)).toThrow(message);
    }
  });
});
