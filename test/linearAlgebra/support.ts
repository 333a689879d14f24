import { type DipoleRows, denseWorkspace } from '../../src/linearAlgebra/index.js';
import { KERNELS } from '../../src/linearAlgebra/kernelBytes.js';
import { KernelWorkspace } from '../../src/linearAlgebra/kernelWorkspace.js';
import { PlainWorkspace } from '../../src/linearAlgebra/plainWorkspace.js';
import { compileKernel } from '../../src/transforms/compileKernel.js';
import { normal } from '../transforms/support.js';

export { normal, relativeError } from '../transforms/support.js';

/** One, less than a tile, odd, a tile, more than a block, two blocks and a rest. */
export const SIZES = [1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 65, 130, 203];

const unfused = compileKernel({ fused: KERNELS.plain, plain: KERNELS.plain });

export const workspaces = () =>
  [
    ['kernel', denseWorkspace(32e6)],
    ['kernel without fused multiply-add', new KernelWorkspace(unfused!, 32e6)],
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

/** Sources at random places, and rows at most three of which are at one place, `perPlace` points each, a unit above. */
export function dipoles(sources: number, rows: number, perPlace = 1): DipoleRows {
  const first: number[] = [];
  for (let row = 0; row < rows; row += 1 + (first.length % 3)) first.push(row);
  const points = normal(3 * perPlace * first.length, 23).map((v, i) => (i % 3 === 2 ? 1 + v * v : v));
  return {
    x: normal(sources, 20),
    y: normal(sources, 21),
    area: normal(sources, 22),
    points,
    perPlace,
    first: Int32Array.from([...first, rows]),
    looks: normal(3 * perPlace * rows, 24),
  };
}
