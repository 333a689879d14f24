import { describe, expect, it } from 'vitest';
import { interiorLattice } from '../../../inversion/bounded/interiorLattice.js';
import { BandedCholesky } from '../../../inversion/conductance/bandedCholesky.js';
import { meanLogRange } from '../../../inversion/conductance/conductanceEnsemble.js';
import { conductanceLattice } from '../../../inversion/conductance/conductanceLattice.js';
import { contrastOf, defectRegions, logOfContrast } from '../../../inversion/conductance/defectRegions.js';
import { latticeTransfer } from '../../../inversion/conductance/latticeTransfer.js';
import { TotalVariation } from '../../../inversion/conductance/totalVariation.js';
import { NumericalError } from '../../../src/errors.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { random } from '../../../src/random.js';

const notched = parseCell(
  'name: notched\noutline_mm: [[0, 0], [40, 0], [40, 30], [12, 30], [12, 20], [0, 20]]\nthickness_mm: 1\n',
  'notched.yaml',
);
const lattice = conductanceLattice(notched, 1e-3);
const { grid, pixels } = lattice;
const mapOf = (value: (x: number, y: number) => number) =>
  Float64Array.from(pixels, p => value(grid.x0 + (p % grid.nx) * grid.dx, grid.y0 + Math.floor(p / grid.nx) * grid.dy));

describe('the banded Cholesky factor', () => {
  const n = 23;
  const band = 4;
  const rng = random(1);
  const dense = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? 10 : Math.abs(i - j) <= band ? Math.sin(i * j + i + j) : 0)),
  );

  it('solves its equations', () => {
    const factor = new BandedCholesky(n, band);
    for (let i = 0; i < n; i++) for (let j = Math.max(0, i - band); j <= i; j++) factor.add(i, j, dense[i][j]);
    factor.factorise();
    const x = Float64Array.from({ length: n }, () => rng.normal());
    const right = Float64Array.from(dense, row => row.reduce((sum, v, j) => sum + v * x[j], 0));
    factor.solve(right);
    for (let i = 0; i < n; i++) expect(right[i]).toBeCloseTo(x[i], 12);
  });

  it('says so where a matrix is not positive definite', () => {
    const factor = new BandedCholesky(2, 1);
    factor.add(0, 0, 1);
    factor.add(1, 0, 2);
    factor.add(1, 1, 1);
    expect(() => factor.factorise()).toThrow(NumericalError);
  });
});

describe('the total variation', () => {
  const variation = new TotalVariation(lattice);

  it('of a straight step is its height times its length, of a sharp round one at most 4 / pi of that', () => {
    const step = variation.weigh(
      mapOf(x => (x < 20e-3 ? 0 : 2)),
      1,
    );
    expect(step / (2 * 30e-3)).toBeCloseTo(1, 1);
    const disc = variation.weigh(
      mapOf((x, y) => (Math.hypot(x - 26e-3, y - 15e-3) < 9e-3 ? 1 : 0)),
      1,
    );
    expect(disc / (2 * Math.PI * 9e-3)).toBeGreaterThan(0.95);
    expect(disc / (2 * Math.PI * 9e-3)).toBeLessThan(1.01 * (4 / Math.PI));
  });

  it('has the gradient that differences have', () => {
    const rng = random(2);
    const map = mapOf(() => rng.normal());
    const direction = mapOf(() => rng.normal());
    const at = (step: number) =>
      variation.weigh(
        map.map((v, i) => v + step * direction[i]),
        20,
      );
    const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
    variation.weigh(map, 20);
    const gradient = new Float64Array(map.length);
    variation.addGradient(map, 1, gradient);
    expect(gradient.reduce((sum, v, i) => sum + v * direction[i], 0) / slope).toBeCloseTo(1, 6);
  });

  it('lowers its weight where there is a step', () => {
    const own = new TotalVariation(lattice);
    const step = mapOf(x => (x < 20e-3 ? 0 : 2));
    const before = own.weigh(step, 1);
    own.reweigh(100);
    expect(own.weigh(step, 1)).toBeLessThan(0.1 * before);
  });
});

