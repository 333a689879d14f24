import type { Kernel, RealTransform2D } from '../transforms/index.js';
import { type NodeKernel, nodeField } from './nodeKernel.js';
import { quarterSize, quarterSpectra } from './quarterSpectra.js';
import type { Windows } from './window.js';

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
  windows: Windows,
  kernel: NodeKernel,
  pitch: number,
  fieldPitch: number,
  height: number,
  wanted: readonly Component[],
  allocate: (length: number) => Float64Array,
): Kernel[] {
  const { rows, columns } = quarterSize(windows);
  const tables = wanted.map(() => new Float64Array(rows * columns));
  const b = new Float64Array(3);
  for (let iy = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++) {
      nodeField(kernel, pitch, ix * fieldPitch, iy * fieldPitch, height, b, 0);
      for (let k = 0; k < wanted.length; k++) tables[k][iy * columns + ix] = b[wanted[k]];
    }
  }
  const spectrumOf = quarterSpectra(transform, windows);
  return wanted.map((c, k) => ({
    kind: c === 2 ? 'real' : 'imaginary',
    values: spectrumOf(tables[k], c === 0 ? -1 : 1, c === 1 ? -1 : 1, allocate(transform.spectrumLength / 2)),
  }));
}
