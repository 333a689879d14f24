/**
 * Two-dimensional Fourier transforms of real arrays: the one interface that the rest of the code knows.
 *
 * f~(k) = sum f(r) exp(-i k.r), unnormalised; the inverse divides by the number of points. A real array is `[iy][ix]`
 * with ny x nx entries. Its spectrum is the half with kx >= 0, `[iy][jx]` with ny x (nx/2 + 1) complex entries, real and
 * imaginary part interleaved; the other half follows from f~(-k) = conj f~(k).
 */
export interface RealTransform2D {
  readonly nx: number;
  readonly ny: number;
  /** Columns of the half spectrum, nx/2 + 1. */
  readonly columns: number;
  /** Length of a spectrum array, 2 ny (nx/2 + 1). */
  readonly spectrumLength: number;
  /**
   * real (ny nx) -> spectrum; `real` is left as it is.
   * @param rows only the first so many rows are read, the others taken as zero; default all
   */
  forward(real: Float64Array, spectrum: Float64Array, rows?: number): void;
  /**
   * spectrum -> real (ny nx); `spectrum` is left as it is.
   * @param rows only the first so many rows are written; default all
   */
  inverse(spectrum: Float64Array, real: Float64Array, rows?: number): void;
}

/**
 * Angular wave numbers of the rows, 1/m, length ny, in the order of the spectrum (0, 1, ..., -1) 2 pi / (ny dy). The
 * Nyquist row of an even ny is zero: an odd kernel has no real value there.
 */
export function rowWaveNumbers(ny: number, dy: number): Float64Array {
  const out = new Float64Array(ny);
  const step = (2 * Math.PI) / (ny * dy);
  for (let i = 0; i < ny; i++) out[i] = step * (2 * i < ny ? i : 2 * i === ny ? 0 : i - ny);
  return out;
}

/** Angular wave numbers of the columns of the half spectrum, 1/m, length nx/2 + 1; the Nyquist column is zero. */
export function columnWaveNumbers(nx: number, dx: number): Float64Array {
  const out = new Float64Array(nx / 2 + 1);
  const step = (2 * Math.PI) / (nx * dx);
  for (let j = 0; 2 * j < nx; j++) out[j] = step * j;
  return out;
}

/** How often a column of the half spectrum stands for one of the whole: 1 for kx = 0 and Nyquist, 2 elsewhere. */
export function columnWeight(nx: number, column: number): number {
  return column === 0 || 2 * column === nx ? 1 : 2;
}
