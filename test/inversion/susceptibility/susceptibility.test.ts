import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type SlabCase, simulateSlab, slabScore } from '../../../bench/slabCases.js';
import { measuredField } from '../../../inversion/susceptibility/appliedField.js';
import { separateRemanence } from '../../../inversion/susceptibility/remanence.js';
import { slabLattice } from '../../../inversion/susceptibility/slabLattice.js';
import { SlabRows, uniformField } from '../../../inversion/susceptibility/slabRows.js';
import { susceptibilityInversion } from '../../../inversion/susceptibility/susceptibilityInversion.js';
import { type Prism, positionsOf, prismField, type Vector3, zeroField } from '../../../src/biotSavart/index.js';
import { MU0 } from '../../../src/constants.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { loadScan } from '../../../src/formats/node.js';
import { readNpy } from '../../../src/formats/npy.js';
import { outlineArea, polygonOutline, rectangleOutline } from '../../../src/model/outline.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { random } from '../../../src/random.js';

const CASE = new URL('../../../../shared/cases/susceptibility/', import.meta.url);

/** A small slab of few pixels: fast, and every law shows in it. */
const small: SlabCase = {
  outline: rectangleOutline(30e-3, 40e-3),
  thickness: 4e-3,
  field: [0, 0, 200e-6],
  chi: (x, y) => 1e-4 * (1 + 0.3 * (x / 30e-3 - 0.5) + (Math.hypot(x - 20e-3, y - 15e-3) < 6e-3 ? 0.4 : 0)),
  planes: [8e-3, -8e-3],
  pitch: 4e-3,
  margin: 12e-3,
  noise: 1e-12,
  drift: 'linear',
  seed: 1,
  finePitch: 1.7e-3,
};
const pitch = 2.5e-3;

describe('the pixels of a slab', () => {
  it('have the area and the first moments of the outline, whatever its shape', () => {
    const outline = polygonOutline([
      [0, 0],
      [31e-3, 2e-3],
      [24e-3, 17e-3],
      [30e-3, 41e-3],
      [3e-3, 37e-3],
    ]);
    const coarse = slabLattice(outline, 4e-3);
    const fine = slabLattice(outline, 0.7e-3);
    const moment = (l: typeof coarse, of: Float64Array) => l.area.reduce((sum, a, u) => sum + a * of[u], 0);
    expect(coarse.area.reduce((a, b) => a + b, 0)).toBeCloseTo(outlineArea(outline), 12);
    expect(moment(coarse, coarse.x)).toBeCloseTo(moment(fine, fine.x), 12);
    expect(moment(coarse, coarse.y)).toBeCloseTo(moment(fine, fine.y), 12);
  });

  it('add up to the field of the whole block, for any direction of the applied field', () => {
    const lattice = slabLattice(rectangleOutline(30e-3, 40e-3), 5e-3);
    const field: Vector3 = [1e-4, -5e-5, 2e-4];
    const point: Vector3 = [7e-3, 33e-3, 9e-3];
    const whole = zeroField(1);
    const block: Prism = { centre: [15e-3, 20e-3, 0], sides: [30e-3, 40e-3, 4e-3] };
    const chi = 2e-4;
    prismField(positionsOf([point]), block, [0, 1, 2].map(k => (chi * field[k]) / MU0) as unknown as Vector3, whole);
    for (const [k, expected] of [whole.bx[0], whole.by[0], whole.bz[0]].entries()) {
      const one = (v: number) => Float64Array.of(v);
      const along = [0, 1, 2].map(axis => one(axis === k ? 1 : 0));
      const readings = {
        x: one(point[0]),
        y: one(point[1]),
        z: one(point[2]),
        nx: along[0],
        ny: along[1],
        nz: along[2],
      };
      const rows = new SlabRows({ lattice, bottom: -2e-3, top: 2e-3, ...uniformField(lattice, field) }, readings);
      const row = new Float64Array(lattice.count);
      rows.fill(0, 1, one(1), row);
      expect(row.reduce((sum, v) => sum + chi * v, 0)).toBeCloseTo(expected, 18);
    }
  });
});

