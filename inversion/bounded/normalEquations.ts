import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import type { BoundedModel } from './model.js';
import { addSourceField, type Gradient, type PointSources, sourceProducts, sourceRows } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import { type ColumnPlaces, functionPlaces, readingTiles, TiledRows } from './tiledRows.js';

/**
 * The data's quadratic form in the kept unknowns, the sheets outside eliminated with their prior:
 * min over outside of |A x - b|^2 + outside' P outside = energy - 2 gradient.x + x' form x.
 */
export interface ReducedForm {
  readonly n: number;
  /** n x n, lower triangle. */
  readonly form: Float64Array;
  readonly gradient: Float64Array;
  readonly energy: number;
  /** Effective degrees of freedom that the sheets outside spend. */
  readonly outsideDegrees: number;
  /** log det (N + P) - log det P of the sheets outside. */
  readonly outsideLog: number;
  /** The coefficients outside that go with the kept unknowns. */
  outsideOf(kept: Float64Array): Float64Array;
}

const BLOCK = 512;
/** Probes of the stochastic trace. */
const PROBES = 16;

/** The normal equations of all unknowns, without priors; kept up to date when the weights of some readings change. */
export interface NormalEquations {
  /** n x n, lower triangle; in the upper one, while the lower is eliminated in, a copy of what lies below the diagonal. */
  readonly matrix: Float64Array;
  /** The diagonal while the lower triangle is eliminated in. */
  diagonal: Float64Array | undefined;
  readonly gradient: Float64Array;
  energy: number;
  /** The rows that were summed up, where that was done by tiles and in single precision. */
  rows: TiledRows | undefined;
}

/** Below so many operations single precision is not worth it. */
const SINGLE_WORTH = 1e10;

/** Whether sums in single precision, whose rounding is 1e-6 of the largest numbers, save time worth having. */
export function singleIsWorth(model: BoundedModel, readings: ScanReadings): boolean {
  return readings.count * model.unknowns ** 2 > SINGLE_WORTH;
}

/**
 * Sums up the normal equations of all readings. Blocks of rows are made, used and forgotten, so that memory does not grow
 * with the number of readings.
 * @param weights one over the standard deviation of each reading, none zero @param single by tiles and in single precision
 */
export function normalEquations(
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void = () => {},
  single = false,
): NormalEquations {
  const n = model.unknowns;
  const equations = { matrix: dense.allocate(n * n), gradient: dense.allocate(n), energy: 0, diagonal: undefined, rows: undefined };
  addAll(equations, model, readings, weights, dense, onRows, single);
  return equations;
}

/** Sums them up anew in the same place, with other weights. */
export function renewEquations(
  equations: NormalEquations,
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void,
): void {
  const single = equations.rows !== undefined;
  equations.matrix.fill(0);
  equations.diagonal = undefined;
  equations.gradient.fill(0);
  equations.energy = 0;
  equations.rows = undefined;
  addAll(equations, model, readings, weights, dense, onRows, single);
}

function addAll(
  equations: NormalEquations,
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void,
  single: boolean,
): void {
  if (!single) {
    const all = Int32Array.from({ length: readings.count }, (_, r) => r);
    const ones = new Float64Array(readings.count).fill(1);
    addReadings(equations, model, readings, weights, all, ones, dense, onRows);
    return;
  }
  const { unknowns: n } = model;
  const tiled = new TiledRows(readings, columnPlaces(model), model.standoff, weights);
  const tiles = readingTiles(readings);
  const most = tiles.reduce((a, { length }) => Math.max(a, length), 0);
  dense.temporarily(() => {
    const rows = dense.allocate(most * n);
    const right = dense.allocate(most);
    tiles.forEach((tile, t) => {
      fillRows(model, readings, weights, tile, rows);
      tile.forEach((r, k) => {
        right[k] = (readings.value[r] - model.base[r]) * weights[r];
        equations.energy += right[k] ** 2;
      });
      tiled.addTile(tile, rows, right, equations, dense);
      onRows((t + 1) / tiles.length);
    });
  });
  equations.rows = tiled;
}

/** Places of the functions of all unknowns; patterns stand nowhere. */
function columnPlaces(model: BoundedModel): ColumnPlaces {
  const none = new Float64Array(model.patterns.length).fill(Number.NaN);
  const parts = [
    ...model.departures.map(functionPlaces),
    { x: none, y: none },
    ...model.outside.map(({ sources }) => functionPlaces(sources)),
  ];
  return {
    x: Float64Array.from(parts.flatMap(part => [...part.x])),
    y: Float64Array.from(parts.flatMap(part => [...part.y])),
  };
}

/**
 * Adds readings with a factor on their squared weight: the difference between what it becomes and what it was.
 * @param which readings @param factors one for each of them, of either sign
 */
