import { unitRoot } from '../../src/transforms/lengths.js';
import type { SheetModel } from './sheetModel.js';

/** Second differences as factors of a half spectrum. */
export interface SecondDifferences {
  /** Along x per column and along y per row: -|e^(ik) - 1|^2. */
  readonly xx: Float64Array;
  readonly yy: Float64Array;
  /** sqrt(2) times the forward differences along x, per column, and along y, per row; interleaved complex. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Sum of the squares of all, per mode. */
  readonly square: Float64Array;
}

/** Of psi per pixel of the given pitch, m, also where the steps along x and y differ. */
export function secondDifferences({ domain, transform }: SheetModel, pitch: number): SecondDifferences {
  const { padX, padY, dx, dy } = domain;
  const { columns } = transform;
  const along = (n: number, count: number, step: number) => {
    const first = new Float64Array(2 * count);
    for (let k = 0; k < count; k++) {
      const { cos, sin } = unitRoot(k, n);
      first[2 * k] = ((cos - 1) * pitch) / step;
      first[2 * k + 1] = (sin * pitch) / step;
    }
    return first;
  };
  const squares = (first: Float64Array) =>
    Float64Array.from({ length: first.length / 2 }, (_, k) => -(first[2 * k] ** 2 + first[2 * k + 1] ** 2));
  const [x, y] = [along(padX, columns, dx), along(padY, padY, dy)];
  const [xx, yy] = [squares(x), squares(y)];
  const square = new Float64Array(padY * columns);
  for (let iy = 0, m = 0; iy < padY; iy++) for (let j = 0; j < columns; j++, m++) square[m] = (xx[j] + yy[iy]) ** 2;
  return { xx, yy, x: x.map(v => Math.SQRT2 * v), y, square };
}

/**
 * The step for psi: psi = (psi + rho sum of conj(D) given) / (|A|^2 + rho |D|^2), and D psi in place of what was given.
 * @param psi conj(A) times what the data give
 */
export function solveDifferences(
  { xx, yy, x, y }: SecondDifferences,
  inverse: Float64Array,
  rho: number,
  psi: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  for (let iy = 0, m = 0; iy < yy.length; iy++) {
    const [fy, re, im] = [yy[iy], y[2 * iy], y[2 * iy + 1]];
    for (let j = 0; j < xx.length; j++, m += 2) {
      const fx = xx[j];
      const fre = x[2 * j] * re - x[2 * j + 1] * im;
      const fim = x[2 * j] * im + x[2 * j + 1] * re;
      const scale = inverse[m >> 1];
      const pr = scale * (psi[m] + rho * (fx * a[m] + fy * b[m] + fre * c[m] + fim * c[m + 1]));
      const pi = scale * (psi[m + 1] + rho * (fx * a[m + 1] + fy * b[m + 1] + fre * c[m + 1] - fim * c[m]));
      psi[m] = pr;
      psi[m + 1] = pi;
      a[m] = fx * pr;
      a[m + 1] = fx * pi;
      b[m] = fy * pr;
      b[m + 1] = fy * pi;
      c[m] = fre * pr - fim * pi;
      c[m + 1] = fre * pi + fim * pr;
    }
  }
}
