import type { Cell, Tab } from '../../model/cell.js';
import { cornerAt, cornerCount, outlineArea, type Point } from '../../model/outline.js';
import { type DefectHypothesis, FOILS, free, size, sure } from './hypotheses.js';
import type { Parameter } from './posterior.js';

/** Defects whose place the cell fixes: tabs, corners, whole pairs, a wire outside. */
export function fixedDefects(cell: Cell): DefectHypothesis[] {
  return [
    ...cell.tabs.map(tab => weld(tab, cell.tabs.length)),
    ...missingTabs(cell),
    ...folds(cell),
    ...openLayers(cell),
    externalShort(cell),
  ];
}

const middleOf = ({ start, end }: Tab): Point => [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];

/** Parts of a weld from which its fit may start. */
const PARTS = [
  [0, 0.5],
  [0.5, 1],
  [0.25, 0.75],
  [0, 0.25],
  [0.75, 1],
  [0, 0.8],
  [0.2, 1],
];

function weld(tab: Tab, tabs: number): DefectHypothesis {
  const end: Parameter = { prior: { from: 0, to: 1 }, step: 0.04, farthest: 0.3 };
  return {
    kind: 'partial_weld',
    // Of all pairs of ends half have the first before the last.
    share: Math.log(2 / tabs),
    parameters: [end, end, sure()],
    defect: ([from, to], pair) =>
      to - from > 0.08 ? { kind: 'partial_weld', tab: tab.name, part: [from, to], pair } : undefined,
    inPair: true,
    starts: PARTS.map(part => [...part, 0]),
    place: () => middleOf(tab),
  };
}

function missingTabs({ tabs }: Cell): DefectHypothesis[] {
  const sign = (tab: Tab) => tab.polarity ?? (tab.share > 0 ? 'positive' : 'negative');
  const spare = tabs.filter(tab => tabs.some(other => other !== tab && sign(other) === sign(tab)));
  return spare.map(tab => ({
    kind: 'missing_tab',
    share: -Math.log(spare.length),
    parameters: [sure()],
    defect: (_, pair) => ({ kind: 'missing_tab', tab: tab.name, pair }),
    inPair: true,
    starts: [[0]],
    place: () => middleOf(tab),
  }));
}

/** Convex corners folded over, each by its two lengths along the outline. */
function folds({ outline }: Cell): DefectHypothesis[] {
  const S = Math.sqrt(outlineArea(outline));
  const n = cornerCount(outline);
  const corners = Array.from({ length: n }, (_, i) => {
    return [cornerAt(outline, (i + n - 1) % n), cornerAt(outline, i), cornerAt(outline, (i + 1) % n)] as const;
  }).filter(([a, b, c]) => (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > 0);
  const length = 0.2 * S;
  return corners.flatMap(([before, corner, after]) =>
    FOILS.map((foil): DefectHypothesis => {
      const ends = ([p, q]: readonly number[]) => [
        along(corner, before, Math.exp(p)),
        along(corner, after, Math.exp(q)),
      ];
      return {
        kind: 'fold',
        share: -Math.log(2 * corners.length),
        parameters: [size(length), size(length), sure()],
        defect: (parameters, pair) => {
          const [from, to] = ends(parameters);
          return from && to && { kind: 'fold', foil, line: [from, to], pair };
        },
        inPair: true,
        starts: [0.6, 1.3].map(factor => [Math.log(factor * length), Math.log(factor * length), 0]),
        place: parameters => {
          const [from, to] = ends(parameters);
          return from && to && [(corner[0] + from[0] + to[0]) / 3, (corner[1] + from[1] + to[1]) / 3];
        },
      };
    }),
  );
}

/** So far from a corner towards another; undefined beyond it. */
function along(from: Point, to: Point, length: number): Point | undefined {
  const whole = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const t = length / whole;
  return t < 0.98 ? [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])] : undefined;
}

/** Pairs that are tried one by one, at most. */
const MOST_PAIRS = 6;

function openLayers({ electrical }: Cell): DefectHypothesis[] {
  const pairs = electrical?.pairs ?? 1;
  if (pairs === 1) return [];
  const count = Math.min(pairs, MOST_PAIRS);
  return Array.from({ length: count }, (_, k) => {
    const pair = 1 + Math.round((k * (pairs - 1)) / (count - 1));
    return {
      kind: 'open_layer',
      share: -Math.log(count),
      parameters: [sure()],
      defect: () => ({ kind: 'open_layer', pair }),
      inPair: false,
      starts: [[0]],
      place: () => undefined,
    };
  });
}

function externalShort(cell: Cell): DefectHypothesis {
  const current = 0.01 * Math.abs(cell.current ?? 1);
  return {
    kind: 'external_short',
    share: 0,
    parameters: [free(0, 1.5)],
    defect: () => ({ kind: 'external_short', current }),
    inPair: false,
    starts: [[0]],
    place: () => undefined,
  };
}
