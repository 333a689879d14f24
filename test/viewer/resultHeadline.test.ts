import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../viewer/files/fromResult.js';
import { HOSTILE, onGrid, process, result } from './fixtures.js';

const shown = (made: ReturnType<typeof result>) => resultDocument('r', 'r.h5', made, [], undefined);

describe('what a result says first', () => {
  it('of two sheets names the one that departs, and shows both on one scale', () => {
    const { sheets, healthy, ...rest } = result();
    const [damaged, whole] = [sheets[0], { ...sheets[0], ...healthy![0] }];
    const two = {
      ...rest,
      sheets: [
        { ...whole, z: 3e-3 },
        { ...damaged, z: -3e-3 },
      ],
      healthy: [healthy![0], healthy![0]],
    };
    const { headline, layers, shown: first, spots } = shown(two);
    expect(headline).toMatch(/departs from a healthy cell’s by [34]\d.* in the sheet at z = −3\smm/);
    expect(Math.hypot(spots![0].x - 0.061, spots![0].y - 0.041)).toBeLessThan(2e-3);
    expect(first.slice(0, 4)).toEqual(['sheet0.magnitude', 'sheet1.magnitude', 'sheet0.departure', 'sheet1.departure']);
    const limits = ['sheet0.departure', 'sheet1.departure'].map(id => layers.find(layer => layer.id === id)!.limits);
    expect(limits[0]).toEqual(limits[1]);
    expect(layers.find(({ id }) => id === 'sheet0.kx')!.name).toBe('Kx, z = 3\u00a0mm');
  });

  it('of a conductance tells the defect of its record, and only what it finds there', () => {
    const made = result();
    const conductance = [{ grid: made.sheets[0].grid, z: 0, relative: onGrid(() => 1), errors: onGrid(() => 0.1) }];
    const of = (parameters: Record<string, unknown>) =>
      shown({ ...made, conductance, process: process({ target: 'conductance', ...parameters }) });
    const defect = { kind: 'foil', centre_mm: [20, 30], area_mm2: 250, conductance: 0.02 };
    const { headline, spots } = of({ foil: 'negative', defects: [defect] });
    expect(headline).toBe(
      'A defect of the negative foil: 250 mm² about x = 20 mm, y = 30 mm, with 2 % of the conductance.',
    );
    expect(spots).toEqual([{ x: 0.02, y: 0.03, text: 'defect' }]);
    // Where the foil cannot be told it is not named, and what is no defect is none.
    expect(of({ foil: HOSTILE, defects: [defect, defect] }).headline).toMatch(/^2 defects of a foil; the first: 250/);
    for (const defects of [undefined, [], [null], [{ centre_mm: ['x'], area_mm2: 1 }]]) {
      expect(of({ defects }).headline).toMatch(/^The conductance of the foil is lowest/);
    }
  });
});
