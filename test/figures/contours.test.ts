import { describe, expect, it } from 'vitest';
import { contourLevels, contourLines } from '../../src/figures/contours.js';
import { streamlines, streamlinesLegible } from '../../src/figures/streamlines.js';
import { random } from './helpers.js';

const N = 41;
const grid = { nx: N, ny: N, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
const on = (f: (x: number, y: number) => number) =>
  Float64Array.from({ length: N * N }, (_, i) => f((i % N) - (N - 1) / 2, Math.floor(i / N) - (N - 1) / 2));

/** Twice the enclosed area, positive when anticlockwise (y upwards). */
function turn(p: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 3 < p.length; i += 2) sum += p[i] * p[i + 3] - p[i + 2] * p[i + 1];
  return sum;
}

describe('contour lines', () => {
  it('of a cone are one closed circle each', () => {
    const lines = contourLines(
      grid,
      on((x, y) => Math.hypot(x, y)),
      10,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0].closed).toBe(true);
    const { points } = lines[0];
    for (let i = 0; i < points.length; i += 2) {
      expect(Math.hypot(points[i] - 20, points[i + 1] - 20)).toBeCloseTo(10, 1);
    }
    expect(Math.abs(turn(points)) / 2).toBeCloseTo(Math.PI * 100, -1);
  });

  it('have the higher side on their left: an anticlockwise loop has psi > 0 inside', () => {
    const hill = on((x, y) => Math.exp(-(x * x + y * y) / 100));
    expect(turn(contourLines(grid, hill, 0.5)[0].points)).toBeGreaterThan(0);
    expect(
      turn(
        contourLines(
          grid,
          hill.map(v => -v),
          -0.5,
        )[0].points,
      ),
    ).toBeLessThan(0);
  });

  it('run with the current K = (d psi/dy, -d psi/dx) of a uniform sheet', () => {
    for (const [kx, ky] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [0.6, -0.8],
    ]) {
      const [{ points, closed }] = contourLines(
        grid,
        on((x, y) => kx * y - ky * x),
        0.123,
      );
      expect(closed).toBe(false);
      const along = (points.at(-2)! - points[0]) * kx + (points.at(-1)! - points[1]) * ky;
      expect(along).toBeGreaterThan(30);
    }
  });

  it('lie on the level, through saddles too, and never cross a missing value', () => {
    const saddle = on((x, y) => x * y + 3 * Math.sin(x) * Math.cos(2 * y));
    saddle[20 * N + 20] = Number.NaN;
    for (const level of [-30, 0.01, 12]) {
      for (const { points } of contourLines(grid, saddle, level)) {
        for (let i = 0; i < points.length; i += 2) {
          const [x, y] = [points[i], points[i + 1]];
          // One of the two is a whole number; along the other the value runs linearly from pixel to pixel.
          expect(Number.isInteger(x) || Number.isInteger(y)).toBe(true);
          const low = saddle[Math.floor(y) * N + Math.floor(x)];
          const high = saddle[Math.ceil(y) * N + Math.ceil(x)];
          const value = low + (high - low) * (x - Math.floor(x) + y - Math.floor(y));
          expect(value).toBeCloseTo(level, 9);
        }
      }
    }
  });

  it('a plane with only one row has none', () => {
    expect(
      contourLines(
        { ...grid, ny: 1 },
        on(x => x),
        0,
      ),
    ).toEqual([]);
  });
});

describe('levels', () => {
  it('are multiples of a round step within the values', () => {
    const { levels, step } = contourLevels([0.3, 9.9, Number.NaN], 10);
    expect(step).toBe(1);
    expect(levels).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(contourLevels([2, 2], 5).levels).toEqual([]);
    expect(contourLevels([Number.NaN], 5).levels).toEqual([]);
  });
});

describe('streamlines', () => {
  const box = { x: 0, y: 0, width: 200, height: 200 };

  it('carry the same current between neighbours, whatever the scale of psi', () => {
    const psi = on((x, y) => x + y);
    const one = streamlines(grid, psi, box);
    const thousand = streamlines(
      grid,
      psi.map(v => 1000 * v),
      box,
    );
    expect(thousand.step).toBeCloseTo(1000 * one.step, 9);
    expect(thousand.body).toBe(one.body);
  });

  it('are legible for a smooth map and not for noise', () => {
    const next = random(3);
    const noise = on(() => next());
    const magnitude = (psi: Float64Array) =>
      psi.map((_, i) => Math.hypot((psi[i + N] - psi[i]) / 1e-3, (psi[i + 1] - psi[i]) / 1e-3));
    const smooth = on((x, y) => x - 0.01 * y * y);
    expect(streamlinesLegible(grid, smooth, magnitude(smooth))).toBe(true);
    expect(streamlinesLegible(grid, noise, magnitude(noise))).toBe(false);
    expect(
      streamlinesLegible(
        grid,
        on(() => 0),
        on(() => 0),
      ),
    ).toBe(false);
  });
});
