import type { Kernel, RealTransform2D } from '../transforms/index.js';
import { type NodeKernel, nodeField } from './nodeKernel.js';
import { FILTER_MARGIN, filterQuarter } from './splineInterpolation.js';
import type { Window } from './window.js';

/** Components in the order x, y, z. */
export type Component = 0 | 1 | 2;

/**
 * Spectra of the fields of one node at height h, one per wanted component: real numbers, because each kernel is even or odd.
 * That of Bz is the number itself, those of Bx and By stand for i times themselves. Like the half spectrum `[iy][jx]`,
 * ny x (nx/2 + 1). T per A. What they give are spline coefficients of the field, see `splineInterpolation.ts`.
 *
 * The kernel is cut off in space at the reach of the window, not in the spectrum, so the convolution is that of a
 * single sheet without periodic images, exactly.
 *
 * @param pitch of psi; the nodes of the field have the distance `fieldPitch`, m @param allocate gives the arrays
 */
export function kernelSpectra(
  transform: RealTransform2D,
  windows: { readonly x: Window; readonly y: Window },
  kernel: NodeKernel,
  pitch: number,
  fieldPitch: number,
  height: number,
  wanted: readonly Component[],
  allocate: (length: number) => Float64Array,
): Kernel[] {
  const { nx, ny } = transform;
  // The filter reaches beyond the window's edge, where the kernel goes on.
  const rows = windows.y.reach + 1 + FILTER_MARGIN;
  const columns = windows.x.reach + 1 + FILTER_MARGIN;
  const tables = wanted.map(() => new Float64Array(rows * columns));
  const b = new Float64Array(3);
  for (let iy = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++) {
      nodeField(kernel, pitch, ix * fieldPitch, iy * fieldPitch, height, b, 0);
      for (let k = 0; k < wanted.length; k++) tables[k][iy * columns + ix] = b[wanted[k]];
    }
  }
  const real = new Float64Array(ny * nx);
  const spectrum = new Float64Array(transform.spectrumLength);
  return wanted.map((c, k) => {
    const parityX = c === 0 ? -1 : 1;
    const parityY = c === 1 ? -1 : 1;
    const quarter = filterQuarter(tables[k], rows, columns, parityX, parityY);
    unfold(quarter, windows.y.reach, windows.x.reach, parityX, parityY, real, ny, nx);
    transform.forward(real, spectrum);
    const values = allocate(spectrum.length / 2);
    const part = c === 2 ? 0 : 1;
    for (let m = 0; m < values.length; m++) values[m] = spectrum[2 * m + part];
    return { kind: c === 2 ? 'real' : 'imaginary', values };
  });
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
