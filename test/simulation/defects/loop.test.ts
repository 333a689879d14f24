import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { departures } from '../../../inversion/bounded/departure.js';
import type { CurrentMap } from '../../../src/currentMap.js';
import { parseCell } from '../../../src/index.js';
import { parseDefects } from '../../../src/simulation/defects/parseDefects.js';
import { rasterPlan } from '../../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../../src/simulation/field/simulateCell.js';

/* simulate -> invert -> compare; the table of all defects stands in docs/defects.md (bench/defects.ts). */

const cell = parseCell(
  `name: loop
outline_mm: {width: 40, height: 60}
thickness_mm: 2
current_A: 5
tabs:
  - {name: positive, at_mm: [[10, 60], [30, 60]], share: 1}
  - {name: negative, at_mm: [[10, 0], [30, 0]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
  'cell.yaml',
);

function closed(defect: string) {
  const plan = rasterPlan([cell.outline], { heights: [5e-3], pitch: 2.5e-3, margin: 10e-3 });
  const truth = simulateCell(cell, plan, { noise: 50e-9, pitch: 0.5e-3, defects: parseDefects(defect, 'defect') });
  const solution = boundedInversion(truth.scan, cell, { pitch: 0.5e-3, place: 'given' });
  const error = (map: CurrentMap) => {
    const [sheet] = truth.sheets;
    let [difference, norm] = [0, 0];
    sheet.kx.forEach((kx, i) => {
      difference += (map.kx[i] - kx) ** 2 + (map.ky[i] - sheet.ky[i]) ** 2;
      norm += kx ** 2 + sheet.ky[i] ** 2;
    });
    return Math.sqrt(difference / norm);
  };
  return { error: error(solution.sheets[0]), without: error(truth.healthy[0]), found: departures(solution, cell) };
}

describe('simulated, inverted, compared', () => {
  it('a hole in a foil is found at its place', () => {
    const { error, without, found } = closed('hole: {foil: positive, at_mm: [22, 35], radius_mm: 6}');
    expect(error).toBeLessThan(0.45 * without);
    expect(found?.significant).toBe(true);
    expect(Math.hypot(found!.largest.x - 22e-3, found!.largest.y - 35e-3)).toBeLessThan(8e-3);
  });

  it('a dead spot is not, and nothing is invented', () => {
    const { error, found } = closed('dead_spot: {at_mm: [22, 35], radius_mm: 6}');
    expect(found?.significant).toBe(false);
    expect(error).toBeLessThan(0.06);
  });
});
