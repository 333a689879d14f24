import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangleOutline } from '../../../src/model/outline.js';
import { assemble } from '../../../src/simulation/cell/assemble.js';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import type { CellModel } from '../../../src/simulation/cell/cellModel.js';
import { figuresOfMerit } from '../../../src/simulation/cell/figuresOfMerit.js';
import { multigrid } from '../../../src/simulation/cell/multigrid.js';
import { applyPair, vectorLength } from '../../../src/simulation/cell/pairLevel.js';
import { netSheetCurrent } from '../../../src/simulation/cell/sheetCurrent.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { altered, cellOf, imbalance, notchedCell, OHM_CM2, referenceCell, tab } from './support.js';

const disc = (x: number, y: number, r: number, inside: number) => (u: number, v: number) =>
  Math.hypot(u - x, v - y) < r ? inside : 1;

/** What may be wrong with a cell, one at a time and all at once. */
const CONDITIONS: readonly [string, () => CellModel][] = [
  ['healthy', () => cellModel(referenceCell('same', 5 * OHM_CM2), { pitch: 2e-3 })],
  ['necks and a notch', () => cellModel(notchedCell(0.012), { pitch: 1e-3 })],
  ['a hole', () => altered(cellModel(notchedCell(), { pitch: 1e-3 }), { positive: disc(0.06, 0.05, 0.012, 0) })],
  [
    'a slit one pixel wide',
    () =>
      altered(cellModel(notchedCell(), { pitch: 1e-3 }), {
        negative: (x, y) => (Math.abs(x - 0.0505) < 1e-4 && y < 0.08 ? 0 : 1),
      }),
  ],
  [
    'a dead spot, a hot spot, a short and a map of U',
    () =>
      altered(cellModel(referenceCell('counter', 10 * OHM_CM2), { pitch: 3e-3 }), {
        reaction: (x, y) => disc(0.07, 0.1, 0.02, 0)(x, y) * disc(0.03, 0.05, 0.01, 5)(x, y),
        short: (x, y) => (Math.hypot(x - 0.1, y - 0.15) < 4e-3 ? 1e5 : 0),
        openCircuit: (x, y) => 3.7 + 0.01 * Math.sin(40 * x) * y,
      }),
  ],
  [
    'an island of foil that the electrodes alone feed',
    () =>
      altered(cellModel(notchedCell(), { pitch: 1e-3 }), {
        positive: (x, y) => (Math.abs(Math.hypot(x - 0.06, y - 0.05) - 0.015) < 2e-3 ? 0 : 1),
      }),
  ],
];

describe('every pixel', () => {
  it.each(CONDITIONS)('balances its currents to 1e-10 of the whole: %s', (_, model) => {
    for (const current of [2, -0.1]) expect(imbalance(steadyState(model(), current))).toBeLessThan(1e-10 * 0.1);
  });

  it.each(CONDITIONS)('turns into heat what the tabs put in and the electrodes do not keep: %s', (_, model) => {
    const state = steadyState(model(), 1.5);
    const { losses } = figuresOfMerit(state);
    let kept = 0;
    for (let i = 0; i < state.reactionCurrent.length; i++) {
      if (state.model.inside[i]) kept += state.reactionCurrent[i] * state.model.openCircuit[i];
    }
    kept *= state.model.grid.dx * state.model.grid.dy;
    const scale = Math.abs(kept) + losses.total;
    expect(Math.abs(1.5 * state.voltage - kept - losses.total) / scale).toBeLessThan(1e-9);
    expect(Math.min(...Object.values(losses))).toBeGreaterThanOrEqual(0);
  });
});

