import type { Grid } from '../grid.js';

/** A line of constant value: x, y, x, y, ... in units of grid steps (0 is the first pixel's centre). */
export interface ContourLine {
  readonly points: Float64Array;
  readonly closed: boolean;
}

// Edges of a cell with corners a (lower left), b (lower right), c (upper right), d (upper left).
const BOTTOM = 0;
const RIGHT = 1;
const TOP = 2;
const LEFT = 3;

/**
 * Directed pieces [from, to] per case (bit 0..3: a, b, c, d at or above the level). The higher side lies on the *left*,
 * so a contour of the stream function runs with the current: K = (d psi/dy, -d psi/dx). Saddles (5, 10) are decided by
 * the mean of the corners: first list when it is high, second when it is low.
 */
const PIECES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[BOTTOM, LEFT]],
  [[RIGHT, BOTTOM]],
  [[RIGHT, LEFT]],
  [[TOP, RIGHT]],
  [
    [BOTTOM, RIGHT],
    [TOP, LEFT],
  ],
  [[TOP, BOTTOM]],
  [[TOP, LEFT]],
  [[LEFT, TOP]],
  [[BOTTOM, TOP]],
  [
    [LEFT, BOTTOM],
    [RIGHT, TOP],
  ],
  [[RIGHT, TOP]],
  [[LEFT, RIGHT]],
  [[BOTTOM, RIGHT]],
  [[LEFT, BOTTOM]],
  [],
];
const LOW_SADDLE: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  5: [
    [BOTTOM, LEFT],
    [TOP, RIGHT],
  ],
  10: [
    [RIGHT, BOTTOM],
    [LEFT, TOP],
  ],
};

/**
 * Lines `values` = `level` on a grid by marching squares (linear along the edges), joined into polylines that keep the
 * higher side on their left. Cells with a NaN corner are left out.
 */
export function contourLines(grid: Grid, values: ArrayLike<number>, level: number): ContourLine[] {
  const { nx, ny } = grid;
  // Every edge of the lattice is crossed at most once, so it can name a point: 2 i from pixel i to its right-hand
  // neighbour, 2 i + 1 to the one above.
  const next = new Map<number, number>();
  const entered = new Set<number>();
  for (let iy = 0; iy + 1 < ny; iy++) {
    for (let ix = 0; ix + 1 < nx; ix++) {
      const i = iy * nx + ix;
      const a = values[i];
      const b = values[i + 1];
      const c = values[i + nx + 1];
      const d = values[i + nx];
      if (!Number.isFinite(a + b + c + d)) continue;
      const index = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      const pieces = (a + b + c + d) / 4 >= level ? PIECES[index] : (LOW_SADDLE[index] ?? PIECES[index]);
      for (const [from, to] of pieces) {
        const edges = [2 * i, 2 * (i + 1) + 1, 2 * (i + nx), 2 * i + 1];
        next.set(edges[from], edges[to]);
        entered.add(edges[to]);
      }
    }
  }
  const point = (edge: number): [number, number] => {
    const i = edge >> 1;
    const vertical = (edge & 1) === 1;
    const start = values[i];
    const end = values[vertical ? i + nx : i + 1];
    const t = (level - start) / (end - start);
    const ix = i % nx;
    const iy = Math.floor(i / nx);
    return vertical ? [ix, iy + t] : [ix + t, iy];
  };
  const lines: ContourLine[] = [];
  const follow = (start: number) => {
    const points = point(start);
    let edge = start;
    let to = next.get(edge);
    while (to !== undefined) {
      next.delete(edge);
      points.push(...point(to));
      edge = to;
      to = next.get(edge);
    }
    lines.push({ points: Float64Array.from(points), closed: edge === start });
  };
  for (const edge of [...next.keys()]) if (!entered.has(edge)) follow(edge);
  // What is left are closed lines.
  for (const edge of [...next.keys()]) if (next.has(edge)) follow(edge);
  return lines;
}

/** Levels a constant round step apart, about `count` of them, within the range of `values`; and that step. */
export function contourLevels(values: ArrayLike<number>, count: number): { levels: number[]; step: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (!(max > min)) return { levels: [], step: 0 };
  const raw = (max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5].find(m => m * power >= raw * (1 - 1e-9)) ?? 10);
  const levels: number[] = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max * (1 + 1e-12); k++) levels.push(k * step);
  return { levels, step };
}
