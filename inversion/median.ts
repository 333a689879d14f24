/** The median of the values that are numbers (of an even count the upper one); NaN where there are none. */
export function median(values: Float64Array): number {
  const sorted = values.filter(v => !Number.isNaN(v)).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}
