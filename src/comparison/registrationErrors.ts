import { type AlignmentModel, type MapPair, normalEquations, parameterCount } from './alignment.js';
import { type ResidualMaps, scoreCovariance } from './correlatedErrors.js';
import { identity, solveSmall } from './smallSystem.js';

/** Fewer readings than so many per parameter say nothing about their own noise. */
const READINGS_PER_PARAMETER = 8;

export interface ParameterCovariance {
  /** Number of parameters: those of the motion, the factor, the constants. */
  readonly n: number;
  /** n x n. */
  readonly matrix: Float64Array;
  /** Distance over which the residual is alike, in strides. */
  readonly reach: number;
}

/**
 * The covariance of the fitted parameters, H^-1 (J^T C J) H^-1. C is the covariance of the residual as the residual itself
 * shows it (see {@link scoreCovariance}); a true difference between the maps counts as noise there, so it widens the errors.
 * H is J^T J with one J from each map: the noise of a map's own gradient would make H too large and the errors too small.
 * @param stride takes every so manyeth pixel along each axis
 * @returns undefined where there are too few readings or they do not determine the parameters
 */
export function parameterCovariance(
  pairs: readonly MapPair[],
  model: AlignmentModel,
  p: Float64Array,
  stride: number,
): ParameterCovariance | undefined {
  const n = parameterCount(model);
  const maps = pairs.map(({ gridA, a }): ResidualMaps => {
    const [nx, ny] = [Math.ceil(gridA.nx / stride), Math.ceil(gridA.ny / stride)];
    const empty = () => new Float64Array(nx * ny);
    return {
      nx,
      ny,
      mask: empty(),
      residual: a.map(empty),
      derivatives: a.map(() => Array.from({ length: n }, empty)),
    };
  });
  const curvature = new Float64Array(n * n);
  let twins = 0;
  const { count } = normalEquations(pairs, model, p, stride, (pair, c, pixel, residual, row, twin) => {
    const { nx, mask, residual: residuals, derivatives } = maps[pair];
    const { nx: columns } = pairs[pair].gridA;
    const at = Math.floor(Math.floor(pixel / columns) / stride) * nx + Math.floor((pixel % columns) / stride);
    mask[at] = 1;
    residuals[c][at] = residual;
    for (let i = 0; i < n; i++) derivatives[c][i][at] = row[i];
    if (Number.isNaN(twin[0] + twin[1])) return;
    twins++;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) curvature[i * n + j] += (row[i] * twin[j] + row[j] * twin[i]) / 2;
  });
  for (let i = 0; i < n * n; i++) curvature[i] /= twins;
  if (twins === 0 || count < READINGS_PER_PARAMETER * n) return undefined;
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