describe('the solution', () => {
  it.each([1e-4, 1, 1e9])('is found for electrodes of %f ohm cm2, however little drops along the foils', ohmCm2 => {
    const model = cellModel(referenceCell('same', ohmCm2 * OHM_CM2), { pitch: 4e-3 });
    const state = steadyState(model, 1);
    expect(imbalance(state)).toBeLessThan(1e-10);
    expect(state.voltage).toBeGreaterThan((ohmCm2 * OHM_CM2) / 0.028);
    const same = steadyState(altered(model, { openCircuit: () => 400 }), 1);
    expect(imbalance(same)).toBeLessThan(1e-10);
  });

  it('is linear in the current and the voltages', () => {
    const model = CONDITIONS[4][1]();
    const [none, one, three] = [0, 1, 3].map(current => steadyState(model, current).reactionCurrent);
    const scale = Math.max(...three.map(Math.abs).filter(v => !Number.isNaN(v)));
    const off = none.map((value, i) => three[i] - value - 3 * (one[i] - value));
    expect(Math.max(...off.filter(v => !Number.isNaN(v)).map(Math.abs))).toBeLessThan(1e-9 * scale);
  });

  it('is mirrored with the cell', () => {
    const [w, h] = [0.08, 0.05];
    const left = cellOf(rectangleOutline(w, h), [
      tab('positive', [0.03, h], [0.01, h], 1, 0.006),
      tab('negative', [w, 0.01], [w, 0.03], -1),
    ]);
    const right = cellOf(rectangleOutline(w, h), [
      tab('positive', [0.07, h], [0.05, h], 1, 0.006),
      tab('negative', [0, 0.03], [0, 0.01], -1),
    ]);
    const [a, b] = [left, right].map(cell => steadyState(cellModel(cell, { pitch: 1e-3 }), 1));
    const { nx } = a.model.grid;
    const scale = 1 / (w * h);
    let worst = 0;
    for (let i = 0; i < a.reactionCurrent.length; i++) {
      const mirrored = Math.floor(i / nx) * nx + nx - 1 - (i % nx);
      if (!a.model.inside[i]) continue;
      worst = Math.max(worst, Math.abs(a.reactionCurrent[i] - b.reactionCurrent[mirrored]));
    }
    expect(worst).toBeLessThan(1e-9 * scale);
    expect(a.voltage).toBeCloseTo(b.voltage, 12);
  });

  it('is turned with the cell, and changes sides with the foils', () => {
    const [w, h] = [0.08, 0.05];
    const upright = cellOf(rectangleOutline(w, h), [
      tab('positive', [0.03, h], [0.01, h], 1),
      tab('negative', [0.05, 0], [0.07, 0], -1),
    ]);
    const lying = cellOf(rectangleOutline(h, w), [
      tab('positive', [0, 0.03], [0, 0.01], 1),
      tab('negative', [h, 0.05], [h, 0.07], -1),
    ]);
    const { positiveFoil, negativeFoil } = upright.electrical!;
    const exchanged = {
      ...upright,
      electrical: { ...upright.electrical!, positiveFoil: negativeFoil, negativeFoil: positiveFoil },
      tabs: upright.tabs.map(t => ({ ...t, polarity: t.polarity === 'positive' ? 'negative' : 'positive' }) as const),
    };
    const [a, b, c] = [upright, lying, exchanged].map(cell => steadyState(cellModel(cell, { pitch: 1e-3 }), 1));
    expect(b.voltage).toBeCloseTo(a.voltage, 12);
    expect(c.voltage).toBeCloseTo(-a.voltage, 12);
  });

  it('is reciprocal: the voltage that one pair of tabs sees of the current of another', () => {
    const base = cellModel(notchedCell(), { pitch: 1e-3 });
    const lossy = altered(base, { positive: disc(0.05, 0.04, 0.015, 0.1), reaction: (x, y) => 1 + 20 * x + 10 * y });
    const [first, second] = lossy.tabs;
    const elsewhere = [
      { ...first, pixels: Int32Array.of(5), part: Float64Array.of(1), normal: [0, -1] as const },
      { ...second, pixels: Int32Array.of(99 * 100 + 99), part: Float64Array.of(1), normal: [0, 1] as const },
    ];
    const seen = (from: typeof lossy.tabs, [p, n]: typeof lossy.tabs) => {
      const state = steadyState({ ...lossy, tabs: from }, 1);
      const mean = (values: Float64Array, t: typeof p) =>
        t.pixels.reduce((sum, i, j) => sum + t.part[j] * values[i], 0);
      return mean(state.positivePotential, p) - mean(state.negativePotential, n);
    };
    expect(seen(lossy.tabs, elsewhere) / seen(elsewhere, lossy.tabs)).toBeCloseTo(1, 9);
  });

  it('has a harmonic net current that electrodes and shorts do not touch', () => {
    const healthy = cellModel(referenceCell('same', 10 * OHM_CM2), { pitch: 2e-3 });
    const sick = altered(healthy, {
      reaction: disc(0.07, 0.1, 0.02, 0),
      short: (x, y) => (Math.hypot(x - 0.1, y - 0.15) < 4e-3 ? 1e4 : 0),
      openCircuit: () => 3.7,
    });
    const [a, b] = [healthy, sick].map(model => netSheetCurrent(steadyState(model, 1)));
    const most = Math.max(...a.ky.map(Math.abs));
    expect(Math.max(...a.kx.map((v, i) => Math.abs(v - b.kx[i])))).toBeLessThan(1e-8 * most);
    expect(Math.max(...a.ky.map((v, i) => Math.abs(v - b.ky[i])))).toBeLessThan(1e-8 * most);
  });
});

