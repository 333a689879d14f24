import { InputError } from '../../src/errors.js';

/** A measured image on a regular grid, row-major, y ascending. */
export interface SensorImage {
  readonly values: Float64Array;
  readonly nx: number;
  readonly ny: number;
  /** Pitch, m. */
  readonly dx: number;
  readonly dy: number;
}

/**
 * The transfer function of a sensor from its image of a small dipole along z, taken at height h. The field of the dipole
 * is (mu0/2) m k e^(-kh) in Fourier space, so the image is that times the transfer function S, and
 * S = image~ / (k e^(-kh)), normalised to S(0) = 1. Three things that the image cannot tell are supplied:
 *
 * - its zero level: a dipole's flux through a plane is zero. The level is chosen so that the image and the tail -c / r^3
 *   beyond its rim, which carries on the values along the rim, add up to zero;
 * - the tail's own transform, -(2 pi c / rho) (J0(q) - q (1 - integral of J1(t)/t from 0 to q)) with q = k rho and rho the
 *   radius of the circle outside which the tail has the same flux as outside the image;
 * - S at wavelengths longer than the image: exp(-a k^2), fitted to S over the wave numbers just above.
 *
 * The position of the dipole is unknown too: the image is centred on the pixels above half of its maximum.
 * @param kyRows wave numbers of the rows, rad/m; kxColumns those of the columns
 * @returns S, interleaved complex, `[iy][jx]`
 * @throws {InputError} where the image has no peak or is smaller than it.
 */
export function dipoleImageTransfer(
  image: SensorImage,
  height: number,
  kyRows: Float64Array,
  kxColumns: Float64Array,
): Float64Array {
  const { nx, ny, dx, dy } = image;
  const { values, tail, rho } = withoutLevel(image);
  const [cx, cy] = centre(values, nx, ny, dx, dy);
  const out = fourierSum(values, nx, ny, dx, dy, cx, cy, kyRows, kxColumns);
  const columns = kxColumns.length;
  const edge = (2 * Math.PI) / Math.max(nx * dx, ny * dy);
  const tailAt = tabulatedTail(1.05 * rho * Math.hypot(maximum(kxColumns), maximum(kyRows)));
  // S unnormalised, and the least-squares fit of log |S| = s0 - a k^2 over edge/2 < k < 2 edge, in units of edge.
  const fit = { n: 0, x: 0, xx: 0, y: 0, xy: 0 };
  for (let iy = 0, m = 0; iy < kyRows.length; iy++) {
    for (let j = 0; j < columns; j++, m += 2) {
      const k = Math.hypot(kyRows[iy], kxColumns[j]);
      if (k === 0) continue;
      out[m] -= tail * tailAt(k * rho);
      const scale = Math.exp(k * height) / k;
      out[m] *= scale;
      out[m + 1] *= scale;
      const size = Math.hypot(out[m], out[m + 1]);
      if (k < 0.5 * edge || k > 2 * edge || size === 0) continue;
      const x = (k / edge) ** 2;
      const y = Math.log(size);
      fit.n++;
      fit.x += x;
      fit.xx += x * x;
      fit.y += y;
      fit.xy += x * y;
    }
  }
  const determinant = fit.n * fit.xx - fit.x * fit.x;
  if (!(determinant > 0)) {
    throw new InputError('the image of the dipole is too coarse or too small for the scan', {
      advice: 'take it over at least four times the size of the sensor',
    });
  }
  const slope = (fit.n * fit.xy - fit.x * fit.y) / determinant;
  const zero = Math.exp((fit.y - slope * fit.x) / fit.n);
  for (let iy = 0, m = 0; iy < kyRows.length; iy++) {
    for (let j = 0; j < columns; j++, m += 2) {
      const k = Math.hypot(kyRows[iy], kxColumns[j]) / edge;
      const weight = Math.min(1, Math.max(0, 2 * k - 1));
      out[m] = (weight * out[m]) / zero + (1 - weight) * Math.exp(slope * k * k);
      out[m + 1] = (weight * out[m + 1]) / zero;
    }
  }
  return out;
}

