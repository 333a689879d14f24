import { describe, expect, it } from 'vitest';
import { EXAMPLES, libraryCell } from '../../../bench/defectLibrary.js';
import { InputError } from '../../../src/errors.js';
import type { CellModel } from '../../../src/simulation/cell/cellModel.js';
import { applyDefects } from '../../../src/simulation/defects/applyDefect.js';
import { coverage, disc } from '../../../src/simulation/defects/coverage.js';
import { DEFECT_NAMES, defectsJsonSchema } from '../../../src/simulation/defects/defectSchema.js';
import { parseDefects } from '../../../src/simulation/defects/parseDefects.js';
import { type CellStack, cellStack, OPEN_CIRCUIT } from '../../../src/simulation/field/cellStack.js';
import { stackState } from '../../../src/simulation/field/stackState.js';
import { referenceCell } from '../field/cells.js';

const library = cellStack(libraryCell(), { pitch: 1e-3 });
const single = cellStack(referenceCell(), { pitch: 2e-3 });
const given = (text: string, stack: CellStack = library) => applyDefects(stack, parseDefects(text, '--defect'));
const top = (stack: CellStack): CellModel => stack.pairs[stack.pairs.length - 1].model;
const sum = (values: Float64Array) => values.reduce((total, v) => total + v, 0);
const pixelArea = ({ grid }: CellModel) => grid.dx * grid.dy;
const whole = top(library);

describe('every defect', () => {
  it('of the library has an example', () => {
    expect(EXAMPLES.map(text => text.split(':')[0])).toEqual(DEFECT_NAMES);
  });

  it.each(EXAMPLES)('%s leaves the given stack alone, touches one pair and conserves the current', text => {
    const before = structuredClone(whole);
    const damaged = given(text);
    expect(whole).toEqual(before);
    const touched = damaged.pairs.filter((pair, k) => pair.model !== library.pairs[k].model || pair.open);
    expect(touched.length).toBe(text.startsWith('external') ? 0 : 1);
    const state = stackState(damaged, 5);
    const carried = damaged.pairs.reduce((total, { weight }, k) => total + weight * state.states[k].current, 0);
    expect(carried + state.externalCurrent).toBeCloseTo(5, 9);
    damaged.pairs.forEach(({ open }, k) => {
      if (!open) expect(state.states[k].voltage).toBeCloseTo(state.voltage, 9);
    });
  });

  it('may stand in a list, or under others, and in any pair', () => {
    const text =
      '- hole: {foil: positive, at_mm: [20, 20], radius_mm: 3, pair: 1}\n- dead_spot: {at_mm: [9, 9], radius_mm: 4, pair: all}';
    const { pairs } = given(text);
    expect(sum(pairs[0].model.positive)).toBeLessThan(sum(pairs[1].model.positive));
    expect(pairs[1].model).toBe(pairs[3].model);
    expect(sum(pairs[1].model.reaction)).toBeLessThan(sum(whole.reaction));
    expect(parseDefects('short: {at_mm: [1, 1]}\nopen_layer: {}', 'd')).toHaveLength(2);
  });
});

describe('damage to a foil', () => {
  it('takes away as much of it as the shape covers', () => {
    const { positive, negative } = top(given('hole: {foil: positive, at_mm: [35.3, 55.1], radius_mm: 8}'));
    const lost = ((sum(whole.positive) - sum(positive)) / 378) * pixelArea(whole);
    expect(lost / (Math.PI * 8e-3 ** 2)).toBeCloseTo(1, 2);
    expect(negative).toBe(whole.negative);
    const slit = top(given('slit: {foil: negative, from_mm: [20, 30], to_mm: [50, 60], width_mm: 3}')).negative;
    expect((((sum(whole.negative) - sum(slit)) / 596) * pixelArea(whole)) / (3e-3 * 0.03 * Math.SQRT2)).toBeCloseTo(
      1,
      2,
    );
    const thin = top(
      given('thinned_foil: {foil: positive, at_mm: [30, 30], radius_mm: 9, conductance: 0.25}'),
    ).positive;
    expect(Math.min(...thin.filter((_, i) => whole.inside[i] === 1))).toBeCloseTo(0.25 * 378, 9);
  });

  it('by folding moves foil and removes reaction', () => {
    const folded = top(given('fold: {foil: positive, line_mm: [[52, 0], [70, 22]]}'));
    expect(sum(folded.positive) / sum(whole.positive)).toBeCloseTo(1, 2);
    expect(Math.max(...folded.positive)).toBeCloseTo(2 * 378, 6);
    const lost = (1 - sum(folded.reaction) / sum(whole.reaction)) * 70 * 90;
    expect(lost).toBeCloseTo((18 * 22) / 2, 0);
  });

  it('covers a disc to a thousandth on a coarse grid', () => {
    const grid = { nx: 20, ny: 20, x0: 0, y0: 0, dx: 1, dy: 1 };
    expect(sum(coverage(grid, disc([9.3, 8.8], 6))) / (36 * Math.PI)).toBeCloseTo(1, 2);
  });
});

