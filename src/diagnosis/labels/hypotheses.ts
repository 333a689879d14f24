import type { Cell, Polarity } from '../../model/cell.js';
import { boundingBox, contains, outlineArea, type Point } from '../../model/outline.js';
import type { Defect, DefectKind, WhichPair } from '../../simulation/defects/defect.js';
import type { Parameter } from './posterior.js';

/**
 * The library of defects as hypotheses about a cell: what each kind may look like, and how likely that is before the scan. Sizes are in
 * proportion to the square root of the cell's area S. The amplitude, a multiple of what the simulator says, is near 1 where
 * the size fixes it, and nearly free where a strength comes on top (a thinned foil, shorts, spots).
 */
export interface DefectHypothesis {
  readonly kind: DefectKind;
  /** Log of its share among the hypotheses of its kind. */
  readonly share: number;
  /** Of place and size, then of the log of the amplitude. */
  readonly parameters: readonly Parameter[];
  /** The defect; undefined where there is none like it. */
  readonly defect: (parameters: readonly number[], pair: WhichPair) => Defect | undefined;
  /** Whether it may sit in any pair, or knows its own. */
  readonly inPair: boolean;
  /** Where the search starts; the best one is followed. */
  readonly starts: readonly (readonly number[])[];
  /** Middle of the defect, m; undefined where it has none that the field shows. */
  readonly place: (parameters: readonly number[]) => Point | undefined;
}

/** Standard deviation of the log of the amplitude: errors of the cell's description, and what one foil's scatter makes. */
const SURE = 0.15;
/** A priori, how often a defect goes through all pairs. */
const THROUGH_ALL = 0.1;
/** Places along the shorter side at which a search for round defects begins. */
const PLACES = 5;

/** Log of the amplitude where the size fixes it. */
export const sure = (mean = 0): Parameter => ({ prior: { mean, sd: SURE }, step: 0.1, farthest: 1 });
/** Log of the amplitude where a strength comes on top. */
export const free = (mean: number, sd: number): Parameter => ({ prior: { mean, sd }, step: 0.1, farthest: 1 });
/** Log of a length, m. */
export const size = (of: number, sd = 0.6): Parameter => ({
  prior: { mean: Math.log(of), sd },
  step: 0.08,
  farthest: 0.5,
});

/** A pair in which a defect may sit, and the log of how likely that is. */
export interface Where {
  readonly pair: WhichPair;
  readonly share: number;
}

/**
 * The uppermost pair first.
 * @param seesHeight whether the readings can tell the uppermost from the lowest pair
 */
export function pairsOf(cell: Cell, seesHeight: boolean): readonly [Where, ...Where[]] {
  const pairs = cell.electrical?.pairs ?? 1;
  if (pairs === 1) return [{ pair: 'top', share: 0 }];
  const share = Math.log((1 - THROUGH_ALL) / (seesHeight ? 2 : 1));
  return [
    { pair: 'top', share },
    ...(seesHeight ? [{ pair: 'bottom', share } as const] : []),
    { pair: 'all', share: Math.log(THROUGH_ALL) },
  ];
}

function coordinatesIn(cell: Cell, step: number): Parameter[] {
  const { x0, x1, y0, y1 } = boundingBox(cell.outline);
  const along = (from: number, to: number): Parameter => ({ prior: { from, to }, step, farthest: 8 * step });
  return [along(x0, x1), along(y0, y1)];
}

/** A lattice of places within the outline. */
function placesIn({ outline }: Cell): Point[] {
  const { x0, x1, y0, y1 } = boundingBox(outline);
  const pitch = Math.min(x1 - x0, y1 - y0) / PLACES;
  const [nx, ny] = [Math.round((x1 - x0) / pitch), Math.round((y1 - y0) / pitch)];
  return Array.from({ length: nx * ny }, (_, i): Point => {
    return [x0 + ((i % nx) + 0.5) * ((x1 - x0) / nx), y0 + (Math.floor(i / nx) + 0.5) * ((y1 - y0) / ny)];
  }).filter(([x, y]) => contains(outline, x, y));
}

export const FOILS: readonly Polarity[] = ['positive', 'negative'];

