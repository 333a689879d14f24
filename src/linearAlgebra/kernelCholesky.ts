import { notPositiveDefinite } from './checks.js';
import type { KernelMemory } from './kernelMemory.js';
import {
  blocksOf,
  element,
  factor,
  from,
  type Place,
  pack,
  panelsFor,
  product,
  solve,
  solveVector,
  times,
  timesTransposed,
} from './kernelSteps.js';

/**
 * Cholesky factorisation and triangular solves by blocks. The blocks on the diagonal go by substitution, everything else is
 * a product of packed panels; no inverse of a block is ever formed.
 */

/** C = L L^T in place, the right-looking way. @param single whether the products of panels may be in single precision */
export function factorise(memory: KernelMemory, C: Place, n: number, single = false): void {
  const blocks = blocksOf(n);
  const depth = blocks[0].size;
  const triangle = panelsFor(memory, depth, depth);
  const below = panelsFor(memory, n, depth);
  const short = single ? panelsFor(memory, n, depth, true) : undefined;
  for (const { first, size } of blocks) {
    const next = first + size;
    const rows = { along: C.stride, deep: 8, depth: size };
    factor(memory, triangle, { source: element(C, first, first), count: size, ...rows });
    const { pivot, value } = memory.failed();
    if (pivot >= 0) throw notPositiveDefinite(first + pivot, value);
    if (next === n) return;
    const count = n - next;
    solve(memory, below, triangle, { source: element(C, next, first), count, ...rows });
    if (short) pack(memory, short, { source: element(C, next, first), count, ...rows });
    const factors = short ?? below;
    product(memory, factors, factors, size, from(C, next, next), count, count, -1, true);
  }
}

/** Columns taken at once, so that their panels stay small. */
const COLUMNS = 4096;

/**
 * B (n x k) becomes L^-1 B. `reach(row)` columns of the first rows are not zero: for the inverse of a triangle it grows with
 * the rows; by default all.
 * @param single whether the products of panels may be in single precision
 */
export function solveForward(
  memory: KernelMemory,
  L: Place,
  n: number,
  B: Place,
  k: number,
  reach = (_: number) => k,
  single = false,
) {
  inColumns(
    B,
    k,
    (X, first, width) => {
      const blocks = blocksOf(n);
      const depth = blocks[0].size;
      const triangle = panelsFor(memory, depth, depth);
      const below = panelsFor(memory, n, depth, single);
      const solved = panelsFor(memory, width, depth);
      const short = single ? panelsFor(memory, width, depth, true) : undefined;
      for (const { first: row, size } of blocks) {
        const next = row + size;
        const count = Math.min(width, reach(next) - first);
        if (count <= 0) continue;
        const rows = { along: L.stride, deep: 8, depth: size };
        pack(memory, triangle, { source: element(L, row, row), count: size, ...rows });
        const right = { source: element(X, row, 0), along: 8, deep: X.stride, count, depth: size };
        solve(memory, solved, triangle, right);
        if (next === n) return;
        if (short) pack(memory, short, right);
        pack(memory, below, { source: element(L, next, row), count: n - next, ...rows });
        product(memory, below, short ?? solved, size, from(X, next, 0), n - next, count, -1, false);
      }
    },
    memory,
  );
}

/** B (n x k) becomes L^-T B: the same with rows and columns of a block counted from the end. */
export function solveBack(memory: KernelMemory, L: Place, n: number, B: Place, k: number): void {
  inColumns(
    B,
    k,
    (X, _, width) => {
      const blocks = blocksOf(n);
      const depth = blocks[0].size;
      const triangle = panelsFor(memory, depth, depth);
      const above = panelsFor(memory, n, depth);
      const solved = panelsFor(memory, width, depth);
      for (const { first, size } of blocks.reverse()) {
        const last = first + size - 1;
        const upwards = { deep: -L.stride, depth: size };
        pack(memory, triangle, { source: element(L, last, last), along: -8, count: size, ...upwards });
        solve(memory, solved, triangle, {
          source: element(X, last, 0),
          along: 8,
          deep: -X.stride,
          count: width,
          depth: size,
        });
        if (first === 0) return;
        pack(memory, above, { source: element(L, last, 0), along: 8, count: first, ...upwards });
        product(memory, above, solved, size, X, first, width, -1, false);
      }
    },
    memory,
  );
}

/** Rows of a triangle that {@link solveOne} takes by substitution. */
const FEW = 32;

/** x becomes L^-1 x, L^-T x or both; every row of L is read once from end to end, and nothing is packed. */
export function solveOne(memory: KernelMemory, L: Place, n: number, x: number, forward: boolean, back: boolean): void {
  const blocks = blocksOf(n, FEW);
  if (forward) {
    for (const { first, size } of blocks) {
      times(memory, from(L, first, 0), size, first, x, x + 8 * first, -1);
      solveVector(memory, from(L, first, first), size, x + 8 * first, false);
    }
  }
  if (!back) return;
  for (const { first, size } of blocks.reverse()) {
    solveVector(memory, from(L, first, first), size, x + 8 * first, true);
    timesTransposed(memory, from(L, first, 0), size, first, x + 8 * first, x, -1);
  }
}

function inColumns(
  B: Place,
  k: number,
  work: (X: Place, first: number, width: number) => void,
  memory: KernelMemory,
): void {
  for (let first = 0; first < k; first += COLUMNS) {
    memory.temporarily(() => work(from(B, 0, first), first, Math.min(COLUMNS, k - first)));
  }
}
