import { describe, expect, it } from 'vitest';
import { sizeFactor } from '../../../inversion/planner/holeLaw.js';
import { drivenCell, planScan } from '../../../inversion/planner/planScan.js';
import { scanSight } from '../../../inversion/planner/scanSight.js';
import { sightStatements } from '../../../inversion/planner/sightStatements.js';
import { foilCurrent } from '../../../inversion/planner/simulatedCell.js';
import { holeStrength } from '../../../inversion/planner/smallestHole.js';
import { standardDefects } from '../../../inversion/planner/standardDefects.js';
import { wantedPlan } from '../../../inversion/planner/wantedPlan.js';
import { InputError, parseDefects, rasterPlan, simulateCell } from '../../../src/index.js';
import { cell, rig } from './support.js';

const PATIENCE = 120_000;
const named = (text: string) => ({ text, defect: parseDefects(text, text)[0] });
const holes = [
  [20, 25, 1.5],
  [20, 25, 4],
  [12, 15, 3],
].map(([x, y, r]) => named(`hole: {foil: positive, at_mm: [${x}, ${y}], radius_mm: ${r}}`));
const spot = named('dead_spot: {at_mm: [20, 25], radius_mm: 5}');
const coarse = { pixels: 64, mostOutside: 400 };

describe('a plan', () => {
  const plan = planScan(cell(), rig(), [...holes, spot], coarse);

  it('has holes that follow the law of the dipole, within 20 % of direct simulation', () => {
    const { simulated, sensitivity, defects } = plan;
    const { kx, ky } = foilCurrent(simulated, 'positive');
    const { grid } = simulated.currents;
    holes.forEach(({ defect }, d) => {
      if (defect.kind !== 'hole') throw new Error('no hole');
      const [x, y] = defect.at;
      const i = Math.round((y - grid.y0) / grid.dy) * grid.nx + Math.round((x - grid.x0) / grid.dx);
      const c = holeStrength(sensitivity!, x, y, kx[i], ky[i]);
      const law = c * defect.radius ** 2 * sizeFactor(defect.radius / sensitivity!.standoff);
      expect(law / defects[d].detectability).toBeGreaterThan(0.8);
      expect(law / defects[d].detectability).toBeLessThan(1.2);
    });
  });

  it('has nuisances that cost, and an electrode fault that does not show', () => {
    for (const { detectability, withoutNuisances } of plan.defects)
      expect(detectability).toBeLessThan(withoutNuisances);
    const fault = plan.defects[3];
    expect(fault.electrodeFault).toBe(true);
    expect(fault.peak).toBeLessThan(plan.deviation);
    expect(fault.detectability).toBeLessThan(1);
    expect(plan.neededSearched).toBeGreaterThan(plan.neededKnown);
    for (const { best, median, worst } of plan.holes) {
      expect(best.radius).toBeLessThan(median);
      expect(median).toBeLessThan(worst.radius);
    }
  });

  it(
    'sees the more the lower, finer and stronger the scan',
    () => {
      const of = (scan: Parameters<typeof rig>[0]) =>
        planScan(cell(), rig(scan), [holes[0]], { ...coarse, maps: false }).defects[0].detectability;
      const now = plan.defects[0].detectability;
      expect(of({ heights: [9e-3] })).toBeLessThan(now);
      expect(of({ pitch: 8e-3 })).toBeLessThan(now);
      expect(of({ current: 1 })).toBeLessThan(now);
      expect(of({ average: 1 })).toBeGreaterThan(now);
    },
    PATIENCE,
  );

  it('refuses a current that the rig may not drive, and takes one example of each defect that the cell can have', () => {
    const limited = { ...rig(), current: { driver: 'manual', options: {}, limit: 1 } as const };
    expect(() => drivenCell(cell(), limited)).toThrow(InputError);
    const texts = standardDefects(drivenCell(cell(), rig()));
    expect(texts.flatMap(text => parseDefects(text, text)).length).toBe(texts.length);
    expect(texts.some(text => text.startsWith('open_layer'))).toBe(false);
  });

  it(
    'turned round reaches what is wanted',
    () => {
      const sparse = rig({ pitch: 10e-3 });
      const now = planScan(cell(), sparse, [holes[0]], { ...coarse, maps: false }).defects[0].detectability;
      const found = wantedPlan(cell(), sparse, holes[0], 1.2 * now, now);
      expect(found.detectability).toBeCloseTo(now, 12);
      for (const { reached, detectability } of found.settings) expect(detectability >= found.wanted).toBe(reached);
      const pitch = found.settings.find(({ setting }) => setting === 'pitch')!;
      expect(pitch.reached).toBe(true);
      expect(pitch.value).toBeLessThan(10e-3);
      expect(found.quickest!.detectability).toBeGreaterThan(0.9 * found.wanted);
    },
    PATIENCE,
  );
});

describe('the sight of a scan', () => {
  const { outline } = cell();
  const { scan } = simulateCell(cell(), rasterPlan([outline], { heights: [6e-3], pitch: 4e-3, margin: 15e-3 }), {
    noise: 5e-8,
  });
  const driven = (electrical: boolean) => drivenCell(cell(electrical), rig());
  const weights = (sigma: number) => ({ readingWeights: new Float64Array(3 * scan.count).fill(1 / sigma) });

  it(
    'is worse for noisier readings, and does not count those that were rejected',
    () => {
      const [quiet, loud] = [5e-8, 5e-7].map(sigma => scanSight(scan, driven(true), weights(sigma))!);
      expect(quiet.assumed).toBe(false);
      quiet.holes.forEach(({ median }, k) => {
        expect(loud.holes[k].median).toBeGreaterThan(median);
      });
      const half = weights(5e-8);
      half.readingWeights.fill(0, 0, half.readingWeights.length / 2);
      expect(scanSight(scan, driven(true), half)!.holes[0].median).toBeGreaterThan(quiet.holes[0].median);
      expect(quiet.faults.every(({ seen }) => !seen)).toBe(true);
    },
    PATIENCE,
  );

  it('says what it assumed where the cell says nothing of its foils', () => {
    const sight = scanSight(scan, driven(false), weights(5e-8))!;
    expect(sight.assumed).toBe(true);
    expect(sightStatements(sight).join(' ')).toMatch(/was assumed/);
  });
});
