import type { FieldScan } from '../../src/fieldScan.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox, contains } from '../../src/model/outline.js';
import { median } from '../median.js';

/** What the samples see of a cell. */
export interface Coverage {
  /** How far from its place a sample still sees a current well, m. */
  readonly reach: number;
  /** Part of the outline's area that has a sample within reach. */
  readonly area: number;
  /** Tabs of which a part has no sample within reach, by name. */
  readonly missedTabs: readonly string[];
  readonly above: boolean;
  readonly below: boolean;
}

/** A sample sees as far as it is high, and as far as its neighbours are away. */
const HEIGHTS = 1.5;
const PITCHES = 1.5;
const SPOTS = 60;
const TAB_POINTS = 9;

/** Which parts of the cell lie within reach of the samples. */
export function coverage(scan: FieldScan, cell: Cell): Coverage {
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  const heights = scan.z.map(z => cell.sheets.reduce((least, sheet) => Math.min(least, Math.abs(z - sheet)), Infinity));
  const reach = Math.max(HEIGHTS * median(heights), PITCHES * samplePitch(scan));
  const seen = seenWithin(scan, reach);
  let [inside, covered] = [0, 0];
  for (let i = 0; i < SPOTS * SPOTS; i++) {
    const x = x0 + (((i % SPOTS) + 0.5) * (x1 - x0)) / SPOTS;
    const y = y0 + ((Math.floor(i / SPOTS) + 0.5) * (y1 - y0)) / SPOTS;
    if (!contains(cell.outline, x, y)) continue;
    inside++;
    if (seen(x, y)) covered++;
  }
  const missedTabs = cell.tabs.filter(({ start, end }) =>
    Array.from({ length: TAB_POINTS }, (_, k) => k / (TAB_POINTS - 1)).some(
      t => !seen(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])),
    ),
  );
  const [highest, lowest] = [Math.max(...cell.sheets), Math.min(...cell.sheets)];
  return {
    reach,
    area: covered / Math.max(1, inside),
    missedTabs: missedTabs.map(tab => tab.name),
    above: scan.z.some(z => z > highest),
    below: scan.z.some(z => z < lowest),
  };
}

/** The mean distance of neighbouring samples on the area that they cover, m. */
function samplePitch({ x, y, count }: FieldScan): number {
  const [left, right] = extent(x);
  const [lower, upper] = extent(y);
  return Math.sqrt(((right - left) * (upper - lower)) / count);
}

/** The smallest and the largest one. */
function extent(values: Float64Array): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  return [least, most];
}

/** Boxes along a side of the scan, at most. */
const MOST_BOXES = 500;

/** Whether a sample lies within `reach` of a place. The samples stand in boxes at least as wide: only nine need a look. */
function seenWithin({ x, y, count }: FieldScan, reach: number): (x: number, y: number) => boolean {
  const [left, right] = extent(x);
  const [lower, upper] = extent(y);
  const width = Math.max(reach, (right - left) / MOST_BOXES, (upper - lower) / MOST_BOXES);
  // A box more on every side, which is empty.
  const [column, row] = [
    (px: number) => Math.floor((px - left) / width) + 1,
    (py: number) => Math.floor((py - lower) / width) + 1,
  ];
  const [columns, rows] = [column(right) + 2, row(upper) + 2];
  // The samples of a box are a chain from its first one on.
  const first = new Int32Array(columns * rows).fill(-1);
  const next = new Int32Array(count);
  for (let s = 0; s < count; s++) {
    const box = row(y[s]) * columns + column(x[s]);
    next[s] = first[box];
    first[box] = s;
  }
  return (px, py) => {
    const [c, r] = [column(px), row(py)];
    for (let i = Math.max(0, r - 1); i <= Math.min(rows - 1, r + 1); i++) {
      for (let j = Math.max(0, c - 1); j <= Math.min(columns - 1, c + 1); j++) {
        for (let s = first[i * columns + j]; s >= 0; s = next[s]) {
          if ((x[s] - px) ** 2 + (y[s] - py) ** 2 <= reach * reach) return true;
        }
      }
    }
    return false;
  };
}
