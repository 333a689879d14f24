import { identity, solveSmall } from '../linearAlgebra/smallSystem.js';
import { type AlignmentModel, type MapPair, normalEquations, parameterCount } from './alignment.js';
import { type ResidualMaps, scoreCovariance } from './correlatedErrors.js';
import { blur } from './smoothing.js';

/** Fewer readings than so many per parameter say nothing about their own noise. */
const READINGS_PER_PARAMETER = 8;
/** Maps that change by less than this part of themselves from pixel to pixel (rms) are flat but for rounding. */
const FLAT = 1e-9;

export interface ParameterCovariance {
  /** Number of parameters: those of the motion, the factor, the constants. */
  readonly n: number;
  /** n x n. */
  readonly matrix: Float64Array;
  /** Distance over which the residual is alike, in pixels. */
  readonly reach: number;
}

/**
 * The covariance of the fitted parameters, H^-1 (S^T J)^T C (S^T J) H^-1: C is the covariance of the residual between the maps
 * as they are, as that residual itself shows it (see {@link scoreCovariance}), and S the smoothing under which they were
 * fitted. A true difference between the maps counts as noise in C, so it widens the errors. H is J^T J with one J from each
 * map: the noise of a map's own gradient would make H too large and the errors too small.
 * @param pairs smoothed by a Gaussian of `width`, m
 * @param raw the same maps as they are
 * @returns undefined where there are too few readings or they do not determine the parameters
 */
export function parameterCovariance(
  pairs: readonly MapPair[],
  raw: readonly MapPair[],
  model: AlignmentModel,
  p: Float64Array,
  width: number,
): ParameterCovariance | undefined {
  const n = parameterCount(model);
  const maps = pairs.map(({ gridA, a }): ResidualMaps => {
    const empty = () => new Float64Array(a[0].length);
    return {
      nx: gridA.nx,
      ny: gridA.ny,
      mask: empty(),
      residual: a.map(empty),
      derivatives: a.map(() => Array.from({ length: n }, empty)),
    };
  });
  const curvature = new Float64Array(n * n);
  let twins = 0;
  const { count } = normalEquations(pairs, model, p, 1, (pair, c, pixel, _, row, twin) => {
    const derivatives = maps[pair].derivatives[c];
    for (let i = 0; i < n; i++) derivatives[i][pixel] = row[i];
    if (Number.isNaN(twin[0] + twin[1])) return;
    twins++;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) curvature[i * n + j] += (row[i] * twin[j] + row[j] * twin[i]) / 2;
  });
  for (let i = 0; i < n * n; i++) curvature[i] /= twins;
  if (twins === 0 || count < READINGS_PER_PARAMETER * n) return undefined;
  const [{ gridA }] = pairs;
  const value = curvature[model.motions * (n + 1)];
  const slopes = [curvature[0] * gridA.dx ** 2, curvature[n + 1] * gridA.dy ** 2];
  if (slopes.some(slope => !(slope > FLAT ** 2 * value))) return undefined;

  normalEquations(raw, model, p, 1, (pair, c, pixel, residual) => {
    maps[pair].mask[pixel] = 1;
    maps[pair].residual[c][pixel] = residual;
  });
  maps.forEach(({ derivatives }, k) => {
    for (const of of derivatives) for (const values of of) blur(pairs[k].gridA, values, width);
  });
  const scores = maps.map(map => scoreCovariance(map, n));
  const total = scores[0].matrix.map((_, i) => scores.reduce((sum, s) => sum + s.matrix[i], 0) / count ** 2);
  const inverse = solveSmall(curvature, n, identity(n), n);
  if (inverse === undefined) return undefined;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++)
        for (let l = 0; l < n; l++) out[i * n + j] += inverse[i * n + k] * total[k * n + l] * inverse[l * n + j];
    }
  }
  return { matrix: out, n, reach: Math.max(...scores.map(s => s.reach)) };
}
