import { describe, expect, it } from 'vitest';
import { cellCurrents } from '../../../inversion/cellCurrents/cellCurrents.js';
import { packedCell, simulatePack } from './simulatedPack.js';

const MM = 1e-3;

describe('two cells whose leads run back 14 mm below them', () => {
  const cell = packedCell(40, 50, ['top', 6, 16], ['top', 24, 34]);
  const cells = [0, 46].map((x, i) => ({
    name: 'AB'[i],
    cell,
    placement: { at: [x * MM, 0] as const, rotate_deg: 0 },
  }));
  const currents = [Float64Array.of(5, 4), Float64Array.of(6, 5.5)];
  const simulation = { cells, currents, pitch: 5 * MM, height: 8 * MM, noise: 5e-8, seed: 2 } as const;
  const components = ['bx', 'by', 'bz'] as const;

  it('are found, and the currents are right within what is stated', () => {
    const { scans } = cellCurrents(simulatePack({ ...simulation, components, wires: 'under' }), cells);
    scans.forEach(({ current, error, below }, s) => {
      expect(below).toBeCloseTo(8 * MM, 6);
      current.forEach((v, k) => {
        expect(Math.abs(v - currents[s][k])).toBeLessThan(3 * error[k]);
        expect(error[k]).toBeLessThan(0.3 * currents[s][k]);
      });
    });
  });

  it('are not looked for where wires beside the cells explain the field', () => {
    const { scans } = cellCurrents(simulatePack({ ...simulation, components, wires: 'straight' }), cells);
    for (const { below } of scans) expect(below).toBeUndefined();
  });
}, 120_000);
