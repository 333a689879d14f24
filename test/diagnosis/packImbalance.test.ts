import { describe, expect, it } from 'vitest';
import { imbalance } from '../../src/diagnosis/imbalance.js';
import { branchCurrents, packImbalance } from '../../src/diagnosis/packImbalance.js';
import { packWiring } from '../../src/model/packWiring.js';
import { random } from '../../src/random.js';

const cell = (name: string, group?: string) => ({
  name,
  cellFile: 'cell.yaml',
  at: [0, 0] as const,
  rotate_deg: 0,
  ...(group === undefined ? {} : { group }),
});

/** Scans of currents with 0.2 % of error. */
function scansOf(currents: readonly number[], scans: number, seed: number) {
  const source = random(seed);
  const n = currents.length;
  return Array.from({ length: scans }, () => {
    const covariance = new Float64Array(n * n);
    for (let k = 0; k < n; k++) covariance[k * n + k] = (0.002 * currents[k]) ** 2;
    return { current: Float64Array.from(currents, v => v * (1 + 0.002 * source.normal())), covariance };
  });
}

describe('wiring of a pack', () => {
  it('parallel: every cell or string is a branch, and what all carry adds up', () => {
    const plain = packWiring({ topology: 'parallel', cells: [cell('A'), cell('B')] });
    expect(plain).toEqual({ sets: [{ branches: [[0], [1]] }], passes: 1 });
    const strings = packWiring({
      topology: 'parallel',
      cells: [cell('A', 'p'), cell('B', 'q'), cell('C', 'p'), cell('D', 'q')],
    });
    expect(strings).toEqual({
      sets: [
        {
          branches: [
            [0, 2],
            [1, 3],
          ],
        },
      ],
      passes: 2,
    });
    const uneven = packWiring({ topology: 'parallel', cells: [cell('A', 'p'), cell('B', 'p'), cell('C')] });
    expect(uneven.passes).toBeUndefined();
  });

  it('series: one current through all stages, shared within a group', () => {
    expect(packWiring({ topology: 'series', cells: [cell('A'), cell('B'), cell('C')] })).toEqual({
      sets: [],
      passes: 3,
    });
    const groups = packWiring({ topology: 'series', cells: [cell('A', 'p'), cell('B', 'p'), cell('C')] });
    expect(groups).toEqual({ sets: [{ branches: [[0], [1]] }], passes: 2 });
  });
});

describe('imbalance within a wiring', () => {
  const kinds = new Uint8Array(4);

  it('is the plain one where all cells are in parallel', () => {
    const scans = scansOf([5, 5, 4, 5], 6, 1);
    const { sets } = packWiring({ topology: 'parallel', cells: ['A', 'B', 'C', 'D'].map(name => cell(name)) });
    const [found, plain] = [packImbalance(scans, { sets }, { kinds }), imbalance(scans, { kinds })];
    expect(found.scans).toEqual(plain.scans);
    expect(found.falseFlags.bySignificance).toBeCloseTo(plain.falseFlags.bySignificance, 12);
  });

  it('compares groups of a series pack within themselves: groups of different size are no imbalance, a weak cell is', () => {
    // Two in parallel carry half each of what flows through the third and fourth, which share it as 1 to 0.8.
    const scans = scansOf([5, 5, 5.556, 4.444], 3, 2);
    const { sets } = packWiring({
      topology: 'series',
      cells: [cell('A', 'p'), cell('B', 'p'), cell('C', 'q'), cell('D', 'q')],
    });
    for (const scan of packImbalance(scans, { sets }, { kinds }).scans) {
      expect(scan.map(({ flagged }) => flagged)).toEqual([false, false, false, true]);
      expect(scan[3].resistanceDeviation).toBeCloseTo(0.25, 1);
      expect(scan[0].share + scan[1].share).toBeCloseTo(1, 12);
    }
  });

  it('flags nothing in series, whatever the currents, and judges strings as one', () => {
    const scans = scansOf([5, 5, 3, 5], 3, 3);
    const none = packImbalance(scans, { sets: [] }, { kinds });
    expect(none.scans.flat().some(({ flagged }) => flagged)).toBe(false);
    expect(none.falseFlags.rate).toBe(0);
    const { sets } = packWiring({
      topology: 'parallel',
      cells: [cell('A', 'p'), cell('B', 'p'), cell('C', 'q'), cell('D', 'q')],
    });
    for (const [a, b, c, d] of packImbalance(scansOf([5, 5, 4, 4], 3, 4), { sets }, { kinds }).scans) {
      expect(a).toEqual(b);
      expect(c).toEqual(d);
      expect([a.flagged, c.flagged]).toEqual([false, true]);
    }
    // Two readings of one current: half the variance.
    const { current, covariance } = branchCurrents(scansOf([5, 5, 4, 4], 1, 5)[0], sets[0]);
    expect(current).toHaveLength(2);
    expect(covariance[0]).toBeCloseTo((0.002 * 5) ** 2 / 2, 9);
  });
});
