import type { Vector3 } from '../biotSavart/buffers.js';
import type { Cell } from './cell.js';
import { boundingBox, cornerAt, cornerCount, type Outline, type Point, polygonOutline } from './outline.js';

/** Where a cell stands; see `pack.yaml`. */
export interface Placement {
  /** Lower left corner of the bounding box of the unrotated outline, m. */
  readonly at: Point;
  /** Anticlockwise, about the centre of that box, degrees. */
  readonly rotate_deg: number;
}

/**
 * The cell in the axes of the pack. The outline is rotated about the centre of its bounding box, then shifted so that
 * the lower left corner of the *unrotated* box lies at `at`; tabs, known leads, masked and magnetic parts move along.
 * Heights stay, and so does the applied field, which belongs to the room and not to the cell.
 */
export function placeCell(cell: Cell, placement: Placement): Cell {
  const move = rigidMotion(cell.outline, placement);
  const moveOutline = (outline: Outline) =>
    polygonOutline(Array.from({ length: cornerCount(outline) }, (_, i) => move(cornerAt(outline, i))));
  const moveVector = ([x, y, z]: Vector3): Vector3 => [...move([x, y]), z];
  return {
    ...cell,
    outline: moveOutline(cell.outline),
    tabs: cell.tabs.map(tab => ({ ...tab, start: move(tab.start), end: move(tab.end) })),
    leads: cell.leads.map(lead => ({ ...lead, path: lead.path.map(moveVector) })),
    masked: cell.masked.map(moveOutline),
    magneticParts: cell.magneticParts.map(part => ({ ...part, position: moveVector(part.position) })),
  };
}

function rigidMotion(outline: Outline, placement: Placement): (point: Point) => Point {
  const { cos, sin, from, to } = placementMotion(outline, placement);
  return ([x, y]) => [
    to[0] + cos * (x - from[0]) - sin * (y - from[1]),
    to[1] + sin * (x - from[0]) + cos * (y - from[1]),
  ];
}

/** A turn about `from` (anticlockwise by the angle of this cosine and sine), then a shift of that point to `to`, m. */
export interface Motion {
  readonly cos: number;
  readonly sin: number;
  readonly from: Point;
  readonly to: Point;
}

/** The motion from the axes of a cell to those of its pack; `outline` is the unrotated one. */
export function placementMotion(outline: Outline, { at, rotate_deg }: Placement): Motion {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const from = [(x0 + x1) / 2, (y0 + y1) / 2] as const;
  const [cos, sin] = cosineAndSine(rotate_deg);
  return { cos, sin, from, to: [from[0] - x0 + at[0], from[1] - y0 + at[1]] };
}

/** Quarter turns without the rounding of pi. */
function cosineAndSine(degrees: number): readonly [number, number] {
  const quarter = (((degrees / 90) % 4) + 4) % 4;
  if (Number.isInteger(quarter))
    return (
      [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ] as const
    )[quarter];
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}
