/** In place: the lower triangle becomes L with L L^T = a; n x n, row-major, positive definite. */
export function choleskyFactor(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0, p = i * n, q = j * n; k < j; k++) sum -= a[p + k] * a[q + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
  return a;
}

/** b becomes the solution of L L^T x = b. */
export function solveFactored(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k];
    b[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (b[i] /= factor[i * n + i]);
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * value;
  }
}
