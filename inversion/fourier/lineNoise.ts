import { columnWeight, transformLength } from '../../src/transforms/index.js';
import { median } from '../median.js';
import { roomOf, type SheetModel } from './sheetModel.js';
import { taperedSpectrum } from './taperedSpectrum.js';

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
 * @param given a model whose transform and scratch will do, if its size is right
 * @returns the power of the ridge over the median along the axis where it is largest, 1 where the noise looks white
 */
export function lineNoise(values: Float64Array, ny: number, nx: number, given?: SheetModel): number {
  if (nx < 16 || ny < 16) return 1;
  const padY = transformLength(ny);
  const padX = transformLength(nx);
  const room = given?.domain.padY === padY && given.domain.padX === padX ? given : roomOf(padY, padX);
  let mean = 0;
  for (const v of values) mean += v;
  mean /= values.length;
  const hann = (n: number) =>
    Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (n + 1)));
  const [alongX, alongY] = [hann(nx), hann(ny)];
  const spectrum = taperedSpectrum(room, values, mean, alongX, alongY);
  const { columns } = room.transform;
  const rows = padY / 2 + 1;
  /** Power along each axis where the other one's wave numbers are in the lower or the upper of the quarters. */
  const [alongRow, alongColumn] = [columns, rows].map(n => [new Float64Array(n), new Float64Array(n)]);
  const quarterOf = (slow: number) => (slow < 0.5 ? -1 : slow < 0.75 ? 0 : 1);
  const quarters = Int8Array.from({ length: columns }, (_, j) => quarterOf((2 * j) / padX));
  for (let iy = 0, m = 0; iy < padY; iy++) {
    const row = Math.min(iy, padY - iy);
    const own = alongRow[quarterOf((2 * row) / padY)];
    for (let j = 0; j < columns; j++, m += 2) {
      const power = columnWeight(padX, j) * (spectrum[m] * spectrum[m] + spectrum[m + 1] * spectrum[m + 1]);
      if (own !== undefined) own[j] += power;
      if (quarters[j] >= 0) alongColumn[quarters[j]][row] += power;
    }
  }
  return Math.max(ridgeOver(alongRow), ridgeOver(alongColumn));
}

/** The ridge over the median, if it is one that is as high in both quarters; else 1. */
function ridgeOver([lower, upper]: Float64Array[]): number {
  const high = smooth(upper);
  const low = smooth(lower);
  const typical = median(high);
  let [ridgeHigh, ridgeLow, most] = [0, 0, 0];
  for (let i = 0; i < high.length; i++) {
    most = Math.max(most, high[i]);
    if (high[i] < 10 * typical) continue;
    ridgeHigh += high[i];
    ridgeLow += low[i];
  }
  const flat = ridgeLow < FLAT * ridgeHigh && ridgeHigh < FLAT * ridgeLow;
  return flat && most > 10 * typical ? most / typical : 1;
}

/** Mean over three neighbours. */
function smooth(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((v, i) => (values[Math.max(0, i - 1)] + v + values[Math.min(last, i + 1)]) / 3);
}
