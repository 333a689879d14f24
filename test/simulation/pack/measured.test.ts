import { describe, expect, it } from 'vitest';
import {
  type Imbalance,
  imbalance,
  imbalanceError,
  parallelCellsFolder,
  type Rate,
  readRecord,
  simulatePair,
} from '../../../bench/parallelCells.js';
import { largest } from './support.js';

const folder = parallelCellsFolder(new URL('../../../', import.meta.url));
if (folder === undefined) console.warn('skipped: no ../shared/data/parallel_two_cells beside the project');

describe.skipIf(folder === undefined)('two measured cells in parallel', () => {
  const both = (rate: Rate) => {
    const measured = readRecord(folder as URL, rate);
    return { measured, simulated: simulatePair(folder as URL, measured) };
  };
  const off = (a: Imbalance, b: Imbalance, kind: keyof Imbalance) => Math.abs(a[kind].size / b[kind].size - 1);

  it.each([
    ['c_over_4', 0.946, 3538.6],
    ['c_over_10', 0.337, 33378.6],
  ] as const)('at %s: the largest difference stands in one sample before a step, read late', (rate, size, time) => {
    const { measured } = both(rate);
    const { recorded } = imbalance(measured, 'as it is');
    expect(recorded.size).toBeCloseTo(size, 3);
    expect(recorded.time).toBeCloseTo(time, 1);
    // The total is still zero there; the first branch already has what it has one sample later, within 2 %.
    const at = measured.time.indexOf(recorded.time);
    expect(Math.abs(measured.total[at])).toBeLessThan(1e-6);
    expect(Math.abs(measured.first[at] / measured.first[at + 1] - 1)).toBeLessThan(0.02);
    expect(Math.abs(measured.first[at - 1])).toBeLessThan(0.02);
    expect(Math.abs(measured.total[at + 1])).toBeGreaterThan(0.49);
  });

  it.each([
    ['c_over_4', 0.946],
    ['c_over_10', 0.337],
  ] as const)(
    'at %s: the largest difference of %s A, read in the same way, is simulated to 15 per cent',
    (rate, size) => {
      const { simulated } = both(rate);
      expect(Math.abs(imbalance(simulated, 'late').recorded.size / size - 1)).toBeLessThan(0.15);
    },
  );

  it('with both branches at the same moment: close at C/10, at C/4 a quarter too large', () => {
    const [slow, fast] = (['c_over_10', 'c_over_4'] as const).map(rate => {
      const { measured, simulated } = both(rate);
      return [imbalance(simulated, 'late'), imbalance(measured, 'as it is')] as const;
    });
    expect(off(...slow, 'simultaneous')).toBeLessThan(0.05);
    expect(off(...fast, 'charge')).toBeLessThan(0.15);
    // What falls short: the knee at the end of the fast discharge.
    expect(off(...fast, 'discharge')).toBeLessThan(0.3);
  });

  it('follows the whole record better than equal branches would, by a factor of two', () => {
    for (const rate of ['c_over_4', 'c_over_10'] as const) {
      const { measured, simulated } = both(rate);
      const half = measured.total.map(i => i / 2);
      const equal = { ...measured, first: half, second: half };
      const ratio = imbalanceError(measured, simulated) / imbalanceError(measured, equal);
      expect(ratio, rate).toBeLessThan(0.6);
    }
  });

  it('keeps the current law at every sample, and its energy', () => {
    const { simulated } = both('c_over_4');
    const { first, second, total, history } = simulated;
    expect(largest(first.map((i, k) => i + second[k] - total[k]))).toBeLessThan(1e-12);
    const { supplied, dissipated, stored } = history.energy;
    expect(Math.abs(supplied - dissipated - stored) / supplied).toBeLessThan(1e-5);
  });
});
