import { describe, expect, it } from 'vitest';
import { integralBetween, slopeAt, socAt, valueAt } from '../../../src/model/socTable.js';
import type { PackModel } from '../../../src/simulation/pack/packModel.js';
import { loadOf, ofCell, packOverTime } from '../../../src/simulation/pack/packOverTime.js';
import { inputErrorOf } from '../../model/support.js';
import { largest, modelOf, sum, table } from './support.js';

/** Constant current, in equal steps. */
const constant = (current: number, duration: number, steps: number) => ({
  time: Float64Array.from({ length: steps + 1 }, (_, k) => (duration * k) / steps),
  current: new Float64Array(steps + 1).fill(current),
});
/** Every step as it stands: for laws of single steps. */
const PLAIN = { tolerance: Infinity };
/** Open-circuit voltages with a flat middle, one 30 mV above the other; resistances that rise at both ends. */
const OCV = table(3, 3.4, 3.6, 3.65, 3.7, 3.8, 4.2);
const OTHER_OCV = table(3.03, 3.43, 3.63, 3.68, 3.73, 3.83, 4.23);
const OHM = table(0.08, 0.04, 0.03, 0.03, 0.05);
const curved = () =>
  modelOf([
    { resistance: OHM, openCircuit: OCV, capacity: 3600 * 2, soc: 0.2 },
    { resistance: OHM, resistanceFactor: 1.4, openCircuit: OTHER_OCV, capacity: 3600 * 1.7, soc: 0.3 },
    { resistance: 0.05, connectionResistance: 0.002, openCircuit: OCV, capacity: 3600 * 2.2, soc: 0.25 },
  ]);

describe('tables over the state of charge', () => {
  it('go straight from point to point and on beyond the ends; integral and inverse agree with the values', () => {
    expect(valueAt(OCV, 0.25)).toBeCloseTo(3.5, 14);
    expect(valueAt(OCV, 1.1)).toBeCloseTo(4.2 + 0.1 * 2.4, 13);
    expect(valueAt(OCV, -0.1)).toBeCloseTo(3 - 0.1 * 2.4, 13);
    expect(slopeAt(OCV, 0.55)).toBeCloseTo(0.3, 12);
    expect(socAt(OCV, valueAt(OCV, 0.77))).toBeCloseTo(0.77, 14);
    const [from, to, n] = [-0.07, 0.93, 20_000];
    const middle = Array.from({ length: n }, (_, k) => valueAt(OCV, from + ((k + 0.5) / n) * (to - from)));
    expect(integralBetween(OCV, from, to)).toBeCloseTo((sum(middle) / n) * (to - from), 8);
    expect(integralBetween(3.7, 0.2, 0.6)).toBeCloseTo(3.7 * 0.4, 15);
  });
});

describe('two cells left alone', () => {
  // Linear voltages: the difference of the states of charge falls as exp(-t / tau).
  const [r, q, u] = [0.05, 3600, 1.2];
  const pair = () =>
    modelOf([0.6, 0.5].map(soc => ({ resistance: r, capacity: q, openCircuit: table(3, 3 + u), soc })));
  const tau = (r * q) / u;

  it('balance with the time constant R Q / U, in second order of the step', () => {
    const off = [8, 16, 32].map(steps => {
      const { cellCurrents, soc } = packOverTime(pair(), constant(0, 2 * tau, steps), PLAIN);
      const exact = (0.1 * u * Math.exp(-2)) / (2 * r);
      expect(sum(soc.subarray(2 * steps))).toBeCloseTo(1.1, 14);
      return Math.abs(-cellCurrents[2 * steps] - exact) / exact;
    });
    expect(off[0] / off[1]).toBeGreaterThan(3.7);
    expect(off[1] / off[2]).toBeGreaterThan(3.8);
    expect(off[2]).toBeLessThan(1e-3);
  });

  it('come into balance in one step of a thousand time constants, without oscillation', () => {
    const { cellCurrents, soc } = packOverTime(pair(), constant(0, 5000 * tau, 5), PLAIN);
    const differences = Array.from({ length: 6 }, (_, k) => soc[2 * k] - soc[2 * k + 1]);
    for (let k = 1; k < 6; k++) expect(Math.abs(differences[k])).toBeLessThan(5e-3 * Math.abs(differences[k - 1]));
    expect(Math.abs(cellCurrents[10])).toBeLessThan(1e-9);
    expect(soc[10]).toBeCloseTo(0.55, 9);
  });

  it('turn all of the energy that they give into heat', () => {
    const { energy } = packOverTime(pair(), constant(0, 20 * tau, 2), { tolerance: 1e-8 });
    // Two stores of Q u / 2 * soc^2: the difference goes.
    const freed = ((q * u) / 2) * (0.6 ** 2 + 0.5 ** 2 - 2 * 0.55 ** 2);
    expect(energy.supplied).toBe(0);
    expect(energy.stored).toBeCloseTo(-freed, 8);
    expect(Math.abs(energy.dissipated / freed - 1)).toBeLessThan(2e-5);
  });
});

