import { NumericalError } from '../../src/errors.js';

/**
 * Cholesky factor of a symmetric positive definite band matrix, n x n with `band` diagonals below the main one. Row i of
 * the lower triangle stands at i (band + 1), its diagonal last: element (i, j) at i (band + 1) + band - i + j. Costs n band^2 / 2
 * multiplications, a solution 2 n band.
 */
export class BandedCholesky {
  readonly values: Float64Array;
  private readonly inverse: Float64Array;

  constructor(
    readonly n: number,
    readonly band: number,
  ) {
    this.values = new Float64Array(n * (band + 1));
    this.inverse = new Float64Array(n);
  }

  /** Adds to element (i, j); of the two mirror images only one must be given. */
  add(i: number, j: number, value: number): void {
    const [row, column] = i >= j ? [i, j] : [j, i];
    this.values[row * (this.band + 1) + this.band - row + column] += value;
  }

  /** Factorises in place. @throws {NumericalError} where the matrix is not positive definite. */
  factorise(): void {
    const { n, band, values, inverse } = this;
    const width = band + 1;
    for (let i = 0; i < n; i++) {
      const rowI = i * width + band - i;
      const first = i > band ? i - band : 0;
      for (let j = first; j < i; j++) {
        const rowJ = j * width + band - j;
        const start = j > band && j - band > first ? j - band : first;
        let sum = values[rowI + j];
        let other = 0;
        let k = start;
        for (; k + 1 < j; k += 2) {
          sum -= values[rowI + k] * values[rowJ + k];
          other += values[rowI + k + 1] * values[rowJ + k + 1];
        }
        if (k < j) sum -= values[rowI + k] * values[rowJ + k];
        values[rowI + j] = (sum - other) * inverse[j];
      }
      let diagonal = values[rowI + i];
      for (let k = first; k < i; k++) diagonal -= values[rowI + k] * values[rowI + k];
      if (!(diagonal > 0)) {
        throw new NumericalError(`the equations of the foil are not positive definite at node ${i}`, {
          advice: 'this should not happen: please report it with the scan and the cell',
        });
      }
      values[rowI + i] = Math.sqrt(diagonal);
      inverse[i] = 1 / values[rowI + i];
    }
  }

  /** x becomes the solution. */
  solve(x: Float64Array): void {
    const { n, band, values, inverse } = this;
    const width = band + 1;
    for (let i = 0; i < n; i++) {
      const row = i * width + band - i;
      let sum = x[i];
      for (let k = i > band ? i - band : 0; k < i; k++) sum -= values[row + k] * x[k];
      x[i] = sum * inverse[i];
    }
    for (let i = n - 1; i >= 0; i--) {
      const row = i * width + band - i;
      const v = x[i] * inverse[i];
      x[i] = v;
      for (let k = i > band ? i - band : 0; k < i; k++) x[k] -= values[row + k] * v;
    }
  }
}
