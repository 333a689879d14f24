import { describe, expect, it } from 'vitest';
import { type ExteriorLayout, exteriorSheet } from '../../../inversion/bounded/exteriorSheets.js';
import { addSourceField } from '../../../inversion/bounded/pointSources.js';
import { rectangleBetween, rectangleLoopField, zeroField } from '../../../src/biotSavart/index.js';
import { MU0 } from '../../../src/constants.js';
import { plainAlgebra } from '../../../src/linearAlgebra/index.js';
import { contains, distanceToOutline, rectangleOutline } from '../../../src/model/outline.js';
import { vectorReadings } from './support.js';

const MM = 1e-3;
const PITCH = 6 * MM;
const outline = rectangleOutline(40 * MM, 50 * MM);
const near = { x0: -12 * MM, y0: -12 * MM, x1: 53 * MM, y1: 61 * MM };
const REACH = 24 * MM;
const tabBox = { x0: 10 * MM, y0: 45 * MM, x1: 30 * MM, y1: 64 * MM };
const layout: ExteriorLayout = { name: 'sheet', kind: 'psi', z: 0, pitch: PITCH, sd: 2, outside: false };

function invert(matrix: Float64Array, n: number): number {
  const factor = matrix.slice();
  plainAlgebra.cholesky(factor, n);
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n);
    column[j] = 1;
    plainAlgebra.solveCholesky(factor, n, column, 1);
    for (let i = 0; i < n; i++) matrix[i * n + j] = column[i];
  }
  return plainAlgebra.logDeterminant(factor, n);
}

const sheetOf = (more: Partial<ExteriorLayout> = {}) =>
  exteriorSheet({ ...layout, ...more }, [outline], near, REACH, invert);

/** psi at every source if all coefficients are 1. */
function sumOfHats({ sources }: ReturnType<typeof sheetOf>): Float64Array {
  const total = new Float64Array(sources.x.length + 1);
  sources.hats!.forEach((s, e) => {
    total[s] += [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25][e % 9];
  });
  return total.subarray(0, -1);
}

