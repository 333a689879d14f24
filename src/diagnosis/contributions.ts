import { InputError } from '../errors.js';
import { plainAlgebra } from '../linearAlgebra/index.js';
import { mapLength } from './mapStack.js';
import type { PcaModel } from './pca.js';
import { toMap, toRow } from './preparation.js';

/** The two statistics of a map against a model, and what each pixel adds to them. */
export interface Contributions {
  readonly scores: Float64Array;
  readonly t2: number;
  readonly q: number;
  /** What each pixel adds to Q, with the sign of the residual: r |r|. NaN where there is nothing. */
  readonly qContributions: Float64Array;
  /** What each pixel adds to T2: z times sum over j of t_j P_j / v_j (Miller, Swanson, Heckler 1998). */
  readonly t2Contributions: Float64Array;
  /** The residual z - sum of t_j P_j, in sigma (in the maps' unit without whitening). */
  readonly residual: Float64Array;
  /** The part within the components, sum of t_j P_j. */
  readonly pattern: Float64Array;
  /** Part of the model's pixels that this map has. */
  readonly covered: number;
}

/** What contributions are made of. */
export type ContributionModel = Pick<PcaModel, 'layout' | 'pixels' | 'mean' | 'sigma' | 'loadings'>;

/**
 * Takes a map apart: z = (map - mean) / sigma = sum of t_j P_j + r, T2 = sum of t_j^2 / v_j, Q = |r|^2. Where pixels are missing,
 * the scores are a least-squares fit to the others and Q is scaled up by the part that is missing.
 * @param variances v_j, one per component
 * @throws {InputError} when the map has another length, or less than a tenth of the pixels.
 */
export function contributionsOf(model: ContributionModel, variances: Float64Array, map: Float64Array): Contributions {
  const { loadings, pixels } = model;
  const length = mapLength(model.layout);
  if (map.length !== length) throw new InputError(`has ${map.length} values where the model has ${length}`);
  const p = pixels.length;
  const row = new Float64Array(p);
  const missing = toRow(map, model, row);
  const covered = 1 - missing / p;
  if (covered < 0.1) {
    throw new InputError(`has only ${Math.round(100 * covered)} % of the model's pixels`, {
      advice: 'scan the same area as the reference',
    });
  }
  const scores = missing === 0 ? projected(row, loadings) : fitted(row, loadings);
  const pattern = new Float64Array(p);
  const weighted = new Float64Array(p);
  let t2 = 0;
  loadings.forEach((loading, j) => {
    const part = variances[j] > 0 ? scores[j] / variances[j] : 0;
    t2 += scores[j] * part;
    for (let i = 0; i < p; i++) {
      pattern[i] += scores[j] * loading[i];
      weighted[i] += part * loading[i];
    }
  });
  const residual = new Float64Array(p);
  let q = 0;
  for (let i = 0; i < p; i++) {
    residual[i] = row[i] - pattern[i];
    weighted[i] *= row[i];
    if (!Number.isNaN(residual[i])) q += residual[i] * residual[i];
  }
  const onMap = (values: Float64Array) => toMap(values, pixels, length);
  return {
    scores,
    t2,
    q: q / covered,
    qContributions: onMap(residual.map(r => r * Math.abs(r))),
    t2Contributions: onMap(weighted),
    residual: onMap(residual),
    pattern: onMap(pattern),
    covered,
  };
}

function projected(row: Float64Array, loadings: readonly Float64Array[]): Float64Array {
  return Float64Array.from(loadings, loading => {
    let t = 0;
    for (let i = 0; i < row.length; i++) t += row[i] * loading[i];
    return t;
  });
}

/** Least squares on the pixels that are there, with a trace of damping where they cannot tell components apart. */
function fitted(row: Float64Array, loadings: readonly Float64Array[]): Float64Array {
  const k = loadings.length;
  const normal = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (let i = 0; i < row.length; i++) {
    if (Number.isNaN(row[i])) continue;
    for (let a = 0; a < k; a++) {
      right[a] += loadings[a][i] * row[i];
      for (let b = 0; b <= a; b++) normal[a * k + b] += loadings[a][i] * loadings[b][i];
    }
  }
  for (let a = 0; a < k; a++) normal[a * k + a] += 1e-6;
  plainAlgebra.cholesky(normal, k);
  plainAlgebra.solveCholesky(normal, k, right, 1);
  return right;
}
