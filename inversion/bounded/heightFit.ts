import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { priorOfKept } from './departurePrior.js';
import type { BoundedModel } from './model.js';
import { crossProducts, type EliminationRoom } from './normalEquations.js';
import { predictedGradient } from './predictedField.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';

/** What must be added to the height of the samples so that they fit the model best, m, with its standard error. */
export interface HeightFit {
  readonly dz: number;
  readonly error: number;
}

/** Prior deviation, m. */
const PRIOR_SD = 3e-3;

/** The samples `dz` higher. */
export function raised(readings: ScanReadings, dz: number): ScanReadings {
  return { ...readings, z: readings.z.map(v => v + dz) };
}

/**
 * One Gauss-Newton step for the height of the whole scan, everything else of the model free to follow: with g the derivative
 * of the readings, M the normal matrix with its priors and c = A' W g, dz = g'W r / (g'W g - c' M^-1 c + 1 / sd^2).
 *
 * Place and rotation in the plane are not fitted: wires and departure, which are free, take up most of them.
 * @param kept and @param outside the solution
 * @param variance of laplacian psi, the prior under which the solution was found
 */
export function heightFit(
  task: {
    readonly cell: Cell;
    readonly tabs: TabColumns;
    readonly model: BoundedModel;
    readonly readings: ScanReadings;
    readonly weights: Float64Array;
    readonly form: Float64Array;
    readonly room: EliminationRoom;
    readonly dense: DenseWorkspace;
  },
  kept: Float64Array,
  outside: Float64Array,
  variance: readonly Float64Array[],
): HeightFit {
  const { model, readings, weights, form, room, dense } = task;
  const { field: fitted, gradient } = predictedGradient(task, kept, outside);
  const derivative = gradient.z;
  const n = model.unknowns;
  const outsideCount = n - model.kept;
  const cross = crossProducts(model, readings, weights, derivative);
  const corner = room.normal.subarray(model.kept * n + model.kept);
  return dense.temporarily(() => {
    const lower = cross.slice(model.kept);
    dense.forwardSolve(corner, outsideCount, lower, 1, { stride: n });
    const upper = cross.slice(0, model.kept);
    dense.addCross(room.normal.subarray(model.kept * n), outsideCount, model.kept, lower, 1, upper, {
      sign: -1,
      stride: n,
    });
    const matrix = dense.allocate(model.kept * model.kept);
    matrix.set(form);
    priorOfKept(model, variance, matrix);
    dense.cholesky(matrix, model.kept);
    dense.forwardSolve(matrix, model.kept, upper, 1);
    let information = 1 / PRIOR_SD ** 2;
    let slope = 0;
    for (let r = 0; r < readings.count; r++) {
      information += (derivative[r] * weights[r]) ** 2;
      slope += derivative[r] * (readings.value[r] - fitted[r]) * weights[r] ** 2;
    }
    for (const v of lower) information -= v * v;
    for (const v of upper) information -= v * v;
    return { dz: slope / information, error: 1 / Math.sqrt(information) };
  });
}
