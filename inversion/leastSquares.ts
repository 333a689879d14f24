import { plainAlgebra } from '../src/linearAlgebra/index.js';

export interface LeastSquares {
  readonly parameters: Float64Array;
  /** Sum of squares at the minimum. */
  readonly residual: number;
  /** Inverse of J' J, n x n: times the variance of a residual it is the covariance. Undefined where it is singular. */
  readonly covariance: Float64Array | undefined;
  /** False where the steps ran out before they became small. */
  readonly converged: boolean;
}

const MOST_STEPS = 100;
/** Steps of the differences, and the smallest step of the parameters, in their scales. */
const DIFFERENCE = 1e-6;
const SMALL = 1e-9;
const HUGE = 1e12;

/**
 * Nonlinear least squares by Gauss-Newton steps with Marquardt's damping (1963); central differences.
 * @param residuals fills `out` for parameters p
 * @param start n parameters @param scale a typical change of each, positive
 */
export function leastSquares(
  residuals: (p: Float64Array, out: Float64Array) => void,
  count: number,
  start: ArrayLike<number>,
  scale: ArrayLike<number>,
): LeastSquares {
  const n = start.length;
  let p = Float64Array.from(start);
  let r = new Float64Array(count);
  residuals(p, r);
  let sum = squares(r);
  let damping = 1e-3;
  let converged = false;
  for (let step = 0; step < MOST_STEPS && !converged && damping < HUGE; step++) {
    const { form, gradient } = normal(residuals, count, p, r, scale);
    for (; damping < HUGE; damping *= 4) {
      const change = solved(form, gradient, n, damping);
      if (change === undefined) continue;
      const next = p.map((v, k) => v - change[k] * scale[k]);
      const left = new Float64Array(count);
      residuals(next, left);
      const total = squares(left);
      const small = change.every(v => Math.abs(v) < SMALL);
      if (!(total <= sum) && !small) continue;
      converged = small || sum - total <= 1e-14 * sum;
      if (total <= sum) {
        p = next;
        r = left;
        sum = total;
      }
      damping = Math.max(1e-12, damping / 9);
      break;
    }
  }
  const { form } = normal(residuals, count, p, r, scale);
  return { parameters: p, residual: sum, covariance: inverse(form, n, scale), converged };
}

function normal(
  residuals: (p: Float64Array, out: Float64Array) => void,
  count: number,
  p: Float64Array,
  r: Float64Array,
  scale: ArrayLike<number>,
) {
  const n = p.length;
  const columns = Array.from(p, (v, k) => {
    const [up, down] = [1, -1].map(sign => {
      const moved = p.slice();
      moved[k] = v + sign * DIFFERENCE * scale[k];
      const out = new Float64Array(count);
      residuals(moved, out);
      return out;
    });
    return up.map((u, i) => (u - down[i]) / (2 * DIFFERENCE));
  });
  const form = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) for (let i = 0; i < count; i++) form[a * n + b] += columns[a][i] * columns[b][i];
    for (let i = 0; i < count; i++) gradient[a] += columns[a][i] * r[i];
  }
  return { form, gradient };
}

function solved(form: Float64Array, gradient: Float64Array, n: number, damping: number): Float64Array | undefined {
  const matrix = form.slice();
  for (let k = 0; k < n; k++) matrix[k * n + k] *= 1 + damping;
  const out = gradient.slice();
  try {
    plainAlgebra.cholesky(matrix, n);
    plainAlgebra.solveCholesky(matrix, n, out, 1);
  } catch {
    return undefined;
  }
  return out.every(Number.isFinite) ? out : undefined;
}

function inverse(form: Float64Array, n: number, scale: ArrayLike<number>): Float64Array | undefined {
  const matrix = form.slice();
  const out = new Float64Array(n * n);
  try {
    plainAlgebra.cholesky(matrix, n);
    plainAlgebra.inverseFromCholesky(matrix, n, out);
  } catch {
    return undefined;
  }
  return out.map((v, i) => v * scale[Math.floor(i / n)] * scale[i % n]);
}

function squares(v: Float64Array): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
