import { MU0 } from '../../src/constants.js';
import { type Footprint, type Lattice, POINT_SENSOR, type Readings } from '../../src/forward/index.js';
import { gather, interpolationTable } from '../../src/forward/interpolate.js';
import { quarterSize, quarterSpectra } from '../../src/forward/quarterSpectra.js';
import { samplePoints } from '../../src/forward/samplePoints.js';
import { convolutionWindow, type Windows } from '../../src/forward/window.js';
import { type RealTransform2D, realTransform2D } from '../../src/transforms/index.js';

/** The readings (T) of the sheet current K (A/m, `[iy][ix]` on the lattice). */
export type SheetCurrentField = (kx: Float64Array, ky: Float64Array) => Float64Array;

/**
 * The field of a sheet current, whether it is closed or not, that flows in squares about the nodes of a lattice: with E
 * the mean of R / R^3 over the square (2 x 2 Gauss points, as good as exact from a distance of two sides on),
 *
 *     B = (mu0 / 4 pi) pitch^2 sum K x E = (mu0 / 4 pi) pitch^2 sum (Ky Ez, -Kx Ez, Kx Ey - Ky Ex),
 *
 * by convolution and interpolation at the readings, like the forward operator of a stream function; the standoff should
 * be at least 4 pitches. Above the sheet Bx has the sign of Ky.
 * @param pixels the centres of the squares
 * @param side of the squares, m: the pitch, or less where a finer lattice was coarsened; K counts per pitch^2 all the same
 * @param z0 height of the sheet, m
 */
export function sheetCurrentField(
  pixels: Lattice,
  side: number,
  z0: number,
  readings: Readings,
  footprint: Footprint = POINT_SENSOR,
): SheetCurrentField {
  const { nx, ny, pitch } = pixels;
  const points = samplePoints(pixels, z0, pitch, readings, footprint);
  const windows = { x: convolutionWindow(nx, 1, points.firstX), y: convolutionWindow(ny, 1, points.firstY) };
  const { x: wx, y: wy } = windows;
  const transform = realTransform2D(wy.length, wx.length);
  const spectra = points.groups.map(group =>
    Array.from(group.planes, height => kernelSpectra(transform, windows, pitch, side, height)),
  );
  const real = transform.allocate(wx.length * wy.length);
  const [spectrumX, spectrumY, work] = [0, 1, 2].map(() => transform.allocate(transform.spectrumLength));
  const table = interpolationTable(transform, points, windows);

  const spectrumOf = (k: Float64Array, spectrum: Float64Array) => {
    real.fill(0);
    for (let iy = 0; iy < ny; iy++) {
      real.set(k.subarray(iy * nx, (iy + 1) * nx), (iy + wy.psiOffset) * wx.length + wx.psiOffset);
    }
    transform.forward(real, spectrum, wy.psiEnd);
  };
  const { count, ofReading } = points.sites;
  const directions = [readings.nx, readings.ny, readings.nz];

  return (kx, ky) => {
    spectrumOf(kx, spectrumX);
    spectrumOf(ky, spectrumY);
    const out = new Float64Array(readings.x.length);
    directions.forEach((direction, c) => {
      if (!direction.some(n => n !== 0)) return;
      const field = new Float64Array(count);
      spectra.forEach((planes, g) => {
        planes.forEach(([ex, ey, ez], p) => {
          work.fill(0);
          if (c === 0) addProduct(spectrumY, ez, 1, false, work);
          if (c === 1) addProduct(spectrumX, ez, -1, false, work);
          if (c === 2) addProduct(spectrumX, ey, 1, true, work);
          if (c === 2) addProduct(spectrumY, ex, -1, true, work);
          transform.inverse(work, real, wy.fieldEnd);
          gather(table, g, p, c !== 2, real, field);
        });
      });
      for (let r = 0; r < out.length; r++) out[r] += direction[r] * field[ofReading[r]];
    });
    return out;
  };
}

/**
 * Spectra of (mu0 / 4 pi) pitch^2 (Ex, Ey, Ez) of one square at a height: real for Ez, which is even, and for Ex and Ey,
 * which are odd, to be multiplied by i. What they give are spline coefficients.
 */
function kernelSpectra(
  transform: RealTransform2D,
  windows: Windows,
  pitch: number,
  side: number,
  height: number,
): Float64Array[] {
  const { rows, columns } = quarterSize(windows);
  const tables = [0, 1, 2].map(() => new Float64Array(rows * columns));
  const scale = ((MU0 / (4 * Math.PI)) * pitch * pitch) / 4;
  const gauss = [-side / Math.sqrt(12), side / Math.sqrt(12)];
  for (let iy = 0, i = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++, i++) {
      for (const gy of gauss) {
        for (const gx of gauss) {
          const [x, y] = [ix * pitch + gx, iy * pitch + gy];
          const r2 = x * x + y * y + height * height;
          const w = scale / (r2 * Math.sqrt(r2));
          tables[0][i] += w * x;
          tables[1][i] += w * y;
          tables[2][i] += w * height;
        }
      }
    }
  }
  const spectrumOf = quarterSpectra(transform, windows);
  return tables.map((table, c) => spectrumOf(table, c === 0 ? -1 : 1, c === 1 ? -1 : 1));
}

/** out += sign a kernel, or i times that for an odd kernel; `a` and `out` interleaved complex. */
function addProduct(a: Float64Array, kernel: Float64Array, sign: number, odd: boolean, out: Float64Array): void {
  for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
    const factor = sign * kernel[m];
    out[j] += odd ? -factor * a[j + 1] : factor * a[j];
    out[j + 1] += odd ? factor * a[j] : factor * a[j + 1];
  }
}
