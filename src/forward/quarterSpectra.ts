import type { RealTransform2D } from '../transforms/index.js';
import { FILTER_MARGIN, filterQuarter } from './splineInterpolation.js';
import type { Windows } from './window.js';

/** Rows and columns of a quarter for {@link quarterSpectra}: the filter reaches beyond the window's edge, where the kernel goes on. */
export function quarterSize({ x, y }: Windows): { readonly rows: number; readonly columns: number } {
  return { rows: y.reach + 1 + FILTER_MARGIN, columns: x.reach + 1 + FILTER_MARGIN };
}

/**
 * Prepares the spectra of kernels that are even (parity 1) or odd (-1) about both axes, from one quarter: `table[iy][ix]`, of
 * {@link quarterSize}, from the middle on; it becomes working space. Real numbers like the half spectrum, ny x (nx/2 + 1), which stand
 * for themselves where the parities are the same, else for i times themselves. What they give are spline coefficients, see
 * `splineInterpolation.ts`. The kernel is cut off at the reach of the windows.
 */
export function quarterSpectra(
  transform: RealTransform2D,
  windows: Windows,
): (table: Float64Array, parityX: number, parityY: number, out?: Float64Array) => Float64Array {
  const { rows, columns } = quarterSize(windows);
  const real = new Float64Array(transform.ny * transform.nx);
  const spectrum = new Float64Array(transform.spectrumLength);
  return (table, parityX, parityY, out = new Float64Array(spectrum.length / 2)) => {
    const quarter = filterQuarter(table, rows, columns, parityX, parityY);
    unfold(quarter, windows.y.reach, windows.x.reach, parityX, parityY, real, transform.ny, transform.nx);
    transform.forward(real, spectrum);
    takePart(spectrum, parityX === parityY ? 0 : 1, out);
    return out;
  };
}

/** Writes a quarter, (reachY + 1) x (reachX + 1), and its mirror images around index (0, 0) of a periodic array. */
function unfold(
  quarter: Float64Array,
  reachY: number,
  reachX: number,
  parityX: number,
  parityY: number,
  real: Float64Array,
  ny: number,
  nx: number,
): void {
  real.fill(0);
  for (let iy = -reachY; iy <= reachY; iy++) {
    const from = Math.abs(iy) * (reachX + 1);
    const to = (iy < 0 ? ny + iy : iy) * nx;
    const sign = iy < 0 ? parityY : 1;
    for (let ix = 0; ix <= reachX; ix++) {
      real[to + ix] = sign * quarter[from + ix];
      if (ix > 0) real[to + nx - ix] = sign * parityX * quarter[from + ix];
    }
  }
}

/** The real parts (0) or the imaginary ones (1). */
function takePart(spectrum: Float64Array, part: 0 | 1, out: Float64Array): void {
  for (let m = 0; m < out.length; m++) out[m] = spectrum[2 * m + part];
}
