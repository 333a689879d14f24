import { describe, expect, it } from 'vitest';
import { lower, multiplied, normal, relativeError, SIZES, symmetric, transposed, workspaces } from './support.js';

describe.each(workspaces())('products, %s', (_, workspace) => {
  const shapes = SIZES.flatMap((n, i) => [
    [1 + ((7 * i) % 11), n],
    [SIZES[(i + 5) % SIZES.length], n],
    [300 + i, n],
  ]);

  it.each(shapes)('gram matrix of %i x %i is A^T W A below the diagonal, and nothing above', (rows, n) => {
    workspace.temporarily(() => {
      const stride = n + 3;
      const A = workspace.allocate(rows * stride);
      A.set(normal(rows * stride, rows));
      const C = workspace.allocate(n * (n + 2));
      C.set(normal(n * (n + 2), 2));
      const before = C.slice();
      const weights = normal(rows, 3);
      workspace.addGram(A, rows, n, C, { stride, strideC: n + 2, weights, sign: -1 });
      const a = Float64Array.from({ length: rows * n }, (_, at) => A[Math.floor(at / n) * stride + (at % n)]);
      const weighted = a.map((v, at) => v * weights[Math.floor(at / n)]);
      const expected = lower(multiplied(transposed(weighted, rows, n), a, n, rows, n), n);
      const change = Float64Array.from({ length: n * n }, (_, at) => {
        const place = Math.floor(at / n) * (n + 2) + (at % n);
        return before[place] - C[place];
      });
      expect(relativeError(change, expected)).toBeLessThan(1e-13);
      for (let i = 0; i < n; i++) {
        for (let j = i + 1; j < n + 2; j++) expect(C[i * (n + 2) + j]).toBe(before[i * (n + 2) + j]);
      }
      C.fill(0);
      workspace.addGram(a, rows, n, C);
      expect(relativeError(symmetric(C, n), multiplied(transposed(a, rows, n), a, n, rows, n))).toBeLessThan(1e-13);
    });
  });

  it.each(SIZES)('scatters rows and columns, of a triangle or of all, and touches nothing else: %i', n => {
    const rows = n;
    const columnsAt = Int32Array.from({ length: n }, (_, j) => 2 * j + 1);
    const rowsAt = Int32Array.from({ length: rows }, (_, i) => 3 * i);
    const b = normal(rows * n, 8);
    const strideC = 2 * n + 2;
    for (const options of [{ strideC }, { strideC, rowsAt }, { strideC, rowsAt, lower: true }]) {
      const c = normal(3 * rows * strideC, 9);
      const expected = c.slice();
      const row = (i: number) => (options.rowsAt ? 3 * i : i);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < (options.lower ? i + 1 : n); j++) expected[row(i) * strideC + 2 * j + 1] += b[i * n + j];
      }
      workspace.addScattered(b, rows, columnsAt, c, options);
      expect(c).toEqual(expected);
    }
  });

  it.each(shapes.filter((_, i) => i % 5 === 3))(
    'sparse Q M, rows without entries among them, to %i x %i',
    (rows, n) => {
      const q = normal(rows * 19, 11).map((v, at) => (Math.abs(v) < 1.2 || Math.floor(at / 19) % 5 === 2 ? 0 : v));
      const [index, factor]: [number[], number[]] = [[], []];
      const start = Int32Array.from({ length: rows + 1 }, (_, i) => {
        for (let k = 0; i > 0 && k < 19; k++) {
          const value = q[(i - 1) * 19 + k];
          if (value !== 0) factor.push(value);
          if (value !== 0) index.push(k);
        }
        return factor.length;
      });
      const M = normal(19 * n, 12);
      const out = normal(rows * n, 13);
      const product = multiplied(q, M, rows, 19, n);
      const expected = out.map((v, at) => v + product[at]);
      workspace.addSparse({ start, index: Int32Array.from(index), factor: Float64Array.from(factor) }, M, n, out);
      expect(relativeError(out, expected)).toBeLessThan(1e-14);
    },
  );

  it.each(SIZES)('mirrors a triangle of %i rows, and leaves it as it is', n => {
    const c = normal(n * n, 10);
    const up = c.slice();
    workspace.mirror(up, n, 'below');
    expect(up).toEqual(symmetric(c, n));
    const down = c.slice();
    workspace.mirror(down, n, 'above');
    expect(down).toEqual(symmetric(transposed(c, n, n), n));
  });

  it.each(shapes)('A^T W B, A x and A^T y of %i x %i', (rows, n) => {
    const a = normal(rows * n, 4);
    for (const k of [1, 2, 5, 21]) {
      const b = normal(rows * k, k);
      const weights = normal(rows, 6);
      const out = normal(n * k, 7);
      const before = out.slice();
      workspace.addCross(a, rows, n, b, k, out, { weights });
      const weighted = b.map((v, at) => v * weights[Math.floor(at / k)]);
      const expected = multiplied(transposed(a, rows, n), weighted, n, rows, k);
      expect(
        relativeError(
          out.map((v, i) => v - before[i]),
          expected,
        ),
      ).toBeLessThan(1e-12);
    }
    const x = normal(n, 8);
    const y = normal(rows, 9);
    const ax = new Float64Array(rows).fill(Number.NaN);
    const aty = new Float64Array(n).fill(Number.NaN);
    workspace.times(a, rows, n, x, ax);
    workspace.timesTransposed(a, rows, n, y, aty);
    expect(relativeError(ax, multiplied(a, x, rows, n, 1))).toBeLessThan(1e-12);
    expect(relativeError(aty, multiplied(y, a, 1, rows, n))).toBeLessThan(1e-12);
    // Few columns without weights go a way of their own, each as if it were alone.
    for (const k of [2, 3, 5, 8]) {
      const several = new Float64Array(n * (k + 1));
      const b = Float64Array.from(
        { length: rows * (k + 2) },
        (_, at) => (1 + (at % (k + 2))) * y[Math.floor(at / (k + 2))],
      );
      workspace.addCross(a, rows, n, b, k, several, { strideB: k + 2, strideOut: k + 1 });
      const expected = several.map((_, at) =>
        at % (k + 1) < k ? (1 + (at % (k + 1))) * aty[Math.floor(at / (k + 1))] : 0,
      );
      expect(relativeError(several, expected)).toBeLessThan(1e-13);
      const [short, exact] = [new Float64Array(n * k), new Float64Array(n * k)];
      const single = Float32Array.from(a);
      workspace.addCross(single, rows, n, b.subarray(0, rows * k), k, short, { sign: -1 });
      workspace.addCross(Float64Array.from(single), rows, n, b.subarray(0, rows * k), k, exact, { sign: -1 });
      expect(relativeError(short, exact)).toBeLessThan(1e-13);
    }
    const less = aty.slice();
    workspace.addCross(a, rows, n, y, 1, less, { sign: -1 });
    expect(less.every((v, j) => Math.abs(v) <= 1e-12 * Math.abs(aty[j]))).toBe(true);
  });

  it.each([1, 2, 7, 64, 131])('a product with a symmetric matrix of %i rows reads its lower triangle, and adds', n => {
    const matrix = symmetric(normal(n * n, 7), n);
    const below = matrix.map((v, at) => (at % n > Math.floor(at / n) ? Number.NaN : v));
    const [x, before] = [normal(n, 8), normal(n, 9)];
    const out = before.slice();
    workspace.addSymmetric(below, n, x, out);
    const expected = multiplied(matrix, x, n, n, 1).map((v, i) => v + before[i]);
    expect(relativeError(out, expected)).toBeLessThan(1e-13);
  });

  it.each(shapes)(
    'products of %i x %i numbers in single precision are those of the same numbers in double',
    (rows, n) => {
      workspace.temporarily(() => {
        const single = workspace.roomSingle(rows * (n + 1));
        single.set(normal(rows * (n + 1), 10));
        const double = workspace.copied(Float64Array.from(single));
        const [x, y] = [normal(n, 11), normal(rows, 12)];
        const products = [single, double].map(A => {
          const [ax, aty] = [new Float64Array(rows), new Float64Array(n)];
          workspace.times(A, rows, n, x, ax, n + 1);
          workspace.timesTransposed(A, rows, n, y, aty, n + 1);
          const out: number[] = [...ax, ...aty];
          for (const weights of [undefined, y]) {
            for (const single of [false, true]) {
              const [gram, cross] = [new Float64Array(n * n), new Float64Array(3 * n)];
              const options = { stride: n + 1, weights, single };
              workspace.addGram(A, rows, n, gram, options);
              const k = Math.min(3, n);
              workspace.addCross(A, rows, n, A, k, cross, { ...options, strideB: n + 1 });
              out.push(...gram, ...cross);
            }
          }
          return out;
        });
        expect(products[0]).toEqual(products[1]);
      });
    },
  );
});
