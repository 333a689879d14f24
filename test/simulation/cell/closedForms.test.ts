import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rectangleOutline } from '../../../src/model/outline.js';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import type { CellModel, CellState } from '../../../src/simulation/cell/cellModel.js';
import { figuresOfMerit, spreadOf } from '../../../src/simulation/cell/figuresOfMerit.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { cellOf, NEGATIVE, OHM_CM2, POSITIVE, referenceCell, tab, wideTabs } from './support.js';

const COMSOL = new URL('../../../../shared/data/published_numbers/pybamm_comsol_pouch_edges.json', import.meta.url);

describe('tabs as wide as the edge, both on one side', () => {
  const height = 0.2;
  const sheet = 1 / POSITIVE + 1 / NEGATIVE;

  it.each([5, 10, 20, 40])('J = mean L cosh(L y / H) / sinh L at %f ohm cm2', ohmCm2 => {
    const l = height * Math.sqrt(sheet / (ohmCm2 * OHM_CM2));
    const state = steadyState(cellModel(wideTabs(0.14, height, ohmCm2 * OHM_CM2), { pitch: 5e-4 }), 2);
    const centres = spreadOf(state.reactionCurrent, state.model.inside);
    expect(Math.abs(centres.maxOverMean - l / Math.tanh(l))).toBeLessThan(5e-4);
    expect(Math.abs(centres.minOverMean - l / Math.sinh(l))).toBeLessThan(5e-4);
    // Continued to the outline the extremes are right on any pixels.
    for (const pitch of [5e-4, 4e-3]) {
      const { reaction } = figuresOfMerit(
        steadyState(cellModel(wideTabs(0.14, height, ohmCm2 * OHM_CM2), { pitch }), 2),
      );
      expect(Math.abs(reaction.maxOverMean - l / Math.tanh(l))).toBeLessThan(1e-4);
      expect(Math.abs(reaction.minOverMean - l / Math.sinh(l))).toBeLessThan(1e-4);
    }
    // V = I (ASR L coth L + the foils' part) / A: the potentials add up to a closed form, too.
    const resistance = (ohmCm2 * OHM_CM2 * (l / Math.tanh(l))) / (0.14 * height);
    expect(state.voltage / 2 / resistance).toBeCloseTo(1, 5);
  });
});

describe('smooth currents along the tabs', () => {
  // Foils fed at the top by a (1 + cos kx) and -a (1 + cos 2kx): with w = phi_p - phi_n, laplacian(w) = kappa^2 w and
  // dw/dy = i_p / S_p - i_n / S_n at the top, so w is a sum of cos(mkx) cosh(q_m y), q_m^2 = (mk)^2 + kappa^2.
  const [width, height, asr] = [0.1, 0.08, 1e-4];
  const k = Math.PI / width;
  const kappa2 = (1 / POSITIVE + 1 / NEGATIVE) / asr;
  const mode = (m: number, x: number, y: number) => {
    const q = Math.sqrt((m * k) ** 2 + kappa2);
    return (Math.cos(m * k * x) * Math.cosh(q * y)) / (q * Math.sinh(q * height));
  };
  const exactJ = (x: number, y: number) =>
    ((1 / POSITIVE + 1 / NEGATIVE) * mode(0, x, y) + mode(1, x, y) / POSITIVE + mode(2, x, y) / NEGATIVE) /
    (asr * width);

  const solved = (nx: number): CellState => {
    const model = cellModel(wideTabs(width, height, asr), { pitch: width / nx });
    const profile = (m: number) => (x: number) => (x + Math.sin(m * k * x) / (m * k)) / width;
    const tabs = model.tabs.map((given, t) => {
      const total = profile(t + 1);
      const part = given.part.map((_, j) => {
        const x = (given.pixels[j] % nx) * model.grid.dx;
        return total(x + model.grid.dx) - total(x);
      });
      return { ...given, part };
    });
    return steadyState({ ...model, tabs }, 1);
  };

  it('are met with an error that falls with the square of the pitch', () => {
    const errors = [20, 40, 80, 160].map(nx => {
      const { model, reactionCurrent } = solved(nx);
      const { grid } = model;
      let worst = 0;
      for (let i = 0; i < reactionCurrent.length; i++) {
        const exact = exactJ(grid.x0 + (i % nx) * grid.dx, grid.y0 + Math.floor(i / nx) * grid.dy);
        worst = Math.max(worst, Math.abs(reactionCurrent[i] - exact));
      }
      return worst / (1 / (width * height));
    });
    expect(errors[3]).toBeLessThan(1e-3);
    for (let j = 1; j < errors.length; j++) expect(Math.log2(errors[j - 1] / errors[j])).toBeGreaterThan(1.9);
  });
});

