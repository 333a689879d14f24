import { describe, expect, it } from 'vitest';
import { type AnalyticCase, buried, currentError, cut, frame, measured } from '../../../bench/analyticCases.js';
import { type FourierSolution, fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import type { AxisName, FieldMap } from '../../../src/fieldMap.js';
import { expectBelow, relativeError } from './support.js';

/**
 * Three analytic cases on 256 x 256 pixels of 1 mm, 1 % noise, nothing chosen by hand. The bounds lie just above the best
 * that a Fourier method reaches with everything chosen in hindsight (plain numpy: 0.206, 0.256, 0.129; in-plane 0.220).
 */
const cases: readonly {
  make: (z: number) => AnalyticCase;
  z: number;
  components: readonly AxisName[];
  bound: number;
  cutOff: boolean;
}[] = [
  { make: frame, z: 4e-3, components: ['bz'], bound: 0.22, cutOff: false },
  { make: frame, z: 8e-3, components: ['bz'], bound: 0.275, cutOff: false },
  { make: buried, z: 4e-3, components: ['bz'], bound: 0.14, cutOff: false },
  { make: cut, z: 4e-3, components: ['bx', 'by'], bound: 0.265, cutOff: true },
];

for (const { make, z, components, bound, cutOff } of cases) {
  const truth = make(z);
  const sigma = 0.01 * truth.field.bz!.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

  describe(`${truth.name}, ${1e3 * z} mm, ${components.join(' and ')}`, () => {
    const runs: { map: FieldMap; solution: FourierSolution }[] = [];
    for (const seed of [1, 2, 3]) {
      it(`error of K at most ${bound}, noise ${seed}`, () => {
        const map = measured(truth, components, 0.01, seed);
        const solution = fourierInversion(map);
        runs.push({ map, solution });
        expectBelow(currentError(truth, solution.current.kx, solution.current.ky), bound);
      });
    }

    it('the noise is found to 2 %', () => {
      expect(runs).toHaveLength(3);
      for (const { solution } of runs) expectBelow(Math.abs(solution.sigma / sigma - 1), 0.02);
    });

    it(`the field ${cutOff ? 'is' : 'is not'} cut off at the rim`, () => {
      for (const { solution } of runs) expect(solution.rim > 0.25).toBe(cutOff);
    });

    it('the noise is white, so GCV decides', () => {
      for (const { solution } of runs) {
        expect(solution.lineNoise).toBe(1);
        expect(solution.choice.by).toBe('gcv');
      }
    });

    it('with the noise stated, chi2 per degree of freedom is 1', () => {
      const { map, solution } = runs[0];
      const stated = fourierInversion({ ...map, sigma });
      expect(stated.sigma).toBe(sigma);
      expectBelow(Math.abs(stated.chi2! - 1), 0.03);
      // It is no choice: lambda stays, and so does the map but for the noise at which the solver stops.
      expect(stated.lambda).toBe(solution.lambda);
      expectBelow(relativeError(stated.current.kx, solution.current.kx), 0.01);
    });
  });
}
