import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import {
  boxFootprint,
  convolutionOperator,
  convolutionPlan,
  type DenseOperator,
  discFootprint,
  forwardOperator,
  type Readings,
} from '../../src/forward/index.js';
import { planeCount, planeGroups, planeWeights } from '../../src/forward/planes.js';
import {
  FILTER_MARGIN,
  filterQuarter,
  firstSplineNode,
  SPLINE_SUPPORT,
  splineWeights,
} from '../../src/forward/splineInterpolation.js';
import { random } from '../../src/random.js';
import { centred, SEEDED, scattered, vectorReadings } from './support.js';

describe('spline interpolation', () => {
  it('weights add up to 1 and reproduce position, anywhere', () => {
    const w = new Float64Array(SPLINE_SUPPORT);
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), u => {
        splineWeights(u, w, 0);
        const first = firstSplineNode(u);
        expect(w.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 13);
        expect(w.reduce((s, v, i) => s + v * (first + i - u), 0)).toBeCloseTo(0, 12);
        expect(w.every(v => v >= 0)).toBe(true);
      }),
      SEEDED,
    );
  });

  it.each([
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ])('of the filtered values gives the values on the nodes, parity %s along x and %s along y', (parityX, parityY) => {
    const [ny, nx] = [23, 17];
    const [rows, columns] = [ny + FILTER_MARGIN, nx + FILTER_MARGIN];
    const rng = random(7);
    const table = Float64Array.from({ length: rows * columns }, (_, i) => {
      const onAxis = (parityX < 0 && i % columns === 0) || (parityY < 0 && i < columns);
      return onAxis ? 0 : rng.normal();
    });
    const filtered = filterQuarter(table.slice(), rows, columns, parityX, parityY);
    const w = new Float64Array(SPLINE_SUPPORT);
    splineWeights(0, w, 0);
    const at = (iy: number, ix: number) =>
      (iy < 0 ? parityY : 1) * (ix < 0 ? parityX : 1) * filtered[Math.abs(iy) * nx + Math.abs(ix)];
    for (let iy = 0; iy < ny - 3; iy++) {
      for (let ix = 0; ix < nx - 3; ix++) {
        let sum = 0;
        for (let j = -3; j <= 3; j++) for (let i = -3; i <= 3; i++) sum += w[3 + j] * w[3 + i] * at(iy + j, ix + i);
        expect(Math.abs(sum - table[iy * columns + ix])).toBeLessThan(1e-10);
      }
    }
  });
});

describe('planes', () => {
  it('one height needs one plane, two heights far apart two, a range several', () => {
    expect(planeCount(planeGroups(Float64Array.of(5e-3, 5e-3, 5e-3)))).toBe(1);
    expect(planeGroups(Float64Array.of(5e-3, 0.05, 5e-3)).map(g => g.planes.length)).toEqual([1, 1]);
    expect(planeGroups(Float64Array.from({ length: 100 }, (_, i) => 5e-3 + i * 2e-6)).length).toBe(1);
    const wide = planeGroups(Float64Array.from({ length: 100 }, (_, i) => 5e-3 + i * 5e-5));
    expect(planeCount(wide)).toBeLessThanOrEqual(10);
    expect(planeCount(planeGroups(Float64Array.from({ length: 20_000 }, (_, i) => 1e-3 + i * 1e-6)))).toBeLessThan(40);
  });

  it('cover all heights and interpolate between 1/h^3 and smoother to 4e-6', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 }), list => {
        const heights = Float64Array.from(list);
        const groups = planeGroups(heights);
        for (const h of heights) {
          const group = groups.find(g => h >= g.lowest && h <= g.highest)!;
          const w = new Float64Array(group.planes.length);
          planeWeights(group.planes, h, w, 0);
          for (const power of [0, 1, 3]) {
            const value = w.reduce((s, v, i) => s + v * group.planes[i] ** -power, 0);
            expect(Math.abs(value - h ** -power)).toBeLessThan(5e-6 * group.lowest ** -power);
          }
        }
      }),
      SEEDED,
    );
  });
});

describe('footprints', () => {
  it('average polynomials as the box and the disc do', () => {
    const box = boxFootprint(2, 4, 6);
    const disc = discFootprint(3);
    const mean = (f: typeof box, g: (x: number, y: number, z: number) => number) =>
      f.weight.reduce((s, w, i) => s + w * g(f.dx[i], f.dy[i], f.dz[i]), 0);
    expect(mean(box, () => 1)).toBeCloseTo(1, 14);
    expect(mean(box, x => x * x)).toBeCloseTo(1 / 3, 14);
    expect(mean(box, (_, y, z) => y * y * z * z)).toBeCloseTo((4 / 3) * 3, 13);
    expect(mean(boxFootprint(2, 0, 0, 3), x => x ** 4)).toBeCloseTo(1 / 5, 14);
    expect(mean(disc, x => x * x)).toBeCloseTo(9 / 4, 13);
    expect(mean(disc, (x, y) => x * x * y * y)).toBeCloseTo(81 / 24, 12);
    expect(mean(disc, x => x ** 4)).toBeCloseTo(81 / 8, 12);
  });
});

describe('choice by cost', () => {
  const isDense = (op: unknown): op is DenseOperator => (op as DenseOperator).matrix !== undefined;
  it('few readings get a matrix, many get transforms', () => {
    const rng = random(30);
    const lattice = centred(60, 50, 1e-3);
    const few = vectorReadings(scattered(3, 0.03, 0.03, 5e-3, 5e-3, rng));
    const many = vectorReadings(scattered(3000, 0.03, 0.03, 5e-3, 5e-3, rng));
    expect(isDense(forwardOperator({ lattice, z0: 0 }, few))).toBe(true);
    expect(isDense(forwardOperator({ lattice, z0: 0 }, many))).toBe(false);
  });
});

describe('the transform is no longer than needed', () => {
  it('psi and readings over one area: the sum of their extents', () => {
    const lattice = centred(100, 100, 1e-3);
    const readings = vectorReadings([
      [-0.02, -0.02, 5e-3],
      [0.02, 0.02, 5e-3],
    ]);
    const { x } = convolutionPlan({ lattice, z0: 0 }, readings).windows;
    expect(2 * x.reach + 1).toBe(100 + 48 - 1);
  });
});

describe('input that cannot be used', () => {
  const lattice = centred(5, 5, 1e-3);
  const good = vectorReadings([[0, 0, 5e-3]]);
  const cases: [string, () => unknown][] = [
    ['a reading in the sheet', () => convolutionOperator({ lattice, z0: 5e-3 }, good)],
    ['a reading too close', () => convolutionOperator({ lattice, z0: 4.9e-3 }, good)],
    ['no readings', () => forwardOperator({ lattice, z0: 0 }, vectorReadings([]))],
    ['not a number', () => forwardOperator({ lattice, z0: 0 }, { ...good, x: good.x.map(() => Number.NaN) })],
    [
      'arrays of different lengths',
      () => forwardOperator({ lattice, z0: 0 }, { ...good, y: new Float64Array(2) } as Readings),
    ],
    ['no pitch', () => forwardOperator({ lattice: { ...lattice, pitch: 0 }, z0: 0 }, good)],
    [
      'psi of the wrong length',
      () => convolutionOperator({ lattice, z0: 0 }, good).apply(new Float64Array(24), new Float64Array(3)),
    ],
  ];
  it.each(cases)('%s', (_, run) => expect(run).toThrow(InputError));
});
