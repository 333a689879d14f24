import { identity, solveSmall } from '../../src/linearAlgebra/smallSystem.js';
import { dot } from '../../src/linearAlgebra/vectors.js';

export interface FittedParameters {
  readonly values: Float64Array;
  /** One standard deviation each, from the scatter of the residuals and the priors. */
  readonly errors: Float64Array;
  /** Root mean square of the residuals. */
  readonly residual: number;
  readonly degrees: number;
}

export interface GaussNewtonOptions {
  readonly start: readonly number[];
  /** Step of the differences that stand for derivatives, and measure of a small change, per parameter. */
  readonly scale: readonly number[];
  /** Standard deviation that each parameter has about its start before the data; Infinity: free. */
  readonly prior?: readonly number[];
}

const PASSES = 60;

/**
 * Least squares with few parameters: Gauss-Newton steps with derivatives by central differences, halved where they do not
 * help (Marquardt's damping). The variance of a residual is estimated from the residuals.
 * @param residuals writes what is left into `out`, in the unit of the data
 * @returns undefined where the parameters cannot be told apart
 */
export function gaussNewton(
  count: number,
  residuals: (parameters: Float64Array, out: Float64Array) => void,
  { start, scale, prior = start.map(() => Infinity) }: GaussNewtonOptions,
): FittedParameters | undefined {
  const p = start.length;
  let values = Float64Array.from(start);
  const held = prior.filter(Number.isFinite).length;
  const degrees = count - p + held;
  let left = new Float64Array(count);
  residuals(values, left);
  let damping = 1e-4;
  let normal = new Float64Array(p * p);
  const variance = (rest: Float64Array) => Math.max(squares(rest) / Math.max(1, degrees), Number.MIN_VALUE);
  const cost = (rest: Float64Array, at: Float64Array, unit: number) =>
    squares(rest) / unit + at.reduce((sum, v, k) => sum + ((v - start[k]) / prior[k]) ** 2, 0);
  for (let pass = 0; pass < PASSES; pass++) {
    const unit = variance(left);
    const right = new Float64Array(p);
    normal = new Float64Array(p * p);
    const columns = derivatives(count, residuals, values, scale);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j <= i; j++) normal[i * p + j] = normal[j * p + i] = dot(columns[i], columns[j]) / unit;
      right[i] = -dot(columns[i], left) / unit - (values[i] - start[i]) / prior[i] ** 2;
      normal[i * p + i] += 1 / prior[i] ** 2;
    }
    const before = cost(left, values, unit);
    let moved: Float64Array | undefined;
    for (; damping < 1e12; damping *= 10) {
      const damped = normal.slice();
      for (let i = 0; i < p; i++) damped[i * p + i] *= 1 + damping;
      const step = solveSmall(damped, p, right, 1);
      if (step === undefined) continue;
      const tried = values.map((v, k) => v + step[k]);
      const rest = new Float64Array(count);
      residuals(tried, rest);
      if (!(cost(rest, tried, unit) <= before)) continue;
      moved = step;
      values = tried;
      left = rest;
      damping = Math.max(1e-12, damping / 10);
      break;
    }
    if (moved === undefined || moved.every((d, k) => Math.abs(d) < 1e-6 * scale[k])) break;
  }
  const inverse = solveSmall(normal, p, identity(p), p);
  if (inverse === undefined) return undefined;
  return {
    values,
    errors: values.map((_, k) => Math.sqrt(inverse[k * p + k])),
    residual: Math.sqrt(squares(left) / count),
    degrees,
  };
}

function derivatives(
  count: number,
  residuals: (parameters: Float64Array, out: Float64Array) => void,
  at: Float64Array,
  scale: readonly number[],
): Float64Array[] {
  const [above, below] = [new Float64Array(count), new Float64Array(count)];
  return scale.map((step, k) => {
    const moved = at.slice();
    moved[k] = at[k] + step;
    residuals(moved, above);
    moved[k] = at[k] - step;
    residuals(moved, below);
    return above.map((v, i) => (v - below[i]) / (2 * step));
  });
}

function squares(values: Float64Array): number {
  return dot(values, values);
}