describe('the susceptibility of a slab', () => {
  it('is found with its mean, offsets and drift, and the stated errors cover', () => {
    const simulated = simulateSlab(small);
    const solution = susceptibilityInversion(simulated.scan, small, { pitch });
    const score = slabScore(solution, simulated);
    expect(solution.drift).toBe('linear');
    expect(score.error).toBeLessThan(0.06);
    expect(Math.abs(score.mean)).toBeLessThan(0.5e-6);
    expect(Math.abs(score.meanSigmas)).toBeLessThan(4);
    expect(Math.max(...score.offsetSigmas.map(Math.abs))).toBeLessThan(3.5);
    expect(score.within1).toBeGreaterThan(0.6);
    expect(score.within2).toBeGreaterThan(0.88);
    expect(Math.abs(solution.chi2 - 1)).toBeLessThan(0.15);
    const resolution = 1e3 * solution.resolution;
    expect(resolution).toBeGreaterThan(2);
    expect(resolution).toBeLessThan(10);
  });

  it('does not depend on offsets and drifts of the sensors', () => {
    const { scan } = simulateSlab(small);
    const components = Object.fromEntries(
      Object.entries(scan.components).map(([name, { values }], k) => [
        name,
        { values: values.map((v, s) => v + (scan.sensor![s] + 1) * (3e-7 + 1e-11 * (k + 1) * scan.time![s])) },
      ]),
    );
    const options = { pitch, prior: 'smooth', lambda: 1e10, errors: false } as const;
    const plain = susceptibilityInversion(scan, small, options).map.chi;
    const shifted = susceptibilityInversion({ ...scan, components }, small, options).map.chi;
    plain.forEach((v, p) => {
      expect(shifted[p]).toBeCloseTo(v, 9);
    });
  });

  it('is linear in the readings and inverse to the applied field at a given lambda', () => {
    const { scan } = simulateSlab({ ...small, planes: [8e-3] });
    const options = { pitch: 4e-3, prior: 'smooth', lambda: 1e10, errors: false } as const;
    const twice = Object.fromEntries(
      Object.entries(scan.components).map(([name, { values }]) => [name, { values: values.map(v => 2 * v) }]),
    );
    const plain = susceptibilityInversion(scan, small, options).map.chi;
    const doubled = susceptibilityInversion({ ...scan, components: twice }, small, options).map.chi;
    // Twice the field: chi is half, and so is its roughness; four times the lambda keeps the balance.
    const field: Vector3 = [0, 0, 400e-6];
    const halved = susceptibilityInversion(scan, { ...small, field }, { ...options, lambda: 4e10 }).map.chi;
    plain.forEach((v, p) => {
      expect(doubled[p]).toBeCloseTo(2 * v, 10);
      expect(halved[p]).toBeCloseTo(v / 2, 10);
    });
  });

  it('finds offsets per line by itself where the lines have them', () => {
    const simulated = simulateSlab({ ...small, planes: [8e-3], drift: 'line', pitch: 3e-3 });
    const solution = susceptibilityInversion(simulated.scan, small, { pitch });
    expect(solution.drift).toBe('line');
    expect(Math.abs(solution.chi2 - 1)).toBeLessThan(0.2);
    expect(slabScore(solution, simulated).error).toBeLessThan(0.12);
  });

  it('works for an applied field in the plane, one plane of samples, and Bz only', () => {
    const slanted: SlabCase = {
      ...small,
      field: [150e-6, 60e-6, 0],
      planes: [7e-3],
      components: ['bz'],
      drift: 'constant',
    };
    const simulated = simulateSlab(slanted);
    const score = slabScore(susceptibilityInversion(simulated.scan, slanted, { pitch }), simulated);
    expect(score.error).toBeLessThan(0.1);
    expect(Math.abs(score.meanSigmas)).toBeLessThan(4);
  });

  it('leaves outliers out', () => {
    const simulated = simulateSlab(small);
    const { scan } = simulated;
    const rng = random(9);
    for (let k = 0; k < 12; k++) scan.components.bz!.values[Math.floor(rng.uniform() * scan.count)] += 5e-9;
    const solution = susceptibilityInversion(scan, small, { pitch });
    expect(solution.rejected).toBeGreaterThanOrEqual(30);
    expect(solution.rejected).toBeLessThanOrEqual(39);
    expect(slabScore(solution, simulated).error).toBeLessThan(0.07);
  });

  it('estimates the noise where none is stated', () => {
    const { scan } = simulateSlab(small);
    const { sigma, ...silent } = scan;
    const solution = susceptibilityInversion(silent, small, { pitch });
    expect(solution.sigmaStated).toBe(false);
    expect(solution.sigma / sigma!).toBeGreaterThan(0.9);
    expect(solution.sigma / sigma!).toBeLessThan(1.1);
  });

  it('refuses samples within the cell and scans of a few readings', () => {
    const { scan } = simulateSlab(small);
    expect(() => susceptibilityInversion(scan, { ...small, thickness: 20e-3 })).toThrow(/lies within the cell/);
    const few: FieldScan = {
      count: 1,
      x: Float64Array.of(0),
      y: Float64Array.of(0),
      z: Float64Array.of(1e-2),
      components: { bz: { values: Float64Array.of(1e-9) } },
    };
    expect(() => susceptibilityInversion(few, small)).toThrow(/too few/);
  });
});

