import { InputError } from '../errors.js';

/**
 * A linear map from `columns` unknowns to `rows` values, known by what it does. Operators may hold their own buffers:
 * one operator must not run twice at the same time.
 */
export interface LinearOperator {
  readonly rows: number;
  readonly columns: number;
  /** out (rows) = A x (columns); overwrites `out`, which must not be `x`. */
  apply(x: Float64Array, out: Float64Array): void;
  /** out (columns) = A^T y (rows); overwrites `out`, which must not be `y`. */
  applyTranspose(y: Float64Array, out: Float64Array): void;
}

/**
 * A short array would otherwise lose values silently, because writing beyond the end of a typed array is ignored.
 * @throws {InputError} unless `array` holds `expected` values; the message names it `what`.
 */
export function requireLength(array: Float64Array, expected: number, what: string): void {
  if (array.length !== expected) throw new InputError(`${what} holds ${array.length} values instead of ${expected}`);
}
