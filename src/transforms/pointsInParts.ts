import type { NodePoints } from './transforms.js';

/** Nodes of a point along each axis. */
const S = 8;

/** {@link RealTransform2D.sample} by its definition. @param nx length of the array's rows */
export function sampleInParts(
  nx: number,
  real: Float64Array,
  { base, weightsX, weightsY }: NodePoints,
  values: Float64Array,
): void {
  for (let p = 0, w = 0; p < base.length; p++, w += S) {
    let sum = 0;
    for (let j = 0, at = base[p]; j < S; j++, at += nx) {
      let row = 0;
      for (let i = 0; i < S; i++) row += weightsX[w + i] * real[at + i];
      sum += weightsY[w + j] * row;
    }
    values[p] = sum;
  }
}

/** {@link RealTransform2D.spread} by its definition. */
export function spreadInParts(
  nx: number,
  values: Float64Array,
  { base, weightsX, weightsY }: NodePoints,
  real: Float64Array,
): void {
  for (let p = 0, w = 0; p < base.length; p++, w += S) {
    for (let j = 0, at = base[p]; j < S; j++, at += nx) {
      const row = values[p] * weightsY[w + j];
      for (let i = 0; i < S; i++) real[at + i] += row * weightsX[w + i];
    }
  }
}
