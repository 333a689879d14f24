import type { Numbers } from '../../src/linearAlgebra/index.js';
import { addScaled } from '../../src/linearAlgebra/vectors.js';
import type { LinearModel } from './linearModel.js';
import type { NormalEquations } from './normalEquations.js';
import { addSourceField, type DipoleAlgebra, type Gradient, type PointSources, sourceRows } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import { selected } from './sourceSelection.js';

/** Rows of the model's matrix, readings x unknowns, times their weights. @param algebra in whose memory they stand */
export function fillRows(
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  which: Int32Array,
  rows: Numbers,
  algebra?: DipoleAlgebra,
): void {
  fillColumns(model, readings, weights, which, allColumns(model.unknowns), rows, algebra);
}

/** 0 ... n - 1 */
export function allColumns(n: number): Int32Array {
  const out = new Int32Array(n);
  for (let j = 0; j < n; j++) out[j] = j;
  return out;
}

/** Some columns of these rows next to each other, `which.length` x `columns.length`. @param columns unknowns, ascending */
export function fillColumns(
  model: LinearModel,
  readings: ScanReadings,
  weights: Float64Array,
  which: Int32Array,
  columns: Int32Array,
  rows: Numbers,
  algebra?: DipoleAlgebra,
): void {
  const stride = columns.length;
  let [first, column] = [0, 0];
  /** The wanted ones among the next so many unknowns, counted from the first of them. */
  const next = (count: number) => {
    const from = column;
    while (column < stride && columns[column] < first + count) column++;
    const own = columns.slice(from, column);
    for (let k = 0; k < own.length; k++) own[k] -= first;
    first += count;
    return { from, own };
  };
  const fill = (sources: PointSources) => {
    const { from, own } = next(sources.count);
    if (own.length === 0) return;
    sourceRows(selected(sources, own), readings, weights, which, rows, stride, from, readings.footprint, algebra);
  };
  model.departures.forEach(fill);
  const { from, own } = next(model.patterns.length);
  own.forEach((p, c) => {
    const { field } = model.patterns[p];
    for (let k = 0; k < which.length; k++) rows[k * stride + from + c] = field[which[k]] * weights[which[k]];
  });
  for (const { sources } of model.outside) fill(sources);
}

/**
 * Field of a solution along every reading's direction, T.
 * @param gradient += derivatives of the field of the sheets; those of base and patterns not
 */
export function predictedReadings(
  model: LinearModel,
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
  for (const { field } of model.patterns) addScaled(out, kept[at++], field);
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
  model: LinearModel,
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
