import { gridSize } from '../grid.js';
import { upperMedian } from '../median.js';
import { type MapStack, mapLength } from './mapStack.js';
import { type PcaOptions, principalComponents } from './pca.js';
import { toRow } from './preparation.js';
import { boxMean } from './where.js';

/** Pixels on each side over which variances are averaged: few maps tell little about a single pixel. */
const REACH = 2;
/** No pixel counts as quieter than this part of the median. */
const QUIETEST = 0.05;

/**
 * Noise of each pixel for whitening, where no file says it: the root mean square of what the components leave of the maps,
 * averaged over 5 x 5 pixels, scaled for the degrees of freedom that mean and components take. NaN where nothing is known.
 * @throws {InputError} for fewer than three maps
 */
export function pixelNoise(stack: MapStack, options: PcaOptions = {}): Float64Array {
  const pca = principalComponents(stack, options);
  const { pixels, loadings, scores } = pca;
  const k = loadings.length;
  const variance = new Float64Array(mapLength(stack.layout)).fill(Number.NaN);
  for (const q of pixels) variance[q] = 0;
  const row = new Float64Array(pixels.length);
  const present = new Int32Array(pixels.length);
  for (let i = 0; i < stack.count; i++) {
    toRow(stack.read(i), pca, row);
    for (let j = 0; j < pixels.length; j++) {
      let left = row[j];
      if (Number.isNaN(left)) continue;
      for (let c = 0; c < k; c++) left -= scores[i * k + c] * loadings[c][j];
      present[j]++;
      variance[pixels[j]] += (left * pca.sigma[j]) ** 2;
    }
  }
  const lost = stack.count / Math.max(1, stack.count - 1 - k);
  pixels.forEach((q, j) => {
    variance[q] *= lost / present[j];
  });
  const size = gridSize(stack.layout.grid);
  for (let c = 0; c < stack.layout.channels.length; c++) {
    variance.set(boxMean(stack.layout.grid, variance.slice(c * size, (c + 1) * size), REACH), c * size);
  }
  const known = variance.filter(v => v > 0);
  const least = known.length > 0 ? QUIETEST ** 2 * upperMedian(known) : 1;
  return variance.map(v => Math.sqrt(Number.isNaN(v) ? v : Math.max(v, least)));
}
