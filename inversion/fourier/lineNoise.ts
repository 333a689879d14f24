import { columnWeight, type RealTransform2D, realTransform2D, transformLength } from '../../src/transforms/index.js';
import { median } from '../median.js';

/** The ridge of line noise is as high in both quarters to within this factor. */
const FLAT = 3;

/**
 * Is the noise of a raster scan white? Scan lines carry offsets and drifts of their own (lock-in time constants, 1/f
 * noise), which are correlated along the fast axis and independent from line to line: a ridge in the spectrum at low wave
 * numbers of the fast axis, flat along the slow one. A sheet's field cannot look like that, because it falls off with
 * e^(-kh) along both. GCV takes such noise for signal.
 *
 * The spectrum of the windowed map (Hann) is averaged over the upper quarter of the slow axis' wave numbers, and over the
 * quarter below it. Line noise: the ridge is more than ten times the median and equal, within a factor of three, in both quarters
 * (the field of a sheet half a pixel away falls tenfold between them).
 * @param values window-shaped, finite
 * @param given a transform that will do, if its size is right
 * @returns the power of the ridge over the median along the axis where it is largest, 1 where the noise looks white
 */
export function lineNoise(values: Float64Array, ny: number, nx: number, given?: RealTransform2D): number {
  if (nx < 16 || ny < 16) return 1;
  const padY = transformLength(ny);
  const padX = transformLength(nx);
  const transform = given?.ny === padY && given.nx === padX ? given : realTransform2D(padY, padX);
  const windowed = new Float64Array(padY * padX);
  let mean = 0;
  for (const v of values) mean += v / values.length;
  const hann = (n: number) =>
    Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (n + 1)));
  const [alongX, alongY] = [hann(nx), hann(ny)];
  for (let iy = 0; iy < ny; iy++) {
    const weight = alongY[iy];
    for (let ix = 0; ix < nx; ix++) {
      windowed[iy * padX + ix] = (values[iy * nx + ix] - mean) * weight * alongX[ix];
    }
  }
  const spectrum = new Float64Array(transform.spectrumLength);
  transform.forward(windowed, spectrum);
  const { columns } = transform;
  const rows = padY / 2 + 1;
  let ratio = 1;
  for (const fast of ['x', 'y'] as const) {
    const bins = fast === 'x' ? columns : rows;
    const upper = new Float64Array(bins);
    const lower = new Float64Array(bins);
    for (let iy = 0; iy < padY; iy++) {
      const row = Math.min(iy, padY - iy);
      for (let j = 0; j < columns; j++) {
        const slow = fast === 'x' ? (2 * row) / padY : (2 * j) / padX;
        if (slow < 0.5) continue;
        const m = 2 * (iy * columns + j);
        const power = spectrum[m] * spectrum[m] + spectrum[m + 1] * spectrum[m + 1];
        (slow < 0.75 ? lower : upper)[fast === 'x' ? j : row] += columnWeight(padX, j) * power;
      }
    }
    const high = smooth(upper);
    const low = smooth(lower);
    const typical = median(high);
    let [ridgeHigh, ridgeLow, most] = [0, 0, 0];
    for (let i = 0; i < bins; i++) {
      most = Math.max(most, high[i]);
      if (high[i] < 10 * typical) continue;
      ridgeHigh += high[i];
      ridgeLow += low[i];
    }
    const flat = ridgeLow < FLAT * ridgeHigh && ridgeHigh < FLAT * ridgeLow;
    if (flat && most > 10 * typical) ratio = Math.max(ratio, most / typical);
  }
  return ratio;
}

/** Mean over three neighbours. */
function smooth(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((v, i) => (values[Math.max(0, i - 1)] + v + values[Math.min(last, i + 1)]) / 3);
}
