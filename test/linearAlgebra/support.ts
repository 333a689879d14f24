import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import { PlainWorkspace } from '../../src/linearAlgebra/plainWorkspace.js';
import { normal } from '../transforms/support.js';

export { normal, relativeError } from '../transforms/support.js';

/** One, less than a tile, odd, a tile, more than a block, two blocks and a rest. */
export const SIZES = [1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 65, 130, 203];

export const workspaces = () =>
  [
    ['kernel', denseWorkspace(32e6)],
    ['plain', new PlainWorkspace(32e6)],
  ] as const;

/** A positive definite matrix, G G^T + n I, whose upper triangle is not a number; rows `stride` apart. */
export function positive(n: number, seed: number, stride = n): Float64Array {
  const g = normal(n * n, seed);
  const c = new Float64Array(n * stride).fill(Number.NaN);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? n : 0;
      for (let k = 0; k < n; k++) sum += g[i * n + k] * g[j * n + k];
      c[i * stride + j] = sum;
    }
  }
  return c;
}

/** The whole of a symmetric matrix of which the lower triangle is given, rows `n` apart. */
export function symmetric(c: Float64Array, n: number, stride = n): Float64Array {
  const all = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) all[i * n + j] = all[j * n + i] = c[i * stride + j];
  }
  return all;
}

/** The lower triangle with zeros above, rows `n` apart. */
export function lower(c: Float64Array, n: number, stride = n): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const i = Math.floor(at / n);
    return at % n <= i ? c[i * stride + (at % n)] : 0;
  });
}

/** a (m x l) times b (l x n) by the definition. */
export function multiplied(a: Float64Array, b: Float64Array, m: number, l: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < l; k++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * l + k] * b[k * n + j];
  }
  return out;
}

export function transposed(a: Float64Array, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => a[(at % m) * n + Math.floor(at / m)]);
}
