import { plainAlgebra } from '../linearAlgebra/index.js';

/** A continuous function of straight pieces, fitted to points with errors. */
export interface PiecewiseLinear {
  /** Where the slope changes, ascending, with standard errors (as the fit's curvature there says). */
  readonly kinks: readonly { readonly at: number; readonly error: number }[];
  /** Slope of every piece with its error, kinks held. */
  readonly slopes: readonly { readonly slope: number; readonly error: number }[];
  /** Squared residual in sigmas, and points minus parameters. */
  readonly chi2: number;
  readonly free: number;
  readonly value: (x: number) => number;
}

/** A kink costs two parameters; it is believed where it lowers chi2 by more than this and by more than BIC asks. */
const LEAST_GAIN = 11.8;
/** Candidates for the place of a kink between two neighbouring points. */
const BETWEEN = 12;

/**
 * Fits y(x) by a straight line, or by two or three straight pieces where the points demand it: chi of layered oxides runs
 * straight in the state of charge between changes of the ion that is oxidised. A kink needs two points on either side.
 * Points whose errors are unknown (NaN or 0) are weighed alike and chi2 is scaled by what the richest model leaves.
 * @param x any order @param y same length @param error standard deviations
 */
export function piecewiseLinear(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  error: ArrayLike<number>,
  mostKinks = 2,
): PiecewiseLinear | undefined {
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b]);
  const points = order.map(i => ({ x: x[i], y: y[i], s: error[i] > 0 ? error[i] : 1 }));
  const n = points.length;
  if (n < 2 || points[0].x === points[n - 1].x) return undefined;
  let best = straightPieces(points, [])!;
  for (let k = 1; k <= mostKinks && n >= 2 * k + 3; k++) {
    const found = bestKinks(points, k);
    if (found === undefined || found.chi2 > best.chi2 - Math.max(LEAST_GAIN, 2 * Math.log(n))) break;
    best = found;
  }
  return { ...best, kinks: best.kinks.map((at, k) => ({ at, error: kinkError(points, best, k) })) };
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly s: number;
}

interface Fit {
  readonly kinks: readonly number[];
  readonly slopes: readonly { readonly slope: number; readonly error: number }[];
  readonly chi2: number;
  readonly free: number;
  readonly value: (x: number) => number;
}

function bestKinks(points: readonly Point[], count: number): Fit | undefined {
  const places: number[] = [];
  for (let i = 1; i < points.length - 2; i++) {
    for (let k = 0; k < BETWEEN; k++)
      places.push(points[i].x + ((k + 0.5) / BETWEEN) * (points[i + 1].x - points[i].x));
  }
  let best: Fit | undefined;
  const extend = (chosen: readonly number[], from: number): void => {
    if (chosen.length === count) {
      const found = straightPieces(points, chosen);
      if (found !== undefined && (best === undefined || found.chi2 < best.chi2)) best = found;
      return;
    }
    for (let p = from; p < places.length; p++) {
      const before = chosen.at(-1);
      const between = points.filter(({ x }) => (before === undefined || x > before) && x < places[p]).length;
      if (between < (before === undefined ? 2 : 1)) continue;
      extend([...chosen, places[p]], p + 1);
    }
  };
  extend([], 0);
  return best;
}

/** Value, first slope and changes of slope by weighted least squares. */
function straightPieces(points: readonly Point[], kinks: readonly number[]): Fit | undefined {
  const n = 2 + kinks.length;
  const start = points[0].x;
  const basis = (x: number) => [1, x - start, ...kinks.map(at => Math.max(0, x - at))];
  const form = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (const { x, y, s } of points) {
    const row = basis(x);
    for (let a = 0; a < n; a++) {
      right[a] += (row[a] * y) / (s * s);
      for (let b = 0; b <= a; b++) form[a * n + b] += (row[a] * row[b]) / (s * s);
    }
  }
  const covariance = new Float64Array(n * n);
  try {
    plainAlgebra.cholesky(form, n);
    plainAlgebra.solveCholesky(form, n, right, 1);
    plainAlgebra.inverseFromCholesky(form, n, covariance);
  } catch {
    return undefined;
  }
  const value = (x: number) => basis(x).reduce((sum, v, k) => sum + v * right[k], 0);
  const slopes = [1, ...kinks.map((_, k) => k + 2)].map(last => {
    let [slope, variance] = [0, 0];
    for (let a = 1; a <= last; a++) {
      slope += right[a];
      for (let b = 1; b <= last; b++) variance += covariance[a * n + b];
    }
    return { slope, error: Math.sqrt(Math.max(0, variance)) };
  });
  const chi2 = points.reduce((sum, { x, y, s }) => sum + ((y - value(x)) / s) ** 2, 0);
  return { kinks, slopes, chi2, free: points.length - n - kinks.length, value };
}

/** How far a kink can move until chi2 grows by 1. */
function kinkError(points: readonly Point[], best: Fit, k: number): number {
  const span = points[points.length - 1].x - points[0].x;
  const moved = (by: number) =>
    straightPieces(
      points,
      best.kinks.map((at, j) => (j === k ? at + by : at)),
    )?.chi2 ?? Number.POSITIVE_INFINITY;
  let [low, high] = [0, span];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (Math.min(moved(middle), moved(-middle)) - best.chi2 < 1) low = middle;
    else high = middle;
  }
  return high;
}
