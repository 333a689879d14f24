import { beforeAll, describe, expect, it } from 'vitest';
import { fillColumns, fillRows } from '../../../inversion/bounded/modelRows.js';
import {
  addReadings,
  crossProducts,
  type NormalEquations,
  normalEquations,
  renewEquations,
} from '../../../inversion/bounded/normalEquations.js';
import type { TiledRows } from '../../../inversion/bounded/tiledRows.js';
import { readingTiles } from '../../../inversion/bounded/tiles.js';
import { random } from '../../../src/random.js';
import { lower } from '../../linearAlgebra/support.js';
import { dot, relativeError } from '../../numbers.js';
import { emptyScan, type SmallProblem, smallCell, smallProblem } from './smallProblem.js';

/** What a column of the rows that are kept may differ from the model's, in parts of the largest column; see tiledRows.ts. */
const TOLERANCE = 2e-5;

describe.each([
  ['all components', { pitch: 3.6, margin: 20 }],
  ['Bz, two planes', { pitch: 4, margin: 20, axes: ['bz'] as const, z: [5, 9] }],
])('rows in tiles, %s', (_, layout) => {
  let problem: SmallProblem;
  let equations: NormalEquations;
  let tiled: TiledRows;
  let n: number;
  /** The model's rows and those that are kept, weighted. */
  let exact: Float64Array;
  let kept: Float64Array;
  const rng = random(3);

  beforeAll(() => {
    problem = smallProblem(smallCell(110, 90), emptyScan(110, 90, layout), 1e6);
    const { model, readings, weights, dense } = problem;
    n = model.unknowns;
    for (let r = 0; r < readings.count; r++) readings.value[r] = 1e-6 * rng.normal();
    equations = normalEquations(model, readings, weights, dense, undefined, 'tiles');
    tiled = equations.rows as TiledRows;
    exact = new Float64Array(readings.count * n);
    fillRows(model, readings, weights, Int32Array.from(weights.keys()), exact);
    kept = new Float64Array(exact.length);
    for (let r = 0; r < readings.count; r++) tiled.row(r, weights[r], kept.subarray(r * n, (r + 1) * n));
  }, 60_000);

  it('tiles hold every reading once, samples whole, in about equal numbers', () => {
    const tiles = readingTiles(problem.readings);
    expect(tiles.length).toBeGreaterThan(1);
    expect(tiles.flatMap(tile => [...tile]).sort((a, b) => a - b)).toEqual([...problem.weights.keys()]);
    for (const tile of tiles) {
      const samples = new Set(Array.from(tile, r => problem.readings.sample[r]));
      const all = Array.from(problem.readings.sample).filter(s => samples.has(s));
      expect(all.length).toBe(tile.length);
      expect(tile.length / (problem.readings.count / tiles.length)).toBeCloseTo(1, 1);
    }
  });

  it('are those of the model but for what the tolerance allows, and there is something to be gained', () => {
    const tiles = readingTiles(problem.readings);
    let numbers = 0;
    for (const tile of tiles) {
      let [most, worst] = [0, 0];
      for (let j = 0; j < n; j++) {
        let [size, miss] = [0, 0];
        for (const r of tile) {
          size += exact[r * n + j] ** 2;
          miss += (exact[r * n + j] - kept[r * n + j]) ** 2;
        }
        const isPattern = j >= problem.model.departures.length * problem.model.interior.count && j < problem.model.kept;
        if (!isPattern) most = Math.max(most, size);
        worst = Math.max(worst, miss);
      }
      expect(Math.sqrt(worst / most)).toBeLessThan(TOLERANCE);
      numbers += tile.length * n;
    }
    expect(tiled.size / numbers).toBeLessThan(0.95);
    expect(relativeError(kept, exact)).toBeGreaterThan(0);
  });

  it('their sums are the normal equations, to rounding', () => {
    const { model, readings, weights } = problem;
    const right = readings.value.map((v, r) => (v - model.base[r]) * weights[r]);
    const gradient = new Float64Array(n);
    const matrix = new Float64Array(n * n);
    problem.dense.temporarily(() => {
      const sums = problem.dense.allocate(n * n);
      problem.dense.addGram(kept, readings.count, n, sums);
      problem.dense.addCross(kept, readings.count, n, right, 1, gradient);
      matrix.set(sums);
    });
    expect(relativeError(lower(equations.matrix, n), lower(matrix, n))).toBeLessThan(1e-12);
    expect(relativeError(equations.gradient, gradient)).toBeLessThan(1e-10);
    expect(equations.energy / dot(right, right)).toBeCloseTo(1, 12);
  });

  it('product and transposed product are those of the rows, and adjoint', () => {
    const { readings, weights } = problem;
    const x = Float64Array.from({ length: n }, () => rng.normal());
    const v = Float64Array.from({ length: readings.count }, () => rng.normal());
    const product = tiled.times(x);
    const byRows = weights.map((w, r) => dot(kept.subarray(r * n, (r + 1) * n), x) / w);
    expect(relativeError(product, byRows)).toBeLessThan(1e-12);
    const transposed = tiled.transposed([v, product]);
    const first = Float64Array.from({ length: n }, (_, j) => transposed[2 * j]);
    expect(dot(first, x) / dot(v, product)).toBeCloseTo(1, 10);
    const second = Float64Array.from({ length: n }, (_, j) => transposed[2 * j + 1]);
    expect(dot(second, x) / dot(product, product)).toBeCloseTo(1, 12);
    const columns = crossProducts(problem.model, readings, weights, [v], tiled);
    const weighted = tiled.transposed([v.map((value, r) => value * weights[r] ** 2)]);
    expect(relativeError(columns, weighted)).toBe(0);
  });

  it('readings that are taken away might never have been there', () => {
    const { model, readings, weights, dense } = problem;
    const gone = Int32Array.from(weights.keys()).filter(r => r % 7 === 3);
    dense.temporarily(() => {
      const some = normalEquations(model, readings, weights, dense, undefined, 'tiles');
      addReadings(some, model, readings, weights, gone, new Float64Array(gone.length).fill(-1), dense);
      const left = dense.allocate(n * n);
      const without = kept.slice();
      for (const r of gone) without.fill(0, r * n, (r + 1) * n);
      dense.addGram(without, readings.count, n, left);
      expect(relativeError(lower(some.matrix, n), lower(left, n))).toBeLessThan(1e-12);
    });
  });

  it('single precision rounds, and weights may be given anew', () => {
    const { model, readings, weights, dense } = problem;
    dense.temporarily(() => {
      const single = normalEquations(model, readings, weights, dense, undefined, 'tiles, single precision');
      const miss = relativeError(lower(single.matrix, n), lower(equations.matrix, n));
      expect(miss).toBeGreaterThan(1e-9);
      expect(miss).toBeLessThan(1e-6);
      const halved = weights.map(w => w / 2);
      renewEquations(single, model, readings, halved, dense, () => {});
      expect(single.rows!.single).toBe(true);
      const quarter = lower(equations.matrix, n).map(v => v / 4);
      expect(relativeError(lower(single.matrix, n), quarter)).toBeLessThan(1e-6);
    });
  });
});

