import { NumericalError, UsageError } from '../errors.js';
import type { Numbers } from './denseWorkspace.js';

/** The error of a Cholesky factorisation; `pivot` counts from 0. */
export function notPositiveDefinite(pivot: number, value: number): NumericalError {
  return new NumericalError(`the matrix is not positive definite: pivot ${pivot} is ${value.toPrecision(3)}`, {
    advice: 'check the weights, or add to the prior or regularisation',
  });
}

/** Numbers from the first to the last of rows x columns with this stride. @throws {UsageError} if they are not there. */
export function spanOf(array: Numbers, rows: number, columns: number, stride: number): number {
  if (stride < columns) throw new UsageError(`a stride of ${stride} for rows of ${columns} numbers`);
  const span = rows === 0 || columns === 0 ? 0 : (rows - 1) * stride + columns;
  if (array.length < span) throw new UsageError(`an array of ${array.length} numbers where a matrix needs ${span}`);
  return span;
}

/** The largest of some indices; -1 of none. */
export function largestOf(indices: Int32Array): number {
  let most = -1;
  for (let i = 0; i < indices.length; i++) if (indices[i] > most) most = indices[i];
  return most;
}
