import { InputError } from '../errors.js';
import { plainAlgebra } from '../linearAlgebra/index.js';
import { type MapStack, mapLength, someOf } from './mapStack.js';
import { type MonitoringModel, monitoringModel, newMapProbabilities, ownMapProbabilities } from './monitoring.js';
import { type Pca, type PcaOptions, principalComponents } from './pca.js';
import { toMap, toRow } from './preparation.js';

/** One map against a model: the two statistics, and their shares on the map. */
export interface Judgement {
  readonly scores: Float64Array;
  readonly t2: number;
  readonly q: number;
  /** Probabilities that a map without fault has a larger one. */
  readonly pT2: number;
  readonly pQ: number;
  /** Probability of either, 1 - (1 - min)^2 (Sidak). */
  readonly p: number;
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
  /** What it was judged by: the reference, or for one of its own maps a model of the others. */
  readonly model: MonitoringModel;
}

/**
 * Judges a map that took no part in making the model. Where pixels are missing, the scores are a least-squares fit to the others
 * and Q is scaled up by the part that is missing.
 * @throws {InputError} when the map has another length, or less than a tenth of the pixels.
 */
export function judge(model: MonitoringModel, map: Float64Array): Judgement {
  return judged(model, map, model.newVariances, (scores, _, q) => newMapProbabilities(model, scores, q));
}

/** Judges a map that took part, by the laws of such maps. */
export function judgeOwn(model: MonitoringModel, map: Float64Array): Judgement {
  return judged(model, map, model.variances, (_, t2, q) => ownMapProbabilities(model, t2, q));
}

/** Up to this many maps each is judged by a model of all the others. */
const REFIT_MOST = 30;

/**
 * Judges every map of a cohort against the others. Up to 30 maps a model is made for each from all the others, so that a map that
 * differs does not hide itself by shaping the components; larger cohorts are judged by one model, with the laws of own maps.
 */
export function judgeEach(stack: MapStack, model: MonitoringModel, options: PcaOptions = {}): Judgement[] {
  const places = Array.from({ length: stack.count }, (_, i) => i);
  if (stack.count > REFIT_MOST || stack.count < 5) return places.map(i => judgeOwn(model, stack.read(i)));
  const limited = options.components === undefined ? {} : { components: Math.min(options.components, stack.count - 2) };
  return places.map(i => {
    const others: Pca = principalComponents(
      someOf(
        stack,
        places.filter(j => j !== i),
      ),
      { ...options, ...limited },
    );
    return judge(monitoringModel(others), stack.read(i));
  });
}

function judged(
  model: MonitoringModel,
  map: Float64Array,
  variances: Float64Array,
  probabilities: (scores: Float64Array, t2: number, q: number) => { t2: number; q: number },
): Judgement {
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
  q /= covered;
  const { t2: pT2, q: pQ } = probabilities(scores, t2, q);
  const least = Math.min(pT2, pQ);
  const onMap = (values: Float64Array) => toMap(values, pixels, length);
  return {
    scores,
    t2,
    q,
    pT2,
    pQ,
    p: least * (2 - least),
    qContributions: onMap(residual.map(r => r * Math.abs(r))),
    t2Contributions: onMap(weighted),
    residual: onMap(residual),
    pattern: onMap(pattern),
    covered,
    model,
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