describe('rows in tiles of a scan without order: heights from 4 to 8 mm, a third of the cell missing, unequal noise', () => {
  const rng = random(8);
  let problem: SmallProblem;
  let equations: NormalEquations;
  let n: number;
  let exact: Float64Array;

  beforeAll(() => {
    const regular = emptyScan(100, 56, { pitch: 3, margin: 15, z: [4] });
    const keep = Array.from(regular.x.keys()).filter(s => !(regular.x[s] > 20e-3 && regular.x[s] < 53e-3));
    const of = (values: Float64Array, spread: number) =>
      Float64Array.from(keep, s => values[s] + spread * rng.uniform());
    const noise = Float64Array.from(keep, () => 1e-7 * (1 + 9 * rng.uniform()));
    const components = Object.fromEntries(
      ['bx', 'by', 'bz'].map(axis => [axis, { values: new Float64Array(keep.length), sigma: noise }]),
    );
    const { sigma: _, ...unlike } = { ...regular, count: keep.length, components };
    const scan = { ...unlike, x: of(regular.x, 3e-3), y: of(regular.y, 3e-3), z: of(regular.z, 4e-3) };
    problem = smallProblem(smallCell(100, 56), scan, 1e6);
    const { model, readings, weights, dense } = problem;
    n = model.unknowns;
    equations = normalEquations(model, readings, weights, dense, undefined, 'tiles');
    exact = new Float64Array(readings.count * n);
    fillRows(model, readings, weights, Int32Array.from(weights.keys()), exact);
  }, 60_000);

  it('something is left out, but no column of a tile misses more than the tolerance', () => {
    const { readings, weights, model } = problem;
    const tiled = equations.rows as TiledRows;
    expect(tiled.size / (readings.count * n)).toBeLessThan(0.9);
    const row = new Float64Array(n);
    for (const tile of readingTiles(readings)) {
      const [size, miss] = [new Float64Array(n), new Float64Array(n)];
      for (const r of tile) {
        tiled.row(r, weights[r], row);
        for (let j = 0; j < n; j++) {
          size[j] += exact[r * n + j] ** 2;
          miss[j] += (exact[r * n + j] - row[j]) ** 2;
        }
      }
      const first = model.departures.length * model.interior.count;
      const most = size.reduce((a, v, j) => (j >= first && j < model.kept ? a : Math.max(a, v)), 0);
      expect(Math.sqrt(Math.max(...miss) / most)).toBeLessThan(TOLERANCE);
    }
  });

  it('their normal equations are those of all rows, each product within the tolerance of the largest', () => {
    const { readings, dense } = problem;
    dense.temporarily(() => {
      const full = dense.allocate(n * n);
      dense.addGram(exact, readings.count, n, full);
      let [largest, worst] = [0, 0];
      for (let i = 0; i < n; i++) {
        largest = Math.max(largest, full[i * n + i]);
        for (let j = 0; j <= i; j++) worst = Math.max(worst, Math.abs(full[i * n + j] - equations.matrix[i * n + j]));
      }
      expect(worst / largest).toBeLessThan(2 * TOLERANCE);
    });
  });

  it('single columns are those of the whole rows', () => {
    const { model, readings, weights } = problem;
    const columns = Int32Array.from({ length: n }, (_, j) => j).filter(() => rng.uniform() < 0.1);
    const which = Int32Array.from([0, 1, 2, 77, readings.count - 1]);
    const some = new Float64Array(which.length * columns.length);
    fillColumns(model, readings, weights, which, columns, some);
    expect(some).toEqual(
      Float64Array.from(some, (_, e) => exact[which[Math.floor(e / columns.length)] * n + columns[e % columns.length]]),
    );
  });
});
