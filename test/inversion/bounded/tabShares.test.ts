import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { modelBox } from '../../../inversion/bounded/model.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { tabFields } from '../../../inversion/bounded/tabFields.js';
import { likeTabs, shareMoved } from '../../../inversion/bounded/tabShares.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { random } from '../../../src/random.js';
import { emptyScan } from './smallProblem.js';

const NOISE = 50e-9;

/** Two positive tabs on the upper edge and a negative one below. */
const cellWith = (left: number, right: number) =>
  parseCell(
    `name: c
outline_mm: {width: 60, height: 80}
thickness_mm: 4
current_A: 5
tabs:
  - {name: left, at_mm: [[20, 80], [6, 80]], share: ${left}, length_mm: 10}
  - {name: right, at_mm: [[54, 80], [40, 80]], share: ${right}, length_mm: 10}
  - {name: negative, at_mm: [[20, 0], [40, 0]], share: -1, length_mm: 10}
`,
    'c.yaml',
  );

/** What the healthy cell with these shares would give, with noise. */
function scanOf(left: number, right: number, seed: number): FieldScan {
  const cell = cellWith(left, right);
  const scan = emptyScan(60, 80, { pitch: 4, margin: 16, z: [6], sigma: NOISE });
  const readings = scanReadings(scan);
  const rng = random(seed);
  const field = tabFields(tabColumns(cell, modelBox(cell, readings)), cell, readings).base[0];
  const noisy = field.map(b => b + NOISE * rng.normal());
  const component = (c: number) => ({ values: noisy.filter((_, r) => r % 3 === c) });
  return { ...scan, components: { bx: component(0), by: component(1), bz: component(2) } };
}

describe('how the current divides between tabs of one sign', () => {
  it('only they have something to divide, and what one gains the others lose', () => {
    expect(likeTabs(cellWith(0.5, 0.5))).toEqual([[0, 1]]);
    expect(likeTabs({ tabs: cellWith(0.5, 0.5).tabs.slice(1) })).toEqual([]);
    expect(shareMoved(4, [0, 1, 3], 1)).toEqual([-0.5, 1, 0, -0.5]);
  });

  it.each([
    [0.5, 0.5],
    [0.7, 0.3],
    [0, 1],
  ])(
    'left %d, right %d: found within its error where the cell says half each, and the healthy map follows',
    (left, right) => {
      const stated = cellWith(0.5, 0.5);
      const { tabShares, departure, chi2 } = boundedInversion(
        scanOf(left || 1e-9, right - (left ? 0 : 1e-9), 3),
        stated,
      );
      expect(tabShares.map(({ tab }) => tab)).toEqual(['left', 'right']);
      expect(tabShares[0].found + tabShares[1].found).toBeCloseTo(1, 9);
      for (const [k, truth] of [left, right].entries()) {
        const { found, error } = tabShares[k];
        expect(error).toBeLessThan(0.01);
        expect(Math.abs(found - truth)).toBeLessThan(4 * error!);
      }
      expect(departure).toBeLessThan(0.03);
      expect(chi2).toBeLessThan(1.1);
    },
  );
});
