import { describe, expect, it } from 'vitest';
import { simulateCase } from '../../../bench/packCases.js';
import { cellCurrents } from '../../../inversion/cellCurrents/cellCurrents.js';
import { imbalance } from '../../../src/diagnosis/imbalance.js';

describe('counter-tab cells side by side, wires straight out of the view, 30 scans', () => {
  const { cells, scans, currents, odd } = simulateCase({
    name: 'counter-tab pair of rows',
    layout: 'counter-tab row of 3',
    wires: 'straight',
    axes: ['bx', 'by', 'bz'],
    height: 15,
    pitch: 8,
    margin: 15,
    noise: 60,
    scans: 30,
    seed: 5,
  });
  const found = cellCurrents(scans, cells);

  it('what leaves the view is not mistaken for current of the cells: all within 2.5 % and three standard errors', () => {
    found.scans.forEach(({ current, error }, s) => {
      current.forEach((v, k) => {
        expect(Math.abs(v / currents[s][k] - 1)).toBeLessThan(0.025);
        expect(Math.abs(v - currents[s][k])).toBeLessThan(3 * error[k]);
      });
    });
  });

  it('a cell with 6 % more resistance among 0.4 % of natural spread is flagged, and no other in 30 scans', () => {
    const { scans: judged } = imbalance(
      found.scans.map(({ current, ownCovariance }) => ({ current, covariance: ownCovariance })),
    );
    const flags = judged.flatMap((own, s) => own.flatMap((c, k) => (c.flagged ? [`${s} ${k}`] : [])));
    expect(flags).toEqual([`${odd.scan} ${odd.cell}`]);
  });
}, 240_000);
