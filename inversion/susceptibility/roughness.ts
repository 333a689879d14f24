import type { SlabLattice } from './slabLattice.js';

/**
 * A quadratic penalty: the sum over rows of weight times (row . chi)^2, every row a difference of at most four pixels within
 * the outline; nothing is said across it. With the weights here it approximates an integral over the slab.
 */
export interface Roughness {
  /** 1: slopes; 2: second derivatives. */
  readonly order: 1 | 2;
  readonly rows: number;
  /** Four unknowns per row; those without a place have the value 0. */
  readonly index: Int32Array;
  readonly value: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Differences of the given order: of the slopes along x and y (integral of |grad chi|^2), or the second derivatives
 * (thin plate: xx, yy and twice xy). Derivatives per metre.
 */
export function roughness({ grid, unknown }: SlabLattice, order: 1 | 2): Roughness {
  const { nx, ny, dx, dy } = grid;
  const index: number[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  const at = (ix: number, iy: number) => (ix < nx && iy < ny ? unknown[iy * nx + ix] : -1);
  const add = (unknowns: readonly number[], values: readonly number[], w: number) => {
    if (unknowns.some(u => u < 0)) return;
    for (let k = 0; k < 4; k++) {
      index.push(unknowns[k] ?? unknowns[0]);
      value.push(values[k] ?? 0);
    }
    weight.push(w * dx * dy);
  };
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const own = at(ix, iy);
      if (own < 0) continue;
      const [right, up] = [at(ix + 1, iy), at(ix, iy + 1)];
      if (order === 1) {
        add([own, right], [-1 / dx, 1 / dx], 1);
        add([own, up], [-1 / dy, 1 / dy], 1);
        continue;
      }
      add([own, right, at(ix + 2, iy)], [1 / dx ** 2, -2 / dx ** 2, 1 / dx ** 2], 1);
      add([own, up, at(ix, iy + 2)], [1 / dy ** 2, -2 / dy ** 2, 1 / dy ** 2], 1);
      const s = 1 / (dx * dy);
      add([own, right, up, at(ix + 1, iy + 1)], [s, -s, -s, s], 2);
    }
  }
  return {
    order,
    rows: weight.length,
    index: Int32Array.from(index),
    value: Float64Array.from(value),
    weight: Float64Array.from(weight),
  };
}

/** out = rows . chi */
export function applyRoughness({ index, value }: Roughness, chi: Float64Array, out: Float64Array): void {
  for (let r = 0, k = 0; r < out.length; r++, k += 4) {
    out[r] =
      value[k] * chi[index[k]] +
      value[k + 1] * chi[index[k + 1]] +
      value[k + 2] * chi[index[k + 2]] +
      value[k + 3] * chi[index[k + 3]];
  }
}

/** Adds lambda times the penalty's matrix to the lower triangle of an n x n matrix. @param factor per row, on its weight */
export function addRoughness(
  { rows, index, value, weight }: Roughness,
  lambda: number,
  factor: Float64Array | undefined,
  matrix: Float64Array,
  n: number,
): void {
  for (let r = 0, k = 0; r < rows; r++, k += 4) {
    const w = lambda * weight[r] * (factor === undefined ? 1 : factor[r]);
    for (let a = k; a < k + 4; a++) {
      if (value[a] === 0) continue;
      for (let b = k; b < k + 4; b++) {
        if (value[b] !== 0 && index[a] >= index[b]) matrix[index[a] * n + index[b]] += w * value[a] * value[b];
      }
    }
  }
}

/**
 * Factors of the rows for the next round of total variation by reweighted least squares: one over the size of the derivatives
 * about the pixels that a row joins, in units of `floor`, below which nothing counts as an edge; 1 where it is flat.
 */
export function variationFactors(
  { rows, index, value, weight }: Roughness,
  derivatives: Float64Array,
  pixels: number,
  floor: number,
): Float64Array {
  const square = new Float64Array(pixels);
  const seen = new Float64Array(pixels);
  for (let r = 0, k = 0; r < rows; r++, k += 4) {
    for (let a = k; a < k + 4; a++) {
      if (value[a] === 0) continue;
      square[index[a]] += weight[r] * derivatives[r] ** 2;
      seen[index[a]] += weight[r];
    }
  }
  const size = square.map((s, u) => Math.sqrt(1 + (2 * s) / (seen[u] || 1) / floor ** 2));
  return Float64Array.from({ length: rows }, (_, r) => {
    let [sum, count] = [0, 0];
    for (let a = 4 * r; a < 4 * r + 4; a++) {
      if (value[a] === 0) continue;
      sum += 1 / size[index[a]];
      count++;
    }
    return sum / count;
  });
}
