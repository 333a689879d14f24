import { describe, expect, it } from 'vitest';
import { CASES_MISSING, caseShares, invertCase, PATIENCE } from './cases.js';

describe.skipIf(CASES_MISSING)('the bounded inversion of two-sheets (../shared/cases)', () => {
  it(
    'finds the current of both sheets and their shares',
    async () => {
      const { solution, errors } = await invertCase('two-sheets', undefined, { errors: false });
      expect(errors.sheets[0]).toBeLessThan(0.065);
      expect(errors.sheets[1]).toBeLessThan(0.055);
      expect(Math.abs(solution.share[0] - caseShares('two-sheets')[0])).toBeLessThan(0.003);
      expect(solution.share[0] + solution.share[1]).toBeCloseTo(1, 12);
    },
    PATIENCE,
  );
});
