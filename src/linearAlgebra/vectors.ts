/** a . b, over the entries of b, which has no more than a. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}

/** out += factor values */
export function addScaled(out: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += factor * values[i];
}

/** Root mean square; NaN for no values. */
export function rms(values: Float64Array): number {
  return Math.sqrt(dot(values, values) / values.length);
}

/** The numbers of several arrays, one array after another. */
export function joined(parts: readonly Float64Array[]): Float64Array;
export function joined(parts: readonly Int32Array[], Kind: Int32ArrayConstructor): Int32Array;
export function joined(
  parts: readonly (Float64Array | Int32Array)[],
  Kind: Float64ArrayConstructor | Int32ArrayConstructor = Float64Array,
): Float64Array | Int32Array {
  const out = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
