import type { LinearModel } from './linearModel.js';
import type { NormalEquations } from './normalEquations.js';
import { addSourceField, type Gradient, sourceRows } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';

/** Rows of the model's matrix, readings x unknowns, times their weights. */
export function fillRows(
  model: LinearModel,
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
