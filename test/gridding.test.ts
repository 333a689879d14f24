import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangleBetween, rectangleLoopField, zeroField } from '../src/biotSavart/index.js';
import { InputError } from '../src/errors.js';
import type { FieldComponent, FieldScan } from '../src/fieldScan.js';
import { type Grid, gridSize } from '../src/grid.js';
import { toFieldMap } from '../src/gridding.js';
import { movingLeastSquares } from '../src/movingLeastSquares.js';
import { type Random, random } from '../src/random.js';

/** Every run draws the same cases. */
const SEED = 20240611;
const check = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void, numRuns = 60) =>
  fc.assert(fc.property(arbitrary, law), { seed: SEED, numRuns });

type Points = readonly (readonly [x: number, y: number])[];
const height = 5e-3;

function scanAt(points: Points, value: (x: number, y: number, i: number) => number, more: Partial<FieldScan> = {}) {
  const scan: FieldScan = {
    count: points.length,
    x: Float64Array.from(points, p => p[0]),
    y: Float64Array.from(points, p => p[1]),
    z: new Float64Array(points.length).fill(height),
    components: { bz: { values: Float64Array.from(points, ([x, y], i) => value(x, y, i)) } },
    ...more,
  };
  return scan;
}

function nodes({ nx, ny, x0, y0, dx, dy }: Grid): [number, number][] {
  return Array.from({ length: nx * ny }, (_, p) => [x0 + (p % nx) * dx, y0 + Math.floor(p / nx) * dy]);
}

