import type { DenseWorkspace, Numbers } from '../../src/linearAlgebra/index.js';
import type { LinearModel } from './linearModel.js';
import { fillRows } from './modelRows.js';
import type { ScanReadings } from './scanReadings.js';
import type { TiledRows } from './tiledRows.js';

/** The matrix A from unknowns to readings, where it is at hand: in tiles, or as it is. */
export type ModelRows = Pick<TiledRows, 'single' | 'times' | 'transposed' | 'row'>;

/** A matrix of so many numbers is kept as it is: 160 MB. */
const MOST_KEPT = 2e7;

/** Whether the rows of a problem that is too small for tiles are few enough to be kept. */
export function mayKeepRows(model: LinearModel, readings: ScanReadings): boolean {
  return readings.count * model.unknowns <= MOST_KEPT;
}

/** All rows of a small problem, without weights. */
export class KeptRows implements ModelRows {
  private readonly n: number;
  private readonly matrix: Numbers;

  constructor(
    model: LinearModel,
    private readonly readings: ScanReadings,
    private readonly dense: DenseWorkspace,
    /** Whether they are kept, and their products summed, in single precision. */
    readonly single: boolean,
  ) {
    this.n = model.unknowns;
    const length = readings.count * this.n;
    this.matrix = single ? dense.roomSingle(length) : dense.room(length);
    const all = Int32Array.from({ length: readings.count }, (_, r) => r);
    fillRows(model, readings, new Float64Array(readings.count).fill(1), all, this.matrix, dense);
  }

  /** Adds A' W^2 A to a matrix, lower triangle. */
  addGram(weights: Float64Array, out: Float64Array): void {
    const { dense, matrix, n, single } = this;
    dense.addGram(matrix, this.readings.count, n, out, { weights: weights.map(w => w * w), single });
  }

  times(x: Float64Array): Float64Array {
    const out = new Float64Array(this.readings.count);
    this.dense.times(this.matrix, out.length, this.n, x, out);
    return out;
  }

  transposed(values: readonly Float64Array[]): Float64Array {
    const { count } = this.readings;
    const right = new Float64Array(count * values.length);
    values.forEach((v, c) => {
      for (let r = 0; r < count; r++) right[r * values.length + c] = v[r];
    });
    const out = new Float64Array(this.n * values.length);
    this.dense.addCross(this.matrix, count, this.n, right, values.length, out);
    return out;
  }

  row(r: number, weight: number, out: Float64Array): void {
    for (let j = 0, at = r * this.n; j < this.n; j++, at++) out[j] = weight * this.matrix[at];
  }
}
