import { spanOf } from './checks.js';
import type { GramOptions, Numbers } from './denseWorkspace.js';
import { STEP, type StepQueue } from './kernelMemory.js';

/** Rows of a block of a factor, and rows of A that a product takes at once: a panel of 8 kB stays in the first cache. */
export const DEPTH = 256;
/** Indices that are packed at a visit, and rows and columns of a block of a product; as in kernel/pack.ts and product.ts. */
const VISIT = 16;
const TILE = 64;

/** Multiplications in the time that a number is moved, or used once. */
const MOVED = 8;

/** Where a matrix stands: address and distance of rows, both in bytes. */
export interface Place {
  readonly at: number;
  readonly stride: number;
}

/** Address of element (row, column). */
export function element({ at, stride }: Place, row: number, column: number): number {
  return at + row * stride + 8 * column;
}

/** The same matrix without its first rows and columns. */
export function from(matrix: Place, row: number, column: number): Place {
  return { at: element(matrix, row, column), stride: matrix.stride };
}

/** Cuts n into blocks of nearly equal size, at most DEPTH. Small matrices get small ones, for the helpers' sake. */
export function blocksOf(
  n: number,
  largest = n > 1500 ? DEPTH : n > 500 ? 128 : 64,
): { first: number; size: number }[] {
  const size = 4 * Math.ceil(n / Math.ceil(n / largest) / 4);
  const blocks = [];
  for (let first = 0; first < n; first += size) blocks.push({ first, size: Math.min(size, n - first) });
  return blocks;
}

/**
 * Packed panels of four indices each, or of eight in single precision; element (i, k) of panel i / 4 at 32 k + 8 (i mod 4),
 * or of panel i / 8 at 32 k + 4 (i mod 8).
 */
export interface Panels {
  readonly at: number;
  readonly single: boolean;
  /** Bytes from panel to panel. */
  readonly panel: number;
}

/** Room for panels of so many indices. The panels do not start a power of two apart, where they would crowd one another out. */
export function panelsFor(memory: StepQueue, count: number, depth = DEPTH, single = false): Panels {
  const panel = 32 * 4 * Math.ceil(depth / 4) + 64;
  return { at: memory.reserve(panel * (single ? 2 : 4) * Math.ceil(count / VISIT)), panel, single };
}

/** Where the numbers of panels come from: element (i, k) at source + i along + k deep. */
export interface Source {
  readonly source: number;
  readonly along: number;
  readonly deep: number;
  readonly count: number;
  readonly depth: number;
  readonly weights?: number;
  /** Whether they stand in single precision. */
  readonly short?: boolean;
}

export function isShort(numbers: Numbers): boolean {
  return numbers instanceof Float32Array;
}

/** Where a matrix stands, and how. */
export interface Matrix {
  readonly at: number;
  /** Bytes from row to row, and from column to column. */
  readonly down: number;
  readonly across: number;
  readonly short: boolean;
}

/** How many numbers a matrix takes (rows x n, or the other way round), and how it stands at an address. */
export function standing(
  A: Numbers,
  rows: number,
  n: number,
  { stride, transposed }: Pick<GramOptions, 'stride' | 'transposed'>,
): { length: number; matrixAt: (at: number) => Matrix } {
  const unit = A.BYTES_PER_ELEMENT;
  const [high, wide] = transposed ? [n, rows] : [rows, n];
  const gap = stride ?? wide;
  const [down, across] = transposed ? [unit, unit * gap] : [unit * gap, unit];
  return { length: spanOf(A, high, wide, gap), matrixAt: at => ({ at, down, across, short: isShort(A) }) };
}

/** Some rows of a matrix, column after column. */
export function rowsOf({ at, down, across, short }: Matrix, first: number, count: number, depth: number): Source {
  return { source: at + first * down, along: across, deep: down, count, depth, short };
}

export function pack(memory: StepQueue, to: Panels, source: Source): void {
  const { count, depth } = source;
  // A number moved costs about as much as some multiplied.
  const panels = { p: to.at, panel: to.panel, single: to.single };
  memory.step({ kind: STEP.pack, ...panels, ...source }, Math.ceil(count / VISIT), MOVED * count * depth);
}

/** X L^T = B for packed L; X stays packed and takes the place of B. */
export function solve(memory: StepQueue, to: Panels, triangle: Panels, source: Source): void {
  const { count, depth } = source;
  memory.step(
    { kind: STEP.solve, p: to.at, q: triangle.at, panel: to.panel, ...source },
    Math.ceil(count / VISIT),
    0.5 * count * depth * depth,
  );
}

/** L L^T = C of a diagonal block; L stays packed and takes the place of C. */
export function factor(memory: StepQueue, to: Panels, source: Source): void {
  memory.step({ kind: STEP.factor, p: to.at, panel: to.panel, ...source }, 1, 0);
}

