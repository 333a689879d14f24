/** sum + a b for two numbers of f64, or four of f32; rounded once where the module is compiled with fused multiply-add. */
// @ts-ignore: decorator
@inline
export function more<T>(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, sum);
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

/** sum - a b */
// @ts-ignore: decorator
@inline
export function less<T>(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(a, b, sum);
  return v128.sub<T>(sum, v128.mul<T>(a, b));
}
