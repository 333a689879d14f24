import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryPsi, type CellBoundary, type TabProfile, tabSpans } from '../../src/model/boundaryStreamFunction.js';
import type { Tab } from '../../src/model/cell.js';
import {
  arcLength,
  type Point,
  perimeter,
  pointAt,
  polygonOutline,
  rectangleOutline,
} from '../../src/model/outline.js';
import { fraction, inputErrorOf, starPolygon } from './support.js';

/** A cell with a tab on each edge of a polygon, of random width, place, direction and share. */
const boundary: fc.Arbitrary<CellBoundary> = fc
  .record({
    points: starPolygon,
    numbers: fc.array(fc.tuple(fraction, fraction, fraction, fc.boolean()), { minLength: 12, maxLength: 12 }),
  })
  .map(({ points, numbers }) => {
    const outline = polygonOutline(points);
    const n = points.length;
    const shares = numbers.slice(0, n).map(([, , share]) => 2 * share - 1);
    const mean = shares.reduce((a, b) => a + b) / n;
    const tabs = shares.map((share, i): Tab => {
      const [arc, next] = [outline.arcs[i], outline.arcs[i + 1]];
      const ends = [numbers[i][0], numbers[i][1]].sort((a, b) => a - b);
      const [start, end] = [0.5 * ends[0], 0.55 + 0.45 * ends[1]].map(t => pointAt(outline, arc + t * (next - arc)));
      return {
        name: `tab ${i}`,
        start: numbers[i][3] ? start : end,
        end: numbers[i][3] ? end : start,
        share: share - mean,
      };
    });
    return { outline, tabs };
  });

/** The 100 x 130 mm cell with both tabs at the top, positive on the left. */
const outline = rectangleOutline(0.1, 0.13);
const sameSide: CellBoundary = {
  outline,
  tabs: [
    { name: 'positive', start: [0.04, 0.13], end: [0.02, 0.13], share: 1 },
    { name: 'negative', start: [0.08, 0.13], end: [0.06, 0.13], share: -1 },
  ],
};
const at = (x: number, y: number) => boundaryPsi(sameSide)(arcLength(outline, x, y));

describe('psi on the outline', () => {
  it('grows by the current that leaves: up across a tab that lets out, down across one that lets in', () => {
    expect(at(0, 0)).toBe(0);
    expect(at(0.1, 0.1)).toBe(0);
    expect(at(0.07, 0.13)).toBeCloseTo(0.5, 12);
    expect(at(0.05, 0.13)).toBeCloseTo(1, 12);
    expect(at(0.035, 0.13)).toBeCloseTo(0.75, 12);
    expect(at(0.01, 0.13)).toBeCloseTo(0, 12);
    expect(at(0, 0.06)).toBeCloseTo(0, 12);
  });

  it('agrees with K = (d psi/dy, -d psi/dx): under the tab that lets current in it flows down', () => {
    // psi falls leftwards across the positive tab, so d psi/dx > 0 and Ky < 0 there.
    expect(-(at(0.031, 0.13) - at(0.029, 0.13))).toBeLessThan(0);
    expect(-(at(0.071, 0.13) - at(0.069, 0.13))).toBeGreaterThan(0);
  });

  it('rises by minus its share across each tab, is constant between tabs, and closes', () => {
    fc.assert(
      fc.property(boundary, cell => {
        const psi = boundaryPsi(cell);
        const turn = perimeter(cell.outline);
        expect(psi(0)).toBe(0);
        expect(psi(turn - 1e-13)).toBeCloseTo(0, 9);
        tabSpans(cell).forEach(({ start, length }, k) => {
          const before = start - 1e-9;
          const behind = start + length + 1e-9;
          expect(psi(behind) - psi(before)).toBeCloseTo(-cell.tabs[k].share, 6);
          const next = tabSpans(cell)[(k + 1) % cell.tabs.length].start;
          expect(psi(next)).toBeCloseTo(psi(start + length), 9);
        });
      }),
      { seed: 11 },
    );
  });

  it('does not care which end of a tab is named first, and is the same after one turn', () => {
    fc.assert(
      fc.property(boundary, fraction, (cell, u) => {
        const swapped = { ...cell, tabs: cell.tabs.map(tab => ({ ...tab, start: tab.end, end: tab.start })) };
        const turn = perimeter(cell.outline);
        const psi = boundaryPsi(cell);
        expect(boundaryPsi(swapped)(u * turn)).toBeCloseTo(psi(u * turn), 9);
        expect(psi((u + 1) * turn)).toBeCloseTo(psi(u * turn), 9);
        expect(psi((u - 3) * turn)).toBeCloseTo(psi(u * turn), 9);
      }),
      { seed: 12 },
    );
  });

  it('shifts by a constant when another corner comes first, even one in the middle of a tab', () => {
    const corners: Point[] = [
      [0.03, 0.13],
      [0, 0.13],
      [0, 0],
      [0.1, 0],
      [0.1, 0.13],
    ];
    const other = { ...sameSide, outline: polygonOutline(corners) };
    const [psi, psiOther] = [boundaryPsi(sameSide), boundaryPsi(other)];
    const constant = psi(arcLength(outline, 0.03, 0.13));
    expect(psiOther(0)).toBe(0);
    for (let i = 0; i < 460; i++) {
      const point = pointAt(outline, (i + 0.5) * 1e-3);
      const difference = psi((i + 0.5) * 1e-3) - psiOther(arcLength(other.outline, ...point));
      expect(difference).toBeCloseTo(constant, 10);
    }
  });

  it('follows the profile of each tab, anticlockwise, with its ends held', () => {
    const square: TabProfile = t => t * t;
    const psi = boundaryPsi(sameSide);
    const arc = (x: number) => arcLength(outline, x, 0.13);
    expect(psi(arc(0.075), [undefined, square])).toBeCloseTo(1 / 16, 12);
    expect(psi(arc(0.025), [square])).toBeCloseTo(1 - 9 / 16, 12);
    expect(psi(arc(0.05), [() => 7, () => 7])).toBe(1);
    expect(psi(arc(0.07), [square])).toBeCloseTo(0.5, 12);
  });

  it('needs tabs that lie on the outline', () => {
    const off = { outline, tabs: [{ name: 'loose', start: [0, 0.2], end: [0.1, 0.2], share: 0 } as const] };
    expect(inputErrorOf(() => boundaryPsi(off)).message).toContain(`tab 'loose' does not lie on one straight edge`);
  });
});
