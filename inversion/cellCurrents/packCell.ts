import type { Readings } from '../../src/forward/index.js';
import type { Cell } from '../../src/model/cell.js';
import { type Motion, type Placement, placeCell, placementMotion } from '../../src/model/placeCell.js';

/** One cell of a pack: what it is, and where it stands. */
export interface PackCell {
  readonly name: string;
  /** In its own axes; cells that are one object count as alike. */
  readonly cell: Cell;
  readonly placement: Placement;
}

/** A cell of a pack with what follows from its place. */
export interface PlacedCell extends PackCell {
  readonly frame: Motion;
  /** In the axes of the pack, carrying 1 A. */
  readonly placed: Cell;
  /** In its own axes, carrying 1 A; like cells share it. */
  readonly unit: Cell;
}

/** Cells that are alike share their unit cell. */
export function placedCells(cells: readonly PackCell[]): PlacedCell[] {
  const units = new Map<Cell, Cell>();
  return cells.map(own => {
    const unit = units.get(own.cell) ?? { ...own.cell, current: 1 };
    units.set(own.cell, unit);
    return {
      ...own,
      unit,
      placed: placeCell(unit, own.placement),
      frame: placementMotion(own.cell.outline, own.placement),
    };
  });
}

/** Positions (m) and directions of readings in a cell's own axes. */
export function inCellFrame({ from, to, cos, sin }: Motion, readings: Readings): Readings {
  const { x, y, z, nx, ny, nz } = readings;
  return {
    x: x.map((v, r) => from[0] + cos * (v - to[0]) + sin * (y[r] - to[1])),
    y: x.map((v, r) => from[1] - sin * (v - to[0]) + cos * (y[r] - to[1])),
    z,
    nx: nx.map((v, r) => cos * v + sin * ny[r]),
    ny: nx.map((v, r) => -sin * v + cos * ny[r]),
    nz,
  };
}
