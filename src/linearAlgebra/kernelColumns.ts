import type { Numbers } from './denseWorkspace.js';
import type { KernelMemory } from './kernelMemory.js';
import { type Place, timesTransposed } from './kernelSteps.js';

/** So few columns are multiplied by a matrix as it stands: to pack it would take longer. */
export const FEW_COLUMNS = 8;

/** Numbers with gaps, `stride` of them from row to row. */
export interface Columns<T = Float64Array> {
  readonly values: T;
  readonly stride: number;
}

/**
 * out (n x k) += sign A^T B for few columns, B (rows x k). A is read once; the columns are put one behind the other, and back.
 * @param short whether A stands in single precision
 */
export function addFewColumns(
  memory: KernelMemory,
  A: Place,
  rows: number,
  n: number,
  B: Columns<Numbers>,
  k: number,
  out: Columns,
  sign: number,
  short: boolean,
): void {
  const at = memory.reserve(8 * k * (rows + n)) / 8;
  const from = memory.f64.subarray(at, at + k * rows);
  const to = memory.f64.subarray(at + k * rows, at + k * (rows + n)).fill(0);
  for (let c = 0; c < k; c++) gather(B, c, from.subarray(c * rows, (c + 1) * rows));
  timesTransposed(memory, A, rows, n, from.byteOffset, to.byteOffset, sign, short, k);
  for (let c = 0; c < k; c++) addColumn(to.subarray(c * n, (c + 1) * n), c, out);
}

function gather({ values, stride }: Columns<Numbers>, column: number, to: Float64Array): void {
  for (let r = 0, at = column; r < to.length; r++, at += stride) to[r] = values[at];
}

function addColumn(from: Float64Array, column: number, { values, stride }: Columns): void {
  for (let i = 0, at = column; i < from.length; i++, at += stride) values[at] += from[i];
}
