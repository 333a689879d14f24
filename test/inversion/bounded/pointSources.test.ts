import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSourceField,
  type PointSources,
  singleSources,
  sourceProducts,
  sourceRows,
} from '../../../inversion/bounded/pointSources.js';
import {
  boxFootprint,
  directReadings,
  discFootprint,
  type Lattice,
  type Readings,
} from '../../../src/forward/index.js';
import { random } from '../../../src/random.js';
import { normals, SEEDED, scattered } from '../../forward/support.js';
import { relativeError, vectorReadings } from './support.js';

const LATTICE: Lattice = { x0: -0.02, y0: 0.01, pitch: 2e-3, nx: 11, ny: 8 };
const SIZE = LATTICE.nx * LATTICE.ny;
const nodes = (pick: (ix: number, iy: number) => number) =>
  Float64Array.from({ length: SIZE }, (_, i) => pick(i % LATTICE.nx, Math.floor(i / LATTICE.nx)));
const latticeSources = (z: number): PointSources =>
  singleSources(
    z,
    nodes(ix => LATTICE.x0 + ix * LATTICE.pitch),
    nodes((_, iy) => LATTICE.y0 + iy * LATTICE.pitch),
    LATTICE.pitch ** 2,
  );

/** Hats of nine sources anywhere, some of them missing, with areas of their own. */
function bundles(kind: 'psi' | 'phi', z: number, seed: number): PointSources {
  const rng = random(seed);
  const single = latticeSources(z);
  const count = 20;
  return {
    ...single,
    kind,
    area: single.area.map(a => a * rng.uniform()),
    count,
    hats: Int32Array.from({ length: 9 * count }, () => Math.floor((SIZE + 1) * rng.uniform())),
  };
}

/** Places above and below the sources, three directions at each, none of them along an axis. */
function turnedReadings(seed: number): Readings {
  const rng = random(seed);
  const readings = vectorReadings([
    ...scattered(12, 0.04, 0.04, 4e-3, 12e-3, rng),
    ...scattered(5, 0.04, 0.04, -12e-3, -6e-3, rng),
  ]);
  const n = readings.x.length;
  return { ...readings, nx: normals(n, rng), ny: normals(n, rng), nz: normals(n, rng) };
}

const every = ({ x }: Readings) => Int32Array.from(x, (_, r) => r);
const ones = ({ x }: Readings) => new Float64Array(x.length).fill(1);

/** The matrix, readings x functions. */
function matrixOf(sources: PointSources, readings: Readings): Float64Array {
  const out = new Float64Array(readings.x.length * sources.count);
  sourceRows(sources, readings, ones(readings), every(readings), out, sources.count, 0);
  return out;
}

const times = (matrix: Float64Array, x: Float64Array) =>
  Float64Array.from({ length: matrix.length / x.length }, (_, r) =>
    x.reduce((sum, v, f) => sum + matrix[r * x.length + f] * v, 0),
  );

