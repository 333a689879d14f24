/**
 * A linear inverse problem in the coordinates in which Tikhonov's filter is diagonal: minimise
 * |A x - b|^2 + lambda |L x|^2. With the generalised singular values s_i (s_i^2 = |A v_i|^2 / |L v_i|^2) the filter is
 * f_i = s_i^2 / (s_i^2 + lambda), and every quantity that a rule for lambda needs is a sum over i.
 */
export interface Spectrum {
  /** s_i^2, positive. */
  readonly values: Float64Array;
  /** Energy of the data along the i-th direction, |u_i.b|^2, times the multiplicity. */
  readonly energy: Float64Array;
  /** How many directions share this value (1 where each stands for itself). */
  readonly multiplicity: Float64Array;
  /** Energy of the data outside the range of A, which no lambda explains. */
  readonly outside: number;
  /** Number of data. */
  readonly count: number;
}

/** What a given lambda does; energies are squared norms in the units of the data. */
export interface Filtered {
  /** |A x - b|^2. */
  readonly residual: number;
  /** |L x|^2. */
  readonly seminorm: number;
  /** Effective degrees of freedom, the trace of the influence matrix. */
  readonly degrees: number;
  /** First and second derivative by log(lambda) of residual and seminorm, first of degrees. */
  readonly dResidual: number;
  readonly d2Residual: number;
  readonly dSeminorm: number;
  readonly d2Seminorm: number;
  readonly dDegrees: number;
}

/** Evaluates the sums at one lambda > 0. With f' = df/d(log lambda) = -f (1 - f). */
export function filtered(spectrum: Spectrum, lambda: number): Filtered {
  const { values, energy, multiplicity } = spectrum;
  let residual = spectrum.outside;
  let seminorm = 0;
  let degrees = 0;
  let dResidual = 0;
  let d2Residual = 0;
  let dSeminorm = 0;
  let d2Seminorm = 0;
  let dDegrees = 0;
  for (let i = 0; i < values.length; i++) {
    const inverse = 1 / (values[i] + lambda);
    const f = values[i] * inverse;
    // 1 - f, written so that it keeps its digits where f is close to 1.
    const g = lambda * inverse;
    const e = energy[i];
    const eg2 = e * g * g;
    const eg2f = eg2 * f;
    const ef2 = e * f * inverse;
    const ef2g = ef2 * g;
    const mf = multiplicity[i] * f;
    residual += eg2;
    dResidual += eg2f;
    d2Residual -= eg2f * (1 - 3 * f);
    seminorm += ef2;
    dSeminorm -= ef2g;
    d2Seminorm += ef2g * (2 - 3 * f);
    degrees += mf;
    dDegrees -= mf * g;
  }
  return {
    residual,
    seminorm,
    degrees,
    dResidual: 2 * dResidual,
    d2Residual: 2 * d2Residual,
    dSeminorm: 2 * dSeminorm,
    d2Seminorm: 2 * d2Seminorm,
    dDegrees,
  };
}

/** The sums at candidates for lambda, evenly spaced in its logarithm. */
export interface Sweep {
  readonly lambda: Float64Array;
  readonly at: readonly Filtered[];
}

/** Sweeps lambda from far below the smallest s^2 that matters to ten times the largest; the rules search it. */
export function sweep(spectrum: Spectrum, perDecade = 6, decades = 15): Sweep {
  let top = 0;
  for (const s of spectrum.values) top = Math.max(top, s);
  const n = perDecade * (decades + 1) + 1;
  const lambda = new Float64Array(n);
  for (let i = 0; i < n; i++) lambda[i] = top * 10 ** (i / perDecade - decades);
  return { lambda, at: Array.from(lambda, l => filtered(spectrum, l)) };
}

/**
 * Where `slope` (as a function of log lambda) changes sign between neighbouring points of the grid around index i, by
 * bisection to 13 digits; the grid point itself where it does not.
 */
export function refine(grid: Float64Array, i: number, slope: (lambda: number) => number): number {
  if (i <= 0 || i >= grid.length - 1) return grid[Math.min(Math.max(i, 0), grid.length - 1)];
  let low = Math.log(grid[i - 1]);
  let high = Math.log(grid[i + 1]);
  const signLow = Math.sign(slope(grid[i - 1]));
  if (signLow === Math.sign(slope(grid[i + 1]))) return grid[i];
  while (high - low > 1e-13) {
    const middle = 0.5 * (low + high);
    if (Math.sign(slope(Math.exp(middle))) === signLow) low = middle;
    else high = middle;
  }
  return Math.exp(0.5 * (low + high));
}
