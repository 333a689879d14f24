import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { median } from '../median.js';

/** A quantity at places in the plane, each with a standard error; NaN or infinite where a place says nothing. */
export interface PlaceValues {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** Places that take part in the estimate of one, and in a block of the likelihood. */
const NEAR = 48;
const MOST_BLOCKS = 8;
/** Spreads over the map that are tried, in the units of the values, and lengths of it in distances of neighbours. */
const SPREADS = [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28];
const LENGTHS = [0.5, 1.5, 4, 12];
/** Standard deviation of the level of all, which nothing is known about. */
const LEVEL = 30;
/** Choices less likely than this part of the best are left out. */
const LEAST_WEIGHT = 1e-2;

interface Choice {
  readonly spread: number;
  readonly length: number;
}

/**
 * Estimates of a quantity at every place with the help of its neighbours: it varies about a common level by an unknown spread
 * over an unknown length (Gaussian process with covariance spread^2 exp(-distance / length), Rasmussen and Williams 2006,
 * chapter 2). How alike neighbours are is told by the values themselves: every choice of spread and length counts as much as
 * it makes them likely, so that a map that is alike everywhere is averaged, and one that differs from place to place is left as
 * it is. The stated errors hold that choice.
 * @returns undefined where fewer than three places say anything
 */
export function withNeighbours(places: PlaceValues): { value: Float64Array; error: Float64Array } | undefined {
  const { x, value, error } = places;
  const known = Array.from(value, (_, i) => i).filter(i => Number.isFinite(value[i]) && error[i] < Infinity);
  if (known.length < 3) return undefined;
  const choices = likelyChoices(places, known);
  const out = { value: new Float64Array(x.length), error: new Float64Array(x.length) };
  for (let i = 0; i < x.length; i++) {
    const near = nearest(places, known, i);
    const found = choices.map(({ choice, weight }) => ({ weight, ...estimate(places, near, i, choice) }));
    const mean = found.reduce((sum, f) => sum + f.weight * f.mean, 0);
    out.value[i] = mean;
    out.error[i] = Math.sqrt(found.reduce((sum, f) => sum + f.weight * (f.variance + (f.mean - mean) ** 2), 0));
  }
  return out;
}

function likelyChoices(places: PlaceValues, known: readonly number[]): { choice: Choice; weight: number }[] {
  const blocks = blocksOf(places, known);
  const pitch = neighbourDistance(places, blocks[0]);
  const choices: Choice[] = [
    { spread: 0, length: pitch },
    ...SPREADS.flatMap(spread => LENGTHS.map(length => ({ spread, length: length * pitch }))),
  ];
  const scores = choices.map(choice => blocks.reduce((sum, block) => sum + logLikelihood(places, block, choice), 0));
  const best = Math.max(...scores);
  // Equal odds for a common value and for a map that varies, whatever its spread and length.
  const prior = (choice: Choice) => (choice.spread === 0 ? 1 : 1 / (choices.length - 1));
  const weights = choices.map((choice, k) => prior(choice) * Math.exp(scores[k] - best));
  const least = LEAST_WEIGHT * Math.max(...weights);
  const kept = choices.flatMap((choice, k) => (weights[k] < least ? [] : [{ choice, weight: weights[k] }]));
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ choice, weight }) => ({ choice, weight: weight / total }));
}

function covariance({ x, y }: PlaceValues, i: number, j: number, { spread, length }: Choice): number {
  return LEVEL ** 2 + spread ** 2 * Math.exp(-Math.hypot(x[i] - x[j], y[i] - y[j]) / length);
}

/** Values of a block minus their mean, and the Cholesky factor of their covariance. */
function solvedBlock(places: PlaceValues, block: readonly number[], choice: Choice) {
  const n = block.length;
  const centre = block.reduce((sum, i) => sum + places.value[i], 0) / n;
  const L = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) L[a * n + b] = covariance(places, block[a], block[b], choice);
    L[a * n + a] += places.error[block[a]] ** 2;
  }
  plainAlgebra.cholesky(L, n);
  const left = Float64Array.from(block, i => places.value[i] - centre);
  plainAlgebra.forwardSolve(L, n, left, 1);
  return { n, L, left, centre };
}

function logLikelihood(places: PlaceValues, block: readonly number[], choice: Choice): number {
  const { n, L, left } = solvedBlock(places, block, choice);
  return -0.5 * (left.reduce((sum, v) => sum + v * v, 0) + plainAlgebra.logDeterminant(L, n));
}

function estimate(places: PlaceValues, near: readonly number[], at: number, choice: Choice) {
  const { n, L, left, centre } = solvedBlock(places, near, choice);
  const cross = Float64Array.from(near, i => covariance(places, i, at, choice));
  plainAlgebra.forwardSolve(L, n, cross, 1);
  let [mean, explained] = [centre, 0];
  for (let a = 0; a < n; a++) {
    mean += cross[a] * left[a];
    explained += cross[a] ** 2;
  }
  return { mean, variance: Math.max(0, covariance(places, at, at, choice) - explained) };
}

function nearest({ x, y }: PlaceValues, from: readonly number[], at: number): number[] {
  const square = (i: number) => (x[i] - x[at]) ** 2 + (y[i] - y[at]) ** 2;
  if (from.length <= NEAR) return [...from];
  return [...from].sort((a, b) => square(a) - square(b)).slice(0, NEAR);
}

/** Neighbourhoods without common members, so that their likelihoods multiply. */
function blocksOf(places: PlaceValues, known: readonly number[]): number[][] {
  const blocks: number[][] = [];
  let left = [...known];
  while (left.length >= 3 && blocks.length < MOST_BLOCKS) {
    const block = nearest(places, left, left[0]);
    blocks.push(block);
    left = left.filter(i => !block.includes(i));
  }
  return blocks;
}

/** Median distance of a place to the next one. */
function neighbourDistance({ x, y }: PlaceValues, block: readonly number[]): number {
  const distances = block.map(i =>
    block.reduce((least, j) => {
      const d = Math.hypot(x[i] - x[j], y[i] - y[j]);
      return d > 0 && d < least ? d : least;
    }, Infinity),
  );
  const found = median(distances);
  return Number.isFinite(found) ? found : 1;
}
