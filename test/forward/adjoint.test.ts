import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxFootprint,
  convolutionOperator,
  convolutionPlan,
  denseMatrix,
  discFootprint,
  type Readings,
} from '../../src/forward/index.js';
import { random } from '../../src/random.js';
import { centred, difference, dotTest, largest, normals, SEEDED, scattered, vectorReadings } from './support.js';

const problem = fc.record({
  nx: fc.integer({ min: 1, max: 24 }),
  ny: fc.integer({ min: 1, max: 24 }),
  seed: fc.nat(1e6),
  standoff: fc.double({ min: 0.5, max: 10, noNaN: true }),
  range: fc.constantFrom(0, 0.01, 2),
  reach: fc.double({ min: 0.05, max: 3, noNaN: true }),
  footprint: fc.constantFrom('point', 'box', 'disc'),
  kernel: fc.constantFrom('dipole', 'tile'),
} as const);

function readingsOf(p: {
  seed: number;
  nx: number;
  ny: number;
  standoff: number;
  range: number;
  reach: number;
}): Readings {
  const rng = random(p.seed);
  const pitch = 1e-3;
  const lowest = p.standoff * pitch;
  const points = scattered(20, p.reach * p.nx * pitch, p.reach * p.ny * pitch, lowest, lowest * (1 + p.range), rng);
  const vectors = vectorReadings(points.map(([x, y, z], i) => [x, y, i % 3 === 0 ? -z : z]));
  const general = normals(vectors.x.length, rng);
  return { ...vectors, nx: vectors.nx.map((v, i) => (i % 4 === 0 ? general[i] : v)) };
}

const footprints = {
  point: {},
  box: { footprint: boxFootprint(2e-4, 3e-4, 1e-4) },
  disc: { footprint: discFootprint(2e-4) },
};

describe('operator and transpose', () => {
  it('are adjoint, by convolution, for any geometry, on both sides of the sheet', () => {
    fc.assert(
      fc.property(problem, p => {
        const sheet = { lattice: centred(p.nx, p.ny, 1e-3), z0: 0 };
        const operator = convolutionOperator(sheet, readingsOf(p), { kernel: p.kernel, ...footprints[p.footprint] });
        expect(dotTest(operator, p.seed)).toBeLessThan(1e-12);
      }),
      SEEDED,
    );
  });

  it('are adjoint where the lattice is so large that components take their turns', () => {
    const sheet = { lattice: centred(700, 520, 1e-3), z0: 0 };
    const readings = vectorReadings(scattered(20, 0.34, 0.25, 5e-3, 5e-3, random(3)));
    const { windows } = convolutionPlan(sheet, readings);
    expect(windows.x.length * windows.y.length).toBeGreaterThan(1 << 20);
    const operator = convolutionOperator(sheet, readings);
    expect(dotTest(operator, 4)).toBeLessThan(1e-12);
    const psi = normals(operator.columns, random(5));
    const [found, expected] = [new Float64Array(operator.rows), new Float64Array(operator.rows)];
    operator.apply(psi, found);
    denseMatrix(sheet, readings).apply(psi, expected);
    expect(largest(difference(found, expected))).toBeLessThan(1e-4 * largest(expected));
  });

  it('are adjoint as a matrix', () => {
    fc.assert(
      fc.property(problem, p => {
        const sheet = { lattice: centred(p.nx, p.ny, 1e-3), z0: 0 };
        expect(dotTest(denseMatrix(sheet, readingsOf(p), footprints[p.footprint]), p.seed)).toBeLessThan(1e-12);
      }),
      { ...SEEDED, numRuns: 10 },
    );
  });

  it('can be used again and in any order: nothing is left over from the last time', () => {
    const sheet = { lattice: centred(12, 9, 1e-3), z0: 0 };
    const rng = random(5);
    const readings = vectorReadings(scattered(15, 8e-3, 6e-3, 4e-3, 5e-3, rng));
    const operator = convolutionOperator(sheet, readings);
    const psi = normals(operator.columns, rng);
    const first = new Float64Array(operator.rows);
    const again = new Float64Array(operator.rows);
    operator.apply(psi, first);
    operator.applyTranspose(normals(operator.rows, rng), new Float64Array(operator.columns));
    operator.apply(normals(operator.columns, rng), again);
    operator.apply(psi, again);
    expect(again).toEqual(first);
  });
});
