import {
  type FieldVectors,
  type Positions,
  polylineField,
  positionsOf,
  stripField,
  type Vector3,
  zeroField,
} from '../../src/biotSavart/index.js';
import type { Random } from '../../src/random.js';
import type { DrivenCell } from './simulatedCell.js';

/** Lengths, m, turns, rad, and slopes of the parts of a wire: from, to. */
const STRIP: Range = [8e-3, 25e-3];
const REACHES: readonly Range[] = [
  [5e-3, 30e-3],
  [30e-3, 100e-3],
  [0.6, 0.6],
];
const TURN: Range = [-0.8, 0.8];
const RISE: Range = [-0.4, 0.5];

type Range = readonly [number, number];

/**
 * Leads as they may run when nobody describes them: from the end of each tab a strip of its width straight on for 8 to 25 mm,
 * then a thin wire of three parts, each turned by up to 0.8 rad and rising or falling by up to half its length, the last
 * one 0.6 m long. Beyond that the circuit is open.
 * @returns the field of one draw, T
 */
export function likelyWires({ tabs, current }: Pick<DrivenCell, 'tabs' | 'current'>, rng: Random) {
  const between = ([from, to]: Range) => from + (to - from) * rng.uniform();
  const wires = tabs.map(({ start, end, share, length = 0 }) => {
    const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const out = [(end[1] - start[1]) / width, (start[0] - end[0]) / width];
    const at = (distance: number): Vector3 => [
      (start[0] + end[0]) / 2 + distance * out[0],
      (start[1] + end[1]) / 2 + distance * out[1],
      0,
    ];
    const strip = at(length + between(STRIP));
    let [x, y, z]: Vector3 = strip;
    let angle = Math.atan2(out[1], out[0]);
    const path: Vector3[] = [strip];
    for (const range of REACHES) {
      const reach = between(range);
      angle += between(TURN);
      x += reach * Math.cos(angle);
      y += reach * Math.sin(angle);
      z += reach * between(RISE);
      path.push([x, y, z]);
    }
    // A positive share flows into the cell: from afar along the wire and the strip.
    const amount = share * current;
    return { strip: { from: strip, to: at(length), width_m: width, normal: UP }, path: path.reverse(), amount };
  });
  return (points: Positions): FieldVectors => {
    const out = zeroField(points.x.length);
    for (const { strip, path, amount } of wires) {
      stripField(points, strip, amount, out);
      polylineField(points, positionsOf(path), amount, out);
    }
    return out;
  };
}

const UP: Vector3 = [0, 0, 1];
