import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { KeptRows, type ModelRows, mayKeepRows } from './keptRows.js';
import type { LinearModel } from './linearModel.js';
import { fillRows } from './modelRows.js';
import { type PointSources, sourceProducts } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import { summedRows } from './summedRows.js';
import { type ColumnPlaces, functionPlaces } from './tiles.js';

const BLOCK = 512;

/** The normal equations of all unknowns, without priors; kept up to date when the weights of some readings change. */
export interface NormalEquations {
  /** n x n, lower triangle; in the upper one, while the lower is eliminated in, a copy of what lies below the diagonal. */
  readonly matrix: Float64Array;
  /** The diagonal while the lower triangle is eliminated in. */
  diagonal: Float64Array | undefined;
  readonly gradient: Float64Array;
  energy: number;
  /** The rows that were summed up, where they are at hand. */
  rows: ModelRows | undefined;
}

/** How the products of the rows are summed up: as they are, or by tiles (`tiledRows.ts`), in double or single precision. */
export type Summation = 'plain' | 'plain, single precision' | 'tiles' | 'tiles, single precision';

/** Below so many operations tiles are not worth it. */
const TILES_WORTH = 1e10;
/** Below so many, time does not count. */
const SINGLE_WORTH = 4e9;

/**
 * @param maySingle whether rounding by 1e-7 of the largest numbers does no harm
 * @param mayKeep whether the rows may be kept as they are, where they are few
 */
export function bestSummation(
  model: LinearModel,
  readings: ScanReadings,
  maySingle: boolean,
  mayKeep = false,
): Summation {
  const work = readings.count * model.unknowns ** 2;
  if (work >= TILES_WORTH) return maySingle ? 'tiles, single precision' : 'tiles';
  const kept = mayKeep && maySingle && mayKeepRows(model, readings);
  return kept && work >= SINGLE_WORTH ? 'plain, single precision' : 'plain';
}

/**
 * Sums up the normal equations of all readings. Plainly, blocks of rows are made, used and forgotten, so that memory does not
 * grow with the number of readings; of tiles the rows are kept, in short.
 * @param weights one over the standard deviation of each reading, none of them zero for tiles
 */
export function normalEquations(
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void = () => {},
  summation: Summation = 'plain',
): NormalEquations {
  const n = model.unknowns;
  const equations = {
    matrix: dense.allocate(n * n),
    gradient: dense.allocate(n),
    energy: 0,
    diagonal: undefined,
    rows: undefined,
  };
  addAll(equations, model, readings, weights, dense, onRows, summation);
  return equations;
}

/** Sums them up anew in the same place, with other weights. */
export function renewEquations(
  equations: NormalEquations,
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void,
): void {
  const { rows } = equations;
  if (rows instanceof KeptRows) {
    equations.matrix.fill(0);
    equations.diagonal = undefined;
    rows.addGram(weights, equations.matrix);
    setGradient(equations, model, readings, weights);
    return;
  }
  const summation = rows === undefined ? 'plain' : rows.single ? 'tiles, single precision' : 'tiles';
  equations.matrix.fill(0);
  equations.diagonal = undefined;
  equations.gradient.fill(0);
  equations.energy = 0;
  equations.rows = undefined;
  addAll(equations, model, readings, weights, dense, onRows, summation);
}

function addAll(
  equations: NormalEquations,
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void,
  summation: Summation,
): void {
  // Single precision is for rows that are kept (`keptRows.ts`); here it is not worth a way of its own.
  if (summation.startsWith('plain')) {
    const all = Int32Array.from({ length: readings.count }, (_, r) => r);
    const ones = new Float64Array(readings.count).fill(1);
    addReadings(equations, model, readings, weights, all, ones, dense, onRows);
    return;
  }
  const right = readings.value.map((v, r) => (v - model.base[r]) * weights[r]);
  for (const v of right) equations.energy += v * v;
  let done = 0;
  equations.rows = summedRows(
    {
      model,
      readings,
      weights,
      places: columnPlaces(model),
      dense,
      right,
      single: summation === 'tiles, single precision',
      onReadings: count => onRows((done += count) / readings.count),
    },
    equations,
  );
}

/** Gradient A' W^2 (b - base) and energy of the readings' values, of the rows at hand. */
export function setGradient(
  equations: NormalEquations,
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
): void {
  const { value, count } = readings;
  const difference = value.map((v, r) => v - model.base[r]);
  equations.gradient.set(crossProducts(model, readings, weights, [difference], equations.rows));
  equations.energy = 0;
  for (let r = 0; r < count; r++) equations.energy += (difference[r] * weights[r]) ** 2;
}

/** Places of the functions of all unknowns; patterns stand nowhere. */
function columnPlaces(model: LinearModel): ColumnPlaces {
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
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  which: Int32Array,
  factors: Float64Array,
  dense: DenseWorkspace,
  onRows: (part: number) => void = () => {},
): void {
  const n = model.unknowns;
  restore(equations, dense);
  dense.temporarily(() => {
    const rows = dense.room(BLOCK * n);
    const right = dense.allocate(BLOCK);
    for (let from = 0; from < which.length; from += BLOCK) {
      const to = Math.min(which.length, from + BLOCK);
      const block = which.subarray(from, to);
      const { rows: tiled } = equations;
      if (tiled) for (const [k, r] of block.entries()) tiled.row(r, weights[r], rows.subarray(k * n, (k + 1) * n));
      else fillRows(model, readings, weights, block, rows, dense);
      for (let k = from; k < to; k++) {
        const r = which[k];
        right[k - from] = (readings.value[r] - model.base[r]) * weights[r];
        equations.energy += factors[k] * right[k - from] ** 2;
      }
      const options = { weights: factors.subarray(from, to) };
      dense.addGram(rows, to - from, n, equations.matrix, { ...options, single: tiled?.single });
      dense.addCross(rows, to - from, n, right, 1, equations.gradient, options);
      onRows(to / which.length);
    }
  });
}

/**
 * A' W^2 G for further patterns G of the readings, T per unit: unknowns x patterns, row-major.
 * @param rows those of the normal equations, if they are at hand
 */
export function crossProducts(
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  patterns: readonly Float64Array[],
  rows?: ModelRows,
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
export function scaleEquations(equations: NormalEquations, factor: number, dense: DenseWorkspace): void {
  restore(equations, dense);
  const square = factor * factor;
  for (let i = 0; i < equations.matrix.length; i++) equations.matrix[i] *= square;
  for (let i = 0; i < equations.gradient.length; i++) equations.gradient[i] *= square;
  equations.energy *= square;
}

/** Puts the sums aside, to the upper triangle. */
export function putAside(equations: NormalEquations, n: number, dense: DenseWorkspace): void {
  restore(equations, dense);
  dense.mirror(equations.matrix, n, 'below');
  equations.diagonal = Float64Array.from({ length: n }, (_, i) => equations.matrix[i * n + i]);
}

/** The sums are in the lower triangle again. */
function restore(equations: NormalEquations, dense: DenseWorkspace): void {
  const { matrix, diagonal } = equations;
  if (diagonal === undefined) return;
  const n = diagonal.length;
  dense.mirror(matrix, n, 'above');
  for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal[i];
  equations.diagonal = undefined;
}
