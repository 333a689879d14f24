import { describe, expect, it } from 'vitest';
import type { LinearModel } from '../../../inversion/bounded/linearModel.js';
import { fillRows } from '../../../inversion/bounded/modelRows.js';
import { singleSources } from '../../../inversion/bounded/pointSources.js';
import { areaUnderCurve, neededDetectability, normalLimit, thresholdFor } from '../../../inversion/planner/detector.js';
import { radiusFor, sizeFactor } from '../../../inversion/planner/holeLaw.js';
import { observe } from '../../../inversion/planner/observer.js';
import { rigReadings } from '../../../inversion/planner/rigReadings.js';
import { scanCourse } from '../../../inversion/planner/scanCourse.js';
import { denseWorkspace, plainAlgebra } from '../../../src/linearAlgebra/index.js';
import { random } from '../../../src/random.js';
import { cell, rig } from './support.js';

const { readings } = rigReadings(rig({ pitch: 12e-3 }), scanCourse(rig({ pitch: 12e-3 }), cell()));
const n = readings.count;
const rng = random(3);
const column = (size: number) => Float64Array.from({ length: n }, () => size * rng.normal());
const [first, second] = [column(1e-6), column(1e-6)];
const deviation = Float64Array.from({ length: n }, () => 1e-7 * (0.5 + rng.uniform()));
const precision = Float64Array.of(2, 0.5, 0.5, 1);

function nuisances(patterns: number, sheets: boolean): LinearModel {
  const sources = singleSources(0, Float64Array.of(0, 0.02), Float64Array.of(-0.01, 0.06), 1e-4);
  const all = [
    { name: 'a', field: column(1e-6), sd: 3 },
    { name: 'b', field: column(1e-6), sd: 0.2 },
  ].slice(0, patterns);
  const outside = sheets ? [{ name: 'o', sources, precision, logPrecision: 0 }] : [];
  return {
    departures: [],
    patterns: all,
    outside,
    base: new Float64Array(n),
    standoff: 5e-3,
    kept: patterns,
    unknowns: patterns + 2 * outside.length,
  };
}

/** a' C^-1 b with C = D + N P N' formed in full. */
function dense(model: LinearModel, a: Float64Array, b: Float64Array): number {
  const m = model.unknowns;
  const rows = new Float64Array(n * m);
  const which = Int32Array.from({ length: n }, (_, i) => i);
  fillRows(model, readings, new Float64Array(n).fill(1), which, rows);
  const prior = new Float64Array(m * m);
  model.patterns.forEach(({ sd }, i) => {
    prior[i * m + i] = sd * sd;
  });
  const p = model.patterns.length;
  if (model.outside.length > 0) {
    const det = precision[0] * precision[3] - precision[1] * precision[2];
    const inverse = [precision[3] / det, -precision[1] / det, -precision[2] / det, precision[0] / det];
    for (let k = 0; k < 4; k++) prior[(p + (k >> 1)) * m + p + (k & 1)] = inverse[k];
  }
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? deviation[i] ** 2 : 0;
      for (let u = 0; u < m; u++)
        for (let v = 0; v < m; v++) sum += rows[i * m + u] * prior[u * m + v] * rows[j * m + v];
      c[i * n + j] = sum;
    }
  }
  plainAlgebra.cholesky(c, n);
  const x = b.slice();
  plainAlgebra.solveCholesky(c, n, x, 1);
  return a.reduce((sum, v, i) => sum + v * x[i], 0);
}

describe('the observer', () => {
  it('is the prewhitening matched filter: a C^-1 b, as if C were formed', () => {
    const model = nuisances(2, true);
    const { products, detectability, filter } = observe(
      model,
      [first, second],
      readings,
      deviation,
      denseWorkspace(1e8),
    );
    expect(products[0] / dense(model, first, first)).toBeCloseTo(1, 8);
    expect(products[1] - dense(model, first, second)).toBeCloseTo(0, 6);
    expect(products[2]).toBe(products[1]);
    expect(detectability[1] ** 2 / dense(model, second, second)).toBeCloseTo(1, 8);
    const own = filter(0).reduce((sum, w, r) => sum + w * first[r], 0);
    expect(own / products[0]).toBeCloseTo(1, 8);
  });

  it('sees less the more is unknown, and nothing of what is a nuisance itself', () => {
    const of = (model: LinearModel) =>
      observe(model, [first], readings, deviation, denseWorkspace(1e8)).detectability[0];
    const none = Math.sqrt(first.reduce((sum, v, r) => sum + (v / deviation[r]) ** 2, 0));
    const some = nuisances(1, true);
    expect(of(some)).toBeLessThan(none);
    const same = { ...some, patterns: [{ name: 'same', field: first, sd: 1e6 }] };
    expect(of(same)).toBeLessThan(1e-4 * none);
  });

  it('is in proportion to the signal', () => {
    const model = nuisances(2, true);
    const [one, two] = observe(
      model,
      [first, first.map(v => 2 * v)],
      readings,
      deviation,
      denseWorkspace(1e8),
    ).detectability;
    expect(two / one).toBeCloseTo(2, 9);
  });
});

describe('the detector', () => {
  it('asks for more the more places it searches', () => {
    expect(normalLimit(0.025)).toBeCloseTo(1.959964, 5);
    expect(neededDetectability(1)).toBeCloseTo(2.326348 + 1.281552, 4);
    expect(thresholdFor(100)).toBeGreaterThan(thresholdFor(1));
    expect(1 - (1 - 0.01) ** 1).toBeCloseTo(0.01, 12);
    expect(areaUnderCurve(0)).toBeCloseTo(0.5, 9);
    expect(areaUnderCurve(1)).toBeCloseTo(0.7602, 4);
  });
});

describe('the law of the hole', () => {
  /** 2 J1(x) / x as a mean over a ring. */
  const ring = (x: number) => {
    let sum = 0;
    for (let i = 0; i < 200; i++)
      sum += Math.cos(x * Math.cos(((i + 0.5) * Math.PI) / 200)) * Math.sin(((i + 0.5) * Math.PI) / 200) ** 2;
    return (2 * sum) / 200;
  };

  it.each([0.3, 1, 2.5])('is the integral over the wavenumbers, at r/h = %d', ratio => {
    let [above, below] = [0, 0];
    for (let k = 0.005; k < 25; k += 0.01) {
      above += k * Math.exp(-2 * k) * ring(k * ratio) ** 2;
      below += k * Math.exp(-2 * k);
    }
    expect(sizeFactor(ratio)).toBeCloseTo(Math.sqrt(above / below), 3);
  });

  it('starts at 1, falls, and is turned round by the radius', () => {
    expect(sizeFactor(1e-6)).toBe(1);
    expect(sizeFactor(0.01)).toBeCloseTo(1, 4);
    expect(sizeFactor(2)).toBeLessThan(sizeFactor(1));
    const r = radiusFor(5, 1e6, 5e-3, 20e-3);
    expect(1e6 * r * r * sizeFactor(r / 5e-3)).toBeCloseTo(5, 6);
    expect(radiusFor(5, 1, 5e-3, 20e-3)).toBe(Number.POSITIVE_INFINITY);
  });
});
