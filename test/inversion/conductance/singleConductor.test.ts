import { describe, expect, it } from 'vitest';
import { conductanceInversion } from '../../../inversion/conductance/conductanceInversion.js';
import { conductanceStatements } from '../../../inversion/conductance/conductanceStatements.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { rasterPlan } from '../../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../../src/simulation/field/simulateCell.js';

/** A sheet of copper with current in at one end and out at the other. As a pair: a foil with both tabs, the other next to nothing. */
const BAR = `name: busbar
outline_mm: {width: 40, height: 60}
thickness_mm: 0.1
current_A: 5
tabs:
  - {name: in, at_mm: [[5, 60], [35, 60]], share: 1, polarity: positive}
  - {name: out, at_mm: [[5, 0], [35, 0]], share: -1, polarity: positive}
`;
const PAIR = `${BAR}  - {name: idle, at_mm: [[40, 20], [40, 30]], share: 0, polarity: negative}
electrical:
  foil_distance_mm: 0
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  negative_foil: {thickness_um: 1, conductivity_S_per_m: 1.0e+6}
  area_resistance_ohm_cm2: 10
`;

describe('the conductance of a single conductor', () => {
  it('has no other foil: K_b = 0, nothing to name, and shows a weak place where it is', {
    timeout: 600_000,
  }, async () => {
    const cell = parseCell(BAR, 'bar.yaml');
    const plan = rasterPlan([cell.outline], { heights: [5e-3], pitch: 4e-3, margin: 12e-3 });
    const disc = { kind: 'thinned_foil', foil: 'positive', at: [22e-3, 34e-3], radius: 7e-3, pair: 'all' } as const;
    const pair = parseCell(PAIR, 'pair.yaml');
    const { scan } = simulateCell(pair, plan, {
      noise: 30e-9,
      seed: 4,
      pitch: 1e-3,
      defects: [{ ...disc, conductance: 0.3 }],
    });
    const found = await conductanceInversion(scan, cell, { place: 'given' });
    expect(found.hypotheses).toHaveLength(1);
    expect([found.foil, found.shown, found.hypotheses[0].foil]).toEqual([undefined, undefined, undefined]);
    const [defect, ...others] = found.defects;
    expect(others).toEqual([]);
    if (defect?.kind !== 'foil') throw new Error('the weak place was not found');
    expect(Math.hypot(defect.centre[0] - disc.at[0], defect.centre[1] - disc.at[1])).toBeLessThan(1e-3);
    expect(Math.abs(Math.log(defect.conductance / 0.3))).toBeLessThan(0.25);
    expect(Math.abs(defect.area / (Math.PI * disc.radius ** 2) - 1)).toBeLessThan(0.2);
    expect(defect.added).toBeUndefined();
    expect(conductanceStatements(found, scan, cell).verdict.join(' ')).toContain('single conductor');
  });
});
