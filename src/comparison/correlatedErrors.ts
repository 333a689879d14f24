import { columnWeight, realTransform2D, transformLength } from '../transforms/index.js';

/** Residual and derivatives of one pair of maps on a grid; zero where there is no reading. */
export interface ResidualMaps {
  readonly nx: number;
  readonly ny: number;
  /** 1 where there is a residual. */
  readonly mask: Float64Array;
  /** One per component. */
  readonly residual: readonly Float64Array[];
  /** [component][parameter]. */
  readonly derivatives: readonly (readonly Float64Array[])[];
}

/** The autocovariance counts up to the distance at which it has fallen to this part of the variance. */
const FALLEN = 0.03;
/** But at least up to this distance, in pixels: interpolation makes neighbours alike. */
const LEAST_REACH = 3;

/**
 * The covariance of J^T r, J^T C J, where C, the covariance of the residual between pixels and between components, is
 * taken from the residual itself: its mean product at every distance up to the one at which it has died away. So noise
 * that neighbouring pixels share (smoothing, interpolation, an inversion) counts as what it is.
 * @returns n x n; and the distance at which the residual is no longer correlated, in pixels
 */
export function scoreCovariance(
  maps: ResidualMaps,
  n: number,
): { readonly matrix: Float64Array; readonly reach: number } {
  const { nx, ny, mask, residual, derivatives } = maps;
  const [my, mx] = [transformLength(2 * ny), transformLength(2 * nx)];
  const transform = realTransform2D(my, mx);
  const spectrumOf = (values: Float64Array) => {
    const padded = new Float64Array(my * mx);
    for (let iy = 0; iy < ny; iy++) padded.set(values.subarray(iy * nx, (iy + 1) * nx), iy * mx);
    const spectrum = new Float64Array(transform.spectrumLength);
    transform.forward(padded, spectrum);
    return spectrum;
  };
  /** sum over x of a(x) b(x + lag). */
  const products = (a: Float64Array, b: Float64Array) => {
    const product = new Float64Array(a.length);
    for (let k = 0; k < a.length; k += 2) {
      product[k] = a[k] * b[k] + a[k + 1] * b[k + 1];
      product[k + 1] = a[k] * b[k + 1] - a[k + 1] * b[k];
    }
    const out = new Float64Array(my * mx);
    transform.inverse(product, out);
    return out;
  };
  const maskSpectrum = spectrumOf(mask);
  const pairsAt = products(maskSpectrum, maskSpectrum);
  const spectra = residual.map(spectrumOf);
  const components = residual.length;
  const covariance = (c: number, d: number) =>
    products(spectra[c], spectra[d]).map((sum, lag) => (pairsAt[lag] > 0.5 ? sum / pairsAt[lag] : 0));
  const own = residual.map((_, c) => covariance(c, c));
  const reach = decay(own, my, mx, Math.max(LEAST_REACH, Math.floor(Math.min(nx, ny) / 4)));

  const matrix = new Float64Array(n * n);
  const scores = derivatives.map(of => of.map(spectrumOf));
  for (let c = 0; c < components; c++) {
    for (let d = 0; d < components; d++) {
      const cut = c === d ? own[c] : covariance(c, d);
      forLags(my, mx, (lag, distance) => {
        if (distance > reach) cut[lag] = 0;
      });
      const kernel = new Float64Array(transform.spectrumLength);
      transform.forward(cut, kernel);
      for (let p = 0; p < n; p++) {
        for (let q = 0; q <= p; q++) {
          const sum = product(scores[c][p], kernel, scores[d][q], transform.columns, mx) / (my * mx);
          matrix[p * n + q] += sum;
          if (p !== q) matrix[q * n + p] += sum;
        }
      }
    }
  }
  return { matrix, reach };
}

/** Where the mean of the autocovariances over all directions has fallen to {@link FALLEN} of the variance, in pixels. */
function decay(covariances: readonly Float64Array[], ny: number, nx: number, most: number): number {
  const sums = new Float64Array(most + 1);
  const counts = new Float64Array(most + 1);
  for (const covariance of covariances) {
    forLags(ny, nx, (lag, distance) => {
      const ring = Math.round(distance);
      if (ring > most) return;
      sums[ring] += covariance[lag];
      counts[ring]++;
    });
  }
  const variance = sums[0] / counts[0];
  for (let ring = 1; ring <= most; ring++) {
    if (sums[ring] / counts[ring] < FALLEN * variance) return Math.max(ring, LEAST_REACH);
  }
  return most;
}

function forLags(ny: number, nx: number, visit: (lag: number, distance: number) => void): void {
  for (let iy = 0; iy < ny; iy++) {
    const dy = Math.min(iy, ny - iy);
    for (let ix = 0; ix < nx; ix++) visit(iy * nx + ix, Math.hypot(dy, Math.min(ix, nx - ix)));
  }
}

/** sum over k of Re(conj(a) kernel* b), over the whole plane from half of it. */
function product(a: Float64Array, kernel: Float64Array, b: Float64Array, columns: number, nx: number): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 2) {
    const weight = columnWeight(nx, (k / 2) % columns);
    const re = a[k] * b[k] + a[k + 1] * b[k + 1];
    const im = a[k] * b[k + 1] - a[k + 1] * b[k];
    sum += weight * (re * kernel[k] + im * kernel[k + 1]);
  }
  return sum;
}