describe('the preconditioner', () => {
  it('is symmetric and positive, whatever the foils are like', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 2, max: 25 }), fc.nat(1e6), (nx, ny, seed) => {
        let state = seed + 1;
        const uniform = () => {
          state = (state * 48271) % 2147483647;
          return state / 2147483647;
        };
        const maps = Array.from({ length: 4 }, () => Float64Array.from({ length: nx * ny }, uniform));
        const model: CellModel = {
          grid: { nx, ny, x0: 0, y0: 0, dx: 1e-3, dy: 1.1e-3 },
          inside: new Uint8Array(nx * ny).fill(1),
          positive: maps[0].map(u => (u < 0.2 ? 0 : 400 * u)),
          negative: maps[1].map(u => (u < 0.1 ? 0 : 600 * u ** 3)),
          reaction: maps[2].map(u => (u < 0.3 ? 0 : 1e4 * u)),
          openCircuit: maps[3],
          short: new Float64Array(nx * ny),
          tabs: [],
        };
        const level = assemble(model);
        const precondition = multigrid(level);
        // Only what conjugate gradients meet: residuals, which are in the range of A.
        const residual = () => {
          const x = new Float64Array(vectorLength(level));
          for (let i = 2 * nx; i < 2 * nx * (ny + 1); i++) x[i] = uniform() - 0.5;
          const r = new Float64Array(x.length);
          applyPair(level, x, r);
          return r;
        };
        const [a, b] = [residual(), residual()];
        const of = (r: Float64Array) => {
          const z = new Float64Array(r.length);
          precondition(r, z);
          return z;
        };
        const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, i) => sum + value * v[i], 0);
        const [za, zb] = [of(a), of(b)];
        expect(dot(a, za)).toBeGreaterThan(0);
        expect(Math.abs(dot(b, za) - dot(a, zb))).toBeLessThan(1e-7 * Math.sqrt(dot(a, za) * dot(b, zb)));
      }),
      { numRuns: 60 },
    );
  });

  it('needs as many steps on fine pixels as on coarse ones', () => {
    const steps = [4e-3, 1e-3].map(
      pitch =>
        steadyState(altered(cellModel(notchedCell(0.015), { pitch }), { negative: disc(0.06, 0.05, 0.012, 0) }), 1)
          .steps,
    );
    expect(steps[1]).toBeLessThan(22);
    expect(steps[1]).toBeLessThan(steps[0] + 6);
  });

  it.each([0, 1, 2, 3])('needs no more of them for a slit one pixel wide, wherever it lies (%i)', offset => {
    const model = cellModel(notchedCell(), { pitch: 1e-3 });
    const line = 0.0405 + offset * 1e-3;
    for (const left of [0, 1e-4]) {
      const across = altered(model, {
        positive: (x, y) => (Math.abs(y - line) < 1e-4 && x > 0.02 && x < 0.08 ? left : 1),
      });
      const along = altered(model, { negative: (x, y) => (Math.abs(x - line) < 1e-4 && y > 0.01 ? left : 1) });
      for (const slit of [across, along]) expect(steadyState(slit, 1).steps).toBeLessThan(20);
    }
  });
});
