import type { Cell } from '../../model/cell.js';
import type { Point } from '../../model/outline.js';
import type { Defect, DefectKind, WhichPair } from '../../simulation/defects/defect.js';
import type { DepartureSpace } from './departureSpace.js';
import { evidenceOf, evidenceOfAnything, sumOfLogs } from './evidence.js';
import { fixedDefects } from './fixedDefects.js';
import {
  type DefectHypothesis,
  electrodeFaults,
  type Hint,
  holesAnywhere,
  nearHint,
  pairsOf,
  type Where,
} from './hypotheses.js';
import { type Posterior, posterior } from './posterior.js';

export const UNKNOWN = 'unknown';

/** One kind of the library as the cause of a departure, or none of them. */
export interface LabelCandidate {
  readonly kind: DefectKind | typeof UNKNOWN;
  /** Probability of this kind, given the departure and these alternatives. */
  readonly confidence: number;
  /** The most probable one of its kind; absent for 'unknown'. */
  readonly defect?: Defect;
  /** How many times what the simulator says of it. */
  readonly amplitude?: number;
  /** Its middle, m; absent where the kind has none or the field does not show it. */
  readonly place?: Point;
}

/** What an electrical simulation of the cell says of a defect, in coordinates of the departure; undefined where it is impossible. */
export type Template = (defect: Defect) => Float64Array | undefined;

export interface LabelOptions {
  /** What the simulator may miss of a real defect's change, as a part of it. Default 0.04. */
  readonly likeness?: number;
  /** Whether the readings can tell the height of the uppermost pair from that of the lowest. Default false. */
  readonly seesHeight?: boolean;
  /**
   * Changes without a defect, in coordinates of the departure, each for one standard deviation: the scan moved or turned up. They
   * are part of 'unknown'.
   */
  readonly harmless?: readonly Float64Array[];
}

const LIKENESS = 0.04;
/** Kinds of which the simulation on pixels is rougher, by these factors: cuts have at least a width of one and a half. */
const ROUGH: Partial<Record<DefectKind, number>> = { slit: 3, fold: 1.75 };
/** An electrode fault is offered where its usual size changes the map by so many standard deviations. */
const VISIBLE = 3;
/** Hypotheses of one kind that are followed from their best start. */
const FOLLOWED = 2;
/** Difference of log evidence beyond which a kind is out of the question. */
const HOPELESS = 50;
/** A place that is not known within this part of the cell is not told. */
const VAGUE = 0.2;

/** A hypothesis with what the departure made of it. */
interface Fitted {
  readonly hypothesis: DefectHypothesis;
  readonly pair: WhichPair;
  readonly found: Posterior;
  /** Log of its evidence and its share among its kind. */
  readonly log: number;
}

/**
 * Labels a departure from the reference: how probable each kind of the library is, the most probable first; 'unknown' stands among them.
 *
 * Bayesian model comparison. Under a defect the coordinates of the departure are exp(a) m(theta) + e, m from the simulation of the
 * cell, place, size and amplitude integrated out with their priors (Laplace's method); e has the variance 1 + likeness^2 |d|^2 s_k:
 * noise, and errors of the simulation, which have the spectrum s of currents in the cell. 'Unknown' is any current: variance
 * 1 + c s_k, c integrated out; or the scan stood elsewhere or was made with another current. Before the scan one half is for 'unknown' and every kind has an even part of the other half.
 * @param beyond the part that no current in the cell's plane explains, see {@link DepartureSpace}
 */
export function labelDeparture(
  cell: Cell,
  space: Pick<DepartureSpace, 'spectrum'>,
  template: Template,
  departure: Float64Array,
  beyond: number,
  options: LabelOptions = {},
): LabelCandidate[] {
  const { likeness = LIKENESS, seesHeight = false, harmless = [] } = options;
  const energy = departure.reduce((sum, v) => sum + v * v, 0);
  const unlike = likeness ** 2 * energy;
  const [first, ...others] = pairsOf(cell, seesHeight);
  const anything = evidenceOfAnything(departure, space.spectrum) - Math.log1p(beyond) / 2;
  const moved = evidenceOf(
    harmless,
    departure,
    space.spectrum.map(s => 1 + unlike * s),
  );
  const unknown = sumOfLogs([anything, moved - beyond / (2 * (1 + unlike))]) - Math.LN2;
  const search: Search = {
    template,
    departure,
    hopeless: unknown - HOPELESS,
    varianceOf: kind => space.spectrum.map(s => 1 + unlike * (ROUGH[kind] ?? 1) ** 2 * s),
  };
  const inFirst = (hypotheses: readonly DefectHypothesis[]) => fittedBest(hypotheses, first, search);
  const holes = inFirst(holesAnywhere(cell));
  const faults = electrodeFaults(cell).filter(hypothesis => visible(hypothesis, template));
  const rest = [...(holes.length === 0 ? [] : nearHint(cell, hintOf(holes[0]))), ...fixedDefects(cell), ...faults];
  const found = [...holes, ...byKind(rest).flatMap(inFirst)];
  const top = found.reduce((most, f) => Math.max(most, f.log), unknown);
  const all = [
    ...found,
    // Other pairs hardly change the shape: they are tried where the uppermost comes near.
    ...byKind(found.filter(f => f.hypothesis.inPair && f.log > top - HOPELESS)).flatMap(([best]) =>
      others.flatMap(where => fitted(best.hypothesis, where, [best.found.parameters], search)),
    ),
  ];
  const kinds = [...new Set(all.map(f => f.hypothesis.kind))];
  const misfit = -beyond / (2 * (1 + unlike));
  const candidates = kinds.map(kind => {
    const own = all.filter(f => f.hypothesis.kind === kind).sort((a, b) => b.log - a.log);
    return { kind, top: own[0], log: sumOfLogs(own.map(f => f.log)) + misfit - Math.log(kinds.length) };
  });
  const total = sumOfLogs([unknown, ...candidates.map(c => c.log)]);
  const labels = candidates.map(({ kind, top, log }): LabelCandidate => {
    const { parameters } = top.found;
    const defect = top.hypothesis.defect(parameters, top.pair)!;
    const place = placeOf(top);
    return {
      kind,
      confidence: Math.exp(log - total),
      defect,
      amplitude: Math.exp(parameters[parameters.length - 1]),
      ...(place === undefined ? {} : { place }),
    };
  });
  return [...labels, { kind: UNKNOWN, confidence: Math.exp(unknown - total) } as const].sort(
    (a, b) => b.confidence - a.confidence,
  );
}

