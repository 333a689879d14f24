import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arcLength,
  boundingBox,
  contains,
  cornerAt,
  cornerCount,
  distanceToOutline,
  type Outline,
  outlineArea,
  type Point,
  perimeter,
  pointAt,
  polygonOutline,
  rectangleOutline,
} from '../../src/model/outline.js';
import { fraction, inputErrorOf, starPolygon } from './support.js';

/** Turns of the outline about a point, from the angles that its edges subtend: an independent 'inside'. */
function windingNumber(outline: Outline, [x, y]: Point): number {
  let angle = 0;
  for (let i = 0; i < cornerCount(outline); i++) {
    const [ax, ay] = cornerAt(outline, i);
    const [bx, by] = cornerAt(outline, (i + 1) % cornerCount(outline));
    angle += Math.atan2((ax - x) * (by - y) - (ay - y) * (bx - x), (ax - x) * (bx - x) + (ay - y) * (by - y));
  }
  return Math.round(angle / (2 * Math.PI));
}

function turned(points: readonly Point[], angle: number, [dx, dy]: Point): Point[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return points.map(([x, y]) => [c * x - s * y + dx, s * x + c * y + dy]);
}

describe('outline', () => {
  it('contains what its winding number encloses', () => {
    fc.assert(
      fc.property(starPolygon, fraction, fraction, (points, u, v) => {
        const outline = polygonOutline(points);
        const { x0, y0, x1, y1 } = boundingBox(outline);
        const [x, y] = [x0 + (1.4 * u - 0.2) * (x1 - x0), y0 + (1.4 * v - 0.2) * (y1 - y0)];
        fc.pre(distanceToOutline(outline, x, y) > 1e-8);
        expect(contains(outline, x, y)).toBe(windingNumber(outline, [x, y]) === 1);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('counts its own points as inside, corners too, and points a tolerance away', () => {
    fc.assert(
      fc.property(starPolygon, fraction, (points, u) => {
        const outline = polygonOutline(points);
        expect(contains(outline, ...pointAt(outline, u * perimeter(outline)))).toBe(true);
        for (const [x, y] of points) expect(contains(outline, x, y)).toBe(true);
      }),
      { seed: 2 },
    );
    const square = rectangleOutline(0.1, 0.1);
    expect(contains(square, 0.1 + 5e-10, 0.05)).toBe(true);
    expect(contains(square, 0.1 + 5e-9, 0.05)).toBe(false);
    expect(contains(square, 0.1 + 5e-9, 0.05, 1e-8)).toBe(true);
  });

  it('has an area that is additive over a cut, and invariant under reversal, rotation and shift', () => {
    fc.assert(
      fc.property(starPolygon, fraction, fraction, (points, u, v) => {
        const area = outlineArea(polygonOutline(points));
        expect(outlineArea(polygonOutline([...points].reverse()))).toBeCloseTo(area, 14);
        const moved = polygonOutline(turned(points, 7 * u, [v, -u]));
        expect(outlineArea(moved)).toBeCloseTo(area, 14);
        expect(perimeter(moved)).toBeCloseTo(perimeter(polygonOutline(points)), 13);
      }),
      { seed: 3 },
    );
    const whole = outlineArea(rectangleOutline(0.1, 0.2));
    const notch: Point[] = [
      [0, 0],
      [0.1, 0],
      [0.1, 0.2],
      [0.03, 0.2],
      [0.03, 0.15],
      [0, 0.15],
    ];
    expect(outlineArea(polygonOutline(notch))).toBeCloseTo(whole - outlineArea(rectangleOutline(0.03, 0.05)), 15);
  });

  it('has the area that Green finds along it: the integral of x dy', () => {
    fc.assert(
      fc.property(starPolygon, points => {
        const outline = polygonOutline(points);
        let integral = 0;
        for (let i = 0; i < cornerCount(outline); i++) {
          const [ax, ay] = cornerAt(outline, i);
          const [bx, by] = pointAt(outline, outline.arcs[i + 1]);
          integral += ((ax + bx) / 2) * (by - ay);
        }
        expect(integral).toBeCloseTo(outlineArea(outline), 13);
      }),
      { seed: 4 },
    );
  });

  it('takes clockwise corners as the same outline with the same first corner', () => {
    fc.assert(
      fc.property(starPolygon, points => {
        const outline = polygonOutline(points);
        const other = polygonOutline([points[0], ...points.slice(1).reverse()]);
        expect([...other.corners]).toEqual([...outline.corners]);
        expect([...other.arcs]).toEqual([...outline.arcs]);
      }),
      { seed: 5 },
    );
  });

  it('finds the arc of its own points', () => {
    fc.assert(
      fc.property(starPolygon, fraction, (points, u) => {
        const outline = polygonOutline(points);
        const turn = perimeter(outline);
        const [x, y] = pointAt(outline, u * turn);
        expect(distanceToOutline(outline, x, y)).toBeLessThan(1e-15);
        const miss = Math.abs(arcLength(outline, x, y) - u * turn);
        expect(Math.min(miss, turn - miss)).toBeLessThan(1e-12);
      }),
      { seed: 6 },
    );
  });

  it('has no nearer point than the one it names', () => {
    fc.assert(
      fc.property(starPolygon, fraction, fraction, fraction, (points, u, v, w) => {
        const outline = polygonOutline(points);
        const [x, y] = [3 * u - 1.5, 3 * v - 1.5];
        const distance = distanceToOutline(outline, x, y);
        const [nx, ny] = pointAt(outline, arcLength(outline, x, y));
        expect(Math.hypot(nx - x, ny - y)).toBeCloseTo(distance, 12);
        const [ox, oy] = pointAt(outline, w * perimeter(outline));
        expect(Math.hypot(ox - x, oy - y)).toBeGreaterThanOrEqual(distance - 1e-12);
      }),
      { seed: 7 },
    );
  });

  it('goes round: arcs beyond one turn, backwards too', () => {
    const outline = rectangleOutline(0.1, 0.2);
    expect(perimeter(outline)).toBeCloseTo(0.6, 15);
    expect(pointAt(outline, 0)).toEqual([0, 0]);
    expect(pointAt(outline, 0.05)).toEqual([0.05, 0]);
    const closeTo = ([x, y]: Point) => [expect.closeTo(x, 12), expect.closeTo(y, 12)];
    expect(pointAt(outline, 0.65)).toEqual(closeTo([0.05, 0]));
    expect(pointAt(outline, -0.1)).toEqual(closeTo([0, 0.1]));
    expect(pointAt(outline, -1e-30)).toEqual([0, 0]);
    expect(arcLength(outline, -1, -1)).toBe(0);
    expect(boundingBox(outline)).toEqual({ x0: 0, y0: 0, x1: 0.1, y1: 0.2 });
  });
});

describe('what is no outline', () => {
  const cases: [string, Point[], string][] = [
    [
      'two corners',
      [
        [0, 0],
        [0.1, 0],
      ],
      '2 corners enclose no area',
    ],
    [
      'a corner that is not finite',
      [
        [0, 0],
        [0.1, Number.NaN],
        [0, 0.1],
      ],
      'corner 2 is not finite',
    ],
    [
      'the first corner again at the end',
      [
        [0, 0],
        [0.1, 0],
        [0, 0.1],
        [0, 0],
      ],
      'corner 4 at (0, 0) mm repeats corner 1',
    ],
    [
      'a line',
      [
        [0, 0],
        [0.1, 0.1],
        [0.05, 0.05],
      ],
      'all corners lie on one line',
    ],
    [
      'a bow',
      [
        [0, 0],
        [0.1, 0.1],
        [0.1, 0],
        [0, 0.1],
      ],
      'edge 1 from (0, 0) mm to (100, 100) mm and edge 3 from (100, 0) mm to (0, 100) mm cross or touch',
    ],
    [
      'a corner on another edge',
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
        [0.05, 0],
        [0, 0.1],
      ],
      'edge 1 from (0, 0) mm to (100, 0) mm and edge 3 from (100, 100) mm to (50, 0) mm cross or touch',
    ],
    [
      'a spike',
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
        [0.1, 0.2],
        [0.1, 0.15],
        [0, 0.1],
      ],
      'the outline folds back on itself at corner 4, (100, 200) mm',
    ],
  ];
  it.each(cases)('%s', (_, points, message) => {
    const error = inputErrorOf(() => polygonOutline(points));
    expect(error.message).toContain(message);
    expect(error.advice).toBeDefined();
  });

  it('is found whichever corner comes first and whichever way round', () => {
    for (const [, points] of cases) {
      for (let k = 0; k < points.length; k++) {
        const shifted = [...points.slice(k), ...points.slice(0, k)];
        inputErrorOf(() => polygonOutline(shifted));
        inputErrorOf(() => polygonOutline(shifted.reverse()));
      }
    }
  });

  it('is never a circle of two thousand corners', () => {
    const circle = Array.from({ length: 2000 }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / 2000;
      return [0.05 * Math.cos(angle), 0.05 * Math.sin(angle)];
    });
    expect(outlineArea(polygonOutline(circle)) / (Math.PI * 0.05 ** 2)).toBeCloseTo(1, 5);
  });
});
