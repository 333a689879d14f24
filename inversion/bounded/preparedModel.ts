import { type DenseWorkspace, denseWorkspace } from '../../src/linearAlgebra/index.js';
import {
  type EliminationRoom,
  eliminatedMatrix,
  eliminateOutside,
  eliminationRoom,
  type ReducedForm,
  type ReducedMatrix,
  reducedForm,
} from './elimination.js';
import { KeptRows, mayKeepRows } from './keptRows.js';
import type { BoundedModel } from './model.js';
import {
  type NormalEquations,
  normalEquations,
  type Summation,
  scaleEquations,
  setGradient,
} from './normalEquations.js';
import type { ScanReadings } from './scanReadings.js';

/** The sums over the readings of a geometry that do not depend on their values, with weights of one over the stated noise. */
export interface PreparedModel {
  readonly model: BoundedModel;
  readonly dense: DenseWorkspace;
  /** Whether further scans of the geometry are to come; else the sums may be spoilt. */
  readonly shared: boolean;
  readonly equations: NormalEquations;
  readonly room: EliminationRoom;
  /** Made when first needed. */
  eliminated: ReducedMatrix | undefined;
}

/** The equations of one scan, and the form that follows. */
export interface ScanEquations {
  readonly equations: NormalEquations;
  readonly room: EliminationRoom;
  /** Whether the matrices may be changed: they belong to this scan alone. */
  readonly own: boolean;
}

/**
 * Sums up the matrix of the normal equations.
 * @param dense where the matrices stand; where they are to be shared, in a workspace of their own
 * @param closed whether the rows may stand in that workspace, where they are few
 */
export function preparedModel(
  model: BoundedModel,
  readings: ScanReadings,
  summation: Summation,
  { shared, closed }: { readonly shared: boolean; readonly closed: boolean },
  dense: DenseWorkspace,
  onRows: (part: number) => void,
): PreparedModel {
  const own = shared ? denseWorkspace(roomFor(model, readings)) : dense;
  const weights = readings.sigma.map(s => 1 / s);
  const equations =
    summation.startsWith('plain') && closed && mayKeepRows(model, readings)
      ? keptEquations(model, readings, weights, own, summation !== 'plain')
      : normalEquations(model, readings, weights, own, onRows, summation);
  const room = eliminationRoom(equations, model, own);
  return { model, dense: own, shared, equations, room, eliminated: undefined };
}

function keptEquations(
  model: BoundedModel,
  readings: ScanReadings,
  weights: Float64Array,
  dense: DenseWorkspace,
  single: boolean,
): NormalEquations {
  const n = model.unknowns;
  const matrix = dense.allocate(n * n);
  const rows = new KeptRows(model, readings, dense, single);
  rows.addGram(weights, matrix);
  return { matrix, gradient: new Float64Array(n), energy: 0, diagonal: undefined, rows };
}

/** Bytes of the matrices, those of a scan with weights of its own among them, but not more than one memory can have. */
function roomFor({ unknowns: n, kept }: BoundedModel, { count }: ScanReadings): number {
  return Math.min(3e9, 8 * (2 * n * n + 8 * kept * kept + 4 * count + 4096 * n) + 4e8);
}

/**
 * The equations of a scan of the geometry. The gradient is its own, and comes from the rows whether the matrix was made for this
 * scan or for another one: so a scan gives the same alone.
 */
export function scanEquations(prepared: PreparedModel, readings: ScanReadings): ScanEquations {
  const { model, equations: made, room, shared } = prepared;
  const equations = shared ? { ...made, gradient: new Float64Array(model.unknowns) } : made;
  setGradient(
    equations,
    model,
    readings,
    readings.sigma.map(s => 1 / s),
  );
  return { equations, room, own: !shared };
}

/** The form of a scan that has no weights of its own. */
export function sharedForm(prepared: PreparedModel, { equations, room }: ScanEquations): ReducedForm {
  const { model, dense, shared } = prepared;
  prepared.eliminated ??= eliminatedMatrix(prepared.equations, model, prepared.room, dense, shared);
  return reducedForm(prepared.eliminated, equations, model, room, dense);
}

/** Equations that may be changed: a copy, unless they may be already. */
export function ownEquations(prepared: PreparedModel, scan: ScanEquations): ScanEquations {
  if (scan.own) return scan;
  const { model, dense } = prepared;
  const { matrix, diagonal } = prepared.equations;
  const equations = { ...scan.equations, matrix: dense.copied(matrix), diagonal: diagonal?.slice() };
  return { equations, room: eliminationRoom(equations, model, dense), own: true };
}

/** The form with all weights multiplied by a factor. */
export function scaledForm(prepared: PreparedModel, { equations, room }: ScanEquations, factor: number): ReducedForm {
  scaleEquations(equations, factor, prepared.dense);
  return eliminateOutside(equations, prepared.model, room, prepared.dense);
}