/** Round holes in one foil, begun all over the cell. */
export function holesAnywhere(cell: Cell): DefectHypothesis[] {
  const S = Math.sqrt(outlineArea(cell.outline));
  const radius = 0.06 * S;
  return FOILS.map(foil => ({
    kind: 'hole',
    share: Math.log(0.5),
    parameters: [...coordinatesIn(cell, 0.015 * S), size(radius), sure()],
    defect: ([x, y, r], pair) => round(cell, { kind: 'hole', foil, at: [x, y], radius: Math.exp(r), pair }),
    inPair: true,
    starts: placesIn(cell).map(([x, y]) => [x, y, Math.log(radius), 0]),
    place: ([x, y]) => [x, y],
  }));
}

/** What an earlier fit says: where to begin. */
export interface Hint {
  readonly foil: Polarity;
  readonly at: Point;
  readonly radius: number;
}

function round<T extends Defect & { at: Point; radius: number }>(cell: Cell, defect: T): T | undefined {
  const S = Math.sqrt(outlineArea(cell.outline));
  const { at, radius } = defect;
  return radius > 0.005 * S && radius < 0.5 * S && contains(cell.outline, at[0], at[1]) ? defect : undefined;
}

/** The other defects with a place in a foil, begun where a hole fits best. */
export function nearHint(cell: Cell, { foil, at, radius }: Hint): DefectHypothesis[] {
  const S = Math.sqrt(outlineArea(cell.outline));
  const xy = coordinatesIn(cell, 0.015 * S);
  const place = ([x, y]: readonly number[]): Point => [x, y];
  return [
    {
      kind: 'thinned_foil',
      share: 0,
      // A conductance of 0.9 to 0.1 changes the field 0.16 to 2.4 times as much as one of 0.5.
      parameters: [...xy, size(0.09 * S), free(Math.log(0.7), 0.6)],
      defect: ([x, y, r], pair) =>
        round(cell, { kind: 'thinned_foil', foil, at: [x, y], radius: Math.exp(r), conductance: 0.5, pair }),
      inPair: true,
      starts: [0.09 * S, 1.5 * radius].map(r => [...at, Math.log(r), 0]),
      place,
    },
    {
      kind: 'slit',
      share: 0,
      parameters: [
        ...xy,
        size(0.15 * S),
        { prior: { from: -Math.PI, to: Math.PI }, step: 0.08, farthest: 0.6 },
        sure(),
      ],
      defect: ([x, y, l, angle], pair) => slit(cell, foil, [x, y], Math.exp(l), angle, pair),
      inPair: true,
      starts: [0.15 * S, 2 * radius].flatMap(l =>
        [0, 1, 2, 3].map(k => [...at, Math.log(l), ((k - 1) * Math.PI) / 4, 0]),
      ),
      place,
    },
  ];
}

/** @param half half its length, m */
function slit(
  cell: Cell,
  foil: Polarity,
  [x, y]: Point,
  half: number,
  angle: number,
  pair: WhichPair,
): Defect | undefined {
  const S = Math.sqrt(outlineArea(cell.outline));
  if (!(half > 0.01 * S && half < S && contains(cell.outline, x, y))) return undefined;
  const [ux, uy] = [half * Math.cos(angle), half * Math.sin(angle)];
  return { kind: 'slit', foil, from: [x - ux, y - uy], to: [x + ux, y + uy], width: 1e-3, pair };
}

/** Faults of the electrodes, which the field shows only by what their pair carries, if at all: one of each kind. */
export function electrodeFaults(cell: Cell): DefectHypothesis[] {
  const S = Math.sqrt(outlineArea(cell.outline));
  const { x0, x1, y0, y1 } = boundingBox(cell.outline);
  const at: Point = [(x0 + x1) / 2, (y0 + y1) / 2];
  const radius = 0.1 * S;
  const current = 0.01 * Math.abs(cell.current ?? 1);
  const pair = 'top';
  const faults: readonly Extract<Defect, { pair: WhichPair }>[] = [
    { kind: 'dead_spot', at, radius, activity: 0, pair },
    { kind: 'hot_spot', at, radius, resistance: 0.2, pair },
    { kind: 'short', at, radius: 2e-3, current, pair },
    { kind: 'misalignment', shift: [0.02 * S, 0.02 * S], pair },
  ];
  return faults.map(fault => ({
    kind: fault.kind,
    share: 0,
    parameters: [free(0, 1)],
    defect: (_, which) => ({ ...fault, pair: which }),
    inPair: true,
    starts: [[0]],
    place: () => undefined,
  }));
}
