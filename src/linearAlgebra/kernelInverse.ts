import { solveForward } from './kernelCholesky.js';
import type { KernelMemory } from './kernelMemory.js';
import { blocksOf, DEPTH, element, from, mirror, type Place, pack, panelsFor, product } from './kernelSteps.js';

/**
 * out = (L L^T)^-1 = W^T W with W = L^-1. W is made in the place of `out`, the zeros above its diagonal left out of the work;
 * then its rows, block by block from the top, are packed, erased and added to the product, which never reaches below them.
 * @param single whether the products of panels may be in single precision
 */
export function inverse(memory: KernelMemory, L: Place, n: number, out: Place, single = false): void {
  const numbers = (row: number, column: number) => element(out, row, column) / 8;
  for (let i = 0; i < n; i++) {
    memory.f64.fill(0, numbers(i, 0), numbers(i, n));
    memory.f64[numbers(i, i)] = 1;
  }
  solveForward(memory, L, n, out, n, rows => rows, single);
  memory.temporarily(() => {
    const panels = panelsFor(memory, n, DEPTH, single);
    for (const { first, size } of blocksOf(n)) {
      const last = first + size;
      pack(memory, panels, {
        source: element(out, first, 0),
        along: 8,
        deep: out.stride,
        count: last,
        depth: size,
      });
      for (let i = first; i < last; i++) memory.f64.fill(0, numbers(i, 0), numbers(i, last));
      product(memory, panels, panels, size, out, last, last, 1, true);
    }
  });
  mirror(memory, out.at, n, out.stride, 'below');
}

/** The sums of squares of the columns of L^-1, of which only so many are made at once as fit into a narrow strip. */
export function diagonalOfInverse(memory: KernelMemory, L: Place, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  memory.temporarily(() => {
    const room = memory.reserve(8 * n * DEPTH);
    for (const { first, size } of blocksOf(n, DEPTH)) {
      const left = n - first;
      const strip = memory.f64.subarray(room / 8, room / 8 + left * size);
      strip.fill(0);
      for (let j = 0; j < size; j++) strip[j * size + j] = 1;
      solveForward(memory, from(L, first, first), left, { at: room, stride: 8 * size }, size);
      for (let i = 0; i < left; i++) {
        for (let j = 0; j < size; j++) diagonal[first + j] += strip[i * size + j] ** 2;
      }
    }
  });
  return diagonal;
}
