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

/** The rigid motion of a placement: what is at `from` in the cell's axes is at `to` in the pack's, turned by the angle. */
export interface PlacedFrame {
  readonly from: Point;
  readonly to: Point;
  readonly cos: number;
  readonly sin: number;
}

/** See {@link placeCell}; quarter turns are exact. */
export function placedFrame(outline: Outline, { at, rotate_deg }: Placement): PlacedFrame {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const [cos, sin] = cosineAndSine(rotate_deg);
  return { from: [cx, cy], to: [cx - x0 + at[0], cy - y0 + at[1]], cos, sin };
}

function rigidMotion(outline: Outline, placement: Placement): (point: Point) => Point {
  const { from, to, cos, sin } = placedFrame(outline, placement);
  return ([x, y]) => [
    to[0] + cos * (x - from[0]) - sin * (y - from[1]),
    to[1] + sin * (x - from[0]) + cos * (y - from[1]),
  ];
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