describe('point sources', () => {
  it('are the dipole kernel of the forward operator: rows times psi is its direct sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: -2e-3, max: 2e-3, noNaN: true }), (seed, z0) => {
        const readings = turnedReadings(seed);
        const psi = normals(SIZE, random(seed + 1));
        const direct = new Float64Array(readings.x.length);
        directReadings({ lattice: LATTICE, z0 }, readings, psi, direct, { kernel: 'dipole' });
        expect(relativeError(times(matrixOf(latticeSources(z0), readings), psi), direct)).toBeLessThan(1e-13);
      }),
      SEEDED,
    );
  });

  it.each(['psi', 'phi'] as const)('%s: the field of coefficients is what rows times coefficients give', kind => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
        const readings = turnedReadings(seed);
        const sources = bundles(kind, 1e-3, seed + 1);
        const coefficients = normals(sources.count, random(seed + 2));
        const before = normals(readings.x.length, random(seed + 3)).map(v => 1e-9 * v);
        const field = before.slice();
        addSourceField(sources, coefficients, readings, field);
        const added = field.map((v, r) => v - before[r]);
        expect(relativeError(added, times(matrixOf(sources, readings), coefficients))).toBeLessThan(1e-12);
      }),
      SEEDED,
    );
  });

  it.each(['psi', 'phi'] as const)('%s: the gradient of the field is its difference quotients', kind => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
        const readings = turnedReadings(seed);
        const sources = bundles(kind, 1e-3, seed + 1);
        const coefficients = normals(sources.count, random(seed + 2));
        const { length } = readings.x;
        const gradient = { x: new Float64Array(length), y: new Float64Array(length), z: new Float64Array(length) };
        addSourceField(sources, coefficients, readings, new Float64Array(length), gradient);
        for (const axis of ['x', 'y', 'z'] as const) {
          const fieldAt = (step: number) => {
            const out = new Float64Array(length);
            addSourceField(sources, coefficients, { ...readings, [axis]: readings[axis].map(v => v + step) }, out);
            return out;
          };
          const [plus, minus] = [fieldAt(1e-6), fieldAt(-1e-6)];
          const quotient = plus.map((v, r) => (v - minus[r]) / 2e-6);
          expect(relativeError(gradient[axis], quotient)).toBeLessThan(1e-5);
        }
      }),
      SEEDED,
    );
  });

  it.each(['psi', 'phi'] as const)('%s: products of values and fields are the adjoint of the field', kind => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
        const readings = turnedReadings(seed);
        const sources = bundles(kind, 1e-3, seed + 1);
        const coefficients = normals(sources.count, random(seed + 2));
        const values = normals(readings.x.length, random(seed + 3));
        const field = new Float64Array(values.length);
        const footprint = seed % 2 === 0 ? undefined : discFootprint(2e-3);
        addSourceField(sources, coefficients, readings, field, undefined, footprint);
        const others = normals(values.length, random(seed + 4));
        const products = sourceProducts(sources, [others, values], readings, footprint).filter((_, i) => i % 2 === 1);
        const there = field.reduce((sum, v, r) => sum + v * values[r], 0);
        const here = coefficients.reduce((sum, v, f) => sum + v * products[f], 0);
        const size = Math.sqrt(field.reduce((sum, v) => sum + v * v, 0) * values.length);
        expect(Math.abs(here - there)).toBeLessThan(1e-12 * size);
      }),
      SEEDED,
    );
  });

  it('phi sources make the field of psi turned by a right angle: (-By, Bx, 0)', () => {
    const readings = turnedReadings(5);
    const turned: Readings = {
      ...readings,
      nx: readings.ny,
      ny: readings.nx.map(n => -n),
      nz: new Float64Array(readings.x.length),
    };
    // n . (-By, Bx, 0) = (ny, -nx, 0) . B
    const phi = matrixOf(bundles('phi', 1e-3, 9), readings);
    const psi = matrixOf(bundles('psi', 1e-3, 9), turned);
    expect(relativeError(phi, psi)).toBeLessThan(1e-14);
  });

  it('rows stand where they are wanted, weighted, in any order, and leave the rest alone', () => {
    const readings = turnedReadings(6);
    const sources = bundles('psi', 0, 4);
    const weights = normals(readings.x.length, random(8));
    const which = Int32Array.of(50, 7, 8, 7, 0, 1);
    const [stride, column] = [sources.count + 5, 2];
    const out = new Float64Array(which.length * stride).fill(-7);
    sourceRows(sources, readings, weights, which, out, stride, column);
    const matrix = matrixOf(sources, readings);
    which.forEach((r, k) => {
      for (let c = 0; c < stride; c++) {
        const value = out[k * stride + c];
        const f = c - column;
        if (f < 0 || f >= sources.count) expect(value).toBe(-7);
        else {
          const expected = weights[r] * matrix[r * sources.count + f];
          expect(Math.abs(value - expected)).toBeLessThan(1e-12 * Math.abs(expected) + 1e-25);
        }
      }
    });
  });

  it.each(['psi', 'phi'] as const)('%s: a sensor with extent sees the mean over its points', kind => {
    const readings = turnedReadings(7);
    const { length } = readings.x;
    const sources = bundles(kind, 1e-3, 11);
    const coefficients = normals(sources.count, random(12));
    const footprint = boxFootprint(3e-3, 2e-3, 1e-3);
    const gradientOf = () => ({
      x: new Float64Array(length),
      y: new Float64Array(length),
      z: new Float64Array(length),
    });
    const [mean, meanGradient] = [new Float64Array(length), gradientOf()];
    footprint.weight.forEach((weight, q) => {
      const moved = {
        ...readings,
        x: readings.x.map(v => v + footprint.dx[q]),
        y: readings.y.map(v => v + footprint.dy[q]),
        z: readings.z.map(v => v + footprint.dz[q]),
      };
      const [field, gradient] = [new Float64Array(length), gradientOf()];
      addSourceField(sources, coefficients, moved, field, gradient);
      for (let r = 0; r < length; r++) {
        mean[r] += weight * field[r];
        meanGradient.z[r] += weight * gradient.z[r];
      }
    });
    const [whole, gradient] = [new Float64Array(length), gradientOf()];
    addSourceField(sources, coefficients, readings, whole, gradient, footprint);
    expect(relativeError(whole, mean)).toBeLessThan(1e-13);
    expect(relativeError(gradient.z, meanGradient.z)).toBeLessThan(1e-13);
    const rows = new Float64Array(length * sources.count);
    sourceRows(sources, readings, ones(readings), every(readings), rows, sources.count, 0, footprint);
    const byRows = whole.map((_, r) => coefficients.reduce((sum, c, f) => sum + c * rows[r * sources.count + f], 0));
    expect(relativeError(byRows, mean)).toBeLessThan(1e-12);
  });
});
