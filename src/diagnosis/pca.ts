import { UsageError } from '../errors.js';
import { incrementalDecomposition } from './incrementalPca.js';
import { type MapLayout, type MapStack, mapLength } from './mapStack.js';
import { type ComponentChoice, parallelAnalysis, type Rest } from './parallelAnalysis.js';
import { type Preparation, type PreparationOptions, prepare, toMap } from './preparation.js';
import { type Decomposition, type Spectrum, wholeDecomposition } from './wholePca.js';

/**
 * Principal components of a stack of maps: z = (map - mean) / sigma = sum over j of t_j P_j + rest. Loadings P_j are orthonormal
 * over the pixels that take part; scores t_j of the maps are uncorrelated, with variance lambda_j (divisor n - 1). The sign of
 * a component is such that the largest value of its loading is positive. (Jackson, A User's Guide to Principal Components.)
 */

export interface PcaOptions extends PreparationOptions {
  /** How many components; default by {@link parallelAnalysis}. */
  readonly components?: number;
  /** No more than this when they are chosen; default 20. */
  readonly most?: number;
  /** `incremental` reads the maps in blocks and never holds them all; default: whole where a Gram matrix is small enough. */
  readonly method?: 'whole' | 'incremental';
}

export interface PcaModel {
  readonly layout: MapLayout;
  /** Number of maps it was made from. */
  readonly count: number;
  /** Places of the p pixels that take part, and their mean and sigma in the maps' unit. */
  readonly pixels: Int32Array;
  readonly mean: Float64Array;
  readonly sigma: Float64Array;
  /** One array of p numbers per component. */
  readonly loadings: readonly Float64Array[];
  /** lambda_j, one per component. */
  readonly variances: Float64Array;
  /** Sum of all eigenvalues, kept or not. */
  readonly totalVariance: number;
  /** What is left after these components. */
  readonly rest: Rest;
  readonly choice: ComponentChoice;
}

export interface Pca extends PcaModel {
  /** t_j of map i: `scores[i * components + j]`. */
  readonly scores: Float64Array;
  /** Squared prediction error of each map, |z - sum of t_j P_j|^2. */
  readonly squaredErrors: Float64Array;
  /** Part of the total variance of each component. */
  readonly explained: Float64Array;
  /** The eigenvalues that were computed, falling: all of them, or the largest of a large cohort. */
  readonly spectrum: Float64Array;
  /** Products of all maps with each other, centred (n x n), where the cohort is small enough. */
  readonly gram?: Float64Array;
}

/** Up to this many maps or pixels all eigenvalues are computed. */
const WHOLE_SIZE = 450;
/** And up to this many numbers in all maps together they are held in memory. */
const WHOLE_NUMBERS = 6e7;
const MOST = 20;

/**
 * @throws {InputError} for fewer than three maps or none in common.
 * @throws {UsageError} for an impossible number of components.
 */
export function principalComponents(stack: MapStack, options: PcaOptions = {}): Pca {
  const preparation = prepare(stack, options);
  const p = preparation.pixels.length;
  const { count } = stack;
  const small = Math.min(count, p) <= WHOLE_SIZE && count * p <= WHOLE_NUMBERS;
  const { components, method = small ? 'whole' : 'incremental' } = options;
  const highest = Math.min(count - 1, p);
  if (components !== undefined && !(Number.isInteger(components) && components >= 1 && components <= highest)) {
    throw new UsageError(`${components} components of ${count} maps are impossible: give 1 to ${highest}`);
  }
  const most = Math.min(options.most ?? MOST, Math.max(1, count - 3), highest);
  const wanted = components ?? most;
  const choose = (d: Spectrum): ComponentChoice =>
    components === undefined
      ? parallelAnalysis(d.spectrum, d.restAfter, most)
      : { components, by: 'given', why: `${components} as asked for.`, thresholds: [] };
  const found =
    method === 'whole'
      ? wholeDecomposition(stack, preparation, choose)
      : incrementalDecomposition(stack, preparation, wanted, choose);
  return finish(stack.layout, preparation, count, found);
}

/** Signs, and what is said of the components. */
function finish(
  layout: MapLayout,
  { pixels, sigma }: Preparation,
  count: number,
  found: Decomposition & { readonly choice: ComponentChoice },
): Pca {
  const { choice, loadings, scores, spectrum, totalVariance } = found;
  const k = choice.components;
  loadings.forEach((loading, j) => {
    if (signOfLargest(loading) > 0) return;
    for (let i = 0; i < loading.length; i++) loading[i] = -loading[i];
    for (let i = 0; i < count; i++) scores[i * k + j] = -scores[i * k + j];
  });
  const variances = spectrum.slice(0, k);
  return {
    layout,
    count,
    pixels,
    mean: found.mean,
    sigma,
    loadings,
    variances,
    totalVariance,
    rest: found.restAfter(k),
    choice,
    scores,
    squaredErrors: found.squaredErrors,
    explained: variances.map(v => (totalVariance > 0 ? v / totalVariance : 0)),
    spectrum,
    ...(found.gram === undefined ? {} : { gram: found.gram }),
  };
}

function signOfLargest(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-9)) largest = value;
  return largest < 0 ? -1 : 1;
}

/** A loading as a map in whitened units: NaN on the pixels that take no part. */
export function loadingMap(model: PcaModel, j: number): Float64Array {
  return toMap(model.loadings[j], model.pixels, mapLength(model.layout));
}
