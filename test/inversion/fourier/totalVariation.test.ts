import { describe, expect, it } from 'vitest';
import { buried, centredGrid, currentError, cut, frame, measured } from '../../../bench/analyticCases.js';
import { fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import { splitData } from '../../../inversion/fourier/splitData.js';
import { totalVariationInversion, type VariationSolution } from '../../../inversion/fourier/totalVariation.js';
import { NumericalError } from '../../../src/errors.js';
import { AXES } from '../../../src/fieldMap.js';
import { random } from '../../../src/random.js';
import { expectBelow, mapComponents, relativeError } from './support.js';

const grid = centredGrid(64, 4e-3);
const truth = frame(16e-3, 0, grid);
const map = measured(truth, ['bz'], 0.01, 1);
const found = totalVariationInversion(map);
const both = ({ current }: VariationSolution) => [...current.kx, ...current.ky];

describe('the split of the data', () => {
  const rng = random(5);
  const normals = (n: number) => Float64Array.from({ length: n }, () => rng.normal());

  it('p minimises (p - b)^2 + (p - t)^2 where there is a reading, and is t elsewhere', () => {
    const [nx, ny, padX] = [3, 2, 5];
    const field = normals(padX * 4);
    const [dual, values] = [new Float64Array(6), normals(6)];
    const after = field.slice();
    splitData(after, { nx, ny, padX }, dual, values, Uint8Array.of(1, 1, 0, 1, 0, 1), 0.25);
    for (let i = 0; i < field.length; i++) {
      const [iy, ix] = [Math.floor(i / padX), i % padX];
      const w = iy * nx + ix;
      if (iy < ny && ix < nx && w !== 2 && w !== 4) {
        const p = (values[w] - 0.25 + field[i]) / 2;
        expect(dual[w]).toBeCloseTo(field[i] - p, 14);
        expect(after[i]).toBeCloseTo(2 * p - field[i], 14);
      } else expect(after[i]).toBe(field[i]);
    }
  });
});

describe('inversion with the total variation of the current', () => {
  it('c times the readings give c times the current, and a constant is no current where a background is fitted', () => {
    const twice = totalVariationInversion({ ...map, components: mapComponents(map, v => v.map(b => 2 * b)) });
    expectBelow(
      relativeError(
        both(twice),
        Float64Array.from(both(found), v => 2 * v),
      ),
      1e-9,
    );
    expect(twice.chi2).toBeCloseTo(found.chi2, 9);
    const plain = totalVariationInversion(map, { background: true });
    const lifted = { ...map, components: mapComponents(map, v => v.map(b => b + 1e-6)) };
    const raised = totalVariationInversion(lifted, { background: true });
    expectBelow(relativeError(both(raised), both(plain)), 1e-3);
    expect((raised.background.bz! - plain.background.bz!) / 1e-6).toBeCloseTo(1, 3);
  });

  it.each([
    ['frame, Bz', measured(truth, ['bz'], 0.01, 1), truth, 0.9],
    ['buried dipoles, Bz', measured(buried(16e-3, grid), ['bz'], 0.01, 2), buried(16e-3, grid), 1],
    ['frame cut off, Bz', measured(cut(16e-3, grid), ['bz'], 0.01, 3), cut(16e-3, grid), 0.9],
    ['frame, all components', measured(truth, AXES, 0.01, 4), truth, 0.9],
  ] as const)('%s: closer to the truth than the Fourier inversion, residual like the noise', (_, scan, own, part) => {
    const { kx, ky } = fourierInversion(scan).current;
    const solution = totalVariationInversion(scan);
    expectBelow(currentError(own, solution.current.kx, solution.current.ky), part * currentError(own, kx, ky));
    expect(Math.abs(solution.chi2 - 1)).toBeLessThan(0.2);
  });

  it('Kx = d psi / dy, Ky = -d psi / dx, and the frame turns the right way', () => {
    const { psi, current } = found;
    const at = 30 * 64 + 40;
    expect(current.kx[at]).toBeCloseTo((psi[at + 64] - psi[at - 64]) / (2 * grid.dy), 9);
    expect(current.ky[at]).toBeCloseTo((psi[at - 1] - psi[at + 1]) / (2 * grid.dx), 9);
    expect(psi[32 * 64 + 32] - psi[0]).toBeGreaterThan(1.5);
  });

  it('a hole in the scan and readings here and there that are missing cost little', () => {
    const rng = random(7);
    const holes = mapComponents(map, v =>
      v.map((b, i) => {
        const inHole = Math.abs((i % 64) - 49) < 4 && Math.abs(Math.floor(i / 64) - 32) < 4;
        return inHole || rng.uniform() < 0.1 ? Number.NaN : b;
      }),
    );
    const solution = totalVariationInversion({ ...map, components: holes });
    const error = ({ current }: VariationSolution) => currentError(truth, current.kx, current.ky);
    expectBelow(error(solution), 1.25 * error(found));
  });

  it('a stronger weight leaves more residual and less variation', () => {
    const strong = totalVariationInversion(map, { weight: 30 });
    expect(strong.chi2).toBeGreaterThan(found.chi2);
    const variation = ({ psi }: VariationSolution) => {
      let sum = 0;
      for (let i = 1; i < psi.length - 1; i++)
        if (i % 64 > 0 && i % 64 < 63) sum += Math.abs(psi[i - 1] - 2 * psi[i] + psi[i + 1]);
      return sum;
    };
    expect(variation(strong)).toBeLessThan(variation(found));
  });

  it('refuses readings that are all the same', () => {
    const flat = { ...map, sigma: 1e-9, components: mapComponents(map, v => v.map(() => 1e-6)) };
    expect(() => totalVariationInversion(flat)).toThrow(NumericalError);
  });
});
