/**
 * The equations of a potential pair on one lattice, ready for loops without branches.
 *
 * Vectors hold two numbers per pixel, positive foil then negative foil, and one row of zeros before the first and behind
 * the last: pixel i of the lattice stands at 2 (i + nx). A face that is not there has conductance 0, so that neighbours
 * across the rim may be read and count nothing.
 */
export interface PairLevel {
  readonly nx: number;
  readonly ny: number;
  /** Conductance of the face towards x + 1, S, per foil; laid out as the vectors. */
  readonly east: Float64Array;
  /** The same towards y + 1. */
  readonly north: Float64Array;
  /** Conductance between the two foils, S, per pixel: at i + nx. */
  readonly between: Float64Array;
  /** Inverse of the 2 x 2 block of a pixel, [pp, pn, nn] at 3 (i + nx); zeros where nothing holds a potential. */
  readonly inverse: Float64Array;
}

/** Length of a vector of a level. */
export function vectorLength({ nx, ny }: { readonly nx: number; readonly ny: number }): number {
  return 2 * nx * (ny + 2);
}

/** Conductances of zero, to be filled before {@link invertBlocks}. */
export function emptyLevel(nx: number, ny: number): PairLevel {
  const n = nx * (ny + 2);
  return {
    nx,
    ny,
    east: new Float64Array(2 * n),
    north: new Float64Array(2 * n),
    between: new Float64Array(n),
    inverse: new Float64Array(3 * n),
  };
}

/** Fills `inverse`. A block without faces whose foils are joined is singular and gets its pseudoinverse. */
export function invertBlocks(level: PairLevel): void {
  const { nx, ny, east, north, between, inverse } = level;
  for (let i = nx; i < nx * (ny + 1); i++) {
    const k = 2 * i;
    const p = east[k] + east[k - 2] + north[k] + north[k - 2 * nx];
    const n = east[k + 1] + east[k - 1] + north[k + 1] + north[k + 1 - 2 * nx];
    const r = between[i];
    const determinant = p * n + r * (p + n);
    let [pp, pn, nn] = [0, 0, 0];
    if (determinant > 0) {
      pp = (n + r) / determinant;
      pn = r / determinant;
      nn = (p + r) / determinant;
    } else if (r > 0) {
      pp = nn = 1 / (4 * r);
      pn = -pp;
    } else {
      pp = p > 0 ? 1 / p : 0;
      nn = n > 0 ? 1 / n : 0;
    }
    inverse[3 * i] = pp;
    inverse[3 * i + 1] = pn;
    inverse[3 * i + 2] = nn;
  }
}

/**
 * out = A x: the current that leaves each pixel of each foil through its faces and to the other foil, A, with x in V.
 * A is symmetric and positive semidefinite.
 * @returns x . A x
 */
export function applyPair(level: PairLevel, x: Float64Array, out: Float64Array): number {
  const { nx, ny, east, north, between } = level;
  const row = 2 * nx;
  let energy = 0;
  for (let i = nx; i < nx * (ny + 1); i++) {
    const k = 2 * i;
    const xp = x[k];
    const xn = x[k + 1];
    const r = between[i] * (xp - xn);
    const p =
      east[k] * (xp - x[k + 2]) +
      east[k - 2] * (xp - x[k - 2]) +
      north[k] * (xp - x[k + row]) +
      north[k - row] * (xp - x[k - row]) +
      r;
    const n =
      east[k + 1] * (xn - x[k + 3]) +
      east[k - 1] * (xn - x[k - 1]) +
      north[k + 1] * (xn - x[k + 1 + row]) +
      north[k + 1 - row] * (xn - x[k + 1 - row]) -
      r;
    out[k] = p;
    out[k + 1] = n;
    energy += xp * p + xn * n;
  }
  return energy;
}

/** One Gauss-Seidel sweep over the pixels of one colour, (ix + iy) % 2 = colour: their blocks are solved exactly. */
export function relax(level: PairLevel, colour: 0 | 1, b: Float64Array, x: Float64Array): void {
  const { nx, ny, east, north, inverse } = level;
  const row = 2 * nx;
  for (let iy = 0; iy < ny; iy++) {
    const first = (iy + 1) * nx;
    for (let i = first + ((iy + colour) & 1); i < first + nx; i += 2) {
      const k = 2 * i;
      const p =
        b[k] + east[k] * x[k + 2] + east[k - 2] * x[k - 2] + north[k] * x[k + row] + north[k - row] * x[k - row];
      const n =
        b[k + 1] +
        east[k + 1] * x[k + 3] +
        east[k - 1] * x[k - 1] +
        north[k + 1] * x[k + 1 + row] +
        north[k + 1 - row] * x[k + 1 - row];
      const j = 3 * i;
      x[k] = inverse[j] * p + inverse[j + 1] * n;
      x[k + 1] = inverse[j + 1] * p + inverse[j + 2] * n;
    }
  }
}

/** The same with x = 0 before: only the right-hand side counts. The other colour becomes 0. */
export function relaxFromZero(level: PairLevel, colour: 0 | 1, b: Float64Array, x: Float64Array): void {
  const { nx, ny, inverse } = level;
  for (let iy = 0; iy < ny; iy++) {
    const first = (iy + 1) * nx;
    const own = (iy + colour) & 1;
    for (let ix = 0, i = first; ix < nx; ix++, i++) {
      const k = 2 * i;
      if ((ix & 1) === own) {
        const j = 3 * i;
        x[k] = inverse[j] * b[k] + inverse[j + 1] * b[k + 1];
        x[k + 1] = inverse[j + 1] * b[k] + inverse[j + 2] * b[k + 1];
      } else {
        x[k] = 0;
        x[k + 1] = 0;
      }
    }
  }
}
