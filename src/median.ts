/** So few values are sorted: that is as fast. */
const FEW = 16;

/**
 * The median: the middle value, of an even count the mean of the two middle ones. Values that are NaN are left out, infinite ones
 * count; NaN where nothing is left. The argument stays as it is: a copy is reordered. Linear time in the mean, n log n at worst.
 */
export function median(values: ArrayLike<number>): number {
  const known = withoutNaN(values);
  const upper = selected(known, known.length >> 1);
  return known.length % 2 === 1 ? upper : (largestBefore(known, known.length >> 1) + upper) / 2;
}

/**
 * As {@link median}, but of an even count the upper of the two middle values: one of those given, so that a median over all
 * pixels is an error or a width that some pixel has. What an inversion says of its maps is said in this one.
 */
export function upperMedian(values: ArrayLike<number>): number {
  const known = withoutNaN(values);
  return selected(known, known.length >> 1);
}

function withoutNaN(values: ArrayLike<number>): Float64Array {
  const known = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) known[count++] = values[i];
  return known.subarray(0, count);
}

/**
 * The value that stands at index k once all are in ascending order; NaN beyond the last. Reorders them so far that none before k
 * is larger and none behind it smaller: C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4 (1961) 321.
 */
function selected(values: Float64Array, k: number): number {
  if (k >= values.length) return Number.NaN;
  let [low, high] = [0, values.length - 1];
  // Usually a round leaves a good half; an order made to leave nearly all is sorted in the end.
  for (let rounds = 4 * Math.log2(values.length); high - low > FEW && rounds > 0; rounds--) {
    const [first, middle, last] = [values[low], values[(low + high) >> 1], values[high]];
    const pivot = Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    // Those between j and i equal the pivot.
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return pivot;
  }
  values.subarray(low, high + 1).sort();
  return values[k];
}

function largestBefore(values: Float64Array, end: number): number {
  let largest = Number.NaN;
  for (let i = 0; i < end; i++) if (!(values[i] <= largest)) largest = values[i];
  return largest;
}
