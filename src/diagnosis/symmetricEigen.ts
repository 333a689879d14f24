import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues, falling, and eigenvectors: vector j is `vectors[i * n + j]`, of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** All eigenvalues and vectors of a symmetric matrix of which the lower triangle is read. @param a n x n, row-major */
export function symmetricEigen(a: Float64Array, n: number): Eigen {
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  if (n === 0) return { values, vectors };
  const matrix = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, a[i * n + j]);
      matrix.set(j, i, a[i * n + j]);
    }
  }
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  // ml-matrix gives them rising.
  for (let j = 0; j < n; j++) values[j] = found.realEigenvalues[n - 1 - j];
  const rows = found.eigenvectorMatrix.to2DArray();
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = rows[i][n - 1 - j];
  return { values, vectors };
}
