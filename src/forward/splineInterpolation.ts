/**
 * Interpolation on a lattice by cardinal B-splines of degree 7: 8 nodes along each axis, separable. A spline needs
 * coefficients instead of values; the filter that makes them (Unser, Aldroubi and Eden, IEEE Trans. Signal Processing 41
 * (1993) 821 and 834) is applied once, to the convolution kernel, so that the convolution delivers coefficients at no cost.
 *
 * A wave exp(i q x / pitch) comes out with an error of about 2 (q / (2 pi - q))^8 of itself: 2e-9 at a wavelength of 10
 * pitches, 3e-5 at 5, 3e-4 at 4. Lagrange's polynomial through the same 8 nodes is 100 times worse.
 */
export const SPLINE_SUPPORT = 8;
const DEGREE = SPLINE_SUPPORT - 1;

/** The first of the 8 nodes around a position, both in pitches: 3 before the node at or before it. */
export function firstSplineNode(position: number): number {
  return Math.floor(position) - DEGREE / 2 + 0.5;
}

/**
 * The weights of the 8 nodes `firstSplineNode(position) ...` at a position (in pitches), by the recursion of de Boor.
 * They add up to 1.
 * @param out receives the weights at `at ... at + 7`
 */
export function splineWeights(position: number, out: Float64Array, at: number): void {
  const t = position - Math.floor(position);
  out.fill(0, at, at + SPLINE_SUPPORT);
  out[at] = 1;
  for (let n = 1; n <= DEGREE; n++) {
    for (let i = n; i >= 0; i--) {
      const left = i > 0 ? (t + n - i) * out[at + i - 1] : 0;
      const right = i < n ? (1 - t + i) * out[at + i] : 0;
      out[at + i] = (left + right) / n;
    }
  }
}

/** Poles of the filter that turns values on the nodes into coefficients (Unser, Aldroubi and Eden 1993, table I), and its gain. */
const POLES = [-0.5352804307964382, -0.12255461519232669, -0.009148694809608277];
const GAIN = 5040;

/** Nodes after which the filter has forgotten what it does not know: the largest pole to this power is 1e-13. */
export const FILTER_MARGIN = 48;

/**
 * Coefficients of a table of values that is even or odd about its first row and its first column, of which one quarter is
 * given, with a margin.
 * @param table rows x columns, `[iy][ix]`; becomes working space
 * @param parityX +1 where the table is even in x, -1 where it is odd; likewise y
 * @returns (rows - FILTER_MARGIN) x (columns - FILTER_MARGIN): what depends on the values beyond the table is dropped
 */
export function filterQuarter(
  table: Float64Array,
  rows: number,
  columns: number,
  parityX: number,
  parityY: number,
): Float64Array {
  filterAlong(table, columns, 1, rows, columns, parityX);
  filterAlong(table, rows, columns, columns, 1, parityY);
  const [height, width] = [rows - FILTER_MARGIN, columns - FILTER_MARGIN];
  const out = new Float64Array(height * width);
  for (let iy = 0; iy < height; iy++) out.set(table.subarray(iy * columns, iy * columns + width), iy * width);
  return out;
}

/**
 * The filter along lines of n values, in place: for every pole a recursion forwards and one backwards. Before a line stands
 * its mirror image times the parity; after it, what stands there hardly matters before the margin, its mirror image.
 * @param step distance of neighbours in a line @param lane distance of neighbouring lines
 */
function filterAlong(a: Float64Array, n: number, step: number, lines: number, lane: number, parity: number): void {
  for (const z of POLES) {
    for (let line = 0, at = 0; line < lines; line++, at += lane) {
      let power = z;
      let sum = 0;
      for (let m = 1; m <= FILTER_MARGIN; m++, power *= z) sum += power * a[at + m * step];
      a[at] += parity * sum;
    }
    for (let k = 1, row = step; k < n; k++, row += step) {
      for (let line = 0, at = row; line < lines; line++, at += lane) a[at] += z * a[at - step];
    }
    const end = (n - 1) * step;
    for (let line = 0, at = end; line < lines; line++, at += lane)
      a[at] = (z / (z * z - 1)) * (a[at] + z * a[at - step]);
    for (let row = end - step; row >= 0; row -= step) {
      for (let line = 0, at = row; line < lines; line++, at += lane) a[at] = z * (a[at + step] - a[at]);
    }
  }
  for (let i = 0; i < a.length; i++) a[i] *= GAIN;
}
