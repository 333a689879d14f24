import type { Kernel } from '../../src/transforms/index.js';
import { unitRoot } from '../../src/transforms/lengths.js';
import type { SheetModel } from './sheetModel.js';

/** Second differences as factors of a half spectrum. */
export interface SecondDifferences {
  /** Along x, along y, and sqrt(2) times the mixed one, of forward differences. */
  readonly factors: readonly Kernel[];
  /** Sum of the squares of all, per mode. */
  readonly square: Float64Array;
}

/** Of psi per pixel of the given pitch, m, also where the steps along x and y differ. */
export function secondDifferences({ domain, transform }: SheetModel, pitch: number): SecondDifferences {
  const { padX, padY, dx, dy } = domain;
  const { columns } = transform;
  const forward = (n: number, count: number, step: number) =>
    Array.from({ length: count }, (_, k) => {
      const { cos, sin } = unitRoot(k, n);
      return { re: ((cos - 1) * pitch) / step, im: (sin * pitch) / step };
    });
  const [alongX, alongY] = [forward(padX, columns, dx), forward(padY, padY, dy)];
  const [xx, yy, square] = [0, 1, 2].map(() => new Float64Array(padY * columns));
  const xy = new Float64Array(2 * padY * columns);
  for (let iy = 0, m = 0; iy < padY; iy++) {
    const y = alongY[iy];
    for (let j = 0; j < columns; j++, m++) {
      const x = alongX[j];
      xx[m] = -(x.re * x.re + x.im * x.im);
      yy[m] = -(y.re * y.re + y.im * y.im);
      xy[2 * m] = Math.SQRT2 * (x.re * y.re - x.im * y.im);
      xy[2 * m + 1] = Math.SQRT2 * (x.re * y.im + x.im * y.re);
      square[m] = (xx[m] + yy[m]) ** 2;
    }
  }
  const factors: readonly Kernel[] = [
    { kind: 'real', values: xx },
    { kind: 'real', values: yy },
    { kind: 'complex', values: xy },
  ];
  return { factors, square };
}
