import { describe, expect, it } from 'vitest';
import { CASES_MISSING, invertCase, PATIENCE } from './cases.js';

describe.skipIf(CASES_MISSING)('the bounded inversion of steep-leads (../shared/cases)', () => {
  it(
    'finds the current within 0.065',
    async () => {
      const { solution, errors } = await invertCase('steep-leads', undefined, { errors: false });
      expect(errors.sum).toBeLessThan(0.065);
      expect(solution.lambdaBy).toBe('gcv');
    },
    PATIENCE,
  );
});
