import type { Readings } from '../../../src/forward/index.js';
import type { Cell } from '../../../src/model/cell.js';
import type { Outline, Point } from '../../../src/model/outline.js';

/** A cell with one sheet at z = 0; tabs as [start, end, share, length]. */
export function cellOf(
  outline: Outline,
  tabs: readonly (readonly [start: Point, end: Point, share: number, length?: number])[],
  more: Partial<Cell> = {},
): Cell {
  return {
    name: 'cell',
    outline,
    thickness: 8e-3,
    sheets: Float64Array.of(0),
    current: 10,
    tabs: tabs.map(([start, end, share, length], i) => ({
      name: `tab ${i + 1}`,
      start,
      end,
      share,
      ...(length === undefined ? {} : { length }),
    })),
    leads: [],
    masked: [],
    magneticParts: [],
    ...more,
  };
}

/** Bx, By and Bz at points, m. */
export function vectorReadings(points: readonly (readonly [x: number, y: number, z: number])[]): Readings {
  const all = points.flatMap(point => [0, 1, 2].map(c => ({ point, c })));
  const of = (pick: (point: readonly [number, number, number], c: number) => number) =>
    Float64Array.from(all, ({ point, c }) => pick(point, c));
  return {
    x: of(p => p[0]),
    y: of(p => p[1]),
    z: of(p => p[2]),
    nx: of((_, c) => (c === 0 ? 1 : 0)),
    ny: of((_, c) => (c === 1 ? 1 : 0)),
    nz: of((_, c) => (c === 2 ? 1 : 0)),
  };
}

/** Norm of a - b over norm of b. */
export function relativeError(a: Float64Array, b: Float64Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
