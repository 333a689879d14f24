import { random } from '../random.js';

/** All eigenvalues of a symmetric matrix, and as many of the leading eigenvectors as turn out to be wanted. */
export interface LeadingEigen {
  /** Falling. */
  readonly values: Float64Array;
  /** The first `count` eigenvectors, each of length 1. */
  vectors(count: number): Float64Array[];
}

/** Steps of inverse iteration; one is nearly always enough. */
const STEPS = 3;

/**
 * The matrix is brought to tridiagonal form T by reflections (Householder), the eigenvalues of T found by rotations (QL, Golub
 * and Van Loan, Matrix Computations, 8.3), and its eigenvectors by inverse iteration, each kept orthogonal to those before it.
 * Where few vectors are wanted of many, this is several times faster than all of them.
 * @param a n x n, row-major, lower triangle read; left as it is
 */
export function leadingEigen(a: Float64Array, n: number): LeadingEigen {
  const { diagonal, beside, reflections } = tridiagonal(a, n);
  const values = eigenvaluesOf(diagonal, beside).sort().reverse();
  const size = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return {
    values,
    vectors(count) {
      const found: Float64Array[] = [];
      const source = random(1);
      for (let j = 0; j < Math.min(count, n); j++) {
        // Equal eigenvalues need unequal shifts.
        const shift = values[j] + (size * Number.EPSILON * (j + 1)) / 2;
        const x = Float64Array.from({ length: n }, () => source.normal());
        for (let step = 0; step < STEPS; step++) {
          orthogonalise(x, found);
          solveShifted(diagonal, beside, shift, size, x);
          orthogonalise(x, found);
          orthogonalise(x, found);
        }
        found.push(x);
      }
      for (const x of found) reflectBack(reflections, n, x);
      return found;
    },
  };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** beside[i] between i and i + 1. */
  readonly beside: Float64Array;
  /** Row k: the unit vector of the k-th reflection, from place k + 1 on; zero where none was needed. */
  readonly reflections: Float64Array;
}

function tridiagonal(given: Float64Array, n: number): Tridiagonal {
  const a = given.slice(0, n * n);
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const reflections = new Float64Array(n * n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k];
    if (k === n - 1) break;
    const v = reflections.subarray(k * n, (k + 1) * n);
    let norm2 = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k];
      norm2 += v[i] * v[i];
    }
    const first = v[k + 1];
    const rest = norm2 - first * first;
    if (k === n - 2 || !(rest > 0)) {
      beside[k] = first;
      v.fill(0);
      continue;
    }
    const norm = Math.sqrt(norm2);
    beside[k] = first > 0 ? -norm : norm;
    v[k + 1] -= beside[k];
    const scale = 1 / Math.sqrt(rest + v[k + 1] * v[k + 1]);
    for (let i = k + 1; i < n; i++) v[i] *= scale;
    // A becomes (1 - 2 v v') A (1 - 2 v v') = A - v w' - w v', w = 2 A v - 2 (v' A v) v.
    w.fill(0, k + 1);
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      let sum = a[row + i] * vi;
      for (let j = k + 1; j < i; j++) {
        const value = a[row + j];
        sum += value * v[j];
        w[j] += value * vi;
      }
      w[i] += sum;
    }
    let along = 0;
    for (let i = k + 1; i < n; i++) along += w[i] * v[i];
    for (let i = k + 1; i < n; i++) w[i] = 2 * (w[i] - along * v[i]);
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const [vi, wi] = [v[i], w[i]];
      for (let j = k + 1; j <= i; j++) a[row + j] -= vi * w[j] + wi * v[j];
    }
  }
  return { diagonal, beside, reflections };
}

/** Implicit QL with Wilkinson's shift, without vectors. */
function eigenvaluesOf(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(beside);
  for (let l = 0; l < n; l++) {
    for (let step = 0; step < 60; step++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return d;
}

/** x becomes (T - shift)^-1 x, by elimination with exchange of rows. */
function solveShifted(
  diagonal: Float64Array,
  beside: Float64Array,
  shift: number,
  size: number,
  x: Float64Array,
): void {
  const n = diagonal.length;
  const least = Number.EPSILON * (size || 1);
  const [u0, u1, u2] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  // The row that is being eliminated with: its elements at i and i + 1.
  let [p, q] = [diagonal[0] - shift, n > 1 ? beside[0] : 0];
  for (let i = 0; i < n - 1; i++) {
    const below = beside[i];
    const next = diagonal[i + 1] - shift;
    const after = i + 2 < n ? beside[i + 1] : 0;
    if (Math.abs(below) > Math.abs(p)) {
      const factor = p / below;
      [u0[i], u1[i], u2[i]] = [below, next, after];
      [p, q] = [q - factor * next, -factor * after];
      [x[i], x[i + 1]] = [x[i + 1], x[i] - factor * x[i + 1]];
    } else {
      const pivot = Math.abs(p) < least ? least : p;
      const factor = below / pivot;
      [u0[i], u1[i], u2[i]] = [pivot, q, 0];
      [p, q] = [next - factor * q, after];
      x[i + 1] -= factor * x[i];
    }
  }
  u0[n - 1] = Math.abs(p) < least ? least : p;
  for (let i = n - 1; i >= 0; i--) {
    const one = i + 1 < n ? u1[i] * x[i + 1] : 0;
    const two = i + 2 < n ? u2[i] * x[i + 2] : 0;
    x[i] = (x[i] - one - two) / u0[i];
  }
}

/** Takes what lies along the others off x and makes its length 1. */
function orthogonalise(x: Float64Array, others: readonly Float64Array[]): void {
  // Its largest number to one first: squares of what inverse iteration gives overflow for tiny matrices.
  let most = 0;
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]));
  if (most > 0) for (let i = 0; i < x.length; i++) x[i] /= most;
  for (const other of others) {
    let along = 0;
    for (let i = 0; i < x.length; i++) along += x[i] * other[i];
    for (let i = 0; i < x.length; i++) x[i] -= along * other[i];
  }
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i] * x[i];
  const scale = 1 / Math.sqrt(square);
  for (let i = 0; i < x.length; i++) x[i] *= scale;
}

/** From eigenvectors of T to those of the matrix. */
function reflectBack(reflections: Float64Array, n: number, x: Float64Array): void {
  for (let k = n - 3; k >= 0; k--) {
    let along = 0;
    for (let i = k + 1; i < n; i++) along += reflections[k * n + i] * x[i];
    along *= 2;
    for (let i = k + 1; i < n; i++) x[i] -= along * reflections[k * n + i];
  }
}