describe('a pack under load', () => {
  it('conserves charge at any step: what the cells take up is what came in', () => {
    for (const steps of [1, 7, 100]) {
      const model = curved();
      const { soc, charge } = packOverTime(model, constant(1.5, 3600, steps), PLAIN);
      const last = soc.subarray(3 * steps);
      const taken = model.cells.map((cell, k) => cell.capacity * (last[k] - cell.soc));
      expect(Math.abs(sum(taken) / (1.5 * 3600) - 1)).toBeLessThan(1e-12);
      taken.forEach((t, k) => {
        expect(charge[k] / t).toBeCloseTo(1, 11);
      });
    }
  });

  it('balances its energy in second order of the step: supplied = dissipated + stored', () => {
    const off = [20, 80, 320].map(steps => {
      const { supplied, dissipated, stored } = packOverTime(curved(), constant(2, 3600, steps), PLAIN).energy;
      expect(dissipated).toBeGreaterThan(0);
      return Math.abs(supplied - dissipated - stored) / supplied;
    });
    // Kinks of the tables fall anywhere within a step, so the order shows on the average only.
    expect(off[0]).toBeLessThan(1e-4);
    expect(off[2]).toBeLessThan(off[0] / 50);
  });

  it('converges to the same currents as steps get short', () => {
    const fine = packOverTime(curved(), constant(2, 3600, 2000)).cellCurrents.slice(-3);
    const off = [10, 40].map(steps => {
      const { cellCurrents } = packOverTime(curved(), constant(2, 3600, steps), PLAIN);
      return largest(cellCurrents.slice(-3).map((i, k) => i - fine[k]));
    });
    expect(off[0]).toBeLessThan(0.02);
    expect(off[1]).toBeLessThan(off[0] / 5);
  });

  it('takes as many steps as it needs, wherever the moments are', () => {
    const [few, many] = [1, 500].map(steps => packOverTime(curved(), constant(2, 3600, steps)));
    expect(largest(few.soc.slice(-3).map((z, k) => z - many.soc.slice(-3)[k]))).toBeLessThan(2e-6);
    const { supplied, dissipated, stored } = few.energy;
    expect(Math.abs(supplied - dissipated - stored) / supplied).toBeLessThan(1e-6);
  });

  it('runs backwards: a charge and the discharge of equal cells are mirror images', () => {
    const from = (soc: number, current: number) => {
      const cells = [0.04, 0.06].map(resistance => ({ resistance, openCircuit: table(3, 4), capacity: 3600, soc }));
      return packOverTime(modelOf(cells), constant(current, 1200, 30));
    };
    const up = from(0.5, 1);
    const down = from(0.5, -1);
    expect(largest(up.cellCurrents.map((i, k) => i + down.cellCurrents[k]))).toBeLessThan(1e-12);
    expect(largest(up.soc.map((z, k) => z + down.soc[k] - 1))).toBeLessThan(1e-12);
  });

  it('tends to equal rates of charge however unequal the resistances: the voltages rise together', () => {
    const cells = [0.02, 0.06].map((resistance, k) => ({
      resistance,
      openCircuit: table(3, 4.2),
      capacity: 3600 * (2 + k),
      soc: 0.1,
    }));
    const { cellCurrents } = packOverTime(modelOf(cells), constant(1, 3600, 60));
    expect(cellCurrents[0]).toBeCloseTo(0.75, 12);
    expect(cellCurrents.at(-2)).toBeCloseTo(2 / 5, 5);
    expect(cellCurrents.at(-1)).toBeCloseTo(3 / 5, 5);
  });

  it('in series charges every cell by the same charge', () => {
    const cells = [1, 2, 3].map(k => ({ resistance: 0.02 * k, openCircuit: OCV, capacity: 3600 * k, soc: 0.1 }));
    const { soc, charge, cellCurrents } = packOverTime(modelOf(cells, { topology: 'series' }), constant(1, 1800, 20));
    expect([...cellCurrents].every(i => i === 1)).toBe(true);
    expect([...charge]).toEqual([1800, 1800, 1800].map(c => expect.closeTo(c, 9)));
    expect([...soc.slice(-3)]).toEqual([0.6, 0.1 + 0.25, 0.1 + 1 / 6].map(z => expect.closeTo(z, 13)));
  });

  it('without capacities keeps its shares', () => {
    const { cellCurrents, soc, energy } = packOverTime(
      modelOf([1, 2].map(resistance => ({ resistance, openCircuit: 3 }))),
      constant(3, 100, 4),
    );
    expect([...ofCell(cellCurrents, 2, 0)]).toEqual(new Array(5).fill(expect.closeTo(2, 14)));
    expect(ofCell(soc, 2, 1)).toEqual(new Float64Array(5).fill(0.5));
    expect(energy).toEqual({
      supplied: expect.closeTo(3 * 5 * 100, 9),
      dissipated: expect.closeTo((4 + 2) * 100, 9),
      stored: expect.closeTo(900, 9),
    });
  });

  it('follows steep and falling tables, where plain steps would not converge', () => {
    const model = modelOf([
      { resistance: table(2, 0.01, 0.01, 0.01), openCircuit: table(3, 3.6, 3.55, 4), capacity: 100, soc: 0.05 },
      { resistance: 0.02, openCircuit: table(3, 3.5, 3.7, 4), capacity: 120, soc: 0.4 },
    ]);
    const { soc } = packOverTime(model, constant(0.5, 100, 1), PLAIN);
    expect(100 * (soc[2] - 0.05) + 120 * (soc[3] - 0.4)).toBeCloseTo(50, 10);
  });
});

