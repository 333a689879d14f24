import { describe, expect, it } from 'vitest';
import { holm } from '../../src/diagnosis/falseDiscovery.js';
import { judge, judgeEach, judgeOwn } from '../../src/diagnosis/judgement.js';
import { heldOutErrors } from '../../src/diagnosis/leaveOneOut.js';
import { someOf, stackOf } from '../../src/diagnosis/mapStack.js';
import { monitoringModel, newMapLimits, ownMapLimits } from '../../src/diagnosis/monitoring.js';
import { principalComponents } from '../../src/diagnosis/pca.js';
import { whereDifferent } from '../../src/diagnosis/where.js';
import { InputError } from '../../src/errors.js';
import { DATA_MISSING, factory, layoutOf, susceptibilityMaps } from './support.js';

const NX = 20;
const NY = 16;
const layout = layoutOf(NX, NY);
const make = (count: number, seed: number, strengths: readonly number[] = [30, 15], smooth = 1) => {
  const next = factory({ nx: NX, ny: NY, strengths, seed, smooth });
  return { stack: stackOf(layout, Array.from({ length: count }, next)), next };
};

/**
 * Share of false alarms of the 95 and 99 % limits among new maps, over many references: [T2 95, T2 99, Q 95, Q 99, both at 1 %],
 * and its binomial standard deviation with as many independent trials as there are references times maps, or references times
 * four, whichever is less: maps that are judged by one reference share its errors.
 */
function rates(count: number, strengths: readonly number[], smooth: number, references: number, maps: number) {
  const found = new Float64Array(5);
  for (let r = 0; r < references; r++) {
    const { stack, next } = make(count, 100 + r, strengths, smooth);
    const model = monitoringModel(principalComponents(stack, { components: Math.max(1, strengths.length) }));
    const [low, high] = [newMapLimits(model, 0.95), newMapLimits(model, 0.99)];
    for (let i = 0; i < maps; i++) {
      const { t2, q, p } = judge(model, next());
      [t2 > low.t2, t2 > high.t2, q > low.q, q > high.q, p < 0.01].forEach((alarm, k) => {
        if (alarm) found[k] += 1 / (references * maps);
      });
    }
  }
  return { found, trials: references * Math.min(4, maps) };
}

describe('false alarms under the null are what the limits say', () => {
  it.each([
    [13, [30, 15], 1, 120],
    [40, [30, 15], 1, 40],
    [100, [30, 15], 1, 40],
    [100, [30], 4, 40],
  ] as const)('reference of %d maps, patterns %j, noise over %d pixels', (count, strengths, smooth, references) => {
    const { found, trials } = rates(count, strengths, smooth, references, 25);
    [0.05, 0.01, 0.05, 0.01, 0.01].forEach((level, k) => {
      const three = 3 * Math.sqrt((level * (1 - level)) / trials);
      expect(Math.abs(found[k] - level), `statistic ${k}: ${found[k]}`).toBeLessThan(three);
    });
  });

  it('a reference of pure noise raises no more alarms than it says', () => {
    const { found, trials } = rates(30, [], 1, 60, 25);
    [0.05, 0.01, 0.05, 0.01, 0.01].forEach((level, k) => {
      expect(found[k]).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / trials));
    });
  });

  it('maps of the reference itself follow the beta law: as many above its limits as it says', () => {
    let [above, total] = [0, 0];
    for (let r = 0; r < 60; r++) {
      const { stack } = make(20, 900 + r);
      const model = monitoringModel(principalComponents(stack, { components: 2 }));
      const { t2 } = ownMapLimits(model, 0.95);
      for (let i = 0; i < 20; i++, total++) if (judgeOwn(model, stack.read(i)).t2 > t2) above++;
    }
    expect(Math.abs(above / total - 0.05)).toBeLessThan(3 * Math.sqrt(0.0475 / total));
  });

  it('any false flag in a cohort judged map by map: no more often than asked for', () => {
    let cohorts = 0;
    for (let r = 0; r < 40; r++) {
      const { stack } = make(12, 2000 + r, [30]);
      const model = monitoringModel(principalComponents(stack, { components: 1 }));
      const p = holm(Float64Array.from(judgeEach(stack, model, { components: 1 }), j => j.p));
      if (p.some(v => v <= 0.05)) cohorts++;
    }
    // 0.05 of 40 cohorts, three standard deviations of the binomial law above.
    expect(cohorts).toBeLessThanOrEqual(2 + 3 * Math.sqrt(40 * 0.05 * 0.95));
  });
});

