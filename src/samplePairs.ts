import type { FieldScan } from './fieldScan.js';

/** Directions whose cosine is larger are the same. */
const SAME_DIRECTION = 0.999;

/**
 * The sample of another scan that is nearest to each sample, among those of the same direction where both scans have `b`.
 * @param reach samples further apart than this, m, are not the same place
 * @returns an index per sample of `scan`; -1 where there is none
 */
export function nearestSamples(scan: FieldScan, other: FieldScan, reach: number): Int32Array {
  // Boxes as large as the search reaches: a partner is in the own box or a neighbouring one.
  const box = (v: number) => Math.floor(v / reach);
  const boxes = new Map<string, number[]>();
  for (let r = 0; r < other.count; r++) {
    const key = `${box(other.x[r])},${box(other.y[r])},${box(other.z[r])}`;
    const members = boxes.get(key);
    if (members === undefined) boxes.set(key, [r]);
    else members.push(r);
  }
  const out = new Int32Array(scan.count).fill(-1);
  for (let s = 0; s < scan.count; s++) {
    const [bx, by, bz] = [box(scan.x[s]), box(scan.y[s]), box(scan.z[s])];
    let least = reach * (1 + 1e-9);
    for (let k = 0; k < 27; k++) {
      const key = `${bx + (k % 3) - 1},${by + (Math.floor(k / 3) % 3) - 1},${bz + Math.floor(k / 9) - 1}`;
      for (const r of boxes.get(key) ?? []) {
        if (!sameDirection(scan, s, other, r)) continue;
        const distance = Math.hypot(scan.x[s] - other.x[r], scan.y[s] - other.y[r], scan.z[s] - other.z[r]);
        if (distance > least) continue;
        least = distance;
        out[s] = r;
      }
    }
  }
  return out;
}

function sameDirection(scan: FieldScan, s: number, other: FieldScan, r: number): boolean {
  const [a, b] = [scan.direction, other.direction];
  if (a === undefined || b === undefined) return true;
  return a.x[s] * b.x[r] + a.y[s] * b.y[r] + a.z[s] * b.z[r] > SAME_DIRECTION;
}
