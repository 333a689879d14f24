import { describe, expect, it } from 'vitest';
import { STILL } from '../../../inversion/bounded/placement.js';
import type { BoundedSolution } from '../../../inversion/bounded/solution.js';
import { doubted, type Settled, told } from '../../../inversion/bounded/wiresBelow.js';
import { cell, solution } from '../boundedSolution.js';

/** A map with 50 A/m beside the 100 A/m of the healthy cell, everywhere. */
const settled = (more: Partial<BoundedSolution>): Settled => ({
  solution: solution(() => 50, 2, more),
  place: undefined,
  evidence: 0,
  applied: STILL,
  below: undefined,
});

describe('a map that no model supports', () => {
  it.each([
    ['the residual is larger than the noise', { chi2: 4 }],
    ['gain errors are too large', { gainError: 0.03, errorsFitted: true }],
    [
      'what was put down to positions is alike in neighbours',
      { positionError: 1e-5, errorsFitted: true, residualCorrelation: 0.5 },
    ],
  ])('%s and the departure is not credible: the healthy map, with that departure as its error', (_, more) => {
    const given = settled({ departure: 0.5, ...more });
    const { sheets, healthy, departure, warnings } = told(given, cell);
    expect(sheets[0].kx).toEqual(healthy[0].kx);
    expect(sheets[0].ky).toEqual(healthy[0].ky);
    expect(departure).toBe(0);
    // Both components carry the mean square of the departure: 50^2 of Ky and 0 of Kx.
    const expected = Math.sqrt(4 * (given.solution.chi2 ?? 1) + 50 ** 2 / 2);
    expect(sheets[0].kyErrors![100]).toBeCloseTo(expected, 9);
    expect(sheets[0].kxErrors![100]).toBeCloseTo(expected, 9);
    expect(warnings.join(' ')).toContain('the healthy map is given instead');
  });

  it.each([
    ['a good fit', { departure: 0.5 }],
    ['a credible departure', { departure: 0.3, chi2: 4 }],
    [
      'errors of a rig, each reading its own',
      { departure: 0.5, gainError: 0.005, positionError: 3e-4, errorsFitted: true },
    ],
    ['large gain errors that were given', { departure: 0.5, gainError: 0.03, residualCorrelation: 0.3 }],
  ])('%s is left as it is', (_, more) => {
    const given = settled(more);
    expect(told(given, cell).sheets[0].ky).toEqual(given.solution.sheets[0].ky);
  });

  it('another model is tried where the fit is poor or the departure large', () => {
    const of = (more: Partial<BoundedSolution>) => settled({ departure: 0.2, ...more }).solution;
    expect(doubted(of({}))).toBe(false);
    expect(doubted(of({ gainError: 0.005, errorsFitted: true, residualCorrelation: -0.1 }))).toBe(false);
    for (const more of [
      { chi2: 1.5 },
      { departure: 0.5 },
      { gainError: 0.005, errorsFitted: true, residualCorrelation: 0.3 },
    ])
      expect(doubted(of(more))).toBe(true);
  });
});
