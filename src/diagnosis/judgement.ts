import { type Contributions, contributionsOf } from './contributions.js';
import { type MapStack, someOf } from './mapStack.js';
import { type MonitoringModel, monitoringModel, newMapProbabilities, ownMapProbabilities } from './monitoring.js';
import { type Pca, type PcaOptions, principalComponents } from './pca.js';

/** One map against a model: the two statistics, and their shares on the map. */
export interface Judgement extends Contributions {
  /** Probabilities that a map without fault has a larger one. */
  readonly pT2: number;
  readonly pQ: number;
  /** Probability of either, 1 - (1 - min)^2 (Sidak). */
  readonly p: number;
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
  const found = contributionsOf(model, variances, map);
  const { t2: pT2, q: pQ } = probabilities(found.scores, found.t2, found.q);
  const least = Math.min(pT2, pQ);
  return { ...found, pT2, pQ, p: least * (2 - least), model };
}
