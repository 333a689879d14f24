import { describe, expect, it } from 'vitest';
import { type FieldVectors, zeroField } from '../../../src/biotSavart/index.js';
import { applyDefects } from '../../../src/simulation/defects/applyDefect.js';
import { parseDefects } from '../../../src/simulation/defects/parseDefects.js';
import { cellStack } from '../../../src/simulation/field/cellStack.js';
import { addPixelField } from '../../../src/simulation/field/pixelField.js';
import { rasterPlan } from '../../../src/simulation/field/samplePlan.js';
import { currentsDifference, stackCurrents } from '../../../src/simulation/field/stackCurrents.js';
import { stackField } from '../../../src/simulation/field/stackField.js';
import { stackState } from '../../../src/simulation/field/stackState.js';
import { referenceCell } from './cells.js';
import { randomPoints } from './support.js';

/*
 * What the field outside can tell: one pair, sensor at 10 mm, 1 A (see docs/defects.md). Differences of fields are fields
 * of differences of currents, so that 1e-9 of a field means something.
 */

const largest = (field: FieldVectors) =>
  field.bx.reduce((most, v, i) => Math.max(most, Math.hypot(v, field.by[i], field.bz[i])), 0);
const norm = (field: FieldVectors) => Math.hypot(...[field.bx, field.by, field.bz].map(v => Math.hypot(...v)));

const known = new Map<string, ReturnType<typeof healthyCell>>();

function healthyCell(tabs: 'same' | 'counter', distance: number) {
  const cell = referenceCell({ tabs, distance });
  const stack = cellStack(cell, { pitch: 2.5e-3 });
  const plan = rasterPlan([cell.outline], { heights: [10e-3], pitch: 5e-3, margin: 0 });
  const healthy = stackCurrents(stackState(stack, 1));
  return { stack, plan, healthy, field: stackField(healthy, plan) };
}

/** Largest |B| of the change, T, and the norm of the change over the norm of the field. */
function change(tabs: 'same' | 'counter', distance: number, defect: string): { size: number; part: number } {
  const key = `${tabs} ${distance}`;
  const { stack, plan, healthy, field } = known.get(key) ?? healthyCell(tabs, distance);
  known.set(key, { stack, plan, healthy, field });
  const damaged = stackCurrents(stackState(applyDefects(stack, parseDefects(defect, 'defect')), 1));
  const difference = stackField(currentsDifference(damaged, healthy), plan);
  return { size: largest(difference), part: norm(difference) / norm(field) };
}

const BETWEEN = [
  // What the notes give for a place that they do not name, nT.
  ['dead_spot: {at_mm: [70, 150], radius_mm: 15}', 0.21],
  ['hot_spot: {at_mm: [70, 150], radius_mm: 15, resistance: 0.2}', 0.73],
  ['short: {at_mm: [70, 150], radius_mm: 2, current_A: 0.1}', 0.75],
] as const;

describe.each(['same', 'counter'] as const)('what lies between the foils, %s-side tabs', tabs => {
  it.each(BETWEEN)('%s has no field while the foils coincide', defect => {
    expect(change(tabs, 0, defect).part).toBeLessThan(1e-11);
  });

  it.each(BETWEEN)('%s changes 1e-5 to 1e-4 of the field at the real distance', (defect, nT) => {
    const { size, part } = change(tabs, 0.15, defect);
    expect(part).toBeGreaterThan(1e-5);
    expect(part).toBeLessThan(1e-4);
    expect((size * 1e9) / nT).toBeGreaterThan(0.8);
    expect((size * 1e9) / nT).toBeLessThan(1.3);
  });

  it('grows in proportion to the distance of the foils', () => {
    const [near, far] = [0.15, 0.3].map(d => change(tabs, d, BETWEEN[0][0]).size);
    expect(far / near).toBeCloseTo(2, 1);
  });
});