describe('a load', () => {
  it('of steps becomes moments: where it changes, and in between as wanted', () => {
    const { time, current } = loadOf([
      { current: 2, duration: 10, every: 4 },
      { current: 0, duration: 5 },
    ]);
    expect([...time]).toEqual([0, 10 / 3, 20 / 3, 10, 15]);
    expect([...current]).toEqual([2, 2, 2, 0, 0]);
    expect(inputErrorOf(() => loadOf([{ current: 1, duration: 1e9, every: 1e-3 }])).sentence()).toContain('every_s');
  });

  it('that empties or overfills a cell, or goes back in time, is refused', () => {
    const model = (): PackModel =>
      modelOf([{ name: 'A', resistance: 0.1, openCircuit: OCV, capacity: 3600, soc: 0.5 }]);
    const say = (current: number, time: number[]) =>
      inputErrorOf(() =>
        packOverTime(model(), { time: Float64Array.from(time), current: new Float64Array(time.length).fill(current) }),
      ).sentence();
    expect(say(1, [0, 1000, 2000])).toBe(
      "cell 'A' is full before 2000 s; shorten the load, or begin at another state of charge.",
    );
    expect(say(-1, [0, 2000])).toContain("cell 'A' is empty before 2000 s");
    expect(say(1, [0, 10, 10])).toContain('do not ascend after 10 s');
    expect(say(1, [])).toContain('needs one current for every time');
  });
});