describe('a single foil between two tabs of its own', () => {
  it('has the resistance of a strip, its necks included', () => {
    // Both tabs on the positive foil; the negative one only hangs on, without current.
    const strip = cellOf(rectangleOutline(0.1, 0.03), [
      { ...tab('positive', [0, 0.03], [0, 0], 1, 0.01), name: 'in' },
      { ...tab('positive', [0.1, 0], [0.1, 0.03], -1, 0.02), name: 'out' },
      tab('negative', [0.04, 0], [0.06, 0], 0),
    ]);
    const model: CellModel = { ...cellModel(strip, { pitch: 1e-3 }), negative: new Float64Array(130 * 30) };
    const dead = { ...model, reaction: new Float64Array(130 * 30), tabs: model.tabs.slice(0, 2) };
    const { losses } = figuresOfMerit(steadyState(dead, 3));
    expect(model.grid.nx * model.grid.ny).toBe(130 * 30);
    expect(losses.total).toBeCloseTo((9 * 0.13) / (0.03 * POSITIVE), 10);
  });
});

describe('the table of reference designs', () => {
  // battery-physics: max, min and standard deviation of J over its mean, on pixels of 2 mm.
  const table = [
    ['same', 5, 1.145, 0.944, 0.05],
    ['same', 10, 1.073, 0.972, 0.026],
    ['same', 20, 1.037, 0.986, 0.013],
    ['same', 40, 1.019, 0.993, 0.0065],
    ['counter', 5, 1.093, 0.983, 0.019],
    ['counter', 10, 1.046, 0.991, 0.009],
    ['counter', 20, 1.023, 0.996, 0.005],
    ['counter', 40, 1.012, 0.998, 0.0023],
  ] as const;

  it.each(table)('%s side, %f ohm cm2', (side, ohmCm2, most, least, deviation) => {
    for (const options of [{ pitch: 2e-3 }, {}]) {
      const state = steadyState(cellModel(referenceCell(side, ohmCm2 * OHM_CM2), options), 1);
      const spread = spreadOf(state.reactionCurrent, state.model.inside);
      const tolerance = options.pitch === undefined ? 4e-3 : 7e-4;
      expect(Math.abs(spread.maxOverMean - most)).toBeLessThan(tolerance);
      expect(Math.abs(spread.minOverMean - least)).toBeLessThan(tolerance);
      expect(Math.abs(spread.stdOverMean - deviation)).toBeLessThan(tolerance);
    }
  });

  it.each([
    ['same', 5, 1.148],
    ['same', 10, 1.075],
    ['counter', 5, 1.096],
    ['counter', 10, 1.048],
  ] as const)('%s side, %f ohm cm2 converges to a maximum of %f', (side, ohmCm2, limit) => {
    const most = (pitch: number) =>
      figuresOfMerit(steadyState(cellModel(referenceCell(side, ohmCm2 * OHM_CM2), { pitch }), 1)).reaction.maxOverMean;
    const values = [2e-3, 1e-3, 0.5e-3].map(most);
    for (const value of values) expect(Math.abs(value - limit)).toBeLessThan(1e-3);
    expect(Math.abs(values[2] - values[1])).toBeLessThan(3e-4);
  });
});

describe.skipIf(!existsSync(COMSOL))('drop along the collectors of a pouch cell (COMSOL, quoted by PyBaMM)', () => {
  it('agrees within 1 %', () => {
    const edges = JSON.parse(readFileSync(COMSOL, 'utf8'));
    const far = 0;
    const near = 2;
    const first = (name: string) => edges[name].first3[far];
    const last = (name: string) => edges[name].last3[near];
    const drops = {
      negative: last('phi_s_cn_t0') - first('phi_s_cn_t0'),
      positive: first('phi_s_cp_t0') - last('phi_s_cp_t0'),
    };
    // What the full model's current says of its resistance: more flows where the foils leave it more voltage.
    const asr = (drops.negative + drops.positive) / (last('current_t0') - first('current_t0'));
    const cell = wideTabs(0.02, 0.137, asr);
    const foils = {
      ...cell.electrical!,
      positiveFoil: { thickness: 25e-6, conductivity: 3.55e7 },
      negativeFoil: { thickness: 25e-6, conductivity: 5.96e7 },
    };
    const model = cellModel({ ...cell, electrical: foils }, { pitch: 1e-3 });
    const state = steadyState(model, -72 * 0.02 * 0.137);
    // Potentials count from the negative tab; the voltage is that of the positive tab, at the rim.
    expect((state.positivePotential[0] - state.voltage) / drops.positive).toBeCloseTo(1, 2.7);
    expect(-state.negativePotential[0] / drops.negative).toBeCloseTo(1, 2.7);
    expect(-state.reactionCurrent[0] / first('current_t0')).toBeCloseTo(1, 3);
  });
});