export function addReadings(
  equations: NormalEquations,
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  which: Int32Array,
  factors: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void = () => {},
): void {
  const n = model.unknowns;
  restore(equations);
  dense.temporarily(() => {
    const rows = dense.allocate(BLOCK * n);
    const right = dense.allocate(BLOCK);
    for (let from = 0; from < which.length; from += BLOCK) {
      const to = Math.min(which.length, from + BLOCK);
      const block = which.subarray(from, to);
      const { rows: tiled } = equations;
      if (tiled) block.forEach((r, k) => tiled.row(r, weights[r], rows.subarray(k * n, (k + 1) * n)));
      else fillRows(model, readings, weights, block, rows);
      for (let k = from; k < to; k++) {
        const r = which[k];
        right[k - from] = (readings.value[r] - model.base[r]) * weights[r];
        equations.energy += factors[k] * right[k - from] ** 2;
      }
      const options = { weights: factors.subarray(from, to) };
      dense.addGram(rows, to - from, n, equations.matrix, { ...options, single: tiled !== undefined });
      dense.addCross(rows, to - from, n, right, 1, equations.gradient, options);
      onRows(to / which.length);
    }
  });
}

/**
 * A' W^2 G for further patterns G of the readings, T per unit: unknowns x patterns, row-major.
 * @param rows those of the normal equations, if they were summed up by tiles
 */
export function crossProducts(
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  patterns: readonly Float64Array[],
  rows?: TiledRows,
): Float64Array {
  const k = patterns.length;
  const values = patterns.map(pattern => pattern.map((v, r) => v * weights[r] ** 2));
  if (rows) return rows.transposed(values);
  const out = new Float64Array(model.unknowns * k);
  let at = 0;
  const add = (sources: PointSources) => {
    out.set(sourceProducts(sources, values, readings, readings.footprint), at);
    at += sources.count * k;
  };
  model.departures.forEach(add);
  for (const { field } of model.patterns) {
    for (const value of values) out[at++] = field.reduce((sum, v, r) => sum + v * value[r], 0);
  }
  for (const { sources } of model.outside) add(sources);
  return out;
}

/** Multiplies the weights of all readings by a factor. */
export function scaleEquations(equations: NormalEquations, factor: number): void {
  restore(equations);
  const square = factor * factor;
  for (let i = 0; i < equations.matrix.length; i++) equations.matrix[i] *= square;
  for (let i = 0; i < equations.gradient.length; i++) equations.gradient[i] *= square;
  equations.energy *= square;
}

const EDGE = 64;

/** Copies each number above (or below) the diagonal to its mirror image, square by square. */
function mirror(matrix: Float64Array, n: number, from: 'below' | 'above'): void {
  for (let i0 = 0; i0 < n; i0 += EDGE) {
    for (let j0 = 0; j0 <= i0; j0 += EDGE) {
      const last = Math.min(n, i0 + EDGE);
      for (let i = i0; i < last; i++) {
        const end = Math.min(i, j0 + EDGE);
        for (let j = j0; j < end; j++) {
          if (from === 'below') matrix[j * n + i] = matrix[i * n + j];
          else matrix[i * n + j] = matrix[j * n + i];
        }
      }
    }
  }
}

/** Puts the sums aside, to the upper triangle. */
function putAside(equations: NormalEquations, n: number): void {
  restore(equations);
  mirror(equations.matrix, n, 'below');
  equations.diagonal = Float64Array.from({ length: n }, (_, i) => equations.matrix[i * n + i]);
}

/** The sums are in the lower triangle again. */
function restore(equations: NormalEquations): void {
  const { matrix, diagonal } = equations;
  if (diagonal === undefined) return;
  const n = diagonal.length;
  mirror(matrix, n, 'above');
  for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal[i];
  equations.diagonal = undefined;
}

/** Room that {@link eliminateOutside} works in, for use again and again; and the matrix of the normal equations, in part. */
export interface EliminationRoom {
  readonly normal: Float64Array;
  readonly gradient: Float64Array;
  readonly solved: Float64Array;
  readonly form: Float64Array;
}

export function eliminationRoom(
  equations: NormalEquations,
  model: BoundedModel,
  dense: DenseWorkspace,
): EliminationRoom {
  const { unknowns: n, kept } = model;
  return {
    normal: equations.matrix,
    gradient: dense.allocate(n),
    solved: dense.allocate(n - kept),
    form: dense.allocate(kept * kept),
  };
}

