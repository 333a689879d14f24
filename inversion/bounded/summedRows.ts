import type { Background, DenseWorkspace, Numbers } from '../../src/linearAlgebra/index.js';
import { allColumns, fillColumns } from './modelRows.js';
import { type BasisTask, type Branch, withBases } from './nestedBases.js';
import { columnSquares } from './tileBasis.js';
import { type StoredPart, TiledRows } from './tiledRows.js';
import { isFar, MOST, type Part, readingParts } from './tiles.js';
import { WideRows } from './wideRows.js';

/** Parts of more readings, or more than this part of all, have no basis, unless they are tiles: too little is far from them. */
const LARGEST = 6000;
const LARGEST_SHARE = 1 / 8;

/** Lower triangle n x n, and n numbers. */
export interface Sums {
  readonly matrix: Float64Array;
  readonly gradient: Float64Array;
}

export interface SumTask extends BasisTask {
  /** Weighted right side, one number per reading. */
  readonly right: Float64Array;
  /** Whether rows are kept, and products summed, in single precision. */
  readonly single: boolean;
  /** Called with the number of readings done. */
  readonly onReadings: (count: number) => void;
}

/** With the room where the rows are kept, and who sums up while the next bases are made. */
interface StoredTask extends SumTask {
  readonly store: DenseWorkspace;
  readonly background: Background;
  readonly wide: WideRows;
}

/** No more than the whole matrix, and what the products need; what is not used costs nothing. */
function roomFor(readings: number, unknowns: number, single: boolean): number {
  return Math.min(3e9, readings * unknowns * (single ? 4 : 8) + 64 * (readings + unknowns));
}

/** The sums of two or three parts within each other, and packed rows. */
function roomBehind(unknowns: number): number {
  return 16 * unknowns ** 2 + 4096 * unknowns + 64e6;
}

/** A part that was summed up, and U' b of it. */
interface Summed {
  readonly stored: StoredPart;
  readonly moments: Float64Array;
}

/**
 * Adds A'A and A'b to sums, and keeps the rows A.
 *
 * What is far from a part of the readings has a smooth field on it: all distant functions span few patterns there, a hundred on
 * a thousand readings. With U a basis of these, the columns of a part are U S for the far ones, S from their values at a few
 * telling readings, and the near ones are left to the halves of the part, each with its own basis, and in the end to the
 * readings (a matrix in nested bases: Hackbusch and Borm 2002). With P = U'A of all columns that reach the part,
 *
 *   A'A = P'P on far and far, far and near;  on near and near it is the sum over the halves.
 *
 * Which functions are described is told by what remains of them at the telling readings, not by their distance alone: every
 * column that is kept is within two hundred-thousandths of the largest. All that is computed from the rows is consistent with them:
 * sums with the normal equations, and readings taken out again.
 */
export function summedRows(task: SumTask, sums: Sums): TiledRows {
  const { model, readings, weights, single, dense } = task;
  const store = dense.beside(roomFor(readings.count, model.unknowns, single));
  const all = allColumns(model.unknowns);
  const none = new Float64Array(0);
  const largest = Math.max(1.1 * MOST, Math.min(LARGEST, LARGEST_SHARE * readings.count));
  const visit = (part: Part, tools: Pick<StoredTask, 'background' | 'wide'>): StoredPart => {
    if (part.readings.length <= largest) {
      return dense.temporarily(() => {
        const branch = withBases(task, part);
        return tools.background.temporarily(() => summed({ ...task, store, ...tools }, branch, all, sums).stored);
      });
    }
    const empty = { rank: 0, transfer: none, far: new Int32Array(0), short: none, near: new Int32Array(0), rows: none };
    return { ...empty, readings: part.readings, parts: part.parts.map(p => visit(p, tools)) };
  };
  const root = dense.behind(roomBehind(model.unknowns), background => {
    const wide = new WideRows(model.unknowns, dense, background, sums.matrix, single);
    const found = visit(readingParts(readings), { background, wide });
    wide.sumUp();
    return found;
  });
  return new TiledRows(readings, root, store, weights.slice(), model.unknowns, single);
}