describe.each([
  ['plain', {}],
  ['refined at a tab', { refine: [tabBox] }],
])('a sheet everywhere, %s', (_, more) => {
  const sheet = sheetOf(more);
  const { sources } = sheet;
  const [x0, x1] = [Math.min(...sources.x), Math.max(...sources.x)];
  const [y0, y1] = [Math.min(...sources.y), Math.max(...sources.y)];

  it('hats add up to 1 at every source, at the near and the far pitch', () => {
    for (const v of sumOfHats(sheet)) expect(v).toBeCloseTo(1, 12);
  });

  it('covers the samples and the cell and reaches past them; every area counts once', () => {
    expect(x0).toBeLessThanOrEqual(near.x0 - REACH + 1e-9);
    expect(y1).toBeGreaterThanOrEqual(near.y1 + REACH - 1e-9);
    // The outermost sources stand for half a step beyond the border.
    const step = PITCH;
    const area = sources.area.reduce((sum, a) => sum + a, 0);
    expect(area / ((x1 - x0 + step) * (y1 - y0 + step))).toBeCloseTo(1, 9);
  });

  // Where the pitch changes from d to 2 d the trapezoid rules differ by d^2 / 16 times the slope of a line's field, at
  // most 1.46 over the height cubed: 6.7 % of a wire's field at 7 mm, somewhat more in a corner.
  it.each([
    [7, 0.1],
    [20, 0.015],
  ])('psi = 1 makes the field of the current round its border, %i mm above the change of pitch too', (height, part) => {
    const half = PITCH / 2;
    const points = [-0.2, 0, 0.05, 0.3, 0.5, 0.8, 1].flatMap(s =>
      [0.4, 1].map(t => [near.x0 + s * (near.x1 - near.x0), near.y0 + t * (near.y1 - near.y0), height * MM] as const),
    );
    const readings = vectorReadings(points);
    const got = new Float64Array(readings.x.length);
    addSourceField(sources, new Float64Array(sources.count).fill(1), readings, got);
    const field = zeroField(points.length);
    const positions = [0, 1, 2].map(c => Float64Array.from(points, p => p[c]));
    const border = rectangleBetween(x0 - half, y0 - half, x1 + half, y1 + half, 0);
    rectangleLoopField({ x: positions[0], y: positions[1], z: positions[2] }, border, 1, field);
    // Of a wire with this current straight below.
    const scale = MU0 / (2 * Math.PI * height * MM);
    points.forEach((_, i) => {
      for (const [c, b] of [field.bx, field.by, field.bz].entries()) {
        expect(Math.abs(got[3 * i + c] - b[i])).toBeLessThan(part * scale);
      }
    });
  });

  it('precision is the inverse of a covariance that depends on the distance alone, exponentially', () => {
    const n = sources.count;
    const covariance = sheet.precision.slice();
    invert(covariance, n);
    const middle = Array.from({ length: n }, (_, f) => sources.hats![9 * f + 4]);
    let length = Number.NaN;
    for (let i = 0; i < n; i++) {
      expect(covariance[i * n + i] / layout.sd ** 2).toBeCloseTo(1, 3);
      for (let j = 0; j < i; j++) {
        expect(Math.abs(sheet.precision[i * n + j] - sheet.precision[j * n + i])).toBeLessThan(
          1e-6 * Math.sqrt(sheet.precision[i * n + i] * sheet.precision[j * n + j]),
        );
        const [a, b] = [middle[i], middle[j]];
        const distance = Math.hypot(sources.x[a] - sources.x[b], sources.y[a] - sources.y[b]);
        if (distance < 1e-9) continue;
        const own = -distance / Math.log(covariance[i * n + j] / layout.sd ** 2);
        if (Number.isNaN(length)) length = own;
        if (Math.abs(own / length - 1) > 1e-5) expect.fail(`hats ${i} and ${j}: ${own} instead of ${length}`);
      }
    }
    expect(length).toBeGreaterThan(10 * MM);
  });

  it('the standard deviation scales the precision and nothing else', () => {
    const twice = sheetOf({ ...more, sd: 2 * layout.sd });
    expect(twice.sources).toEqual(sources);
    twice.precision.forEach((v, i) => {
      if (Math.abs(4 * v - sheet.precision[i]) > 1e-9 * Math.abs(sheet.precision[0])) expect.fail(`entry ${i}`);
    });
  });
});

describe('a sheet beside the cell', () => {
  const sheet = sheetOf({ outside: true });
  const { sources } = sheet;

  it('is empty inside the outline and damped close to it', () => {
    for (let s = 0; s < sources.x.length; s++) {
      expect(contains(outline, sources.x[s], sources.y[s], 0)).toBe(false);
      expect(sources.area[s]).toBeGreaterThan(0);
    }
    const everywhere = sheetOf().sources.area.reduce((sum, a) => sum + a, 0);
    const area = sources.area.reduce((sum, a) => sum + a, 0);
    expect(area).toBeLessThan(everywhere - 40 * 50 * MM * MM);
  });

  it('hats add up to 1 away from the outline, and never to more', () => {
    const total = sumOfHats(sheet);
    for (let s = 0; s < total.length; s++) {
      expect(total[s]).toBeLessThan(1 + 1e-12);
      if (distanceToOutline(outline, sources.x[s], sources.y[s]) > PITCH) expect(total[s]).toBeCloseTo(1, 12);
    }
  });

  it('boxes that overlap are refined once', () => {
    const boxes = [tabBox, { ...tabBox, x0: 20 * MM, x1: 45 * MM }, { x0: -10 * MM, y0: -9 * MM, x1: 0, y1: 0 }];
    const total = sumOfHats(sheetOf({ outside: false, refine: boxes }));
    for (const v of total) expect(v).toBeCloseTo(1, 12);
  });
});
