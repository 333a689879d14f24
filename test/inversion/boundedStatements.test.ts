import { describe, expect, it } from 'vitest';
import { boundedStatements } from '../../inversion/bounded/boundedStatements.js';
import { coverage } from '../../inversion/bounded/coverage.js';
import { departures, smallestHole } from '../../inversion/bounded/departure.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { cell, solution } from './boundedSolution.js';

const scan = (keep: (x: number, y: number) => boolean = () => true, heights = [5]): FieldScan => {
  const points = heights.flatMap(z =>
    Array.from({ length: 30 * 40 }, (_, i) => [2 * (i % 30) - 10, 2 * Math.floor(i / 30) - 10, z]),
  );
  const kept = points.filter(([x, y]) => keep(x, y));
  const column = (k: number) => Float64Array.from(kept, point => 1e-3 * point[k]);
  return {
    count: kept.length,
    x: column(0),
    y: column(1),
    z: column(2),
    components: { bz: { values: new Float64Array(kept.length) } },
  };
};

describe('the largest departure', () => {
  const spot = (size: number, px: number, py: number) => (x: number, y: number) => (x === px && y === py ? size : 0);

  it('is found where it is, and is significant only if chance does not make it', () => {
    const found = departures(solution(spot(20, 12.5, 20.5)), cell)!;
    expect(found.significant).toBe(true);
    expect(found.largest.x).toBeCloseTo(0.0125, 9);
    expect(found.largest.y).toBeCloseTo(0.0205, 9);
    expect(found.largest).toMatchObject({ size: 20, error: 1, healthy: 100 });
    expect(departures(solution(spot(20, 12.5, 20.5), 10), cell)!.significant).toBe(false);
    expect(departures(solution(spot(20, 12.5, 20.5), 0), cell)!.significant).toBeUndefined();
  });

  it('beside a tab whose profile is unknown is told apart; beside a tab of known length it is not', () => {
    const both = (x: number, y: number) => spot(20, 12.5, 20.5)(x, y) + spot(50, 20.5, 58.5)(x, y);
    const found = departures(solution(both), cell)!;
    expect(found.largest.size).toBe(20);
    expect(found.atTabs.map(({ tab, departure }) => [tab, departure.size])).toEqual([['positive', 50]]);
    expect(departures(solution(spot(50, 20.5, 1.5)), cell)!.largest.size).toBe(50);
  });

  it('gives the smallest hole: larger for larger errors, none for very large ones', () => {
    const sizes = [0.1, 1, 5].map(error => smallestHole(solution(() => 0, error))!);
    expect(sizes[0]).toBeLessThan(sizes[1]);
    expect(sizes[1]).toBeLessThan(sizes[2]);
    expect(smallestHole(solution(() => 0, 100))).toBe(Number.POSITIVE_INFINITY);
    expect(smallestHole(solution(() => 0, 0))).toBeUndefined();
  });
});

describe('what the scan covers', () => {
  it('is everything where it reaches past the outline', () => {
    expect(coverage(scan(), cell)).toMatchObject({ area: 1, missedTabs: [], above: true, below: false });
    expect(coverage(scan(undefined, [5, -5]), cell)).toMatchObject({ above: true, below: true });
  });

  it('misses a tab and a part of the cell where the scan ends before', () => {
    const { area, missedTabs } = coverage(
      scan((_, y) => y <= 30),
      cell,
    );
    expect(missedTabs).toEqual(['positive']);
    expect(area).toBeGreaterThan(0.5);
    expect(area).toBeLessThan(0.75);
  });
});

describe('the statements', () => {
  it('start with the departure and warn of nothing in a good scan', () => {
    const { verdict, warnings, canSee } = boundedStatements(
      solution(() => 0),
      scan(),
      cell,
    );
    expect(verdict[0]).toMatch(/^No departure from the healthy cell is significant/);
    expect(warnings).toEqual([]);
    const all = canSee.join(' ');
    for (const text of ['dead spot', '1 nT per ampere', 'hole', 'above and below', 'susceptibility', 'Only Bz'])
      expect(all).toContain(text);
  });

  it('warn of a poor fit, rejected readings and what the scan does not reach', () => {
    const poor = solution(() => 0, 1, { chi2: 2.5, rejected: 300, warnings: ['its own'] });
    const { warnings } = boundedStatements(
      poor,
      scan((_, y) => y <= 30),
      cell,
    );
    for (const text of [/^its own/, /chi2 = 2\.50/, /tab 'positive'/, /of the cell has no reading/, /300 of 1300/])
      expect(
        warnings.some(w => text.test(w)),
        String(text),
      ).toBe(true);
  });

  it('say nothing of the fit where no noise was stated', () => {
    const { verdict, warnings } = boundedStatements(
      solution(() => 0, 1, { chi2: 9, sigmaStated: false }),
      scan(),
      cell,
    );
    expect(verdict.join(' ')).toContain('states no noise');
    expect(warnings).toEqual([]);
  });
});
