import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { priorOfKept } from './departurePrior.js';
import { shares } from './maps.js';
import type { BoundedModel } from './model.js';
import { crossProducts, type EliminationRoom, predictedReadings } from './normalEquations.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';
import { tabFields } from './tabFields.js';

/** What must be added to the height of the samples so that they fit the model best, m, with its standard error. */
export interface HeightFit {
  readonly dz: number;
  readonly error: number;
}

/** Step of the harmonic part's difference quotient and prior deviation, m. */
const STEP = 0.1e-3;
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
  const derivative = harmonicSlopes(task, kept);
  const fitted = predictedReadings(model, readings, kept, outside, derivative);
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

/** Derivative of the harmonic part's readings with respect to the height, T/m, by a central difference. */
function harmonicSlopes(
  { cell, tabs, model, readings }: { cell: Cell; tabs: TabColumns; model: BoundedModel; readings: ScanReadings },
  kept: Float64Array,
): Float64Array {
  const sheets = model.departures.length;
  const first = sheets * model.interior.count;
  const share = shares(model, kept);
  const { x, y, z, nx, ny, nz } = readings;
  const { count } = readings;
  /** All readings, higher, and once more, lower. */
  const twice = (values: Float64Array, step = 0) =>
    Float64Array.from({ length: 2 * count }, (_, i) => (i < count ? values[i] + step : values[i - count] - step));
  const both = { x: twice(x), y: twice(y), z: twice(z, STEP), nx: twice(nx), ny: twice(ny), nz: twice(nz) };
  const slopes = new Float64Array(count);
  for (let sheet = 0; sheet < sheets; sheet++) {
    const base = tabs.base.map(v => v * share[sheet]);
    model.patterns.forEach(({ tab }, p) => {
      if (tab?.sheet !== sheet) return;
      const { psi } = tabs.columns[tab.column];
      const c = kept[first + p];
      for (let i = 0; i < base.length; i++) base[i] += c * psi[i];
    });
    const field = tabFields({ ...tabs, base, columns: [] }, cell, both).base[sheet];
    for (let r = 0; r < count; r++) slopes[r] += (field[r] - field[count + r]) / (2 * STEP);
  }
  return slopes;
}
