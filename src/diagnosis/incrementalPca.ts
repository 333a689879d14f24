import { denseWorkspace } from '../linearAlgebra/index.js';
import type { MapStack } from './mapStack.js';
import type { ComponentChoice } from './parallelAnalysis.js';
import { type Preparation, toRow } from './preparation.js';
import { symmetricEigen } from './symmetricEigen.js';
import type { Decomposition, Spectrum } from './wholePca.js';

/** Directions carried along beyond those that are asked for: what is cut off in one block could have grown in the next. */
const BESIDE = 20;
/** Maps of a block. */
const BLOCK = 128;
/** Pixels that are turned round at a time. */
const STRIP = 256;

/**
 * The leading components of maps that need not fit into memory (Ross, Lim, Lin and Yang 2008, without the mean's update, since
 * the mean is known beforehand): per block of maps, the directions so far, each as long as its singular value, and the block's
 * maps are one small set, whose Gram matrix gives the new directions. A second pass gives scores and squared errors.
 * The total variance is exact. Missing readings are filled with what the directions so far say.
 *
 * @param wanted how many components at most
 */
export function incrementalDecomposition(
  stack: MapStack,
  preparation: Preparation,
  wanted: number,
  choose: (d: Spectrum) => ComponentChoice,
): Decomposition & { readonly choice: ComponentChoice } {
  const { count } = stack;
  const p = preparation.pixels.length;
  const rank = Math.min(wanted + BESIDE, count - 1, p);
  const { directions, values, total } = findDirections(stack, preparation, rank);
  const spectrum = values.map(v => v / (count - 1)).slice(0, wanted);
  const totalVariance = total / (count - 1);
  const loadings = Array.from({ length: spectrum.length }, (_, j) => directions.slice(j * p, (j + 1) * p));

  const { scores, squares, pairSquare } = projectAll(stack, preparation, loadings);
  const restAfter = (k: number) => {
    const degrees = count - 1 - k;
    let [sum, square] = [totalVariance, pairSquare];
    for (let j = 0; j < k; j++) sum -= spectrum[j];
    for (let j = k; j < spectrum.length; j++) square += spectrum[j] ** 2;
    const trace = (Math.max(0, sum) * (count - 1)) / degrees;
    return { sum: Math.max(0, sum), trace, square: Math.min(square, trace ** 2), degrees };
  };
  const choice = choose({ spectrum, restAfter });
  const k = choice.components;
  const kept = new Float64Array(count * k);
  const squaredErrors = squares;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < spectrum.length; j++) {
      const t = scores[i * spectrum.length + j];
      if (j < k) kept[i * k + j] = t;
      else squaredErrors[i] += t * t;
    }
  }
  return {
    spectrum,
    restAfter,
    totalVariance,
    mean: preparation.mean,
    loadings: loadings.slice(0, k),
    scores: kept,
    squaredErrors,
    choice,
  };
}

/** First pass: directions (rank x p) with the squares of their lengths, and the sum of all squares. */
function findDirections(stack: MapStack, preparation: Preparation, rank: number) {
  const { count } = stack;
  const p = preparation.pixels.length;
  const most = rank + Math.min(BLOCK, count);
  const workspace = denseWorkspace(
    8 * (most * p + rank * p + most * STRIP + 2 * most * most) + (1 << 24) + 8 * 520 * (p + most),
  );
  const set = workspace.allocate(most * p);
  const next = workspace.allocate(rank * p);
  const strip = workspace.allocate(most * STRIP);
  const gram = workspace.allocate(most * most);
  const weights = workspace.allocate(most * rank);
  let values = new Float64Array(0);
  let total = 0;
  for (let first = 0; first < count; first += BLOCK) {
    const held = values.length;
    const size = held + Math.min(BLOCK, count - first);
    for (let i = held; i < size; i++) {
      const row = set.subarray(i * p, (i + 1) * p);
      if (toRow(stack.read(first + i - held), preparation, row) > 0) fillGaps(row, set, values, p);
      for (let q = 0; q < p; q++) total += row[q] * row[q];
    }
    gram.fill(0, 0, size * size);
    for (let from = 0; from < p; from += STRIP) {
      const width = Math.min(STRIP, p - from);
      for (let i = 0; i < size; i++) for (let q = 0; q < width; q++) strip[q * size + i] = set[i * p + from + q];
      workspace.addGram(strip, width, size, gram);
    }
    const eigen = symmetricEigen(gram, size);
    const keep = Math.min(rank, size);
    for (let i = 0; i < size; i++) for (let j = 0; j < keep; j++) weights[i * keep + j] = eigen.vectors[i * size + j];
    next.fill(0, 0, keep * p);
    workspace.addCross(weights, size, keep, set, p, next);
    set.set(next.subarray(0, keep * p));
    values = eigen.values.slice(0, keep).map(v => Math.max(0, v));
  }
  // To unit length.
  const directions = set.slice(0, values.length * p);
  for (let j = 0; j < values.length; j++) {
    const length = Math.sqrt(values[j]);
    for (let q = j * p; q < (j + 1) * p; q++) directions[q] = length > 0 ? directions[q] / length : 0;
  }
  return { directions, values, total };
}

/** Fills the gaps of a row by the directions so far, fitted to what is there; zero, the mean, while there are none. */
function fillGaps(row: Float64Array, set: Float64Array, values: Float64Array, p: number): void {
  const gaps: number[] = [];
  for (let q = 0; q < p; q++) {
    if (!Number.isNaN(row[q])) continue;
    gaps.push(q);
    row[q] = 0;
  }
  // Two rounds of filling in are enough for few gaps: each takes the error down by the part that is missing.
  for (let round = 0; round < 2; round++) {
    const fresh = new Float64Array(gaps.length);
    for (let j = 0; j < Math.min(values.length, BESIDE); j++) {
      if (!(values[j] > 0)) continue;
      let t = 0;
      for (let q = 0; q < p; q++) t += row[q] * set[j * p + q];
      gaps.forEach((q, g) => {
        fresh[g] += (t / values[j]) * set[j * p + q];
      });
    }
    gaps.forEach((q, g) => {
      row[q] = fresh[g];
    });
  }
}

/** Second pass: scores, squares of what is left, and tr S^2 of it from the products of neighbouring maps. */
function projectAll(stack: MapStack, preparation: Preparation, loadings: readonly Float64Array[]) {
  const { count } = stack;
  const p = preparation.pixels.length;
  const k = loadings.length;
  const scores = new Float64Array(count * k);
  const squares = new Float64Array(count);
  const pair = [new Float64Array(p), new Float64Array(p)];
  let products = 0;
  for (let i = 0; i < count; i++) {
    const row = pair[i % 2];
    if (toRow(stack.read(i), preparation, row) > 0) for (let q = 0; q < p; q++) if (Number.isNaN(row[q])) row[q] = 0;
    for (let j = 0; j < k; j++) {
      const loading = loadings[j];
      let t = 0;
      for (let q = 0; q < p; q++) t += row[q] * loading[q];
      for (let q = 0; q < p; q++) row[q] -= t * loading[q];
      scores[i * k + j] = t;
    }
    let sum = 0;
    for (let q = 0; q < p; q++) sum += row[q] * row[q];
    squares[i] = sum;
    if (i % 2 === 0) continue;
    let product = 0;
    for (let q = 0; q < p; q++) product += pair[0][q] * pair[1][q];
    products += product * product;
  }
  return { scores, squares, pairSquare: products / Math.floor(count / 2) };
}
