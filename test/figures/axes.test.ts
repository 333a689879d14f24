import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearTicks, logTicks, makeScale, roundStep, stepTicks, visibleTicks } from '../../src/figures/axes.js';

const interval = fc
  .tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.double({ min: 1e-6, max: 1e4, noNaN: true }))
  .map(([min, size]) => [min, min + size] as const)
  .filter(([min, max]) => max - min > 1e-5 * Math.abs(min));

/** 1, 2 or 5 times a power of ten. */
function isRound(step: number): boolean {
  const mantissa = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
  return [1, 2, 5, 10].some(m => Math.abs(mantissa - m) < 1e-5);
}

fc.configureGlobal({ seed: 20 });

describe('linear ticks', () => {
  it('are inside the range, ascending, a round step apart and multiples of it', () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 12 }), ([min, max], count) => {
        const ticks = linearTicks(min, max, count).map(t => t.value);
        for (const t of ticks) expect(t >= min && t <= max).toBe(true);
        for (let i = 2; i < ticks.length - 1; i++) {
          const step = ticks[i] - ticks[i - 1];
          if (step < 1e-7 * Math.max(Math.abs(min), Math.abs(max))) continue;
          expect(isRound(step)).toBe(true);
          expect(Math.abs(ticks[i] / step - Math.round(ticks[i] / step))).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('an end that rounding put a hair beyond still gets its tick', () => {
    expect(linearTicks(1e-13, 0.1 * 3, 3).map(t => t.label)).toEqual(['0.0', '0.1', '0.2', '0.3']);
  });
});

describe('ticks of a given step', () => {
  it('are all multiples inside the range', () => {
    expect(stepTicks(-12.5, 212.5, 50).map(t => t.value)).toEqual([0, 50, 100, 150, 200]);
    expect(stepTicks(0, 200 - 1e-12, 100).map(t => t.label)).toEqual(['0', '100', '200']);
  });

  it('a narrow range gets finer ones', () => {
    expect(stepTicks(3, 17, 50).length).toBeGreaterThanOrEqual(2);
  });

  it('the step is the next round number', () => {
    expect([1, 1.1, 3, 6, 0.04].map(roundStep)).toEqual([1, 2, 5, 10, 0.05]);
  });
});

describe('logarithmic ticks', () => {
  it('are inside the range; labelled ones lie on 1, 2, 5 times powers of ten when the range is wide', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -12, max: 8, noNaN: true }),
        fc.double({ min: 0.05, max: 16, noNaN: true }),
        (start, decades) => {
          const [min, max] = [10 ** start, 10 ** (start + decades)];
          const ticks = logTicks(min, max, 5);
          for (const { value, label } of ticks) {
            expect(value >= min * (1 - 1e-8) && value <= max * (1 + 1e-8)).toBe(true);
            if (label !== '' && decades > 0.7) expect(isRound(value)).toBe(true);
          }
          expect(ticks.filter(t => t.label !== '').length).toBeGreaterThanOrEqual(1);
          expect(ticks.filter(t => t.label !== '').length).toBeLessThanOrEqual(12);
        },
      ),
    );
  });

  it('are written one way on one axis', () => {
    expect(
      logTicks(1e-4, 1, 6)
        .map(t => t.label)
        .filter(l => l !== ''),
    ).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '10⁰']);
    expect(
      logTicks(0.1, 1000, 6)
        .map(t => t.label)
        .filter(l => l !== ''),
    ).toEqual(['0.1', '1', '10', '100', '1000']);
  });
});

it('labels that would touch are left out', () => {
  const ticks = linearTicks(0, 100, 50);
  const scale = makeScale('linear', 0, 100, 0, 200);
  const shown = visibleTicks(ticks, scale).map(t => scale(t.value));
  expect(shown.length).toBeGreaterThan(3);
  for (let i = 1; i < shown.length; i++) expect(shown[i] - shown[i - 1]).toBeGreaterThan(11);
});