describe.each(['same', 'counter'] as const)('damage to a foil, %s-side tabs', tabs => {
  it.each([0, 0.15])('shows: foils %s mm apart', distance => {
    const hole = change(tabs, distance, 'hole: {foil: positive, at_mm: [70, 100], radius_mm: 15}');
    expect(hole.size * 1e9).toBeGreaterThan(790);
    expect(hole.size * 1e9).toBeLessThan(1110);
    expect(hole.part).toBeGreaterThan(0.05);
    expect(hole.part).toBeLessThan(0.1);
    const thin = change(
      tabs,
      distance,
      'thinned_foil: {foil: positive, at_mm: [70, 100], radius_mm: 15, conductance: 0.8}',
    );
    expect(thin.size * 1e9).toBeGreaterThan(84);
    expect(thin.size * 1e9).toBeLessThan(120);
  });
});

describe('an axisymmetric short', () => {
  /** Current from the rim to the middle in one foil, down, and back to the rim in the other, where it goes up again. */
  function toroid(n: number) {
    const [radius, reach] = [30e-3, 36e-3];
    const pitch = (2 * reach) / n;
    const grid = { nx: n, ny: n, x0: -reach + pitch / 2, y0: -reach + pitch / 2, dx: pitch, dy: pitch };
    const size = n * n;
    const make = () => new Float64Array(size);
    const [alongX, alongY, growthX, growthY, down] = [make(), make(), make(), make(), make()];
    // Of a current of 1 A that spreads evenly from the middle: what passes a straight segment is the angle it subtends.
    const angle = (a: number, b: number, distance: number) =>
      ((Math.atan2(b, Math.abs(distance)) - Math.atan2(a, Math.abs(distance))) / (2 * Math.PI)) * Math.sign(distance);
    const within = (ix: number, iy: number) => Math.hypot(grid.x0 + ix * pitch, grid.y0 + iy * pitch) <= radius;
    for (let iy = 0, i = 0; iy < n; iy++) {
      for (let ix = 0; ix < n; ix++, i++) {
        if (!within(ix, iy)) continue;
        const [x, y] = [grid.x0 + ix * pitch, grid.y0 + iy * pitch];
        const h = pitch / 2;
        const west = within(ix - 1, iy) ? angle(y - h, y + h, x - h) : 0;
        const east = within(ix + 1, iy) ? angle(y - h, y + h, x + h) : 0;
        const south = within(ix, iy - 1) ? angle(x - h, x + h, y - h) : 0;
        const north = within(ix, iy + 1) ? angle(x - h, x + h, y + h) : 0;
        alongX[i] = (west + east) / 2;
        growthX[i] = east - west;
        alongY[i] = (south + north) / 2;
        growthY[i] = north - south;
        down[i] = east - west + north - south;
      }
    }
    const opposite = (values: Float64Array) => values.map(v => -v);
    const at = (z: number) => [{ z, weight: 1 }];
    const sheets = [
      {
        alongX: opposite(alongX),
        alongY: opposite(alongY),
        growthX: opposite(growthX),
        growthY: opposite(growthY),
        heights: at(1e-3),
      },
      { alongX, alongY, growthX, growthY, heights: at(-1e-3) },
    ];
    const points = randomPoints(40, 2, [-0.03, -0.03, 11e-3], [0.03, 0.03, 11e-3]);
    const closed = zeroField(40);
    addPixelField(grid, sheets, [{ current: down, spans: [{ from: 1e-3, to: -1e-3, weight: 1 }] }], points, closed);
    const foil = zeroField(40);
    addPixelField(grid, sheets.slice(0, 1), [], points, foil);
    return largest(closed) / largest(foil);
  }

  it('has no field outside at all (Ampere)', () => {
    const [coarse, fine] = [toroid(37), toroid(73)];
    // What is left is of the rim's steps, and goes away with them.
    expect(coarse).toBeLessThan(1e-3);
    expect(fine).toBeLessThan(0.7 * coarse);
  });
});