/**
 * @param active columns that reach the part @param sums theirs, in this order
 * @param products rank x active, set to U'A, where it is wanted
 */
function summed(task: StoredTask, branch: Branch, active: Int32Array, sums: Sums, products?: Float64Array): Summed {
  const { dense, background } = task;
  const { readings, parts, basis } = branch;
  const a = active.length;
  const described = basis === undefined ? undefined : dense.temporarily(() => describedBy(task, branch, active));
  const rank = basis?.rank ?? 0;
  const far = described?.far ?? new Int32Array(0);
  const near = described?.near ?? allColumns(a);
  const n = near.length;
  const inner: Sums = described ? { matrix: background.triangle(n), gradient: dense.allocate(n) } : sums;
  /** U'A of the near columns: all of them, where none is described. */
  const ofNear = described ? dense.allocate(rank * n) : products;
  const columns = gathered(active, near);
  const below = dense.temporarily(() =>
    parts.length === 0 ? leaf(task, branch, columns, inner, ofNear) : joinedParts(task, branch, columns, inner, ofNear),
  );
  if (described && ofNear) {
    // Products that nobody wants are those of all columns.
    const wide = products ? undefined : task.wide.next(rank);
    const whole = products ?? wide ?? dense.allocate(rank * a);
    dense.addScattered(described.short, rank, far, whole, { strideC: a });
    dense.addScattered(ofNear, rank, near, whole, { strideC: a });
    if (wide === undefined) background.addGram(whole, rank, a, sums.matrix, { single: task.single });
    addFar(task, rank, described, ofNear, below.moments, inner, sums);
  }
  return {
    moments: below.moments,
    stored: {
      readings,
      parts: below.parts,
      rank,
      transfer: kept(basis?.transfer ?? new Float64Array(0), task),
      far: gathered(active, far),
      short: kept(described?.short ?? new Float64Array(0), task),
      near: parts.length === 0 ? columns : new Int32Array(0),
      rows: below.rows,
    },
  };
}

interface Described {
  /** Indices into the active columns. */
  readonly far: Int32Array;
  readonly near: Int32Array;
  /** rank x far */
  readonly short: Float64Array;
}

/** The columns that the basis of a part describes; undefined where that saves nothing. */
function describedBy(task: SumTask, branch: Branch, active: Int32Array): Described | undefined {
  const { model, readings, weights, dense, single } = task;
  const { rank, telling, inverse, along, least } = branch.basis!;
  const a = active.length;
  const distant = indices(a, j => isFar(branch.distances[active[j]]));
  const rows = branch.parts.length === 0 ? branch.readings.length : branch.parts.reduce((s, p) => s + p.basis!.rank, 0);
  const without = (a - distant.length) ** 2;
  if (rank * (a * a + without) > rows * (a * a - without)) return undefined;
  const m = telling.length;
  const f = distant.length;
  const values = dense.room(m * f);
  fillColumns(model, readings, weights, telling, gathered(active, distant), values, dense);
  const short = dense.allocate(rank * f);
  dense.addCross(inverse, m, rank, values, f, short, { single, transposed: true });
  dense.addCross(along, rank, m, short, f, values, { sign: -1, single });
  // What remains on the other readings is as large; as many numbers as the basis has were spent on the fit.
  const most = (least * (m - rank)) / branch.readings.length;
  const missed = columnSquares(values, f);
  const good = indices(f, j => missed[j] <= most);
  const far = gathered(distant, good);
  const isFarNow = new Uint8Array(a);
  for (let k = 0; k < far.length; k++) isFarNow[far[k]] = 1;
  return { far, near: indices(a, j => isFarNow[j] === 0), short: someColumns(short, rank, f, good) };
}

/** The numbers below `count` of which something is true. */
function indices(count: number, isTrue: (j: number) => boolean): Int32Array {
  const out = new Int32Array(count);
  let length = 0;
  for (let j = 0; j < count; j++) if (isTrue(j)) out[length++] = j;
  return out.slice(0, length);
}

