import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grid, gridSize } from '../../src/grid.js';
import { toFieldMap } from '../../src/gridding/index.js';
import { random } from '../../src/random.js';
import {
  check,
  convexHull,
  jittered,
  nodes,
  outside,
  plane,
  scanAt,
  scattered,
  share,
  square,
  turned,
} from './samples.js';

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
      expect(notes.join()).toMatch(/interpolated to one of [\d.]+ x [\d.]+ mm pitch.*accuracy/);
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
