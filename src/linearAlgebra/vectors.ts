/** a . b, over the entries of b, which has no more than a. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Root mean square; NaN for no values. */
export function rms(values: Float64Array): number {
  return Math.sqrt(dot(values, values) / values.length);
}