describe('held-out maps', () => {
  it('from the Gram matrix as from components made without the map', () => {
    const { stack } = make(14, 4);
    const { gram } = principalComponents(stack, { components: 2 });
    const fast = heldOutErrors(gram!, 14, 2);
    for (const i of [0, 5, 13]) {
      const others = Array.from({ length: 14 }, (_, j) => j).filter(j => j !== i);
      const model = monitoringModel(principalComponents(someOf(stack, others), { components: 2 }));
      expect(judge(model, stack.read(i)).q / fast[i]).toBeCloseTo(1, 8);
    }
  });
});

describe('a fault', () => {
  const withSpot = (map: Float64Array, x: number, y: number, height: number) =>
    map.map((v, i) => v + height * Math.exp(-(((i % NX) - x) ** 2 + (Math.floor(i / NX) - y) ** 2) / 4));

  it('is flagged by Q and found where it is', () => {
    const { stack, next } = make(40, 11);
    const model = monitoringModel(principalComponents(stack));
    for (const [x, y] of [
      [4, 5],
      [15, 11],
    ]) {
      const found = judge(model, withSpot(next(), x, y, 8));
      const place = whereDifferent(layout, found)!;
      expect(found.pQ).toBeLessThan(1e-4);
      expect(Math.hypot(place.x - x * 1e-3, place.y - y * 1e-3)).toBeLessThan(1e-3);
    }
  });

  it('in the amount of a known pattern is flagged by T2', () => {
    const { stack } = make(40, 12);
    const pca = principalComponents(stack, { components: 2 });
    const model = monitoringModel(pca);
    const map = model.mean.map((v, i) => v + 6 * Math.sqrt(model.variances[0]) * model.loadings[0][i]);
    const found = judge(model, map);
    expect(found.pT2).toBeLessThan(1e-4);
    expect(found.q).toBeLessThan(1e-9 * found.t2);
  });

  it('contributions add up to the statistics', () => {
    const { stack, next } = make(30, 13);
    const found = judge(monitoringModel(principalComponents(stack)), next());
    expect(found.t2Contributions.reduce((sum, v) => sum + v, 0) / found.t2).toBeCloseTo(1, 9);
    expect(found.qContributions.reduce((sum, v) => sum + Math.abs(v), 0) / found.q).toBeCloseTo(1, 9);
  });

  it('is judged alike where pixels are missing; a map of nothing is refused', () => {
    const { stack, next } = make(40, 14);
    const model = monitoringModel(principalComponents(stack, { components: 2 }));
    const map = next();
    const whole = judge(model, map);
    const holed = judge(
      model,
      map.map((v, i) => (i % 5 === 0 ? Number.NaN : v)),
    );
    expect(holed.covered).toBeCloseTo(0.8, 6);
    expect(holed.q / whole.q).toBeGreaterThan(0.8);
    expect(holed.q / whole.q).toBeLessThan(1.25);
    expect(Math.abs(holed.scores[0] - whole.scores[0])).toBeLessThan(3);
    expect(() => judge(model, map.fill(Number.NaN))).toThrow(InputError);
  });
});

describe.skipIf(DATA_MISSING)('14 susceptibility maps', () => {
  const odd = 13;

  it('of 14 judged by the others exactly the odd one is flagged', () => {
    const { layout: own, maps } = susceptibilityMaps();
    const stack = stackOf(own, maps);
    const p = holm(Float64Array.from(judgeEach(stack, monitoringModel(principalComponents(stack))), j => j.p));
    expect(Array.from(p.keys()).filter(i => p[i] <= 0.01)).toEqual([odd]);
  });

  it.each([undefined, 1, 2, 3])('against the 13 (components: %s) exactly the odd one is flagged', components => {
    const { layout: own, maps } = susceptibilityMaps();
    const options = components === undefined ? {} : { components };
    const stack = stackOf(own, maps.slice(0, odd));
    const model = monitoringModel(principalComponents(stack, options));
    const judged = [...judgeEach(stack, model, options), judge(model, maps[odd])];
    const p = holm(Float64Array.from(judged, j => j.p));
    expect(Array.from(p.keys()).filter(i => p[i] <= 0.01)).toEqual([odd]);
  });

  it('with two components its residual is 11.7 Phi0/A rms, that of the others at most 4.3', () => {
    const { layout: own, maps } = susceptibilityMaps();
    const pca = principalComponents(stackOf(own, maps.slice(0, odd)), { components: 2 });
    const rms = (q: number) => Math.sqrt(q / 10_000);
    expect(rms(judge(monitoringModel(pca), maps[odd]).q)).toBeCloseTo(11.7, 1);
    expect(rms(Math.max(...heldOutErrors(pca.gram!, odd, 2)))).toBeLessThan(4.3);
  });
});
