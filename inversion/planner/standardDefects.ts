import type { Cell, Tab } from '../../src/model/cell.js';
import {
  boundingBox,
  contains,
  cornerAt,
  cornerCount,
  distanceToOutline,
  outlineArea,
  type Point,
} from '../../src/model/outline.js';
import type { DefectKind } from '../../src/simulation/defects/defect.js';

/** Faults of electrodes, not of foils: what flows through the cell from foil to foil cancels in the field outside. */
export const ELECTRODE_FAULTS: ReadonlySet<DefectKind> = new Set(['dead_spot', 'hot_spot', 'short', 'misalignment']);

const SPOTS = 48;

/**
 * One example of every defect of the library that this cell can have, as it is written for `--defect`, with sizes in proportion to
 * the cell: radii 5 to 10 % of the square root of its area, currents 1 % of its own.
 */
export function standardDefects(cell: Cell & { readonly current: number }): string[] {
  const size = Math.sqrt(outlineArea(cell.outline));
  const [x, y] = middle(cell);
  const at = `at_mm: [${mm(x)}, ${mm(y)}]`;
  const polarity = (tab: Tab) => tab.polarity ?? (tab.share > 0 ? 'positive' : 'negative');
  const amperes = Number((0.01 * Math.abs(cell.current)).toPrecision(2));
  const half = 0.12 * size;
  const onFoils = ['positive', 'negative'].map(foil => `hole: {foil: ${foil}, ${at}, radius_mm: ${mm(0.05 * size)}}`);
  const welds = ['positive', 'negative'].flatMap(sign => {
    const tab = cell.tabs.find(one => polarity(one) === sign);
    return tab === undefined ? [] : [`partial_weld: {tab: ${JSON.stringify(tab.name)}, part: [0, 0.5]}`];
  });
  const spare = cell.tabs.find(tab => cell.tabs.filter(other => polarity(other) === polarity(tab)).length > 1);
  const fold = cornerFold(cell, 0.15 * size);
  return [
    ...onFoils,
    `slit: {foil: positive, from_mm: [${mm(x - half)}, ${mm(y)}], to_mm: [${mm(x + half)}, ${mm(y)}], width_mm: 1}`,
    `thinned_foil: {foil: positive, ${at}, radius_mm: ${mm(0.08 * size)}, conductance: 0.5}`,
    ...welds,
    ...(spare === undefined ? [] : [`missing_tab: {tab: ${JSON.stringify(spare.name)}}`]),
    ...(fold === undefined ? [] : [fold]),
    ...((cell.electrical?.pairs ?? 1) > 1 ? ['open_layer: {pair: top}'] : []),
    `external_short: {current_A: ${amperes}}`,
    `dead_spot: {${at}, radius_mm: ${mm(0.1 * size)}}`,
    `hot_spot: {${at}, radius_mm: ${mm(0.1 * size)}, resistance: 0.2}`,
    `short: {${at}, radius_mm: 2, current_A: ${amperes}}`,
    'misalignment: {shift_mm: [2, 1]}',
  ];
}

/** The place farthest from the outline; of several the one nearest to the middle of the outline's box. */
function middle({ outline }: Cell): Point {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  let best: Point = [cx, cy];
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= SPOTS * SPOTS; i++) {
    const x = x0 + ((i % SPOTS) / SPOTS) * (x1 - x0);
    const y = y0 + (Math.floor(i / SPOTS) / SPOTS) * (y1 - y0);
    if (!contains(outline, x, y)) continue;
    const value = distanceToOutline(outline, x, y) - 0.05 * Math.hypot(x - cx, y - cy);
    if (value > most) [most, best] = [value, [x, y]];
  }
  return best;
}

/** The corner farthest from all tabs, folded over; none where the outline has no corner to fold. */
function cornerFold({ outline, tabs }: Cell, size: number): string | undefined {
  const n = cornerCount(outline);
  const distance = ([x, y]: Point) =>
    Math.min(
      ...tabs.flatMap(({ start, end }) =>
        [0, 0.5, 1].map(t =>
          Math.hypot(start[0] + t * (end[0] - start[0]) - x, start[1] + t * (end[1] - start[1]) - y),
        ),
      ),
    );
  const corners = Array.from({ length: n }, (_, i) => i).filter(i => {
    const [a, b, c] = [cornerAt(outline, (i + n - 1) % n), cornerAt(outline, i), cornerAt(outline, (i + 1) % n)];
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > 0;
  });
  const [first] = corners.sort((a, b) => distance(cornerAt(outline, b)) - distance(cornerAt(outline, a)));
  if (first === undefined || distance(cornerAt(outline, first)) < 1.5 * size) return undefined;
  const corner = cornerAt(outline, first);
  const ends = [cornerAt(outline, (first + n - 1) % n), cornerAt(outline, (first + 1) % n)].map(other => {
    const length = Math.hypot(other[0] - corner[0], other[1] - corner[1]);
    const t = Math.min(size, length / 2) / length;
    return [corner[0] + t * (other[0] - corner[0]), corner[1] + t * (other[1] - corner[1])];
  });
  const [a, b] = ends.map(([x, y]) => `[${mm(x)}, ${mm(y)}]`);
  return `fold: {foil: positive, line_mm: [${a}, ${b}]}`;
}

/** m -> mm with one decimal. */
function mm(metres: number): number {
  return Number((1e3 * metres).toFixed(1));
}
