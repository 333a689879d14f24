import { InputError } from '../../src/errors.js';
import { leastSquares } from '../processing/leastSquares.js';
import { studentFactor } from './student.js';

/** How the readings of the channels of one element follow the temperature. */
export interface TemperatureFit {
  /** The mean temperature, at which gain and offset hold, degC. */
  readonly reference: number;
  /** T/K, per channel. */
  readonly offsetSlope: number[];
  readonly offsetSlopeErrors: number[];
  /** 1/K; absent where the field was always the same. */
  readonly gainSlope?: number;
  readonly gainSlopeError?: number;
  /** T. */
  readonly residual: number;
  readonly readings: number;
}

/** Smallest span of temperature that tells a slope, K. */
const SPAN = 2;

/**
 * Slopes of offset and gain with temperature, from readings in a field that does not change but for a current through a
 * coil: v = o + k (T - T0) + g I (1 + gamma (T - T0)) per channel, linear in (o, k, g, g gamma). gamma is that of the sensor:
 * the mean of the channels' weighted by their errors.
 * @param channels readings of each channel, T
 * @param current through the coil, A; constant: no gain slope
 * @throws {InputError} where the temperature hardly changed
 */
export function temperatureFit(
  channels: readonly Float64Array[],
  temperature: Float64Array,
  current: Float64Array | undefined,
): TemperatureFit {
  const n = temperature.length;
  const [low, high] = [Math.min(...temperature), Math.max(...temperature)];
  if (!(n >= 6 && high - low >= SPAN)) {
    throw new InputError(`${n} readings over ${(high - low).toFixed(1)} K do not show a slope`, {
      column: 'temperature_C',
      advice: `warm the sensor by ${SPAN} K or more, better 20`,
    });
  }
  const reference = temperature.reduce((sum, t) => sum + t, 0) / n;
  const warmer = temperature.map(t => t - reference);
  const flows = current !== undefined && Math.max(...current) - Math.min(...current) > 1e-9;
  const ones = new Float64Array(n).fill(1);
  const columns = flows ? [ones, warmer, current, current.map((i, k) => i * warmer[k])] : [ones, warmer];
  let [weights, sum, squares] = [0, 0, 0];
  const offsetSlope: number[] = [];
  const offsetSlopeErrors: number[] = [];
  for (const values of channels) {
    const { coefficients, covariance, residuals } = leastSquares(columns, values);
    const p = columns.length;
    const rest = residuals.reduce((total, r) => total + r * r, 0);
    const variance = (rest / (n - p)) * studentFactor(n - p) ** 2;
    squares += rest / n;
    offsetSlope.push(coefficients[1]);
    offsetSlopeErrors.push(Math.sqrt(variance * covariance[p + 1]));
    if (!flows) continue;
    const weight = coefficients[2] ** 2 / (variance * covariance[3 * p + 3]);
    weights += weight;
    sum += (weight * coefficients[3]) / coefficients[2];
  }
  return {
    reference,
    offsetSlope,
    offsetSlopeErrors,
    ...(weights > 0 ? { gainSlope: sum / weights, gainSlopeError: 1 / Math.sqrt(weights) } : {}),
    residual: Math.sqrt(squares / channels.length),
    readings: n,
  };
}
