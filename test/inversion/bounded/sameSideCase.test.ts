import { describe, expect, it } from 'vitest';
import { CASES_MISSING, invertCase, PATIENCE } from './cases.js';

describe.skipIf(CASES_MISSING)('the bounded inversion of same-side-tabs (../shared/cases)', () => {
  it(
    'finds the current within 0.06',
    async () => {
      const { solution, errors } = await invertCase('same-side-tabs', undefined, { errors: false });
      expect(errors.sum).toBeLessThan(0.06);
      expect(solution.lambdaBy).toBe('gcv');
    },
    PATIENCE,
  );

  it(
    'without the view of the tabs: is not worse than the healthy prediction',
    async () => {
      const { errors } = await invertCase('same-side-tabs', (_, y) => y <= 0.105, { errors: false });
      expect(errors.sum).toBeLessThan(errors.uniform);
    },
    PATIENCE,
  );
});
