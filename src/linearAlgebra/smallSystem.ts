/** Pivots below this part of their diagonal element say that the parameters cannot be told apart. */
const SINGULAR = 1e-12;

/**
 * Solves C x = b for every column of b, for a small symmetric positive definite C (n x n), scaled to unit diagonal first.
 * @param rights n x k, row-major
 * @returns n x k; undefined where C is singular
 */
export function solveSmall(C: Float64Array, n: number, rights: Float64Array, k: number): Float64Array | undefined {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!(C[i * n + i] > 0)) return undefined;
    scale[i] = 1 / Math.sqrt(C[i * n + i]);
  }
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = C[i * n + j] * scale[i] * scale[j];
      for (let m = 0; m < j; m++) sum -= L[i * n + m] * L[j * n + m];
      if (i === j) {
        if (!(sum > SINGULAR)) return undefined;
        L[i * n + i] = Math.sqrt(sum);
      } else L[i * n + j] = sum / L[j * n + j];
    }
  }
  const x = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    for (let i = 0; i < n; i++) {
      let sum = rights[i * k + c] * scale[i];
      for (let m = 0; m < i; m++) sum -= L[i * n + m] * x[m * k + c];
      x[i * k + c] = sum / L[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i * k + c];
      for (let m = i + 1; m < n; m++) sum -= L[m * n + i] * x[m * k + c];
      x[i * k + c] = sum / L[i * n + i];
    }
    for (let i = 0; i < n; i++) x[i * k + c] *= scale[i];
  }
  return x;
}

/** The unit matrix. */
export function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}
