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
    const parts: number[] = [];
    const found = cellCurrents(scans, cells, { onProgress: part => parts.push(part) });
    // The work starts again with another model, its progress does not go back.
    expect(parts.every((part, i) => i === 0 || part >= parts[i - 1])).toBe(true);
    expect(parts.at(-1)).toBe(1);
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