function gathered(from: Int32Array, which: Int32Array): Int32Array {
  const out = new Int32Array(which.length);
  for (let k = 0; k < out.length; k++) out[k] = from[which[k]];
  return out;
}

/** Some columns of a matrix, next to each other. */
function someColumns(values: Float64Array, rows: number, columns: number, which: Int32Array): Float64Array {
  const out = new Float64Array(rows * which.length);
  for (let k = 0, at = 0; k < rows; k++) {
    for (let j = 0; j < which.length; j++) out[at++] = values[k * columns + which[j]];
  }
  return out;
}

interface Below {
  readonly moments: Float64Array;
  readonly parts: readonly StoredPart[];
  readonly rows: Numbers;
}

/** The readings themselves. */
function leaf(
  task: StoredTask,
  branch: Branch,
  columns: Int32Array,
  sums: Sums,
  products: Float64Array | undefined,
): Below {
  const { model, readings, weights, right, single, dense, background, onReadings } = task;
  const { readings: which, basis } = branch;
  const [count, n] = [which.length, columns.length];
  const rows = single ? dense.roomSingle(count * n) : dense.room(count * n);
  fillColumns(model, readings, weights, which, columns, rows, dense);
  const own = dense.room(count);
  for (let k = 0; k < count; k++) own[k] = right[which[k]];
  background.addGram(rows, count, n, sums.matrix, { single });
  dense.addCross(rows, count, n, own, 1, sums.gradient);
  const rank = basis?.rank ?? 0;
  const moments = new Float64Array(rank);
  if (basis) {
    dense.addCross(basis.transfer, count, rank, own, 1, moments);
    if (products) dense.addCross(basis.transfer, count, rank, rows, n, products, { single });
  }
  onReadings(count);
  return { moments, parts: [], rows: kept(rows, task) };
}

/** The parts of a part, one after another. */
function joinedParts(
  task: StoredTask,
  { parts, basis }: Branch,
  columns: Int32Array,
  sums: Sums,
  products: Float64Array | undefined,
): Below {
  const { dense, background, single } = task;
  const n = columns.length;
  const rank = basis?.rank ?? 0;
  const moments = new Float64Array(rank);
  let from = 0;
  const stored = parts.map(part =>
    dense.temporarily(() => {
      const own = part.basis?.rank ?? 0;
      const ofPart = products && dense.allocate(own * n);
      const inner = background.temporarily(() => summed(task, part, columns, sums, ofPart));
      if (basis) {
        const transfer = basis.transfer.subarray(from * rank, (from + own) * rank);
        dense.addCross(transfer, own, rank, inner.moments, 1, moments);
        if (products && ofPart) dense.addCross(transfer, own, rank, ofPart, n, products, { single });
      }
      from += own;
      return inner.stored;
    }),
  );
  return { moments, parts: stored, rows: new Float64Array(0) };
}

/**
 * Adds the sums of the near columns less P'P of them, which stands in that of all: on these, the two are the same in every digit
 * but for the order of the sums; and the gradient.
 */
function addFar(
  { dense, background, single }: StoredTask,
  rank: number,
  { far, near, short }: Described,
  ofNear: Float64Array,
  moments: Float64Array,
  inner: Sums,
  sums: Sums,
): void {
  const [f, n] = [far.length, near.length];
  const a = f + n;
  background.addGram(ofNear, rank, n, inner.matrix, { sign: -1, single });
  background.addScattered(inner.matrix, n, near, sums.matrix, { strideC: a, rowsAt: near, lower: true });
  for (let i = 0; i < n; i++) sums.gradient[near[i]] += inner.gradient[i];
  const slope = new Float64Array(f);
  dense.addCross(short, rank, f, moments, 1, slope);
  for (let j = 0; j < f; j++) sums.gradient[far[j]] += slope[j];
}

function kept(values: Numbers, { store, single }: StoredTask): Numbers {
  const out = single ? store.roomSingle(values.length) : store.room(values.length);
  out.set(values);
  return out;
}
