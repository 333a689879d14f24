import { InputError } from '../../src/errors.js';
import { besselJ, dipoleImageTransfer, fourierSum, type SensorImage } from './dipoleImage.js';

/**
 * The finite size of a sensor: it reads the average of the field over its area. `area` is its measured sensitivity, its
 * centre at the middle of the image; `dipole` its image of a small dipole along z taken at `height` (m) above it, which is
 * how a point-spread function is usually measured.
 */
export type Sensor =
  | { readonly kind: 'disc'; readonly radius: number }
  | { readonly kind: 'square'; readonly side: number }
  | { readonly kind: 'area'; readonly image: SensorImage }
  | { readonly kind: 'dipole'; readonly image: SensorImage; readonly height: number };

/**
 * Transfer function of a sensor, 1 at k = 0, interleaved complex, `[iy][jx]` over the wave numbers kyRows x kxColumns
 * (rad/m): 2 J1(ka)/(ka) of a disc of radius a, sinc(kx b/2) sinc(ky b/2) of a square of side b, the Fourier sum of a
 * sensitivity, or what {@link dipoleImageTransfer} makes of the image of a dipole.
 * @throws {InputError} for a size that is not positive or an image without a positive sum.
 */
export function sensorTransfer(sensor: Sensor, kyRows: Float64Array, kxColumns: Float64Array): Float64Array {
  const columns = kxColumns.length;
  if (sensor.kind === 'dipole') return dipoleImageTransfer(sensor.image, sensor.height, kyRows, kxColumns);
  if (sensor.kind === 'area') {
    const { values, nx, ny, dx, dy } = sensor.image;
    const sum = values.reduce((total, v) => total + v, 0) * dx * dy;
    if (!(sum > 0)) {
      throw new InputError('the sensitivity of the sensor does not have a positive sum', {
        advice: 'check its sign, or subtract its background',
      });
    }
    return fourierSum(values, nx, ny, dx, dy, 0, 0, kyRows, kxColumns).map(v => v / sum);
  }
  const size = sensor.kind === 'disc' ? sensor.radius : sensor.side;
  if (!(size > 0)) throw new InputError(`the size of the sensor must be positive, not ${size} m`);
  const out = new Float64Array(2 * kyRows.length * columns);
  for (let iy = 0; iy < kyRows.length; iy++) {
    for (let j = 0; j < columns; j++) {
      out[2 * (iy * columns + j)] =
        sensor.kind === 'disc'
          ? discTransfer(Math.hypot(kyRows[iy], kxColumns[j]) * size)
          : sinc(0.5 * size * kyRows[iy]) * sinc(0.5 * size * kxColumns[j]);
    }
  }
  return out;
}

function sinc(x: number): number {
  return Math.abs(x) < 1e-4 ? 1 - (x * x) / 6 : Math.sin(x) / x;
}

function discTransfer(x: number): number {
  return x < 1e-3 ? 1 - (x * x) / 8 : (2 * besselJ(x)[1]) / x;
}