describe('damage between the foils', () => {
  it('changes the reaction where it lies', () => {
    const dead = top(given('dead_spot: {at_mm: [35, 45], radius_mm: 12}'));
    const area = (1 - sum(dead.reaction) / sum(whole.reaction)) * 70 * 90;
    expect(area).toBeCloseTo(Math.PI * 144, -1);
    const hot = top(given('hot_spot: {at_mm: [35, 45], radius_mm: 12, resistance: 0.2}'));
    expect(Math.max(...hot.reaction) / Math.max(...whole.reaction)).toBeCloseTo(5, 9);
    const shifted = top(given('misalignment: {shift_mm: [2, -1]}'));
    expect(sum(shifted.reaction) / sum(whole.reaction)).toBeCloseTo((68 * 89) / (70 * 90), 3);
  });

  it('a short draws its current, which discharges the others while the cell rests', () => {
    const damaged = given('short: {at_mm: [35, 45], radius_mm: 2, current_A: 0.1}');
    expect(sum(top(damaged).short) * pixelArea(whole) * OPEN_CIRCUIT).toBeCloseTo(0.1, 12);
    const { states } = stackState(damaged, 0);
    const through = sum(states[3].shortCurrent.map(v => (Number.isNaN(v) ? 0 : v))) * pixelArea(whole);
    expect(through).toBeGreaterThan(0.095);
    expect(through).toBeLessThan(0.1);
    expect(states[3].current).toBeGreaterThan(0.05);
    expect(states[0].current + states[1].current + states[2].current).toBeCloseTo(-states[3].current, 9);
  });
});

describe('damage to tabs and connections', () => {
  it('keeps the whole current on the welded part', () => {
    const { tabs } = top(given('partial_weld: {tab: negative, part: [0.5, 1]}'));
    const [before, after] = [whole.tabs, tabs].map(list => list.find(tab => tab.name === 'negative')!);
    expect(sum(after.part)).toBeCloseTo(1, 12);
    // The lower edge runs to the right, so the second half is the right one.
    const middle = (tab: typeof after) => sum(tab.part.map((p, j) => p * (tab.pixels[j] % whole.grid.nx)));
    expect((middle(after) - middle(before)) * whole.grid.dx).toBeCloseTo(7.5e-3, 4);
  });

  it('gives the current of a missing tab to the others, or opens the pair', () => {
    const { tabs } = top(given('missing_tab: {tab: left}'));
    expect(tabs.map(tab => [tab.name, tab.share])).toEqual([
      ['right', 1],
      ['negative', -1],
    ]);
    expect(given('missing_tab: {tab: negative}').pairs.map(pair => pair.open)).toEqual([false, false, false, true]);
    expect(() => given('missing_tab: {tab: negative}', single)).toThrow(InputError);
  });

  it('splits the current among the pairs that are left', () => {
    const { states } = stackState(given('open_layer: {pair: 2}'), 6);
    expect(states.map(state => state.current)).toEqual([2, 0, 2, 2].map(v => expect.closeTo(v, 9)));
  });

  it('outside takes its current from the cell', () => {
    const state = stackState(given('external_short: {current_A: 0.37}'), 5);
    expect(state.externalCurrent).toBeCloseTo((0.37 * state.voltage) / OPEN_CIRCUIT, 12);
  });
});

describe('a defect that cannot be', () => {
  it.each([
    ['hole: {foil: positiv, at_mm: [1, 2], radius_mm: 3}', /positiv/],
    ['hole: {foil: positive, at_mm: [500, 2], radius_mm: 3}', /beside the cell/],
    ['hole: {foil: positive, at_mm: [1, 2], radius_mm: -3}', /more|less|not/],
    ['hloe: {foil: positive}', /hloe/],
    ['{}', /names no defect/],
    ['open_layer: {pair: 7}', /pair 7/],
    ['missing_tab: {tab: middle}', /no tab 'middle'/],
    ['fold: {foil: negative, line_mm: [[-5, 0], [-5, 9]]}', /does not cut/],
    ['partial_weld: {tab: negative, part: [0.5, 0.5]}', /weld/],
    ['open_layer: {pair: all}', /no electrode pair/],
  ])('%s is refused with advice', (text, message) => {
    let caught: unknown;
    try {
      given(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    expect((caught as InputError).sentence()).toMatch(message);
    expect((caught as InputError).advice).toBeTruthy();
  });

  it('needs a cell that says what its foils are', () => {
    const { electrical: _, ...cell } = referenceCell();
    const bare = cellStack(cell, { pitch: 5e-3 });
    expect(() => given('dead_spot: {at_mm: [70, 70], radius_mm: 9}', bare)).toThrow(/foils/);
  });

  it('is described by a schema', () => {
    expect(JSON.stringify(defectsJsonSchema())).toContain('radius_mm');
  });
});
