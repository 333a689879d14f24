import type { DipoleRows } from './dipoleRows.js';

/**
 * Dense double-precision algebra of symmetric positive definite problems. All matrices are row-major; `stride` is the
 * distance from row to row (default: the number of columns), so that a block of a larger matrix is `matrix.subarray(first)`
 * with the larger matrix's stride. Of symmetric and triangular matrices only the lower triangle is read and written,
 * unless it says otherwise.
 *
 * Arrays from `allocate` are worked on where they stand; others are copied there and back, which is fine for vectors.
 * The results do not depend on the number of threads.
 */
export interface DenseWorkspace {
  /** An array of zeros in this memory. @throws {UsageError} when the room is used up. */
  allocate(length: number): Float64Array;
  /** The same for an array that will be written all over: any numbers stand in it. */
  room(length: number): Float64Array;
  /** Such an array of numbers in single precision. */
  roomSingle(length: number): Float32Array;
  /** These numbers in this memory. */
  copied(values: Float64Array): Float64Array;
  /** Another workspace, with room for so many bytes, for what shall outlive what is allocated here next; in one that is lent, until `temporarily` ends. */
  beside(bytes: number): DenseWorkspace;
  /** Calls `work` and takes back what it allocated. */
  temporarily<T>(work: () => T): T;

  /**
   * Calls `work`, and does sums behind it: helper threads do them, one after another, while it goes on with something else. All
   * are done when this returns.
   * @param bytes of room for these sums: the matrices that are allocated for them, and 16 n and more for every row that waits
   */
  behind<T>(bytes: number, work: (background: Background) => T): T;

  /** C (n x n, lower) += sign A^T diag(weights) A for A (rows x n); weights may have either sign. */
  addGram(A: Numbers, rows: number, n: number, C: Float64Array, options?: GramOptions): void;
  /** out (n x k) += sign A^T diag(weights) B for A (rows x n), B (rows x k). */
  addCross(A: Numbers, rows: number, n: number, B: Numbers, k: number, out: Float64Array, options?: CrossOptions): void;
  /** Of C (n x n) what is above the diagonal becomes the mirror image of what is below, or the other way round. */
  mirror(C: Float64Array, n: number, from: 'below' | 'above'): void;
  /** C[rowsAt[i], columnsAt[j]] += B[i, j] for B (rows x columnsAt.length). */
  addScattered(B: Float64Array, rows: number, columnsAt: Int32Array, C: Float64Array, options: ScatterOptions): void;
  /** out (rows of Q x n) += Q M for sparse Q, M with n columns. */
  addSparse(Q: SparseRows, M: Float64Array, n: number, out: Float64Array): void;
  /** out (rows) = A x for A (rows x n), x (n); summed in double precision. */
  times(A: Numbers, rows: number, n: number, x: Float64Array, out: Float64Array, stride?: number): void;
  /** out (n) += S x for a symmetric matrix S. */
  addSymmetric(S: Float64Array, n: number, x: Float64Array, out: Float64Array): void;
  /** out (n) = A^T y for A (rows x n), y (rows). */
  timesTransposed(A: Numbers, rows: number, n: number, y: Float64Array, out: Float64Array, stride?: number): void;
  /** out (rows x functions) = the fields of dipoles. @param stride of out */
  dipoleRows(task: DipoleRows, out: Numbers, stride: number): void;

  /**
   * C = L L^T (n x n) in place; in single precision, of a matrix that differs from C by what {@link Single} says.
   * @throws {NumericalError} naming the pivot if C is not positive definite; C is then spoilt.
   */
  cholesky(C: Float64Array, n: number, stride?: number, single?: Single): void;
  /** B (n x k) becomes L^-1 B. */
  forwardSolve(L: Float64Array, n: number, B: Float64Array, k: number, options?: SolveOptions): void;
  /** B (n x k) becomes L^-T B. */
  backSolve(L: Float64Array, n: number, B: Float64Array, k: number, options?: SolveOptions): void;
  /** B (n x k) becomes (L L^T)^-1 B. */
  solveCholesky(L: Float64Array, n: number, B: Float64Array, k: number, options?: SolveOptions): void;
  /** out (n x n, another matrix than L) = (L L^T)^-1; both triangles. */
  inverseFromCholesky(L: Float64Array, n: number, out: Float64Array, options?: InverseOptions): void;
  /** The diagonal of (L L^T)^-1, with a room of 256 n numbers. */
  inverseDiagonal(L: Float64Array, n: number, stride?: number): Float64Array;
  /** log det (L L^T) = 2 sum of log L_ii. */
  logDeterminant(L: Float64Array, n: number, stride?: number): number;
}

/** What may be done behind. Matrices that it changes stand in the workspace and must not be touched meanwhile; others may. */
export interface Background extends Pick<DenseWorkspace, 'addGram' | 'addScattered'> {
  /**
   * An n x n matrix for sums, zeros up to the diagonal, any numbers above; it is there until `temporarily` ends and all is done
   * that was asked for before.
   */
  triangle(n: number): Float64Array;
  /** Calls `work`; what it allocated is not asked for again. */
  temporarily<T>(work: () => T): T;
}

/** A matrix that may stand in single precision, to save room. */
export type Numbers = Float64Array | Float32Array;

export interface GramOptions {
  /** 1 or -1; default 1. */
  readonly sign?: number;
  /** One for every row of A. */
  readonly weights?: Float64Array | undefined;
  /** Of A, as it is given. */
  readonly stride?: number | undefined;
  readonly strideC?: number | undefined;
  readonly single?: Single;
  /** Whether A^T is given, n x rows. */
  readonly transposed?: boolean | undefined;
}

export interface CrossOptions {
  /** 1 or -1; default 1. */
  readonly sign?: number;
  readonly weights?: Float64Array | undefined;
  /** Of A, as it is given. */
  readonly stride?: number | undefined;
  readonly strideB?: number | undefined;
  readonly strideOut?: number | undefined;
  readonly single?: Single;
  /** Whether A^T is given, n x rows. */
  readonly transposed?: boolean | undefined;
}

/** A matrix by the entries of its rows, one row after another: those of row i from `start[i]` to `start[i + 1]`. */
export interface SparseRows {
  readonly start: Int32Array;
  /** Column and value of each entry. */
  readonly index: Int32Array;
  readonly factor: Float64Array;
}

export interface ScatterOptions {
  readonly strideC: number;
  /** Default: each row where it is. */
  readonly rowsAt?: Int32Array;
  /** Whether only the lower triangle of B counts, j <= i. */
  readonly lower?: boolean;
}

/**
 * True permits, but does not promise, single precision at twice the speed: entries, plain and weighted, are rounded to it, and
 * sums over at most 64 rows are formed in it; those are added up in double precision. The error of an element is some 1e-7 of
 * the sum of the magnitudes of its terms, however many rows. Entries, weighted entries and sums over 64 rows must be in the
 * range of single precision, below 3e38; what falls below 1e-38 is lost.
 */
export type Single = boolean | undefined;

export interface SolveOptions {
  /** Of L. */
  readonly stride?: number | undefined;
  readonly strideB?: number | undefined;
  /** Of `forwardSolve` only. */
  readonly single?: Single;
}

export interface InverseOptions {
  /** Of L. */
  readonly stride?: number | undefined;
  readonly strideOut?: number | undefined;
  readonly single?: Single;
}
