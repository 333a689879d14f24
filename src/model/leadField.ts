import {
  type FieldVectors,
  type Positions,
  polylineField,
  positionsOf,
  stripField,
  type Vector3,
} from '../biotSavart/index.js';
import type { Lead } from './cell.js';

/** A piece that advances less than this part of its rise counts as upright. */
const UPRIGHT = 1e-3;

/**
 * Adds the field (T) of a known lead, a thin wire or, with a width, flat strips along its path.
 * @param current A along the path
 */
export function leadField(points: Positions, lead: Lead, current: number, out: FieldVectors): void {
  if (lead.width === undefined) {
    polylineField(points, positionsOf(lead.path), current, out);
    return;
  }
  for (let i = 1; i < lead.path.length; i++) {
    const strip = { from: lead.path[i - 1], to: lead.path[i], width_m: lead.width, normal: normalOf(lead, i) };
    stripField(points, strip, current, out);
  }
}

/** A flat lead faces up; where it rises it was folded, across the level piece before or behind, and faces along that. */
function normalOf({ path }: Lead, segment: number): Vector3 {
  const level = (i: number): Vector3 | undefined => {
    if (i < 1 || i >= path.length) return undefined;
    const [x, y] = [path[i][0] - path[i - 1][0], path[i][1] - path[i - 1][1]];
    const rise = Math.abs(path[i][2] - path[i - 1][2]);
    return Math.hypot(x, y) > UPRIGHT * rise ? [x, y, 0] : undefined;
  };
  if (level(segment) !== undefined) return [0, 0, 1];
  return level(segment - 1) ?? level(segment + 1) ?? [1, 0, 0];
}