describe('remanence', () => {
  it('is told from the induced part by a second applied field', () => {
    const induced = simulateSlab({ ...small, drift: 'constant' });
    const reversed = simulateSlab({ ...small, drift: 'constant', field: [0, 0, -200e-6], seed: 2 });
    // A magnetised spot of 8 mA/m along z: as a chi in a field of mu0.
    const remanent = (x: number, y: number) => (Math.hypot(x - 9e-3, y - 28e-3) < 5e-3 ? 8e-3 : 0);
    const spot = simulateSlab({ ...small, field: [0, 0, MU0], chi: remanent, noise: 0, drift: 'constant' });
    const still = simulateSlab({ ...small, field: [0, 0, MU0], chi: () => 0, noise: 0, drift: 'constant' });
    for (const { scan } of [induced, reversed]) {
      for (const name of ['bx', 'by', 'bz'] as const) {
        const [with_, without] = [spot, still].map(s => s.scan.components[name]!.values);
        scan.components[name]!.values.forEach((_, s, all) => {
          all[s] += with_[s] - without[s];
        });
      }
    }
    const found = separateRemanence(induced.scan, reversed.scan, small, [0, 0, -200e-6], { pitch });
    expect(slabScore(found.susceptibility, induced).error).toBeLessThan(0.07);
    const { grid } = found.susceptibility.map;
    const at = (x: number, y: number) =>
      found.remanence.magnetisation[Math.floor(y / grid.dy) * grid.nx + Math.floor(x / grid.dx)];
    expect(at(9e-3, 28e-3)).toBeGreaterThan(6e-3);
    expect(Math.abs(at(22e-3, 12e-3))).toBeLessThan(1.5e-3);
    expect(() => separateRemanence(induced.scan, reversed.scan, small, small.field)).toThrow(/are the same/);
  });
});

describe('a measured applied field', () => {
  const scan = (pick: (x: number, y: number) => Vector3, n: number): FieldScan => {
    const at = (f: (x: number, y: number) => number) =>
      Float64Array.from({ length: n * n }, (_, i) => f((i % n) * 1e-2, Math.floor(i / n) * 1e-2));
    const component = (k: number) => ({ values: at((x, y) => pick(x, y)[k]) });
    return {
      count: n * n,
      x: at(x => x),
      y: at((_, y) => y),
      z: at(() => 0),
      components: { bx: component(0), by: component(1), bz: component(2) },
    };
  };

  it('is a parabola where there are readings enough, and less where there are not', () => {
    const field = (x: number, y: number): Vector3 => [1e-6 * x, 2e-5 * y, 1e-4 * (1 - 3 * x * x + y)];
    const found = measuredField(scan(field, 5));
    expect(found.degree).toBe(2);
    expect(found.at(0.013, 0.027)[2]).toBeCloseTo(field(0.013, 0.027)[2], 14);
    expect(measuredField(scan(field, 1)).degree).toBe(0);
    const { by, ...rest } = scan(field, 3).components;
    expect(() => measuredField({ ...scan(field, 3), components: rest })).toThrow(/lacks by/);
  });
});

describe.skipIf(!existsSync(CASE))('the susceptibility case', () => {
  it('has an error of at most 0.050, of the variation 0.23, and the mean within 1 ppm', async () => {
    const cell = parseCell(readFileSync(new URL('cell.yaml', CASE), 'utf8'), 'cell.yaml');
    const scan = await loadScan(fileURLToPath(new URL('scan.csv', CASE)));
    const slab = { outline: cell.outline, thickness: cell.thickness, field: cell.appliedField! };
    const solution = susceptibilityInversion(scan, slab, { errors: false });
    const truth = readNpy(readFileSync(new URL('truth/chi.npy', CASE)));
    if (truth.kind !== 'array' || !(truth.data instanceof Float64Array)) throw new Error('no truth');
    const { grid, chi } = solution.map;
    const value = (x: number, y: number) => {
      const u = Math.min(grid.nx - 1.000001, Math.max(0, (x - grid.x0) / grid.dx));
      const v = Math.min(grid.ny - 1.000001, Math.max(0, (y - grid.y0) / grid.dy));
      const [a, b] = [Math.floor(u), Math.floor(v)];
      const at = (i: number, j: number) => chi[(b + j) * grid.nx + a + i];
      return (
        (1 - v + b) * ((1 - u + a) * at(0, 0) + (u - a) * at(1, 0)) +
        (v - b) * ((1 - u + a) * at(0, 1) + (u - a) * at(1, 1))
      );
    };
    const found = truth.data.map((_, i) => value(((i % 60) + 0.5) * 1e-3, (Math.floor(i / 60) + 0.5) * 1e-3));
    const mean = (v: Float64Array) => v.reduce((sum, x) => sum + x, 0) / v.length;
    const norm = (v: Float64Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    const [mf, mt] = [mean(found), mean(truth.data)];
    const true_ = truth.data;
    expect(norm(found.map((v, i) => v - true_[i])) / norm(true_)).toBeLessThan(0.044);
    expect(norm(found.map((v, i) => v - mf - true_[i] + mt)) / norm(true_.map(v => v - mt))).toBeLessThan(0.2);
    expect(Math.abs(mf - mt)).toBeLessThan(0.2e-6);
  });
});
