import { PCA } from 'ml-pca';
import { describe, expect, it } from 'vitest';
import { mapLength, stackOf } from '../../src/diagnosis/mapStack.js';
import { largestOverRest } from '../../src/diagnosis/parallelAnalysis.js';
import { principalComponents } from '../../src/diagnosis/pca.js';
import { InputError, UsageError } from '../../src/errors.js';
import { random } from '../../src/random.js';
import { DATA_MISSING, factory, layoutOf, published, rowsAsStack, susceptibilityMaps } from './support.js';

const cohort = (count: number, seed = 1, nx = 16, ny = 12, strengths = [20, 9]) => {
  const next = factory({ nx, ny, strengths, seed });
  return stackOf(layoutOf(nx, ny), Array.from({ length: count }, next));
};

describe('laws of principal components', () => {
  it.each(['whole', 'incremental'] as const)(
    '%s: orthonormal loadings, uncorrelated scores, shares of the variance',
    method => {
      const pca = principalComponents(cohort(60), { components: 4, method });
      const k = 4;
      for (let a = 0; a < k; a++) {
        for (let b = 0; b <= a; b++) {
          const dot = pca.loadings[a].reduce((sum, v, i) => sum + v * pca.loadings[b][i], 0);
          expect(dot).toBeCloseTo(a === b ? 1 : 0, 9);
          let cross = 0;
          for (let i = 0; i < 60; i++) cross += (pca.scores[i * k + a] * pca.scores[i * k + b]) / 59;
          expect(Math.abs(cross - (a === b ? pca.variances[a] : 0))).toBeLessThan(1e-3 * pca.variances[0]);
        }
      }
      const left = pca.squaredErrors.reduce((sum, q) => sum + q, 0) / 59;
      const kept = pca.variances.reduce((sum, v) => sum + v, 0);
      expect((left + kept) / pca.totalVariance).toBeCloseTo(1, 9);
    },
  );

  it('does not depend on an offset, and turns neither with the order of the maps nor with the method', () => {
    const stack = cohort(300, 2);
    const pca = principalComponents(stack, { components: 2 });
    const moved = { ...stack, read: (i: number) => stack.read(299 - i).map(v => v + 1e6) };
    for (const other of [
      principalComponents(moved, { components: 2 }),
      principalComponents(stack, { components: 2, method: 'incremental' }),
    ]) {
      for (let j = 0; j < 2; j++) {
        expect(Math.abs(other.variances[j] / pca.variances[j] - 1)).toBeLessThan(1e-3);
        expect(other.loadings[j].reduce((sum, v, i) => sum + v * pca.loadings[j][i], 0)).toBeCloseTo(1, 3);
      }
    }
  });

  it('more maps than pixels and fewer give the same components', () => {
    const stack = cohort(40, 3, 6, 5);
    const few = principalComponents({ ...stack, count: 29 }, { components: 3 });
    const source = principalComponents({ ...stack, count: 29 }, { components: 3, method: 'incremental' });
    for (let j = 0; j < 3; j++) expect(source.variances[j] / few.variances[j]).toBeCloseTo(1, 9);
  });

  it('whitening is scaling: sigma = s of maps s * m gives what m gives', () => {
    const stack = cohort(30, 4);
    const sigma = Float64Array.from({ length: mapLength(stack.layout) }, (_, i) => 1 + (i % 7));
    const scaled = { ...stack, read: (i: number) => stack.read(i).map((v, q) => v * sigma[q]) };
    const [a, b] = [principalComponents(stack), principalComponents(scaled, { sigma })];
    expect(b.choice.components).toBe(a.choice.components);
    b.scores.forEach((t, i) => {
      expect(t).toBeCloseTo(a.scores[i], 8);
    });
  });

  it('fills missing pixels so that the components are found again', () => {
    const stack = cohort(40, 5);
    const source = random(9);
    const holes = Array.from({ length: 40 }, (_, i) =>
      stack.read(i).map(v => (source.uniform() < 0.1 ? Number.NaN : v)),
    );
    const whole = principalComponents(stack, { components: 2 });
    for (const method of ['whole', 'incremental'] as const) {
      const found = principalComponents(stackOf(stack.layout, holes), { components: 2, method });
      for (let j = 0; j < 2; j++) {
        const dot = found.loadings[j].reduce((sum, v, i) => sum + v * whole.loadings[j][i], 0);
        expect(Math.abs(dot)).toBeGreaterThan(method === 'whole' ? 0.985 : 0.98);
      }
    }
  });

  it('leaves out pixels that most maps lack', () => {
    const stack = cohort(12, 6);
    const holes = Array.from({ length: 12 }, (_, i) =>
      stack.read(i).map((v, q) => (q < 16 || (q === 40 && i < 8) ? Number.NaN : v)),
    );
    const { pixels } = principalComponents(stackOf(stack.layout, holes));
    expect(pixels).toHaveLength(16 * 12 - 17);
    expect(pixels).not.toContain(40);
  });

  it('says what is wrong', () => {
    expect(() => principalComponents(cohort(2))).toThrow(InputError);
    expect(() => principalComponents(cohort(6), { components: 6 })).toThrow(UsageError);
    expect(() => stackOf(layoutOf(3), [new Float64Array(4)])).toThrow(InputError);
  });
});

