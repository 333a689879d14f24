import { describe, expect, it } from 'vitest';
import { vectorsOf } from '../../viewer/files/currentLayers.js';
import { makeLayer } from '../../viewer/files/layer.js';
import { fitView, panBy, toPixelX, toPixelY, toPlane, zoomAt } from '../../viewer/map/viewport.js';
import { probe, probedText } from '../../viewer/measure/probe.js';
import { currentThrough, profileAlong } from '../../viewer/measure/profile.js';
import { regionFigures } from '../../viewer/measure/region.js';
import { GRID, onGrid, psiAt, result } from './fixtures.js';

const shape = { type: 'grid', grid: GRID } as const;
const plane = makeLayer({
  id: 'plane',
  group: '',
  name: 'plane',
  unit: 'T',
  kind: 'signed',
  shape,
  values: onGrid((x, y) => 3 * x - 2 * y),
  errors: onGrid(() => 0.5),
});
const healthy = vectorsOf(result().healthy![0], 'healthy');
const points = [
  [0.02, 0.015],
  [0.08, 0.02],
  [0.07, 0.065],
  [0.03, 0.06],
].map(([x, y]) => ({ x, y }));

describe('measuring in a map', () => {
  it('gives the current through a line as the difference of psi at its ends', () => {
    for (const from of points) {
      for (const to of points) {
        if (from === to) continue;
        const { current, covered } = currentThrough(healthy, { from, to });
        expect(Math.abs(current - (psiAt(to.x, to.y) - psiAt(from.x, from.y)))).toBeLessThan(0.01);
        expect(covered).toBe(1);
        expect(currentThrough(healthy, { from: to, to: from }).current).toBeCloseTo(-current, 10);
      }
    }
  });

  it('lets nothing flow into a closed loop', () => {
    const around = points.map((from, k) => currentThrough(healthy, { from, to: points[(k + 1) % points.length] }));
    expect(around.reduce((sum, { current }) => sum + current, 0)).toBeCloseTo(0, 2);
  });

  it('says how much of a line the map covers, and how sure the current is', () => {
    const sure = vectorsOf(result().sheets[0], 'current');
    const [from, to] = [
      { x: 0.05, y: -0.04 },
      { x: 0.05, y: 0.04 },
    ];
    const { covered, error } = currentThrough(sure, { from, to });
    expect(covered).toBeCloseTo(0.5, 1);
    // 2 A/m over 40 mm, in pieces of 6 mm that go together.
    expect(error).toBeCloseTo(2 * Math.sqrt(0.04 * 6e-3), 3);
  });

  it('interpolates a plane without error along any line', () => {
    const { distance, values, errors } = profileAlong(plane, 0, { from: points[0], to: points[2] });
    const length = Math.hypot(0.05, 0.05);
    expect(distance.at(-1)).toBeCloseTo(length, 12);
    values.forEach((value, k) => {
      const t = distance[k] / length;
      expect(value).toBeCloseTo(3 * (0.02 + 0.05 * t) - 2 * (0.015 + 0.05 * t), 12);
      expect(errors![k]).toBeCloseTo(0.5, 12);
    });
  });

  it('gives the pixel under a point as it is, and nothing beside the map', () => {
    const at = { x: GRID.x0 + 7.4 * GRID.dx, y: GRID.y0 + 3.6 * GRID.dy };
    const index = 4 * GRID.nx + 7;
    expect(probe(plane, 0, at)).toEqual({ index, value: plane.values[index], error: 0.5 });
    expect(probe(plane, 0, { x: -0.01, y: 0.01 })).toBeUndefined();
    expect(probedText(undefined, 'T')).toBe('no value here');
    expect(probedText({ index: 0, value: 1.234e-6, error: 2e-8 }, 'T')).toBe('1.234\u00a0±\u00a00.020\u00a0µT');
  });

  it('finds mean and extremes of a region', () => {
    const region = { from: { x: 0.0205, y: 0.0405 }, to: { x: 0.0405, y: 0.0205 } };
    const figures = regionFigures(plane, 0, region)!;
    expect(figures.count).toBe(100);
    expect(figures.mean).toBeCloseTo(3 * 0.03 - 2 * 0.03, 10);
    expect(figures.max).toBeCloseTo(3 * 0.039 - 2 * 0.021, 10);
    expect(figures.error).toBeCloseTo(0.5, 10);
    expect(regionFigures(plane, 0, { from: { x: 1, y: 1 }, to: { x: 2, y: 2 } })).toBeUndefined();
  });
});

describe('the viewport', () => {
  const plot = { x: 44, y: 8, width: 300, height: 400 };
  const whole = fitView({ xMin: 0, xMax: 0.1, yMin: 0, yMax: 0.08 }, plot);

  it('shows all of the map, the same scale along x and y', () => {
    for (const [x, y] of [
      [0, 0],
      [0.1, 0.08],
    ]) {
      expect(toPixelX(whole, plot, x)).toBeGreaterThanOrEqual(plot.x);
      expect(toPixelX(whole, plot, x)).toBeLessThanOrEqual(plot.x + plot.width);
      expect(toPixelY(whole, plot, y)).toBeGreaterThanOrEqual(plot.y);
      expect(toPixelY(whole, plot, y)).toBeLessThanOrEqual(plot.y + plot.height);
    }
    const back = toPlane(whole, plot, toPixelX(whole, plot, 0.03), toPixelY(whole, plot, 0.07));
    expect(back.x).toBeCloseTo(0.03, 12);
    expect(back.y).toBeCloseTo(0.07, 12);
  });

  it('keeps the point under the pointer while zooming, and moves with a drag', () => {
    const before = toPlane(whole, plot, 120, 90);
    const after = toPlane(zoomAt(whole, plot, 120, 90, 3, whole), plot, 120, 90);
    expect(after.x).toBeCloseTo(before.x, 12);
    expect(after.y).toBeCloseTo(before.y, 12);
    const moved = toPlane(panBy(whole, 10, -5), plot, 130, 85);
    expect(moved.x).toBeCloseTo(before.x, 12);
    expect(moved.y).toBeCloseTo(before.y, 12);
  });
});