/** Subtracts the zero level; `tail` is the flux of the tail beyond the image, positive. */
function withoutLevel(image: SensorImage): { values: Float64Array; tail: number; rho: number } {
  const { values, nx, ny, dx, dy } = image;
  const [a, b] = [(nx * dx) / 2, (ny * dy) / 2];
  // The integral of 1/r^3 outside a rectangle of half sides a, b is 4 sqrt(a^2 + b^2) / (a b).
  const outside = (4 * Math.hypot(a, b)) / (a * b);
  const band = Math.max(1, Math.round(0.06 * Math.min(nx, ny)));
  let rim = 0;
  let cubes = 0;
  let count = 0;
  let sum = 0;
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const v = values[iy * nx + ix];
      sum += v;
      if (ix >= band && iy >= band && ix < nx - band && iy < ny - band) continue;
      rim += v;
      cubes += Math.hypot((ix - (nx - 1) / 2) * dx, (iy - (ny - 1) / 2) * dy) ** -3;
      count++;
    }
  }
  rim /= count;
  cubes /= count;
  // rim = level - c cubes and (sum - level n) dA = c outside.
  const area = dx * dy;
  const c = (area * (sum - rim * nx * ny)) / (outside + area * nx * ny * cubes);
  if (!(c > 0)) {
    throw new InputError('the image of the dipole has no positive peak', {
      advice: 'check its sign, or whether it is the sensitivity of the sensor instead (--psf-kind area)',
    });
  }
  const level = rim + c * cubes;
  return { values: values.map(v => v - level), tail: c * outside, rho: (2 * Math.PI) / outside };
}

/** Centre of the pixels above half of the maximum, m from the middle of the image. */
function centre(values: Float64Array, nx: number, ny: number, dx: number, dy: number): [number, number] {
  const half = maximum(values) / 2;
  let [x, y, count] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < half) continue;
    x += (i % nx) - (nx - 1) / 2;
    y += Math.floor(i / nx) - (ny - 1) / 2;
    count++;
  }
  return [(x * dx) / count, (y * dy) / count];
}

/** sum of values exp(-i k.(r - centre)) dx dy at the wave numbers of rows and columns, interleaved complex. */
export function fourierSum(
  values: Float64Array,
  nx: number,
  ny: number,
  dx: number,
  dy: number,
  cx: number,
  cy: number,
  kyRows: Float64Array,
  kxColumns: Float64Array,
): Float64Array {
  const columns = kxColumns.length;
  // Separable phases: along x for every row of the image, then along y.
  const alongX = new Float64Array(2 * ny * columns);
  for (let j = 0; j < columns; j++) {
    for (let ix = 0; ix < nx; ix++) {
      const phase = -kxColumns[j] * ((ix - (nx - 1) / 2) * dx - cx);
      const c = Math.cos(phase) * dx * dy;
      const s = Math.sin(phase) * dx * dy;
      for (let iy = 0; iy < ny; iy++) {
        const v = values[iy * nx + ix];
        alongX[2 * (iy * columns + j)] += c * v;
        alongX[2 * (iy * columns + j) + 1] += s * v;
      }
    }
  }
  const out = new Float64Array(2 * kyRows.length * columns);
  for (let row = 0; row < kyRows.length; row++) {
    const at = 2 * row * columns;
    for (let iy = 0; iy < ny; iy++) {
      const phase = -kyRows[row] * ((iy - (ny - 1) / 2) * dy - cy);
      const c = Math.cos(phase);
      const s = Math.sin(phase);
      const from = 2 * iy * columns;
      for (let j = 0; j < 2 * columns; j += 2) {
        out[at + j] += c * alongX[from + j] - s * alongX[from + j + 1];
        out[at + j + 1] += c * alongX[from + j + 1] + s * alongX[from + j];
      }
    }
  }
  return out;
}

/** q -> J0(q) - q (1 - integral of J1(t)/t over 0..q), from a table with linear interpolation. */
function tabulatedTail(last: number): (q: number) => number {
  const step = 0.01;
  const n = Math.ceil(last / step) + 2;
  const table = new Float64Array(n);
  let integral = 0;
  let before = 0.5;
  for (let i = 0; i < n; i++) {
    const q = i * step;
    const [j0, j1] = besselJ(q);
    const ratio = q === 0 ? 0.5 : j1 / q;
    if (i > 0) integral += 0.5 * step * (before + ratio);
    before = ratio;
    table[i] = j0 - q * (1 - integral);
  }
  return q => {
    const i = Math.floor(q / step);
    const t = q / step - i;
    return (1 - t) * table[i] + t * table[i + 1];
  };
}

/** J0(x) and J1(x), by the trapezoidal rule on Bessel's integral, which converges faster than any power. */
export function besselJ(x: number): [number, number] {
  const points = 24 + Math.ceil(x);
  let j0 = 0;
  let j1 = 0;
  for (let i = 0; i < points; i++) {
    const t = (Math.PI * (i + 0.5)) / points;
    const s = x * Math.sin(t);
    j0 += Math.cos(s);
    j1 += Math.cos(t - s);
  }
  return [j0 / points, j1 / points];
}

function maximum(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const v of values) most = Math.max(most, v);
  return most;
}