describe('number of components', () => {
  it.each([
    [[], 1],
    [[25], 1],
    [[25, 15, 10], 3],
  ] as const)('patterns of strength %j: %d', (strengths, wanted) => {
    let right = 0;
    for (let seed = 0; seed < 10; seed++) {
      if (principalComponents(cohort(60, 50 + seed, 16, 12, [...strengths])).choice.components === wanted) right++;
    }
    expect(right).toBeGreaterThanOrEqual(8);
  });

  it('two patterns of like strength do not hide each other', () => {
    for (const seed of [1, 2, 3]) {
      expect(principalComponents(cohort(12, seed, 16, 12, [40, 38])).choice.components).toBe(2);
    }
  });

  it('the tridiagonal law and that for large sizes meet', () => {
    expect(largestOverRest(101, 900) / largestOverRest(100, 900)).toBeCloseTo(1, 1.7);
    expect(largestOverRest(9, 500)).toBeGreaterThan(1);
  });
});

describe('against others', () => {
  it('scores are those of ml-pca up to sign', () => {
    const stack = cohort(25, 7);
    const rows = Array.from({ length: 25 }, (_, i) => [...stack.read(i)]);
    const theirs = new PCA(rows).predict(rows, { nComponents: 5 });
    const ours = principalComponents(stack, { components: 5 });
    for (let j = 0; j < 5; j++) {
      const sign = Math.sign(theirs.get(0, j) * ours.scores[j]);
      for (let i = 0; i < 25; i++) expect(sign * ours.scores[i * 5 + j]).toBeCloseTo(theirs.get(i, j), 8);
    }
  });

  it.skipIf(DATA_MISSING)('pca_small: singular values and ratios to 1e-7', () => {
    const { X, own } = published('pca_small').sklearn_docstring;
    const { explained, spectrum } = principalComponents(rowsAsStack(X), { components: 2 });
    const values = [...explained, ...spectrum.map(v => Math.sqrt(5 * v))];
    values.forEach((v, i) => {
      expect(Math.abs(v - own[i])).toBeLessThan(1e-7 * Math.max(1, own[i]));
    });
  });

  it.skipIf(DATA_MISSING)('statsmodels_princomp: eigenvalues and factors to 1e-7', () => {
    const data = published('statsmodels_princomp');
    const all = (data['data.xo'] as number[][]).map(row => row.map(v => v / 1000));
    for (const [name, rows] of [
      ['princomp1', all],
      ['princomp2', all.slice(0, 20)],
    ] as const) {
      const pca = principalComponents(rowsAsStack(rows), { components: 4 });
      (data[`${name}.values`].flat() as number[]).forEach((value, j) => {
        expect(Math.abs(pca.variances[j] - value)).toBeLessThan(1e-7);
      });
      const factors = data[`${name}.factors`] as number[][];
      for (let j = 0; j < 3; j++) {
        const sign = Math.sign(factors[0][j] * pca.scores[j]);
        factors.forEach((row, i) => {
          expect(Math.abs(sign * row[j] - pca.scores[i * 4 + j])).toBeLessThan(1e-7);
        });
      }
    }
  });

  it.skipIf(DATA_MISSING)(
    'susceptibility maps: the first component is monotone in temperature and holds 98.5 %',
    () => {
      const { layout, maps } = susceptibilityMaps();
      const pca = principalComponents(stackOf(layout, maps.slice(0, 13)));
      expect(pca.explained[0]).toBeCloseTo(0.985, 3);
      const first = Array.from({ length: 13 }, (_, i) => pca.scores[i * pca.choice.components]);
      const steps = first.slice(1).map((t, i) => t - first[i]);
      expect(new Set(steps.map(Math.sign)).size).toBe(1);
    },
  );
});
