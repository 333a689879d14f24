/**
 * Two-dimensional transforms: the interfaces that the rest of the code knows.
 *
 * f~(k) = sum f(r) exp(-i k.r), unnormalised; the inverse divides by the number of points. Arrays are row-major
 * `[iy][ix]`, or `[array][iy][ix]` in a batch; complex numbers are interleaved, real part first. A transform holds its
 * own working space: it must not run twice at the same time.
 */
export interface Transform2D {
  readonly ny: number;
  readonly nx: number;
  /** Arrays that every call transforms, one behind the other. */
  readonly batch: number;
  /**
   * An array of zeros that this transform reads and writes where it stands. Any other Float64Array works too, at the
   * price of a copy. A transform and its arrays share one memory, which is freed when none of them is in use.
   */
  allocate(length: number): Float64Array;
  /** Takes back all that was allocated: it must not be used any more. */
  free(): void;
}

/**
 * Real arrays, ny x nx, and the half of their spectrum with kx >= 0, `[iy][jx]`, ny x (floor(nx/2) + 1) complex numbers;
 * the other half follows from f~(-k) = conj f~(k).
 */
export interface RealTransform2D extends Transform2D {
  /** Columns of the half spectrum, floor(nx/2) + 1. */
  readonly columns: number;
  /** Length of a spectrum array, 2 ny columns (times the batch). */
  readonly spectrumLength: number;
  /**
   * real -> spectrum; `real` is left as it is.
   * @param rows only the first so many rows of each array are read, the others taken as zero; default all
   */
  forward(real: Float64Array, spectrum: Float64Array, rows?: number): void;
  /**
   * spectrum -> real; `spectrum` is left as it is, unless it may be overwritten.
   * @param rows only the first so many rows of each array are written; default all
   * @param overwrite leaves anything in `spectrum`, which saves an array of working space; default false
   */
  inverse(spectrum: Float64Array, real: Float64Array, rows?: number, overwrite?: boolean): void;
  /**
   * Periodic convolutions in one go, outputs[o] = sum_i F^-1(kernels[o][i] F(inputs[i])), with the products taken while
   * the columns are at hand. Where a spectrum is given or wanted, its transform is left out. Not for batches.
   * @param inputs real arrays or spectra, left as they are
   * @param outputs real arrays or spectra; none may be an input
   */
  convolve(
    inputs: readonly Signal[],
    kernels: readonly (readonly Kernel[])[],
    outputs: readonly Signal[],
    options?: ConvolveOptions,
  ): void;
  /**
   * One half of a step of the alternating direction method of multipliers (Boyd et al. 2011), which knows the spectra that D_k psi of
   * one psi may be: from what is given of them, psi~ = inverse sum_k weight_k conj(D_k) given_k, and given_k becomes D_k psi~.
   * @param spectra of the batch, one for every response @param inverse real, per point of the spectrum
   * @param psi takes psi~, if it is wanted
   */
  project(
    spectra: Float64Array,
    responses: readonly WeightedResponse[],
    inverse: Float64Array,
    psi?: Float64Array,
  ): void;
  /**
   * The other half, for a penalty on the length of the vector of `count` numbers at every point: t = given + dual becomes shorter by
   * `threshold`, or zero: p; dual becomes t - p, and given p - dual = 2 p - t.
   * @param given the first `count` arrays of the batch @param dual as many arrays
   */
  shrink(given: Float64Array, dual: Float64Array, count: number, threshold: number): void;
  /** Interpolation of one array: values[p] becomes the sum of the nodes of point p times their weights. */
  sample(real: Float64Array, points: NodePoints, values: Float64Array): void;
  /** The transpose of {@link sample}: adds values[p] times the weights to the nodes of every point. */
  spread(values: Float64Array, points: NodePoints, real: Float64Array): void;
}

/** Points that stand among 8 x 8 nodes of an array each. What {@link Transform2D.allocate} gave is used where it stands. */
export interface NodePoints {
  /** Index of the first node of every point; all of them lie in the array. */
  readonly base: Int32Array;
  /** Weights of the columns from there on, and of the rows: 8 of every point. A node has their product. */
  readonly weightsX: Float64Array;
  readonly weightsY: Float64Array;
}

/** A response and its weight in a sum of squares. */
export interface WeightedResponse extends Kernel {
  readonly weight: number;
}

/**
 * Factors of a half spectrum, ny x columns: real numbers, numbers that stand for i times themselves (an odd kernel), or
 * complex ones, interleaved. `values` from {@link Transform2D.allocate} are used where they stand.
 */
export interface Kernel {
  readonly kind: 'real' | 'imaginary' | 'complex';
  readonly values: Float64Array;
}

/** What goes into a convolution or comes out of it: a real array, or a spectrum. */
export type Signal = Float64Array | { readonly spectrum: Float64Array };

export interface ConvolveOptions {
  /** Multiplies by the conjugates: with inputs and outputs exchanged and kernels transposed, the adjoint. */
  conjugate?: boolean;
  /** Rows of the real inputs that are read, the others taken as zero; default all. */
  rowsIn?: number;
  /** Rows of the real outputs that are written; default all. */
  rowsOut?: number;
}

/** Complex arrays, ny x nx. */
export interface ComplexTransform2D extends Transform2D {
  /** data -> spectrum, in place unless `out` is given. */
  forward(data: Float64Array, out?: Float64Array): void;
  /** spectrum -> data, in place unless `out` is given. */
  inverse(data: Float64Array, out?: Float64Array): void;
}

/**
 * Sine and cosine transforms of types I and II along one direction, unnormalised; n elements, numbered from 0:
 * - `cosine1`  y(k) = x(0) + (-1)^k x(n-1) + 2 sum_{0<j<n-1} x(j) cos(pi k j / (n-1)), n > 1
 * - `sine1`    y(k) = 2 sum x(j) sin(pi (k+1)(j+1) / (n+1))
 * - `cosine2`  y(k) = 2 sum x(j) cos(pi k (2j+1) / 2n)
 * - `sine2`    y(k) = 2 sum x(j) sin(pi (k+1)(2j+1) / 2n)
 */
export type Trigonometric = 'cosine1' | 'sine1' | 'cosine2' | 'sine2';

/** Real arrays, ny x nx, in place: one kind of transform along y, one along x. */
export interface TrigonometricTransform2D extends Transform2D {
  readonly alongY: Trigonometric;
  readonly alongX: Trigonometric;
  forward(data: Float64Array): void;
  /** The inverse of `forward`, scale included. */
  inverse(data: Float64Array): void;
}

/** Period of the sequence as which a transform continues its n elements: 2(n-1), 2(n+1) or 2n. */
export function trigonometricPeriod(kind: Trigonometric, n: number): number {
  return kind === 'cosine1' ? 2 * (n - 1) : kind === 'sine1' ? 2 * (n + 1) : 2 * n;
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

/** Angular wave numbers of the columns of the half spectrum, 1/m, floor(nx/2) + 1; a Nyquist column is zero. */
export function columnWaveNumbers(nx: number, dx: number): Float64Array {
  const out = new Float64Array(Math.floor(nx / 2) + 1);
  const step = (2 * Math.PI) / (nx * dx);
  for (let j = 0; 2 * j < nx; j++) out[j] = step * j;
  return out;
}

/** How often a column of the half spectrum stands for one of the whole: 1 for kx = 0 and Nyquist, 2 elsewhere. */
export function columnWeight(nx: number, column: number): number {
  return column === 0 || 2 * column === nx ? 1 : 2;
}