/** target (rows x columns) += sign P Q^T, or its lower triangle; the panels of both are of one precision. */
export function product(
  memory: StepQueue,
  p: Panels,
  q: Panels,
  depth: number,
  target: Place,
  rows: number,
  columns: number,
  sign: number,
  lower: boolean,
): void {
  const high = Math.ceil(rows / TILE);
  const blocks = lower ? (high * (high + 1)) / 2 : high * Math.ceil(columns / TILE);
  memory.step(
    {
      kind: STEP.product,
      p: p.at,
      q: q.at,
      panel: p.panel,
      single: p.single,
      depth,
      target: target.at,
      stride: target.stride,
      rows,
      columns,
      sign,
      lower,
    },
    blocks,
    rows * columns * depth * (lower ? 0.5 : 1),
  );
}

/** Rows of a block of A x, and columns of a block of A^T y, as in kernel/vectors.ts. */
const TIMES_ROWS = 16;
const TIMES_COLUMNS = 256;

/** target += sign A x, A rows x columns. @param x, target addresses of vectors without gaps @param single that of A */
export function times(
  memory: StepQueue,
  A: Place,
  rows: number,
  columns: number,
  x: number,
  target: number,
  sign: number,
  single = false,
): void {
  const places = { source: A.at, along: A.stride, q: x, target };
  const blocks = Math.ceil(rows / TIMES_ROWS);
  memory.step({ kind: STEP.times, rows, columns, sign, single, ...places }, blocks, MOVED * rows * columns);
}

/** target += sign A^T y, for so many vectors one behind the other. */
export function timesTransposed(
  memory: StepQueue,
  A: Place,
  rows: number,
  columns: number,
  y: number,
  target: number,
  sign: number,
  single = false,
  count = 1,
): void {
  const places = { source: A.at, along: A.stride, q: y, target };
  const step = { kind: STEP.timesTransposed, rows, columns, sign, single, count, ...places };
  memory.step(step, Math.ceil(columns / TIMES_COLUMNS), MOVED * rows * columns * count);
}

/** target += S x for the lower triangle of S, n x n. */
export function symmetric(memory: StepQueue, S: Place, n: number, x: number, target: number): void {
  memory.step({ kind: STEP.symmetric, source: S.at, along: S.stride, rows: n, q: x, target }, 1, 0);
}

/** Rows of a block of what is mirrored or cleared, as in kernel/scatter.ts. */
const MIRROR_ROWS = 32;

/** Copies what is below the diagonal of n x n numbers to its mirror image, or the other way round. */
export function mirror(memory: StepQueue, at: number, n: number, stride: number, side: 'below' | 'above'): void {
  const step = { kind: STEP.mirror, target: at, stride, rows: n, sign: side === 'below' ? 1 : -1 };
  memory.step(step, Math.ceil(n / MIRROR_ROWS), 0.5 * MOVED * n * n);
}

/** Sets the lower triangle of n x n numbers to zero. */
export function clear(memory: StepQueue, at: number, n: number): void {
  memory.step({ kind: STEP.clear, target: at, stride: 8 * n, rows: n }, Math.ceil(n / MIRROR_ROWS), 0.5 * n * n);
}

/** Rows of a block of what is scattered, as in kernel/scatter.ts. */
const SCATTER_ROWS = 8;

/** target[rowsAt[i], columnsAt[j]] += B[i, j]. @param B, columnsAt, rowsAt addresses; without rowsAt each row where it is */
export function scatter(
  memory: StepQueue,
  B: number,
  rows: number,
  columns: number,
  target: Place,
  columnsAt: number,
  rowsAt: number | undefined,
  lower: boolean,
): void {
  const places = {
    source: B,
    along: 8 * columns,
    p: columnsAt,
    q: rowsAt ?? 0,
    target: target.at,
    stride: target.stride,
  };
  const step = { kind: STEP.scatter, rows, columns, lower, ...places };
  memory.step(step, Math.ceil(rows / SCATTER_ROWS), MOVED * rows * columns * (lower ? 0.5 : 1));
}

/** Columns of a block of a sparse product, as in kernel/sparse.ts. */
const SPARSE_COLUMNS = 64;

/** target += Q M for sparse Q of so many rows and entries, M with so many columns. @param start, index, factor addresses of Q's */
export function sparse(
  memory: StepQueue,
  Q: { readonly rows: number; readonly entries: number; start: number; index: number; factor: number },
  M: Place,
  columns: number,
  target: Place,
): void {
  const places = { source: M.at, along: M.stride, target: target.at, stride: target.stride };
  const step = { kind: STEP.sparse, rows: Q.rows, columns, p: Q.start, q: Q.index, weights: Q.factor, ...places };
  memory.step(step, Math.ceil(columns / SPARSE_COLUMNS), Q.entries * columns);
}

/** x becomes L^-1 x, or L^-T x, for a small triangle. */
export function solveVector(memory: StepQueue, L: Place, n: number, x: number, transposed: boolean): void {
  const places = { source: L.at, along: L.stride, target: x };
  memory.step({ kind: STEP.solveVector, rows: n, sign: transposed ? -1 : 1, ...places }, 1, 0);
}
