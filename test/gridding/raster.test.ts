import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grid, gridSize } from '../../src/grid.js';
import { toFieldMap } from '../../src/gridding/index.js';
import { random } from '../../src/random.js';
import {
  bumpy,
  check,
  expectGrid,
  jittered,
  nodes,
  plane,
  scanAt,
  scattered,
  share,
  shuffled,
  square,
} from './samples.js';

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
