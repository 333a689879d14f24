import type { FieldScan } from '../../src/fieldScan.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox, contains } from '../../src/model/outline.js';

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
  const heights = scan.z.map(z => Math.min(...Array.from(cell.sheets, sheet => Math.abs(z - sheet)))).sort();
  const reach = Math.max(HEIGHTS * heights[heights.length >> 1], PITCHES * samplePitch(scan));
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
  let [left, right, lower, upper] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let s = 0; s < count; s++) {
    left = Math.min(left, x[s]);
    right = Math.max(right, x[s]);
    lower = Math.min(lower, y[s]);
    upper = Math.max(upper, y[s]);
  }
  return Math.sqrt(((right - left) * (upper - lower)) / count);
}

/** Whether a sample lies within `reach` of a place. */
function seenWithin(scan: FieldScan, reach: number): (x: number, y: number) => boolean {
  const box = (v: number) => Math.floor(v / reach);
  const boxes = new Map<string, number[]>();
  for (let s = 0; s < scan.count; s++) {
    const key = `${box(scan.x[s])},${box(scan.y[s])}`;
    const members = boxes.get(key);
    if (members === undefined) boxes.set(key, [s]);
    else members.push(s);
  }
  return (x, y) => {
    for (let k = 0; k < 9; k++) {
      const key = `${box(x) + (k % 3) - 1},${box(y) + Math.floor(k / 3) - 1}`;
      if (boxes.get(key)?.some(s => Math.hypot(scan.x[s] - x, scan.y[s] - y) <= reach)) return true;
    }
    return false;
  };
}
