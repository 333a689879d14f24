import FFT from 'fft.js';
import { InputError } from '../errors.js';
import type { RealTransform2D } from './realTransform.js';

/** What we use of fft.js; its own typings say `any`. Interleaved complex arrays; input and output must differ. */
interface Fft {
  transform(out: Float64Array, data: Float64Array): void;
  inverseTransform(out: Float64Array, data: Float64Array): void;
}

/** Columns that are gathered at a time, so that each visit of a cache line serves several of them. */
const BLOCK = 8;

/**
 * Real 2D transform on fft.js, which knows powers of two only. Rows go in pairs, one as the real and one as the
 * imaginary part of a complex row; columns in blocks.
 * @throws {InputError} where a side is not a power of two, at least 4 along y and x.
 */
export function fftJsTransform(ny: number, nx: number): RealTransform2D {
  for (const n of [ny, nx]) {
    if (!Number.isInteger(n) || n < 4 || (n & (n - 1)) !== 0) {
      throw new InputError(`no transform of length ${n}`, { advice: 'use a power of two, at least 4' });
    }
  }
  const rowFft: Fft = new FFT(nx);
  const columnFft: Fft = nx === ny ? rowFft : new FFT(ny);
  const columns = nx / 2 + 1;
  const rowIn = new Float64Array(2 * nx);
  const rowOut = new Float64Array(2 * nx);
  const columnIn = Array.from({ length: BLOCK }, () => new Float64Array(2 * ny));
  const columnOut = new Float64Array(2 * ny);
  const work = new Float64Array(2 * ny * columns);

  /** Transforms every column of `from` into `to`; the two may be one. */
  const transformColumns = (from: Float64Array, to: Float64Array, inverse: boolean) => {
    for (let j0 = 0; j0 < columns; j0 += BLOCK) {
      const count = Math.min(BLOCK, columns - j0);
      for (let iy = 0; iy < ny; iy++) {
        const at = 2 * (iy * columns + j0);
        for (let b = 0; b < count; b++) {
          columnIn[b][2 * iy] = from[at + 2 * b];
          columnIn[b][2 * iy + 1] = from[at + 2 * b + 1];
        }
      }
      for (let b = 0; b < count; b++) {
        if (inverse) columnFft.inverseTransform(columnOut, columnIn[b]);
        else columnFft.transform(columnOut, columnIn[b]);
        columnIn[b].set(columnOut);
      }
      for (let iy = 0; iy < ny; iy++) {
        const at = 2 * (iy * columns + j0);
        for (let b = 0; b < count; b++) {
          to[at + 2 * b] = columnIn[b][2 * iy];
          to[at + 2 * b + 1] = columnIn[b][2 * iy + 1];
        }
      }
    }
  };

  const forward = (real: Float64Array, spectrum: Float64Array, rows = ny) => {
    for (let iy = 0; iy < rows; iy += 2) {
      const a = iy * nx;
      const b = a + nx;
      const second = iy + 1 < rows;
      for (let ix = 0; ix < nx; ix++) {
        rowIn[2 * ix] = real[a + ix];
        rowIn[2 * ix + 1] = second ? real[b + ix] : 0;
      }
      rowFft.transform(rowOut, rowIn);
      // X = (Z(k) + conj Z(-k)) / 2 and Y = (Z(k) - conj Z(-k)) / 2i separate the two rows.
      const pa = 2 * iy * columns;
      const pb = pa + 2 * columns;
      spectrum[pa] = rowOut[0];
      spectrum[pa + 1] = 0;
      spectrum[pb] = rowOut[1];
      spectrum[pb + 1] = 0;
      for (let j = 2, m = 2 * nx - 2; j <= nx; j += 2, m -= 2) {
        const zr = rowOut[j];
        const zi = rowOut[j + 1];
        const wr = rowOut[m];
        const wi = rowOut[m + 1];
        spectrum[pa + j] = 0.5 * (zr + wr);
        spectrum[pa + j + 1] = 0.5 * (zi - wi);
        spectrum[pb + j] = 0.5 * (zi + wi);
        spectrum[pb + j + 1] = 0.5 * (wr - zr);
      }
    }
    spectrum.fill(0, 2 * columns * (rows + (rows % 2)));
    transformColumns(spectrum, spectrum, false);
  };

  const inverse = (spectrum: Float64Array, real: Float64Array, rows = ny) => {
    transformColumns(spectrum, work, true);
    for (let iy = 0; iy < rows; iy += 2) {
      const pa = 2 * iy * columns;
      const pb = pa + 2 * columns;
      // Only the real part counts in the two columns that are their own mirror image.
      rowIn[0] = work[pa];
      rowIn[1] = work[pb];
      rowIn[nx] = work[pa + nx];
      rowIn[nx + 1] = work[pb + nx];
      for (let j = 2, m = 2 * nx - 2; j < nx; j += 2, m -= 2) {
        const ar = work[pa + j];
        const ai = work[pa + j + 1];
        const br = work[pb + j];
        const bi = work[pb + j + 1];
        rowIn[j] = ar - bi;
        rowIn[j + 1] = ai + br;
        rowIn[m] = ar + bi;
        rowIn[m + 1] = br - ai;
      }
      rowFft.inverseTransform(rowOut, rowIn);
      const a = iy * nx;
      const b = a + nx;
      for (let ix = 0; ix < nx; ix++) {
        real[a + ix] = rowOut[2 * ix];
        if (iy + 1 < rows) real[b + ix] = rowOut[2 * ix + 1];
      }
    }
  };

  return { nx, ny, columns, spectrumLength: 2 * ny * columns, forward, inverse };
}