/** In groups of one kind, in their order. */
function byKind<T extends { kind: string } | Fitted>(all: readonly T[]): T[][] {
  const kindOf = (one: T) => ('kind' in one ? one.kind : one.hypothesis.kind);
  return [...new Set(all.map(kindOf))].map(kind => all.filter(one => kindOf(one) === kind));
}

/** What a fit is made to. */
interface Search {
  readonly template: Template;
  readonly departure: Float64Array;
  readonly varianceOf: (kind: DefectKind) => Float64Array;
  readonly hopeless: number;
}

/** The hypotheses of one kind that begin best, fitted, the most probable first. */
function fittedBest(hypotheses: readonly DefectHypothesis[], where: Where, search: Search): Fitted[] {
  return hypotheses
    .map(hypothesis => ({ hypothesis, ranked: ranked(hypothesis, where.pair, hypothesis.starts, search) }))
    .filter(({ ranked: starts }) => starts.length > 0)
    .sort((a, b) => b.ranked[0].explained - a.ranked[0].explained)
    .slice(0, FOLLOWED)
    .flatMap(({ hypothesis, ranked: [{ start }] }) => fitted(hypothesis, where, [start], search))
    .sort((a, b) => b.log - a.log);
}

function fitted(
  hypothesis: DefectHypothesis,
  { pair, share }: Where,
  starts: readonly (readonly number[])[],
  search: Search,
): Fitted[] {
  const { parameters, inPair } = hypothesis;
  const model = (at: readonly number[]) => templateOf(hypothesis, at, pair, search);
  const [best] = ranked(hypothesis, pair, starts, search);
  const variance = search.varianceOf(hypothesis.kind);
  const found =
    best && posterior({ parameters, template: model }, best.start, search.departure, variance, search.hopeless);
  return found ? [{ hypothesis, pair, found, log: found.evidence + hypothesis.share + (inPair ? share : 0) }] : [];
}

function templateOf(hypothesis: DefectHypothesis, at: readonly number[], pair: WhichPair, { template }: Search) {
  const defect = hypothesis.defect(at, pair);
  return defect && template(defect);
}

function ranked(hypothesis: DefectHypothesis, pair: WhichPair, starts: readonly (readonly number[])[], search: Search) {
  const variance = search.varianceOf(hypothesis.kind);
  return starts
    .flatMap(start => {
      const model = templateOf(hypothesis, start, pair, search);
      return model === undefined ? [] : [begin(start, model, search.departure, variance)];
    })
    .sort((a, b) => b.explained - a.explained);
}

/** The start with its best amplitude within a factor of 5, and how much of the departure it explains. */
function begin(start: readonly number[], model: Float64Array, departure: Float64Array, variance: Float64Array) {
  let [own, cross] = [0, 0];
  for (let i = 0; i < model.length; i++) {
    own += model[i] ** 2 / variance[i];
    cross += (model[i] * departure[i]) / variance[i];
  }
  const amplitude = Math.min(5, Math.max(0.2, own > 0 ? cross / own : 0));
  const log = start.slice();
  log[log.length - 1] = Math.log(amplitude);
  return { start: log, explained: 2 * amplitude * cross - amplitude ** 2 * own };
}

function hintOf({ hypothesis, found }: Fitted): Hint {
  const hole = hypothesis.defect(found.parameters, 'top') as Extract<Defect, { kind: 'hole' }>;
  return { foil: hole.foil, at: hole.at, radius: hole.radius };
}

function visible({ defect }: DefectHypothesis, template: Template): boolean {
  const usual = defect([0], 'top');
  const model = usual && template(usual);
  return model !== undefined && model.reduce((sum, v) => sum + v * v, 0) > VISIBLE ** 2;
}

function placeOf({ hypothesis, found }: Fitted): Point | undefined {
  const even = hypothesis.parameters.map(({ prior }) => ('from' in prior ? prior.to - prior.from : 0));
  const placed = hypothesis.kind === 'hole' || hypothesis.kind === 'thinned_foil' || hypothesis.kind === 'slit';
  if (placed && found.errors.slice(0, 2).some((error, j) => error > VAGUE * even[j])) return undefined;
  return hypothesis.place(found.parameters);
}
