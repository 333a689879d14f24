import { describe, expect, it } from 'vitest';
import { conductanceInversion } from '../../../inversion/conductance/conductanceInversion.js';
import { conductanceResult } from '../../../inversion/conductance/conductanceRecord.js';
import { conductanceStatements } from '../../../inversion/conductance/conductanceStatements.js';
import { formatResult, parseResult } from '../../../src/formats/nexusResult.js';
import { parseCell } from '../../../src/model/parseCell.js';
import type { Defect } from '../../../src/simulation/defects/defect.js';
import { rasterPlan } from '../../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../../src/simulation/field/simulateCell.js';

const cell = parseCell(
  `name: small
outline_mm: {width: 50, height: 60}
thickness_mm: 0.3
current_A: 5
tabs:
  - {name: positive, at_mm: [[5, 60], [20, 60]], share: 1}
  - {name: negative, at_mm: [[30, 60], [45, 60]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
  'small.yaml',
);
const plan = rasterPlan([cell.outline], { heights: [5e-3], pitch: 4e-3, margin: 12e-3 });
const scanOf = (defects: readonly Defect[], seed: number) =>
  simulateCell(cell, plan, { noise: 30e-9, seed, pitch: 1e-3, defects }).scan;
const PATIENCE = 600_000;

describe('the conductance of a simulated cell', () => {
  it('shows the foil, the place and the conductance of a disc, and writes them', { timeout: PATIENCE }, async () => {
    const disc: Defect = {
      kind: 'thinned_foil',
      foil: 'positive',
      at: [18e-3, 36e-3],
      radius: 8e-3,
      conductance: 0.2,
      pair: 'all',
    };
    const scan = scanOf([disc], 1);
    const found = await conductanceInversion(scan, cell, { place: 'given' });
    expect(found.foil).toBe('positive');
    expect(found.defects).toHaveLength(1);
    const [defect] = found.defects;
    if (defect.kind !== 'foil') throw new Error('a weld was found in place of the disc');
    expect(Math.hypot(defect.centre[0] - disc.at[0], defect.centre[1] - disc.at[1])).toBeLessThan(1.5e-3);
    expect(Math.abs(defect.area / (Math.PI * disc.radius ** 2) - 1)).toBeLessThan(0.25);
    expect(Math.abs(Math.log(defect.conductance / disc.conductance))).toBeLessThan(0.4);
    expect(defect.added).toBeGreaterThan(0);
    const said = conductanceStatements(found, scan, cell);
    expect(said.verdict[0]).toContain('the positive foil');

    const origin = { version: '0', date: '2026-01-01T00:00:00Z', inputs: [], cell: '', given: {} };
    const back = await parseResult(await formatResult(conductanceResult(found, scan, origin)));
    expect(back.conductance?.[0].relative).toEqual(found.conductance[0].relative);
    expect(back.conductance?.[0].errors).toEqual(found.conductance[0].errors);
    const inside = [...found.conductance[0].relative].filter(v => !Number.isNaN(v)).sort((a, b) => a - b);
    expect(inside[inside.length >> 1]).toBeCloseTo(1, 4);
    expect(back.sheets[0].kx).toEqual(found.sheets[0].kx);
  });

  it('finds nothing in a healthy cell', { timeout: PATIENCE }, async () => {
    const found = await conductanceInversion(scanOf([], 2), cell, { place: 'given' });
    expect(found.defects).toEqual([]);
    expect(found.foil).toBeUndefined();
  });

  it('keeps the last iterate where it is stopped', { timeout: PATIENCE }, async () => {
    let steps = 0;
    const found = await conductanceInversion(scanOf([], 3), cell, { place: 'given', onStep: () => ++steps < 2 });
    expect(found.finished).toBe(false);
    expect(steps).toBe(2);
    expect(found.conductance[0].relative.some(Number.isFinite)).toBe(true);
    expect(found.warnings.join(' ')).toContain('interrupted');
  });
});