const square = (n: number, pitch = 2e-3): Grid => ({ nx: n, ny: n, x0: -0.01, y0: 0.003, dx: pitch, dy: pitch });

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const out = items.slice();
  const source = random(seed);
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(source.uniform() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

const jittered = (points: Points, size: number, source: Random): [number, number][] =>
  points.map(([x, y]) => [x + size * source.normal(), y + size * source.normal()]);

const scattered = (n: number, width: number, length: number, source: Random): [number, number][] =>
  Array.from({ length: n }, () => [width * source.uniform(), length * source.uniform()]);

const turned = (points: Points, angle: number): [number, number][] =>
  points.map(([x, y]) => [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y]);

const plane = (x: number, y: number) => 3e-6 + 2e-4 * x - 5e-4 * y;
/** A field without symmetry. */
const bumpy = (x: number, y: number) => Math.sin(300 * x) + Math.cos(200 * y + 100 * x);
const share = (values: Float64Array) => values.filter(v => !Number.isNaN(v)).length / values.length;

/** A raster with holes: the corners are there, so that the extent is known, and most of the rest. */
const raster = fc
  .record({
    nx: fc.integer({ min: 8, max: 30 }),
    ny: fc.integer({ min: 8, max: 30 }),
    x0: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    y0: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    dx: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
    dy: fc.double({ min: 1e-4, max: 1e-2, noNaN: true }),
    missing: fc.double({ min: 0, max: 0.3, noNaN: true }),
    seed: fc.nat(),
  })
  .map(({ missing, seed, ...grid }) => {
    const source = random(seed);
    const corners = [0, grid.nx - 1, grid.nx * (grid.ny - 1), grid.nx * grid.ny - 1];
    const kept = nodes(grid).map((_, p) => source.uniform() >= missing || corners.includes(p));
    return { grid, kept, seed };
  })
  .filter(({ kept }) => kept.filter(Boolean).length >= 64);

function expectGrid(got: Grid, want: Grid): void {
  expect([got.nx, got.ny]).toEqual([want.nx, want.ny]);
  expect(Math.abs(got.dx / want.dx - 1)).toBeLessThan(1e-9);
  expect(Math.abs(got.dy / want.dy - 1)).toBeLessThan(1e-9);
  expect(Math.abs(got.x0 - want.x0)).toBeLessThan(1e-9 * want.dx);
  expect(Math.abs(got.y0 - want.y0)).toBeLessThan(1e-9 * want.dy);
}

describe('a regular raster', () => {
  it('is recognised in any order, with nodes missing, and its readings are handed on untouched', () => {
    check(raster, ({ grid, kept, seed }) => {
      const all = nodes(grid);
      const order = shuffled(
        all.map((_, p) => p).filter(p => kept[p]),
        seed,
      );
      const scan = scanAt(
        order.map(p => all[p]),
        bumpy,
        { sigma: 5e-8 },
      );
      const { map, regridded, pixelOf, notes } = toFieldMap(scan);
      expect(regridded).toBe(false);
      expect(notes).toEqual([]);
      expectGrid(map.grid, grid);
      expect([...pixelOf]).toEqual(order);
      expect(map.sigma).toBe(5e-8);
      const expected = all.map(([x, y], p) => (kept[p] ? bumpy(x, y) : Number.NaN));
      expect([...map.components.bz!]).toEqual(expected);
    });
  });

  it('does not depend on the order: lines, serpentine and columns give the same map', () => {
    const grid = { ...square(12), dy: 3e-3, ny: 9 };
    const lines = nodes(grid);
    const serpentine = lines.map((_, p) => {
      const row = Math.floor(p / grid.nx);
      return lines[row % 2 === 0 ? p : row * grid.nx + grid.nx - 1 - (p % grid.nx)];
    });
    const columns = lines.map((_, p) => lines[(p % grid.ny) * grid.nx + Math.floor(p / grid.ny)]);
    const map = toFieldMap(scanAt(lines, bumpy)).map;
    for (const order of [serpentine, columns]) expect(toFieldMap(scanAt(order, bumpy)).map).toEqual(map);
  });

  it('keeps whole rows and columns that are missing as gaps', () => {
    const grid = square(20);
    const here = nodes(grid).filter((_, p) => p % 20 !== 7 && ![3, 4, 5, 6, 12].includes(Math.floor(p / 20)));
    const { map, regridded } = toFieldMap(scanAt(here, bumpy));
    expect(regridded).toBe(false);
    expectGrid(map.grid, grid);
    const missing = [...map.components.bz!.keys()].filter(p => Number.isNaN(map.components.bz![p]));
    expect(missing.every(p => p % 20 === 7 || [3, 4, 5, 6, 12].includes(Math.floor(p / 20)))).toBe(true);
    expect(missing.length).toBe(400 - here.length);
  });

  it('averages repeated readings, and the noise of the mean is the sigma of the map', () => {
    const grid = square(30);
    const source = random(7);
    const repeats = 9;
    const points = Array.from({ length: repeats }, () => nodes(grid)).flat();
    const scan = scanAt(shuffled(points, 1), () => 1e-7 * source.normal(), { sigma: 1e-7 });
    const { map, pixelOf } = toFieldMap(scan);
    expectGrid(map.grid, grid);
    expect(map.sigma).toBeCloseTo(1e-7 / 3, 15);
    const rms = Math.sqrt(map.components.bz!.reduce((sum, b) => sum + b * b, 0) / gridSize(grid));
    expect(Math.abs(rms / map.sigma! - 1)).toBeLessThan(0.05);
    const sums = new Float64Array(gridSize(grid));
    pixelOf.forEach((pixel, i) => {
      sums[pixel] += scan.components.bz!.values[i] / repeats;
    });
    for (let p = 0; p < sums.length; p++) expect(Math.abs(sums[p] - map.components.bz![p])).toBeLessThan(1e-20);
  });

  it('is recognised from coordinates with few digits, and says so', () => {
    const grid: Grid = { nx: 25, ny: 19, x0: 0, y0: 0, dx: 1e-3 / 3, dy: 5e-4 / 0.7 };
    const digits = (value: number) => Math.round(value * 1e5) / 1e5;
    const printed = nodes(grid).map(([x, y]): [number, number] => [digits(x), digits(y)]);
    const { map, regridded, pixelOf, notes } = toFieldMap(scanAt(printed, plane));
    expect(regridded).toBe(false);
    expect([...pixelOf]).toEqual([...Array(gridSize(grid)).keys()]);
    expect(Math.abs(map.grid.dx / grid.dx - 1)).toBeLessThan(1e-3);
    expect(notes.join()).toMatch(/up to 0.00[45]\d* mm beside/);
  });

  it('is not seen in samples that jitter by more than 2 % of the pitch, nor in rounded random positions', () => {
    const source = random(3);
    expect(toFieldMap(scanAt(jittered(nodes(square(20)), 6e-6, source), plane)).regridded).toBe(false);
    expect(toFieldMap(scanAt(jittered(nodes(square(20)), 6e-5, source), plane)).regridded).toBe(true);
    for (const decimals of [1e3, 1e4, 1e5]) {
      const rounded = scattered(900, 0.09, 0.06, source).map(([x, y]): [number, number] => [
        Math.round(x * decimals) / decimals,
        Math.round(y * decimals) / decimals,
      ]);
      expect(toFieldMap(scanAt(rounded, plane)).regridded).toBe(true);
    }
  });

  it('is found among a million samples in a second', () => {
    const grid = square(1000, 1e-4);
    const scan = scanAt(shuffled(nodes(grid), 5), plane);
    const start = performance.now();
    const { regridded, map } = toFieldMap(scan);
    // Some slack for machines that do other work at the same time.
    expect(performance.now() - start).toBeLessThan(4000);
    expect(regridded).toBe(false);
    expect(share(map.components.bz!)).toBe(1);
  });
});

describe('moving least squares', () => {
  const span = { width: 0.06, length: 0.05 };
  const cases = fc.record({ n: fc.integer({ min: 64, max: 600 }), seed: fc.nat() });

  it('reproduces a linear field exactly from random samples', () => {
    const coefficient = fc.double({ min: -1, max: 1, noNaN: true });
    check(fc.record({ a: coefficient, b: coefficient, c: coefficient, of: cases }), ({ a, b, c, of }) => {
      const linear = (x: number, y: number) => a + (b * x) / span.width + (c * y) / span.length;
      const points = scattered(of.n, span.width, span.length, random(of.seed));
      const { map, regridded } = toFieldMap(scanAt(points, linear));
      expect(regridded).toBe(true);
      expect(share(map.components.bz!)).toBeGreaterThan(0.5);
      const at = nodes(map.grid);
      map.components.bz!.forEach((value, p) => {
        if (!Number.isNaN(value)) expect(Math.abs(value - linear(...at[p]))).toBeLessThan(1e-12);
      });
    });
  });

  it('does not extrapolate: every pixel with a value lies in the convex hull of the samples', () => {
    check(cases, ({ n, seed }) => {
      const source = random(seed);
      const points = turned(scattered(n, span.width, span.length, source), 6 * source.uniform());
      const { map } = toFieldMap(scanAt(points, plane));
      const hull = convexHull(points);
      const at = nodes(map.grid);
      // Samples that jitter about a line count as on it, so a pixel may lie outside by a tiny part of its pitch.
      const slack = 0.12 * map.grid.dx;
      map.components.bz!.forEach((value, p) => {
        if (!Number.isNaN(value)) expect(outside(hull, at[p])).toBeLessThan(slack);
      });
    });
  });

  it('is linear in the field and leaves the same pixels empty in all components', () => {
    check(cases, ({ n, seed }) => {
      const source = random(seed);
      const points = scattered(n, span.width, span.length, source);
      const f = Float64Array.from(points, () => source.normal());
      const g = Float64Array.from(points, () => source.normal());
      const both = f.map((value, i) => 2 * value - 3 * g[i]);
      const scan = scanAt(points, plane);
      const { map } = toFieldMap({
        ...scan,
        components: { bx: { values: f }, by: { values: g }, bz: { values: both } },
      });
      const { bx, by, bz } = map.components as Record<string, Float64Array>;
      for (let p = 0; p < bx.length; p++) {
        expect(Number.isNaN(bx[p])).toBe(Number.isNaN(bz[p]));
        if (!Number.isNaN(bx[p])) expect(Math.abs(2 * bx[p] - 3 * by[p] - bz[p])).toBeLessThan(1e-11);
      }
    });
  });

  it('does not depend on the unit of length, nor on a stretch along one axis that the grid shares', () => {
    const source = random(11);
    const points = scattered(400, 20, 20, source);
    const values = Float64Array.from(points, () => source.normal());
    const at = (sx: number, sy: number) =>
      movingLeastSquares(
        { nx: 20, ny: 20, x0: 0.5 * sx, y0: 0.5 * sy, dx: sx, dy: sy },
        Float64Array.from(points, p => p[0] * sx),
        Float64Array.from(points, p => p[1] * sy),
        [values],
      )[0];
    const reference = at(1, 1);
    for (const [sx, sy] of [
      [2 ** -9, 2 ** -9],
      [2 ** -9, 2 ** -7],
    ])
      expect(at(sx, sy)).toEqual(reference);
  });

  it('leaves gaps empty, and pixels with fewer than four neighbours or with all of them on one line', () => {
    const source = random(5);
    const around = jittered(nodes(square(40)), 3e-4, source).filter(([x, y]) => Math.hypot(x - 0.03, y - 0.04) > 0.012);
    const { map, pixelOf } = toFieldMap(scanAt(around, plane));
    const at = nodes(map.grid);
    map.components.bz!.forEach((value, p) => {
      const distance = Math.hypot(at[p][0] - 0.03, at[p][1] - 0.04);
      if (distance < 0.012 - 1.5 * 2e-3) expect(value).toBeNaN();
    });
    expect(share(map.components.bz!)).toBeGreaterThan(0.65);
    expect(pixelOf.filter(p => p < 0).length).toBeLessThan(0.05 * around.length);

    const pixel: Grid = { nx: 1, ny: 1, x0: 0, y0: 0, dx: 1, dy: 1 };
    const single = (points: Points) =>
      movingLeastSquares(
        pixel,
        Float64Array.from(points, p => p[0]),
        Float64Array.from(points, p => p[1]),
        [Float64Array.from(points, () => 1)],
      )[0][0];
    const corners: Points = [
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
    ];
    expect(single(corners)).toBeCloseTo(1, 14);
    expect(single(corners.slice(1))).toBeNaN();
    expect(single(corners.map(([x, y]) => [1.2 * x, 1.2 * y]))).toBeNaN();
    expect(single(corners.map(([x, y]) => [x + 1.2, y]))).toBeNaN();
    expect(
      single([
        [-1, 0],
        [-0.5, 0],
        [0.5, 0],
        [1, 0],
      ]),
    ).toBeNaN();
  });

  it('interpolates the field of a current sheet two pitches below within one part in fifty', () => {
    const points = jittered(nodes({ nx: 48, ny: 40, x0: 0, y0: 0, dx: 2.5e-3, dy: 2.5e-3 }), 6e-4, random(9));
    const field = (at: Points) => {
      const out = zeroField(at.length);
      const positions = {
        x: Float64Array.from(at, p => p[0]),
        y: Float64Array.from(at, p => p[1]),
        z: new Float64Array(at.length).fill(height),
      };
      for (let ring = 0; ring < 30; ring++) {
        const inset = 0.02 + 1e-3 * ring;
        rectangleLoopField(positions, rectangleBetween(inset, inset, 0.12 - inset, 0.1 - inset, 0), 1 / 30, out);
      }
      return out;
    };
    const { bx, by, bz } = field(points);
    const scan = {
      ...scanAt(points, plane),
      components: { bx: { values: bx }, by: { values: by }, bz: { values: bz } },
    };
    const { map } = toFieldMap(scan);
    const truth = field(nodes(map.grid));
    for (const name of ['bx', 'by', 'bz'] as const) {
      let error = 0;
      let size = 0;
      map.components[name]!.forEach((value, p) => {
        if (Number.isNaN(value)) return;
        error += (value - truth[name][p]) ** 2;
        size += truth[name][p] ** 2;
      });
      expect(Math.sqrt(error / size)).toBeLessThan(0.02);
    }
  });
});

describe('the grid of scattered samples', () => {
  it('has as many pixels as there are samples in the area that they cover', () => {
    const grid: Grid = { nx: 60, ny: 50, x0: 0, y0: 0, dx: 2e-3, dy: 2e-3 };
    const regions: ((x: number, y: number) => boolean)[] = [
      () => true,
      (x, y) => Math.hypot(x - 0.06, y - 0.05) < 0.05,
      (x, y) => x < 0.04 || y < 0.03,
    ];
    for (const region of regions) {
      const points = jittered(nodes(grid), 4e-4, random(2)).filter(([x, y]) => region(x, y));
      const { map, regridded, notes, pixelOf } = toFieldMap(scanAt(points, plane, { sigma: 1e-7 }));
      expect(regridded).toBe(true);
      for (const pitch of [map.grid.dx, map.grid.dy]) expect(Math.abs(pitch / 2e-3 - 1)).toBeLessThan(0.06);
      expect(notes.join()).toMatch(/interpolated to one of [\d.]+ x [\d.]+ mm pitch.*accuracy.*--cell/);
      expect(Math.abs(map.sigma! / 1e-7 - 1)).toBeLessThan(0.06);
      expect(pixelOf.filter(p => p < 0).length).toBeLessThan(0.05 * points.length);
    }
  });

  it('gives every sample the nearest pixel, or none where that is empty', () => {
    check(fc.record({ n: fc.integer({ min: 64, max: 500 }), seed: fc.nat() }), ({ n, seed }) => {
      const scan = scanAt(scattered(n, 0.08, 0.05, random(seed)), plane);
      const { map, pixelOf } = toFieldMap(scan);
      const at = nodes(map.grid);
      pixelOf.forEach((pixel, i) => {
        if (pixel === -1) return;
        expect(map.components.bz![pixel]).not.toBeNaN();
        expect(Math.abs(at[pixel][0] - scan.x[i])).toBeLessThan(0.5000001 * map.grid.dx);
        expect(Math.abs(at[pixel][1] - scan.y[i])).toBeLessThan(0.5000001 * map.grid.dy);
      });
    });
  });

  it('takes a rotated raster for scattered samples, at any angle, also where its nodes fall on a finer lattice', () => {
    for (const angle of [0.01, 0.1, 0.5, Math.atan2(3, 4), Math.PI / 4]) {
      const points = turned(nodes({ nx: 40, ny: 30, x0: 0, y0: 0, dx: 2e-3, dy: 2e-3 }), angle);
      const { map, regridded } = toFieldMap(scanAt(points, plane));
      expect(regridded).toBe(true);
      expect(Math.abs(map.grid.dx / 2e-3 - 1)).toBeLessThan(0.12);
      expect(share(map.components.bz!) * gridSize(map.grid)).toBeGreaterThan(0.9 * 40 * 30 * (2e-3 / map.grid.dx) ** 2);
    }
  });

  it('keeps scan lines as rows or columns, however densely and unevenly they were read', () => {
    const source = random(4);
    const rows = Array.from({ length: 6000 }, (_, i): [number, number] => [
      0.12 * source.uniform(),
      0.01 + 5e-3 * (i % 20),
    ]);
    const { map, regridded } = toFieldMap(scanAt(rows, plane));
    expect(regridded).toBe(true);
    expect([map.grid.ny, map.grid.dy, map.grid.y0].map(v => Number(v.toPrecision(9)))).toEqual([20, 5e-3, 0.01]);
    expect(map.grid.dx).toBeLessThan(5e-4);
    expect(share(map.components.bz!)).toBeGreaterThan(0.95);
    const columns = toFieldMap(
      scanAt(
        rows.map(([x, y]) => [y, x]),
        (x, y) => plane(y, x),
      ),
    ).map;
    expect([columns.grid.nx, columns.grid.ny]).toEqual([map.grid.ny, map.grid.nx]);
    for (let iy = 0; iy < map.grid.ny; iy++) {
      for (let ix = 0; ix < map.grid.nx; ix++) {
        const here = map.components.bz![iy * map.grid.nx + ix];
        const there = columns.components.bz![ix * map.grid.ny + iy];
        if (Number.isNaN(here)) expect(there).toBeNaN();
        else expect(Math.abs(here - there)).toBeLessThan(1e-18);
      }
    }
  });

  it('is coarse enough to reach from line to line, and from one repeated place to the next', () => {
    const source = random(6);
    const lines = Array.from({ length: 9000 }, (_, i): [number, number] => [0.12 * source.uniform(), 5e-3 * (i % 20)]);
    const wavy = lines.map(([x, y]): [number, number] => [x, y + 4e-4 * source.normal()]);
    const places = jittered(nodes(square(25, 3e-3)), 5e-4, source);
    const dwelled = jittered(
      places.flatMap(place => Array.from({ length: 12 }, () => place)),
      1e-5,
      source,
    );
    for (const points of [turned(lines, 0.3), wavy, dwelled]) {
      const { map } = toFieldMap(scanAt(points, plane));
      const hull = convexHull(points);
      const inside = nodes(map.grid).map(p => outside(hull, p) < -2.5e-3);
      const empty = inside.filter((is, p) => is && Number.isNaN(map.components.bz![p])).length;
      expect(empty).toBeLessThan(0.15 * inside.filter(Boolean).length);
      expect(map.grid.dx).toBeLessThan(3e-3);
    }
  });
});

describe('height, components, noise and current', () => {
  const grid = square(10);
  const points = nodes(grid);
  const flat = scanAt(points, plane);
  const at = (z: (i: number) => number): FieldScan => ({ ...flat, z: Float64Array.from(points, (_, i) => z(i)) });
  const readings = (value: number, more: Partial<FieldComponent> = {}): FieldComponent => ({
    values: new Float64Array(points.length).fill(value),
    ...more,
  });
  const along = (nx: number, ny: number, nz: number, more: Partial<FieldScan['components']> = {}): FieldScan => ({
    ...flat,
    components: { ...more, b: readings(7) },
    direction: { x: readings(nx).values, y: readings(ny).values, z: readings(nz).values },
  });

  it('takes the median height, with a note where it hides differences', () => {
    const even = toFieldMap(at(i => 5e-3 + (i % 2) * 5e-5));
    expect(even.map.z).toBeCloseTo(5.025e-3, 12);
    expect(even.notes).toEqual([]);
    const uneven = toFieldMap(at(i => 5e-3 + (i % 4 === 0 ? 5e-4 : 0)));
    expect(uneven.map.z).toBe(5e-3);
    expect(uneven.notes.join()).toMatch(/differ by 0.5 mm at 5 mm from the sheet.*z = 5 mm/);
    // The same samples seen from a sheet further down lie in one plane.
    expect(
      toFieldMap(
        at(i => 5e-3 + (i % 4 === 0 ? 5e-4 : 0)),
        { sheetZ: -0.05 },
      ).notes,
    ).toEqual([]);
    expect(toFieldMap(at(() => -5e-3)).map.z).toBe(-5e-3);
  });

  it('turns a reading along an axis into that component', () => {
    for (const [nx, ny, nz, name, sign] of [
      [1, 0, 0, 'bx', 1],
      [0, -1, 0, 'by', -1],
      [1e-7, 0, -1, 'bz', -1],
    ] as const) {
      const { map } = toFieldMap(along(nx, ny, nz));
      expect(Object.keys(map.components)).toEqual([name]);
      expect(map.components[name]!.every(v => v === 7 * sign)).toBe(true);
    }
    const { map } = toFieldMap(along(0, 1, 0, { bz: readings(1), bx: readings(2) }));
    expect(Object.keys(map.components)).toEqual(['bx', 'by', 'bz']);
    expect([map.components.bx![0], map.components.by![0], map.components.bz![0]]).toEqual([2, 7, 1]);
  });

  it('leaves the quadrature out and says so', () => {
    const scan = { ...flat, components: { bz: readings(1, { quadrature: new Float64Array(points.length).fill(9) }) } };
    const { map, notes } = toFieldMap(scan);
    expect(map.components.bz![0]).toBe(1);
    expect(notes.join()).toMatch(/quadrature/);
  });

  it('states the rms of the noise', () => {
    const sigmas = (even: number, odd: number) => Float64Array.from(points, (_, i) => (i % 2 === 0 ? even : odd));
    expect(toFieldMap(flat).map.sigma).toBeUndefined();
    const mild = { ...flat, components: { bz: readings(1, { sigma: sigmas(3e-8, 4e-8) }) }, sigma: 1 };
    expect(toFieldMap(mild).map.sigma).toBeCloseTo(Math.sqrt(12.5) * 1e-8, 16);
    expect(toFieldMap(mild).notes).toEqual([]);
    const strong = {
      ...flat,
      components: { bx: readings(1), bz: readings(1, { sigma: sigmas(3e-8, 9e-8) }) },
      sigma: 3e-8,
    };
    expect(toFieldMap(strong).map.sigma).toBeCloseTo(Math.sqrt((9 + 45) / 2) * 1e-8, 16);
    expect(toFieldMap(strong).notes.join()).toMatch(/factor of 3/);
  });

  it('passes a relative unit on', () => {
    expect(toFieldMap({ ...flat, relativeUnit: 'Phi0/A' }).map.relativeUnit).toBe('Phi0/A');
    expect('relativeUnit' in toFieldMap(flat).map).toBe(false);
  });

  it('notes a current that drifts', () => {
    const current = (swing: number) => Float64Array.from(points, (_, i) => 8 + (i % 2 === 0 ? swing : -swing));
    expect(toFieldMap({ ...flat, current: current(0.07) }).notes).toEqual([]);
    expect(toFieldMap({ ...flat, current: current(0.2) }).notes.join()).toMatch(/0.2 A \(rms\) around 8 A/);
  });

  const line = (n: number, x: number, y: number, jitter = 0): FieldScan => {
    const source = random(8);
    const on = Array.from({ length: n }, (_, i): [number, number] => [0.1 + x * i, 0.1 + y * i]);
    return scanAt(jittered(on, jitter, source), plane);
  };
  it.each<[string, FieldScan, string, RegExp, RegExp]>([
    ['both sides', at(i => (i % 2 === 0 ? 5e-3 : -5e-3)), 'z', /both sides of the sheet/, /split the file.*--cell/],
    ['several planes', at(i => (i % 2 === 0 ? 5e-3 : 7e-3)), 'z', /differ by 2 mm at 6 mm/, /split the file.*--cell/],
    ['oblique readings', along(0.6, 0, 0.8), 'b', /along \(0.6, 0, 0.8\)/, /--cell/],
    [
      'readings along several directions',
      {
        ...along(0, 0, 1),
        direction: { ...along(0, 0, 1).direction!, z: readings(1).values.map((v, i) => (i % 2 ? v : -v)) },
      },
      'b',
      /several directions/,
      /--cell/,
    ],
    ['a component read twice', along(0, 0, 1, { bz: readings(1) }), 'b', /same axis as bz/, /delete b or bz/],
    ['few samples', scanAt(nodes({ ...grid, nx: 7, ny: 9 }), plane), 'x, y', /63 samples/, /8 lines of 8 points/],
    ['one row', line(100, 1e-3, 0), 'y', /one line, y = 100 mm/, /8 lines of 8 points/],
    ['one column', line(100, 0, 1e-3), 'x', /one line, x = 100 mm/, /8 lines of 8 points/],
    ['an oblique line', line(100, 1e-3, 2e-3), 'x, y', /one line/, /8 lines of 8 points/],
    ['a wavy row', line(100, 1e-3, 0, 1e-5), 'x, y', /one line/, /8 lines of 8 points/],
    ['one place', line(100, 0, 0), 'x, y', /one place/, /8 lines of 8 points/],
  ])('refuses %s with column and advice', (_, scan, column, message, advice) => {
    let caught: unknown;
    try {
      toFieldMap(scan);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    const error = caught as InputError;
    expect(error.column).toBe(column);
    expect(error.message).toMatch(message);
    expect(error.advice).toMatch(advice);
  });
});

function cross(o: readonly number[], a: readonly number[], b: readonly number[]): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

/** Anticlockwise convex hull (Andrew's monotone chain). */
function convexHull(points: Points): Points {
  const sorted = points.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: Points) => {
    const chain: (readonly [number, number])[] = [];
    for (const p of list) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.slice().reverse())];
}

/** How far a point lies outside a convex polygon (outside its worst edge), negative inside. */
function outside(hull: Points, point: readonly number[]): number {
  return Math.max(
    ...hull.map((a, i) => {
      const b = hull[(i + 1) % hull.length];
      return -cross(a, b, point) / Math.hypot(b[0] - a[0], b[1] - a[1]);
    }),
  );
}
