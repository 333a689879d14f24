import { describe, expect, it } from 'vitest';
import { simulateCase } from '../../../bench/packCases.js';
import { cellCurrents } from '../../../inversion/cellCurrents/cellCurrents.js';

describe('a row of cells with tabs on opposite sides, busbars 5 and 10 mm lower than the cells', () => {
  it('the currents are right within 3 % and three standard errors, without errors of sensors that there are not', () => {
    const { cells, scans, currents } = simulateCase({
      name: 'busbars lower',
      layout: 'counter-tab row of 3',
      wires: 'busbars',
      axes: ['bx', 'by', 'bz'],
      height: 6,
      pitch: 6,
      margin: 15,
      noise: 60,
      scans: 1,
      seed: 4,
    });
    const found = cellCurrents(scans, cells);
    found.scans.forEach(({ current, error, gainError, positionError }, s) => {
      expect(gainError).toBeLessThan(1e-3);
      expect(positionError).toBeLessThan(50e-6);
      current.forEach((v, k) => {
        expect(Math.abs(v / currents[s][k] - 1)).toBeLessThan(0.03);
        expect(Math.abs(v - currents[s][k])).toBeLessThan(3 * error[k]);
      });
    });
  });
}, 240_000);
