import { describe, expect, it } from 'vitest';
import { CASES_MISSING, invertCase, PATIENCE } from './cases.js';

describe.skipIf(CASES_MISSING)('the bounded inversion of notched-outline (../shared/cases)', () => {
  it(
    'finds the current within 0.06',
    async () => {
      const { solution, errors } = await invertCase('notched-outline', undefined, { errors: false });
      expect(errors.sum).toBeLessThan(0.06);
      expect(solution.lambdaBy).toBe('gcv');
    },
    PATIENCE,
  );

  it(
    'a third out of view: is not worse than the healthy prediction',
    async () => {
      const { errors } = await invertCase('notched-outline', x => x <= 0.066, { errors: false });
      expect(errors.sum).toBeLessThan(errors.uniform);
    },
    PATIENCE,
  );
});
