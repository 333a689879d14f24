import { describe, expect, it } from 'vitest';
import { polygonOutline, rectangleOutline } from '../../../src/model/outline.js';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import { figuresOfMerit } from '../../../src/simulation/cell/figuresOfMerit.js';
import { facesWithTabs } from '../../../src/simulation/cell/sheetCurrent.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { altered, cellOf, imbalance, notchedCell, OHM_CM2, referenceCell, tab } from './support.js';

describe('the pixels of a cell', () => {
  it('fill the outline, and are as many as it takes for corners and tab ends to lie between them', () => {
    const cell = cellOf(rectangleOutline(0.1, 0.13), [
      tab('positive', [0.04, 0.13], [0.02, 0.13], 1),
      tab('negative', [0.08, 0.13], [0.06, 0.13], -1),
    ]);
    const { grid, inside, tabs } = cellModel(cell);
    expect(inside.every(Boolean)).toBe(true);
    expect(grid.nx * grid.dx).toBeCloseTo(0.1, 12);
    expect(grid.ny * grid.dy).toBeCloseTo(0.13, 12);
    expect(grid.ny).toBeGreaterThanOrEqual(256);
    expect(0.02 / grid.dx).toBeCloseTo(Math.round(0.02 / grid.dx), 9);
    for (const { part } of tabs) expect(Math.max(...part)).toBeCloseTo(Math.min(...part), 12);
  });

  it('keep a given pitch as nearly as whole numbers allow', () => {
    const { grid } = cellModel(referenceCell('same', 1e-3), { pitch: 2e-3 });
    expect([grid.nx, grid.ny]).toEqual([70, 100]);
    expect([grid.x0, grid.y0]).toEqual([1e-3, 1e-3]);
  });

  it('share a tab out by the length of the outline that each has', () => {
    const cell = cellOf(rectangleOutline(0.01, 0.01), [
      tab('positive', [0.0055, 0.01], [0.0012, 0.01], 1),
      tab('negative', [0, 0], [0.01, 0], -1),
    ]);
    const [{ pixels, part, normal }] = cellModel(cell, { pitch: 1e-3 }).tabs;
    const byPixel = [...pixels].map((p, j) => [p, part[j]]).sort((a, b) => a[0] - b[0]);
    expect(byPixel.map(([p]) => p)).toEqual([91, 92, 93, 94, 95]);
    for (const [j, share] of [0.8, 1, 1, 1, 0.5].entries()) expect(byPixel[j][1]).toBeCloseTo(share / 4.3, 9);
    expect(normal[0]).toBeCloseTo(0, 12);
    expect(normal[1]).toBeCloseTo(1, 12);
  });
});