describe('the transfer to the coarse lattice', () => {
  const coarse = interiorLattice(notched.outline, 2.4e-3);
  const { nodes } = lattice;
  const transfer = latticeTransfer(nodes.x, nodes.y, grid.dx * grid.dy, coarse);

  it('keeps the moments of any source, also at the outline', () => {
    const one = new Float64Array(nodes.count);
    const out = new Float64Array(coarse.count);
    for (const node of [0, Math.floor(nodes.count / 2), nodes.count - 1]) {
      one.fill(0);
      one[node] = 1;
      transfer.apply(one, out);
      for (const moment of [
        () => 1,
        (x: number) => x - nodes.x[node],
        (_: number, y: number) => (y - nodes.y[node]) ** 3,
      ]) {
        const value = out.reduce((sum, v, i) => sum + v * coarse.dx * coarse.dy * moment(coarse.x[i], coarse.y[i]), 0);
        const truth = moment(nodes.x[node], nodes.y[node]) * grid.dx * grid.dy;
        expect(Math.abs(value - truth)).toBeLessThan(1e-5 * grid.dx * grid.dy);
      }
    }
  });

  it('has the transpose that it says', () => {
    const rng = random(4);
    const fine = Float64Array.from({ length: nodes.count }, () => rng.normal());
    const other = Float64Array.from({ length: coarse.count }, () => rng.normal());
    const [forward, back] = [new Float64Array(coarse.count), new Float64Array(nodes.count)];
    transfer.apply(fine, forward);
    transfer.transpose(other, back);
    const a = forward.reduce((sum, v, i) => sum + v * other[i], 0);
    expect(back.reduce((sum, v, i) => sum + v * fine[i], 0)).toBeCloseTo(a, 10);
  });
});

describe('the regions of a map', () => {
  it('are those that differ, with their places, sizes and signs', () => {
    const map = mapOf((x, y) => {
      if (Math.hypot(x - 28e-3, y - 16e-3) < 6e-3) return Math.log(5);
      return x < 6e-3 && y > 8e-3 && y < 11e-3 ? -1 : 0;
    });
    const [disc, strip] = defectRegions(lattice, map);
    expect(disc.sign).toBe(1);
    expect(disc.centre[0]).toBeCloseTo(28e-3, 4);
    expect(disc.area / (Math.PI * 6e-3 ** 2)).toBeCloseTo(1, 1);
    expect(disc.logResistance).toBeCloseTo(Math.log(5), 10);
    expect(strip.sign).toBe(-1);
    expect(strip.length).toBeCloseTo(6e-3, 4);
    expect(strip.width).toBeCloseTo(3e-3, 4);
    expect(
      defectRegions(
        lattice,
        mapOf(() => 0.01),
      ),
    ).toEqual([]);
  });
});

describe('the range of an ensemble', () => {
  const squareOf = (contrast: number) =>
    mapOf((x, y) => (Math.abs(x - 25e-3) < 4e-3 && Math.abs(y - 15e-3) < 4e-3 ? logOfContrast(contrast) : 0));
  const [region] = defectRegions(lattice, squareOf(1));

  it('takes off the mean error of the members, and adds the quantile of Student for their spread', () => {
    const members = [1.05, 1.1, 1.15].map(t => squareOf(t));
    const [low, high] = meanLogRange({ members }, { lattice }, 0, region);
    // t(0.95, 2) = 2.92, sd 0.05, sqrt(1 + 1 / 3); members are too high by 0.1.
    const half = 2.91999 * 0.05 * Math.sqrt(4 / 3);
    expect(contrastOf(-low)).toBeCloseTo(0.9 + half, 4);
    expect(contrastOf(-high)).toBeCloseTo(0.9 - half, 4);
  });

  it('has no lower end where the contrast may be that of a hole', () => {
    const members = [0.2, 1, 1.8].map(t => squareOf(t));
    const [low, high] = meanLogRange({ members }, { lattice }, 0, region);
    expect(low).toBe(Number.NEGATIVE_INFINITY);
    expect(Number.isFinite(high) || high === Number.POSITIVE_INFINITY).toBe(true);
  });
});

describe('a region', () => {
  it('has the area that its contrast adds up to, its blurred rim with it', () => {
    const radius = 6.3e-3;
    // An edge of three pixels' width, linear in the contrast: the area under it is that of the sharp disc and an edge's term.
    const map = mapOf((x, y) => {
      const part = 0.5 + (radius - Math.hypot(x - 25.2e-3, y - 15.4e-3)) / 3e-3;
      return logOfContrast(1.2 * Math.min(1, Math.max(0, part)));
    });
    const regions = defectRegions(lattice, map);
    expect(regions).toHaveLength(1);
    const plateau = contrastOf(regions[0].logResistance);
    const whole = Math.PI * (radius ** 2 + 3e-3 ** 2 / 12);
    expect((regions[0].area * plateau) / (1.2 * whole)).toBeCloseTo(1, 1);
  });
});
