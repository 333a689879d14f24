import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onward } from '../../../inversion/bounded/onward.js';

describe('progress', () => {
  it('never falls, stays between 0 and 1, ends at 1, and shows one pass as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), parts => {
        const shown: number[] = [];
        const report = onward(part => shown.push(part));
        for (const part of [...parts, 1]) report(part, 'on');
        expect(shown.every((part, i) => part >= (shown[i - 1] ?? 0) && part <= 1)).toBe(true);
        expect(shown.at(-1)).toBe(1);
      }),
    );
    const shown: number[] = [];
    const report = onward(part => shown.push(part));
    for (const part of [0, 0.5, 0.8, 0, 0.5]) report(part, 'on');
    expect(shown.slice(0, 3)).toEqual([0, 0.5, 0.8]);
    expect(shown[3]).toBe(0.8);
    expect(shown[4]).toBeCloseTo(0.9, 12);
  });
});