describe('the neck of a tab', () => {
  it('is foil of one polarity outside the outline, fed at its far end', () => {
    const model = cellModel(notchedCell(0.012), { pitch: 1e-3 });
    const { grid, inside, positive, negative, reaction } = model;
    expect([grid.nx, grid.ny]).toEqual([124, 100]);
    expect(grid.x0).toBeCloseTo(-0.0115, 12);
    let [left, right] = [0, 0];
    for (let i = 0; i < inside.length; i++) {
      if (inside[i]) continue;
      expect(reaction[i]).toBe(0);
      if (positive[i] > 0) left++;
      if (negative[i] > 0) right++;
      expect(positive[i] * negative[i]).toBe(0);
    }
    expect([left, right]).toEqual([12 * 30, 12 * 30]);
    expect(inside.reduce((sum, v) => sum + v, 0)).toBe(9100);
    expect([...model.tabs[0].pixels].map(p => p % grid.nx)).toEqual(new Array(30).fill(0));
    expect([...model.tabs[1].pixels].map(p => p % grid.nx)).toEqual(new Array(30).fill(123));
  });

  it('makes the current at the outline crowd to its ends, and adds its own resistance', () => {
    const without = steadyState(cellModel(notchedCell(), { pitch: 1e-3 }), 1);
    const withNeck = steadyState(cellModel(notchedCell(0.03), { pitch: 1e-3 }), 1);
    const { x } = facesWithTabs(withNeck, 'positive');
    const across = Array.from({ length: 30 }, (_, j) => x[(30 + j) * 161 + 30]);
    expect(across.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 10);
    expect(across[0]).toBeGreaterThan(1.3 * across[14]);
    const necks = 1 / 378 + 1 / 596;
    expect(withNeck.voltage - without.voltage).toBeLessThan(necks);
    expect(withNeck.voltage - without.voltage).toBeGreaterThan(0.9 * necks);
  });

  it('of a tab on a slanted edge carries the whole current', () => {
    const outline = polygonOutline([
      [0, 0],
      [0.06, 0],
      [0.06, 0.03],
      [0.04, 0.05],
      [0, 0.05],
    ]);
    for (const length of [undefined, 0.01]) {
      const cell = cellOf(outline, [
        tab('positive', [0.056, 0.034], [0.044, 0.046], 1, length),
        tab('negative', [0, 0.04], [0, 0.01], -1),
      ]);
      const model = cellModel(cell, { pitch: 5e-4 });
      const state = steadyState(model, 1);
      expect(model.tabs[0].part.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      expect(imbalance(state)).toBeLessThan(1e-11);
      const { mean } = figuresOfMerit(state).reaction;
      expect(mean * 0.0028).toBeCloseTo(1, 1.7);
    }
  });
});

describe('figures of merit', () => {
  it('tell the resistance, its constriction, and what each part turns into heat', () => {
    const state = steadyState(cellModel(referenceCell('same', 5 * OHM_CM2), { pitch: 1e-3 }), 3);
    const { resistance, constriction, losses, hottest, reaction } = figuresOfMerit(state);
    expect(resistance).toBeCloseTo(state.voltage / 3, 12);
    expect(resistance - constriction).toBeCloseTo((5 * OHM_CM2) / 0.028, 12);
    expect(constriction).toBeGreaterThan(0);
    expect(losses.positiveFoil / losses.negativeFoil).toBeGreaterThan(1.2);
    expect(losses.shorts).toBe(0);
    expect(reaction.mean * 0.028).toBeCloseTo(3, 10);
    // A corner of the positive tab: aluminium conducts less.
    expect(hottest.y).toBeCloseTo(0.1995, 9);
    expect(Math.min(Math.abs(hottest.x - 0.013), Math.abs(hottest.x - 0.057))).toBeLessThan(1.1e-3);
  });

  it('do not depend on the sign or the amount of the current', () => {
    const model = cellModel(referenceCell('counter', 5 * OHM_CM2), { pitch: 4e-3 });
    const [a, b] = [1, -20].map(current => figuresOfMerit(steadyState(model, current)));
    for (const key of ['maxOverMean', 'minOverMean', 'stdOverMean'] as const) {
      expect(a.reaction[key]).toBeCloseTo(b.reaction[key], 9);
      expect(a.sheet.net[key]).toBeCloseTo(b.sheet.net[key], 9);
    }
    expect(a.resistance).toBeCloseTo(b.resistance, 10);
  });

  it('find a hole in a foil hot at its rim', () => {
    const whole = cellModel(referenceCell('counter', 5 * OHM_CM2), { pitch: 2e-3 });
    const holed = altered(whole, {
      positive: (x, y) => (Math.abs(y - 0.1) < 2e-3 && Math.abs(x - 0.07) < 0.068 ? 0 : 1),
    });
    const { hottest } = figuresOfMerit(steadyState(holed, 1));
    expect(Math.abs(hottest.y - 0.1)).toBeLessThan(6e-3);
  });
});

describe('a cell that cannot be simulated', () => {
  const sound = referenceCell('same', 1e-3);

  it('is told what it lacks', () => {
    const { electrical: _, ...bare } = sound;
    expect(() => cellModel(bare)).toThrow(/says nothing of its foils/);
    const { polarity: __, ...anonymous } = sound.tabs[0];
    expect(() => cellModel({ ...sound, tabs: [anonymous, sound.tabs[1]] })).toThrow(/which foil/);
    expect(() => cellModel({ ...sound, tabs: [sound.tabs[0]] })).toThrow(/no negative tab/);
    expect(() => cellModel({ ...sound, tabs: [] })).toThrow(/no positive and no negative tab/);
    for (const pitch of [0, -1, Number.NaN]) expect(() => cellModel(sound, { pitch })).toThrow(/positive length/);
    expect(() => cellModel(sound, { pitch: 1e-6 })).toThrow(/more than 16777216/);
  });

  it('has no foil where a tab is, or no way for the current', () => {
    const model = cellModel(sound, { pitch: 4e-3 });
    const top = altered(model, { positive: (_, y) => (y > 0.19 ? 0 : 1) });
    expect(() => steadyState(top, 1)).toThrow(/without positive foil/);
    const apart = altered(model, { reaction: () => 0 });
    expect(() => steadyState(apart, 1)).toThrow(/do not balance/);
    expect(() => steadyState(model, Number.NaN)).toThrow(/must be a number/);
  });
});
