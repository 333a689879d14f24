import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.js';
import { dipoles, relativeError, workspaces } from './support.js';

const [SOURCES, ROWS] = [37, 50];

/** Nine sources of each hat, or none, in any order. */
function hatsOf(sources: number, count: number): Int32Array {
  const rng = random(3);
  return Int32Array.from({ length: 9 * count }, () => Math.floor((sources + 1) * rng.uniform()));
}

describe.each(workspaces())('rows of dipoles, %s', (_, workspace) => {
  it('above a source, the field along z is 2 m / z^3 and that along x is none; beside it at its height, -m / r^3', () => {
    const [zero, one] = [Float64Array.of(0), Float64Array.of(1)];
    // The factors of sensors that look along z and x: (0, 0, 1) and (3 z, 0, 0).
    const rowsAt = (px: number, py: number, zz: number) => {
      const out = new Float64Array(2);
      workspace.dipoleRows(
        {
          x: zero,
          y: zero,
          area: one,
          points: Float64Array.of(px, py, zz),
          perPlace: 1,
          first: Int32Array.of(0, 2),
          looks: Float64Array.of(0, 0, 1, 3 * Math.sqrt(zz), 0, 0),
        },
        out,
        1,
      );
      return [...out];
    };
    const [z, x] = rowsAt(0, 0, 4);
    expect(z).toBeCloseTo(2 / 8, 15);
    expect(x).toBe(0);
    const [beside, level] = rowsAt(0, 3, 0);
    expect(beside).toBeCloseTo(-1 / 27, 15);
    expect(level).toBe(0);
  });

  it.each([1, 2, 36, 37])(
    '%i sources: the sum over points, in the columns that were asked for and no others',
    sources => {
      const stride = sources + 4;
      const task = dipoles(sources, ROWS, 3);
      const out = workspace.allocate(ROWS * stride).fill(7);
      workspace.dipoleRows(task, out.subarray(2), stride);
      const { x, y, area, points, first, looks } = task;
      for (let place = 0; place + 1 < first.length; place++) {
        for (let row = first[place]; row < first[place + 1]; row++) {
          for (let i = 0; i < sources; i++) {
            let expected = 0;
            let size = 0;
            for (let q = 0; q < 3; q++) {
              const [px, py, zz] = points.subarray(9 * place + 3 * q);
              const [a, b, c] = looks.subarray(9 * row + 3 * q);
              const [rx, ry] = [px - x[i], py - y[i]];
              const rr = rx ** 2 + ry ** 2 + zz;
              const terms = [a * rx, b * ry, c * (3 * zz - rr)].map(v => (v * area[i]) / rr ** 2.5);
              for (const term of terms) {
                expected += term;
                size += Math.abs(term);
              }
            }
            expect(Math.abs(out[row * stride + 2 + i] - expected)).toBeLessThan(1e-14 * size);
          }
          for (const column of [0, 1, sources + 2, sources + 3]) expect(out[row * stride + column]).toBe(7);
        }
      }
    },
  );

  it('a hat is the middle, half of the sides and a quarter of the corners; sources that are none add nothing', () => {
    const count = 11;
    const task = { ...dipoles(SOURCES, ROWS), hats: hatsOf(SOURCES, count) };
    const [alone, hats] = [new Float64Array(ROWS * SOURCES), new Float64Array(ROWS * count)];
    workspace.dipoleRows({ ...task, hats: undefined }, alone, SOURCES);
    workspace.dipoleRows(task, hats, count);
    const weights = [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25];
    const expected = hats.map((_, at) => {
      const [row, f] = [Math.floor(at / count), at % count];
      const sources = task.hats.subarray(9 * f, 9 * f + 9);
      return weights.reduce((sum, w, k) => sum + (sources[k] < SOURCES ? w * alone[row * SOURCES + sources[k]] : 0), 0);
    });
    expect(relativeError(hats, expected)).toBeLessThan(1e-14);
  });

  it('hats of more rows than are made at once', () => {
    const [sources, rows, count] = [900, 300, 5];
    const task = { ...dipoles(sources, rows), hats: hatsOf(sources, count) };
    const [all, some] = [new Float64Array(rows * count), new Float64Array(count)];
    workspace.dipoleRows(task, all, count);
    for (let place = 0; place + 1 < task.first.length; place += 20) {
      const row = task.first[place];
      const own = {
        points: task.points.slice(3 * place, 3 * place + 3),
        looks: task.looks.slice(3 * row, 3 * row + 3),
        first: Int32Array.of(0, 1),
      };
      workspace.dipoleRows({ ...task, ...own }, some, count);
      expect(some).toEqual(all.slice(row * count, (row + 1) * count));
    }
  });

  it.each([1, 36, 37])(
    'of %i sources and their hats are rounded where they are to stand in single precision',
    sources => {
      const task = dipoles(sources, ROWS);
      for (const hats of [undefined, hatsOf(sources, 9)]) {
        const stride = (hats === undefined ? sources : 9) + 1;
        const double = new Float64Array(ROWS * stride);
        const single = new Float32Array(ROWS * stride);
        workspace.dipoleRows({ ...task, hats }, double, stride);
        workspace.dipoleRows({ ...task, hats }, single, stride);
        expect(single).toEqual(Float32Array.from(double));
      }
    },
  );
});
