import { InputError } from '../../src/errors.js';
import { studentFactor } from './student.js';

/** Offset of one channel from readings after SET and after RESET. */
export interface FlipFit {
  /** T. */
  readonly offset: number;
  readonly error: number;
  /** The field that was there, T. */
  readonly field: number;
  /** Root mean square of the half sums about the offset, T. */
  readonly residual: number;
  readonly readings: number;
}

/**
 * SET and RESET turn the sensitivity of a magnetoresistive bridge round and leave its offset: V_set = S H + O,
 * V_reset = -S H + O. So O is the half sum and S H the half difference. What drifts within a pair goes into the error.
 * @param set readings after SET, T
 * @param reset the readings after RESET that belong to them, T
 * @throws {InputError} for fewer than two pairs
 */
export function flipFit(set: Float64Array, reset: Float64Array): FlipFit {
  const n = Math.min(set.length, reset.length);
  if (n < 2) throw new InputError(`${n} pairs of SET and RESET`, { advice: 'take ten or more' });
  const sums = Float64Array.from({ length: n }, (_, i) => (set[i] + reset[i]) / 2);
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const offset = mean(sums);
  const square = sums.reduce((sum, v) => sum + (v - offset) ** 2, 0);
  return {
    offset,
    error: Math.sqrt(square / (n - 1) / n) * studentFactor(n - 1),
    field: mean(Float64Array.from({ length: n }, (_, i) => (set[i] - reset[i]) / 2)),
    residual: Math.sqrt(square / n),
    readings: n,
  };
}
