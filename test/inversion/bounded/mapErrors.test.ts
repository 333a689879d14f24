import { describe, expect, it } from 'vitest';
import { interpolationAt, pixelLattice } from '../../../inversion/bounded/cubicConvolution.js';
import { interiorLattice } from '../../../inversion/bounded/interiorLattice.js';
import { pixelErrors, sheetErrors } from '../../../inversion/bounded/mapErrors.js';
import { type HarmonicMaps, sheetMaps } from '../../../inversion/bounded/maps.js';
import type { BoundedModel } from '../../../inversion/bounded/model.js';
import type { Grid } from '../../../src/grid.js';
import { contains, polygonOutline } from '../../../src/model/outline.js';
import { random } from '../../../src/random.js';
import { positive, relativeError, symmetric } from '../../linearAlgebra/support.js';

/** A notched cell with two sheets, two tab patterns on the second one, and pixels that are not in step with the nodes. */
const MM = 1e-3;
const outline = polygonOutline(
  [
    [0, 0],
    [30, 0],
    [30, 24],
    [12, 24],
    [12, 18],
    [0, 18],
  ].map(([x, y]) => [x * MM, y * MM]),
);
const interior = interiorLattice(outline, 3 * MM);
const grid: Grid = { nx: 29, ny: 26, x0: 0.4 * MM, y0: 0.3 * MM, dx: 1.03 * MM, dy: 0.93 * MM };
const size = grid.nx * grid.ny;
const rng = random(3);
const numbers = (n: number) => Float64Array.from({ length: n }, () => rng.normal());
const place = (i: number) => [grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy] as const;
const masked = (values: Float64Array) => values.map((v, i) => (contains(outline, ...place(i)) ? v : Number.NaN));
const harmonicMap = () => ({ kx: masked(numbers(size)), ky: masked(numbers(size)), psi: numbers(size) });
const base = harmonicMap();
const columns = [harmonicMap(), harmonicMap()];
const harmonic = { grid, base, columns, sheet: () => ({ ...base }) } as unknown as HarmonicMaps;
const count = interior.count;
const kept = 2 * count + 3;
const model = {
  interior,
  departures: [{ z: 0 }, { z: 1 }],
  patterns: [{}, { tab: { sheet: 1, column: 0 } }, { tab: { sheet: 1, column: 1 } }],
  kept,
} as unknown as BoundedModel;
const lattice = pixelLattice(interior, grid);

/** The weights of psi and its slopes at a pixel, one for every node. */
function weightsAt(i: number) {
  const index = new Int32Array(16);
  const weights = [0, 1, 2].map(() => new Float64Array(16));
  const n = interpolationAt(interior, ...place(i), index, weights[0], weights[1], weights[2]);
  return weights.map(from => {
    const all = new Float64Array(count);
    for (let k = 0; k < n; k++) all[index[k]] += from[k];
    return all;
  });
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

describe('the departure on the pixels of a map', () => {
  it('is its interpolation at every pixel, with K = curl psi', () => {
    const x = numbers(kept);
    const maps = sheetMaps({ ...model, patterns: [] }, x, harmonic, lattice);
    maps.forEach(({ map }, sheet) => {
      const departure = x.subarray(sheet * count, (sheet + 1) * count);
      for (let i = 0; i < size; i++) {
        if (Number.isNaN(base.kx[i])) {
          expect([map.psi[i], map.kx[i], map.ky[i]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
          continue;
        }
        const [psi, alongX, alongY] = weightsAt(i).map(weights => dot(weights, departure));
        expect(map.psi[i]).toBeCloseTo(base.psi[i] + psi, 9);
        expect(Math.abs(map.kx[i] - base.kx[i] - alongY)).toBeLessThan(1e-9 * (1 + Math.abs(alongY)));
        expect(Math.abs(map.ky[i] - base.ky[i] + alongX)).toBeLessThan(1e-9 * (1 + Math.abs(alongX)));
      }
    });
  });

  it.each([0, 1])('the variance of K in sheet %i is w C w for the weights w of nodes and patterns', sheet => {
    const covariance = symmetric(positive(kept, 5), kept);
    const influence = numbers(count).map(Math.abs);
    const { kx, ky, shown } = pixelErrors(model, covariance, influence, harmonic, sheet, lattice);
    const expected = [kx, ky, shown].map(values => values.slice().fill(Number.NaN));
    const deviation = (departure: Float64Array, patterns: readonly number[]) => {
      const w = new Float64Array(kept);
      w.set(departure, sheet * count);
      if (sheet === 1) w.set(patterns, 2 * count + 1);
      let variance = 0;
      for (let a = 0; a < kept; a++) variance += w[a] * dot(w, covariance.subarray(a * kept, (a + 1) * kept));
      return Math.sqrt(variance);
    };
    for (let i = 0; i < size; i++) {
      if (Number.isNaN(base.kx[i])) continue;
      const [, alongX, alongY] = weightsAt(i);
      expected[0][i] = deviation(
        alongY,
        columns.map(map => map.kx[i]),
      );
      expected[1][i] = deviation(
        alongX.map(v => -v),
        columns.map(map => map.ky[i]),
      );
    }
    const known = (values: Float64Array) => values.filter(v => !Number.isNaN(v));
    expect(known(kx).length).toBe(known(base.kx).length);
    expect(relativeError(known(kx), known(expected[0]))).toBeLessThan(1e-12);
    expect(relativeError(known(ky), known(expected[1]))).toBeLessThan(1e-12);
    // A mean of what the nodes have.
    const most = Math.max(...influence);
    expect(known(shown).every(v => v >= 0 && v <= most)).toBe(true);
    const same = pixelErrors(
      model,
      covariance,
      influence.map(() => 0.7),
      harmonic,
      sheet,
      lattice,
    ).shown;
    expect(known(same).every(v => v === 0 || Math.abs(v - 0.7) < 1e-12)).toBe(true);
  });

  it('the errors are means over a cell of the lattice, pixels outside left out', () => {
    const covariance = symmetric(positive(kept, 5), kept);
    const influence = numbers(count).map(Math.abs);
    const own = pixelErrors(model, covariance, influence, harmonic, 0, lattice).kx;
    const { kxErrors } = sheetErrors(model, covariance, influence, harmonic, 0, lattice);
    /** Means over so many pixels along a line, which counts the parts of those at its ends. */
    const mean = (values: Float64Array, stride: number, n: number, width: number) =>
      values.map((value, i) => {
        const at = Math.floor(i / stride) % n;
        let [sum, weight] = [0, 0];
        for (let k = -at; k < n - at; k++) {
          const part = Math.min(1, Math.max(0, width / 2 + 0.5 - Math.abs(k)));
          const v = values[i + k * stride];
          if (Number.isNaN(v)) continue;
          sum += part * v;
          weight += part;
        }
        return Number.isNaN(value) ? value : sum / weight;
      });
    const expected = mean(mean(own, 1, grid.nx, interior.dx / grid.dx), grid.nx, grid.ny, interior.dy / grid.dy);
    const known = (values: Float64Array) => values.filter(v => !Number.isNaN(v));
    expect(Array.from(kxErrors, Number.isNaN)).toEqual(Array.from(expected, Number.isNaN));
    expect(relativeError(known(kxErrors), known(expected))).toBeLessThan(1e-12);
  });
});