/** Eliminates the sheets outside, each with its prior. The result stands in `room` and holds until the next call. */
export function eliminateOutside(
  equations: NormalEquations,
  model: BoundedModel,
  room: EliminationRoom,
  dense: DenseWorkspace,
): ReducedForm {
  const { unknowns: n, kept } = model;
  const outside = n - kept;
  const { normal, gradient, solved, form } = room;
  putAside(equations, n);
  gradient.set(equations.gradient);
  let { energy } = equations;
  const corner = normal.subarray(kept * n + kept);
  let at = 0;
  for (const { sources, precision } of model.outside) {
    const m = sources.count;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) corner[(at + i) * n + at + j] += precision[i * m + j];
    }
    at += m;
  }
  dense.cholesky(corner, outside, n);
  const cross = normal.subarray(kept * n);
  dense.forwardSolve(corner, outside, cross, kept, { stride: n, strideB: n });
  solved.set(gradient.subarray(kept));
  dense.forwardSolve(corner, outside, solved, 1, { stride: n });
  dense.addGram(cross, outside, kept, normal, { sign: -1, stride: n, strideC: n });
  const reduced = gradient.subarray(0, kept);
  dense.addCross(cross, outside, kept, solved, 1, reduced, { sign: -1, stride: n });
  for (const v of solved) energy -= v * v;
  for (let i = 0; i < kept; i++) form.set(normal.subarray(i * n, i * n + i + 1), i * kept);
  return {
    n: kept,
    form,
    gradient: reduced,
    energy,
    outsideDegrees: degreesOutside(model, dense, corner, outside, n),
    outsideLog: model.outside.reduce(
      (sum, sheet) => sum - sheet.logPrecision,
      dense.logDeterminant(corner, outside, n),
    ),
    outsideOf(x) {
      // L^-T (L^-1 g - Y x)
      const product = new Float64Array(outside);
      dense.times(cross, outside, kept, x, product, n);
      const out = Float64Array.from(solved, (v, i) => v - product[i]);
      dense.backSolve(corner, outside, out, 1, { stride: n });
      return out;
    },
  };
}

/**
 * Trace of the influence of the sheets outside alone, n - tr(L^-1 P L^-T) with L L^T = N + P, by random probes (Hutchinson
 * 1990); in this symmetric form all eigenvalues are between 0 and 1, and few probes do.
 */
function degreesOutside(
  model: BoundedModel,
  dense: DenseWorkspace,
  factor: Float64Array,
  n: number,
  stride: number,
): number {
  if (n === 0) return 0;
  const rng = random(1);
  let trace = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const y = Float64Array.from({ length: n }, () => (rng.uniform() < 0.5 ? -1 : 1));
    dense.backSolve(factor, n, y, 1, { stride });
    let at = 0;
    for (const { sources, precision } of model.outside) {
      const m = sources.count;
      for (let i = 0; i < m; i++) {
        let sum = 0;
        for (let j = 0; j < m; j++) sum += precision[i * m + j] * y[at + j];
        trace += y[at + i] * sum;
      }
      at += m;
    }
  }
  return Math.max(0, n - trace / PROBES);
}

function fillRows(
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  which: Int32Array,
  rows: Float64Array,
): void {
  const { unknowns: n, patterns } = model;
  let column = 0;
  for (const sources of model.departures) {
    sourceRows(sources, readings, weights, which, rows, n, column, readings.footprint);
    column += sources.count;
  }
  for (const { field } of patterns) {
    for (let k = 0; k < which.length; k++) rows[k * n + column] = field[which[k]] * weights[which[k]];
    column++;
  }
  for (const { sources } of model.outside) {
    sourceRows(sources, readings, weights, which, rows, n, column, readings.footprint);
    column += sources.count;
  }
}

/**
 * Field of a solution along every reading's direction, T.
 * @param gradient += derivatives of the field of the sheets; those of base and patterns not
 */
export function predictedReadings(
  model: BoundedModel,
  readings: ScanReadings,
  kept: Float64Array,
  outside: Float64Array,
  gradient?: Gradient,
): Float64Array {
  const out = model.base.slice();
  let at = 0;
  for (const sources of model.departures) {
    addSourceField(sources, kept.subarray(at, at + sources.count), readings, out, gradient, readings.footprint);
    at += sources.count;
  }
  for (const { field } of model.patterns) {
    const c = kept[at++];
    for (let r = 0; r < out.length; r++) out[r] += c * field[r];
  }
  at = 0;
  for (const { sources } of model.outside) {
    addSourceField(sources, outside.subarray(at, at + sources.count), readings, out, gradient, readings.footprint);
    at += sources.count;
  }
  return out;
}

/** {@link predictedReadings} from the rows of the normal equations, where they are kept. */
export function fittedReadings(
  { rows }: Pick<NormalEquations, 'rows'>,
  model: BoundedModel,
  readings: ScanReadings,
  kept: Float64Array,
  outside: Float64Array,
): Float64Array {
  if (rows === undefined) return predictedReadings(model, readings, kept, outside);
  const x = new Float64Array(model.unknowns);
  x.set(kept);
  x.set(outside, model.kept);
  return rows.times(x).map((v, r) => v + model.base[r]);
}
