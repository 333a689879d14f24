import { describe, expect, it } from 'vitest';
import { denseWorkspace, setThreads } from '../../src/linearAlgebra/index.js';
import { realTransform2D } from '../../src/transforms/index.js';
import { dipoles, normal } from './support.js';

describe('helper threads', () => {
  it('change no bit of the algebra, next to transforms that use the same helpers', async () => {
    const [rows, n, k] = [500, 403, 130];
    const a = normal(rows * n, 1);
    const b = normal(n * k, 2);
    const weights = normal(rows, 4);
    const image = normal(256 * 300, 3);
    const all = () => {
      const workspace = denseWorkspace(8 * (50 * rows * n + 3 * n * n + n * k));
      const [A, C, single, inverse, B] = [rows * n, n * n, n * n, n * n, n * k].map(size => workspace.allocate(size));
      A.set(a);
      const transform = realTransform2D(256, 300);
      const spectrum = transform.allocate(transform.spectrumLength);
      return () => {
        C.fill(0);
        B.set(b);
        workspace.addGram(A, rows, n, C);
        workspace.addGram(A, rows, n, single.fill(0), { single: true, weights });
        transform.forward(image, spectrum);
        workspace.cholesky(C, n);
        workspace.solveCholesky(C, n, B, k);
        workspace.inverseFromCholesky(C, n, inverse);
        const diagonal = workspace.inverseDiagonal(C, n);
        const [x, product, fields] = [B.slice(0, n), new Float64Array(rows), workspace.allocate(rows * n).fill(0)];
        workspace.solveCholesky(C, n, x, 1);
        workspace.times(A, rows, n, x, product);
        workspace.dipoleRows(dipoles(n, rows), fields, n);
        return [C, single, B, inverse, diagonal, spectrum, x, product, fields].map(array => array.slice());
      };
    };
    setThreads(1);
    const alone = all()();
    setThreads(3);
    const together = all();
    for (let round = 0; round < 12; round++) {
      if (round % 4 === 3) await new Promise(resolve => setTimeout(resolve, 20));
      for (const [i, array] of together().entries()) expect(array.every((v, j) => v === alone[i][j])).toBe(true);
    }
  });
});
