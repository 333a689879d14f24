import { describe, expect, it } from 'vitest';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import type { CellModel } from '../../../src/simulation/cell/cellModel.js';
import { type ChargeStep, constantCurrent } from '../../../src/simulation/cell/constantCurrent.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { altered, OHM_CM2, referenceCell, wideTabs } from './support.js';

/** 1 mAh/cm^2. */
const CAPACITY = 36000;

const LINE = { soc: [0, 1], values: [3, 4] };

/** A voltage with a knee at either end, drawn with fine points so that it is smooth for the steps of the tests. */
const KNEES = {
  soc: Float64Array.from({ length: 401 }, (_, i) => i / 400),
  values: Float64Array.from({ length: 401 }, (_, i) => 3.7 + 0.4 * (i / 400) - 0.5 * Math.exp((-12 * i) / 400)),
};

const FALLING = {
  soc: Float64Array.from({ length: 401 }, (_, i) => i / 400),
  values: Float64Array.from({ length: 401 }, (_, i) => 1e-3 * (1 + 2 * Math.exp((-6 * i) / 400))),
};

const reference = () => cellModel(referenceCell('same', 5 * OHM_CM2), { pitch: 7e-3 });

function last(model: CellModel, current: number, options: Parameters<typeof constantCurrent>[2]): ChargeStep {
  let step: ChargeStep | undefined;
  for (step of constantCurrent(model, current, options));
  return step!;
}

describe('a cell at constant current', () => {
  it('gains the charge that flows in, to rounding', () => {
    const model = reference();
    const area = 0.14 * 0.2;
    for (const current of [0.5, -0.5]) {
      for (const step of constantCurrent(model, current, {
        capacity: CAPACITY,
        openCircuit: KNEES,
        areaResistance: FALLING,
        soc: 0.5,
        step: 50,
        time: 600,
      })) {
        expect(step.socMean).toBeCloseTo(0.5 + (current * step.time) / (CAPACITY * area), 11);
        expect(step.socLeast).toBeLessThan(step.socMean);
        expect(step.socMost).toBeGreaterThan(step.socMean);
      }
    }
  });

  it('keeps the open-circuit voltage and the resistance of the model where nothing depends on the charge', () => {
    const model = altered(reference(), { openCircuit: () => 3.6 });
    const steady = steadyState(model, 1);
    const { voltage } = last(model, 1, {
      capacity: CAPACITY,
      openCircuit: { soc: [0, 1], values: [3.6, 3.6] },
      soc: 0.1,
      step: 20,
      time: 100,
    });
    expect(voltage).toBeCloseTo(steady.voltage, 10);
  });

  // On one column of pixels a very fine step is cheap and stands for the exact solution. The middle of the steps is
  // the same time again where the step is divided by three.
  it.each([
    ['a straight voltage', { capacity: 2000, openCircuit: LINE, soc: 0.2 }, 2],
    [
      'knees in voltage and resistance',
      { capacity: CAPACITY, openCircuit: KNEES, areaResistance: FALLING, soc: 0.05 },
      24,
    ],
  ])('has an error of second order in the step: %s', (_, options, longest) => {
    const model = cellModel(wideTabs(0.02, 0.2, 5 * OHM_CM2), { pitch: 0.02 });
    const at = (parts: number) => {
      const step = last(model, 0.5, { ...options, step: longest / parts, time: longest * (1.5 + 0.5 / parts) });
      expect(step.time).toBeCloseTo(1.5 * longest, 9);
      return step;
    };
    const exact = at(243);
    expect(exact.socMost - exact.socLeast).toBeGreaterThan(1e-4);
    const error = (parts: number) => {
      const { soc } = at(parts);
      return Math.hypot(...soc.map((s, i) => s - exact.soc[i]));
    };
    expect(Math.log(error(3) / error(9)) / Math.log(3)).toBeGreaterThan(1.8);
    expect(Math.log(error(9) / error(27)) / Math.log(3)).toBeGreaterThan(1.8);
  });

  it('relaxes without current to one state of charge', () => {
    const model = reference();
    const soc = Float64Array.from(model.inside, (_, i) => 0.4 + 0.2 * (Math.floor(i / model.grid.nx) / model.grid.ny));
    const mean = soc.reduce((sum, s) => sum + s, 0) / soc.length;
    const step = last(model, 0, { capacity: 500, openCircuit: LINE, soc, step: 5, time: 400 });
    expect(step.socMean).toBeCloseTo(mean, 12);
    expect(step.socMost - step.socLeast).toBeLessThan(1e-3);
    expect(step.voltage).toBeCloseTo(3 + mean, 4);
  });

  it('ends before a limit of the voltage or of the charge', () => {
    const model = reference();
    const options = { capacity: CAPACITY, openCircuit: KNEES, soc: 0.3, step: 30 };
    const limited = [...constantCurrent(model, -1, { ...options, voltage: [3.6, 4.2] })];
    const whole = [...constantCurrent(model, -1, options)];
    expect(limited.length).toBeGreaterThan(2);
    expect(limited.length).toBeLessThan(whole.length);
    expect(Math.min(...limited.map(step => step.voltage))).toBeGreaterThanOrEqual(3.6);
    const end = whole[whole.length - 1];
    expect(end.socLeast).toBeGreaterThan(0);
    expect(end.socLeast).toBeLessThan((30 * 1.2) / (CAPACITY * 0.028));
  });

  it('says what is wrong with its input', () => {
    const model = reference();
    const good = { capacity: CAPACITY, openCircuit: LINE, soc: 0.3, step: 30 };
    const call = (change: object) => () => constantCurrent(model, 1, { ...good, ...change }).next();
    expect(call({ step: 0 })).toThrow(/time step of 0 s/);
    expect(call({ capacity: -1 })).toThrow(/capacity is -1/);
    expect(call({ soc: 1.5 })).toThrow(/state of charge is 1.5/);
    expect(call({ soc: new Float64Array(3) })).toThrow(/for 3 pixels/);
    expect(call({ openCircuit: { soc: [0, 0], values: [1, 2] } })).toThrow(/does not ascend/);
    expect(call({ openCircuit: { soc: [0], values: [1] } })).toThrow(/open-circuit voltage has 1/);
    expect(call({ areaResistance: { soc: [0, 1], values: [1, -9] } })).toThrow(/resistance is -2/);
  });
});
