import {
  type FieldVectors,
  type Positions,
  polylineField,
  positionsOf,
  stripField,
  type Vector3,
  zeroField,
} from '../src/biotSavart/index.js';
import type { Cell, Random } from '../src/index.js';

const SEGMENTS = 24;
const UP: Vector3 = [0, 0, 1];

/**
 * Leads as a cable lies on a bench: from the end of each tab a lug of 70 % of its width and 5 to 40 mm, then a cable that leaves
 * straight, bends as a cubic curve and arrives, from any side, at a terminal 0.2 to 0.5 m away and up to 0.1 m higher or lower; and
 * half a metre on from there. Unlike the wires that the planner thinks of: curved instead of three straight parts, other lengths,
 * rises and directions.
 * @returns the field of one draw, T
 */
export function cablesOf({ tabs, current = 0 }: Pick<Cell, 'tabs' | 'current'>, rng: Random) {
  const between = (from: number, to: number) => from + (to - from) * rng.uniform();
  const cables = tabs.map(({ start, end, share, length = 0 }) => {
    const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const out = [(end[1] - start[1]) / width, (start[0] - end[0]) / width];
    const outwards = Math.atan2(out[1], out[0]);
    const at = (distance: number): Vector3 => [
      (start[0] + end[0]) / 2 + distance * out[0],
      (start[1] + end[1]) / 2 + distance * out[1],
      0,
    ];
    const lug = at(length + between(5e-3, 40e-3));
    const away = outwards + between(-1.1, 1.1);
    const distance = between(0.2, 0.5);
    const height = between(-0.1, 0.1);
    const terminal: Vector3 = [lug[0] + distance * Math.cos(away), lug[1] + distance * Math.sin(away), height];
    const stiff = between(20e-3, 80e-3);
    const bent: Vector3 = [lug[0] + stiff * out[0], lug[1] + stiff * out[1], between(-0.3, 0.3) * stiff];
    const [arrival, arm] = [away + between(-1, 1), between(50e-3, 150e-3)];
    const before: Vector3 = [
      terminal[0] - arm * Math.cos(arrival),
      terminal[1] - arm * Math.sin(arrival),
      height + between(-0.3, 0.3) * arm,
    ];
    const path = Array.from({ length: SEGMENTS + 1 }, (_, i): Vector3 => {
      const t = i / SEGMENTS;
      const u = 1 - t;
      return [0, 1, 2].map(
        k => u ** 3 * lug[k] + 3 * u * u * t * bent[k] + 3 * u * t * t * before[k] + t ** 3 * terminal[k],
      ) as unknown as Vector3;
    });
    path.push([terminal[0] + 0.5 * Math.cos(arrival), terminal[1] + 0.5 * Math.sin(arrival), height]);
    const strip = { from: lug, to: at(length), width_m: 0.7 * width, normal: UP };
    // A positive share flows into the cell: from afar along the cable and the lug.
    return { strip, path: path.reverse(), amount: share * current };
  });
  return (points: Positions): FieldVectors => {
    const field = zeroField(points.x.length);
    for (const { strip, path, amount } of cables) {
      stripField(points, strip, amount, field);
      polylineField(points, positionsOf(path), amount, field);
    }
    return field;
  };
}
