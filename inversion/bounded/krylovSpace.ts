/** Solutions of (M + t) w = b for all t, from one space. */
export interface KrylovSpace {
  readonly dimensions: number;
  /** The smallest t that it holds. */
  readonly least: number;
  /** w, a new array. @param shift t > 0 */
  solve(shift: number): Float64Array;
}

export interface KrylovOptions {
  /** The smallest t that is wanted. */
  readonly lowest: number;
  readonly most: number;
  readonly onStep?: (part: number) => void;
}

/** Residual that a solution may leave, a part of b. */
const TOLERANCE = 1e-5;
/** Steps between two looks at the residual. */
const LOOK = 8;

/**
 * Lanczos: an orthonormal basis Q of b, M b, M^2 b, ... in which M is the tridiagonal T, so that w = |b| Q (T + t)^-1 e_1 for every
 * t (Golub and Van Loan, Matrix Computations, chapter 10). All vectors are kept orthogonal to all before them, twice. The
 * residual of w is the next off-diagonal of T times the last number of (T + t)^-1 |b| e_1.
 * @param times w -> M w for a symmetric M without negative eigenvalues @param right b
 */
export function krylovSpace(
  times: (w: Float64Array) => Float64Array,
  right: Float64Array,
  { lowest, most, onStep = () => {} }: KrylovOptions,
): KrylovSpace {
  const size = Math.sqrt(dot(right, right));
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  if (size > 0) basis.push(right.map(v => v / size));
  const converged = (shift: number) => {
    const y = tridiagonal(diagonal, beside, shift, size);
    return Math.abs(beside[beside.length - 1] * y[y.length - 1]) <= TOLERANCE * size;
  };
  const limit = Math.min(most, right.length);
  for (let k = 0; k < basis.length; k++) {
    const next = times(basis[k]);
    diagonal.push(dot(next, basis[k]));
    for (let pass = 0; pass < 2; pass++) for (const q of basis) addScaled(next, q, -dot(next, q));
    const rest = Math.sqrt(dot(next, next));
    beside.push(rest);
    onStep((k + 1) / limit);
    if (k + 1 === limit || !(rest > 1e-12 * Math.abs(diagonal[0]))) break;
    if ((k + 1) % LOOK === 0 && converged(lowest)) break;
    basis.push(next.map(v => v / rest));
  }
  let least = lowest;
  while (size > 0 && least < 1 && !converged(least)) least *= 2;
  return {
    dimensions: basis.length,
    least,
    solve(shift) {
      const w = new Float64Array(right.length);
      const y = size > 0 ? tridiagonal(diagonal, beside, shift, size) : [];
      for (let k = 0; k < y.length; k++) addScaled(w, basis[k], y[k]);
      return w;
    },
  };
}

/** y of (T + t) y = size e_1 (Thomas; no pivots, for T + t is positive definite). */
function tridiagonal(
  diagonal: readonly number[],
  beside: readonly number[],
  shift: number,
  size: number,
): Float64Array {
  const n = diagonal.length;
  const pivot = new Float64Array(n);
  const y = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const factor = k === 0 ? 0 : beside[k - 1] / pivot[k - 1];
    pivot[k] = diagonal[k] + shift - (k === 0 ? 0 : factor * beside[k - 1]);
    y[k] = k === 0 ? size : -factor * y[k - 1];
  }
  for (let k = n - 1; k >= 0; k--) y[k] = (y[k] - (k + 1 < n ? beside[k] * y[k + 1] : 0)) / pivot[k];
  return y;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(out: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i] += factor * x[i];
}
