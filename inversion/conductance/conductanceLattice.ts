import type { Grid } from '../../src/grid.js';
import type { Cell } from '../../src/model/cell.js';
import { contains } from '../../src/model/outline.js';
import { mapGrid } from '../bounded/maps.js';

/**
 * Pixels of a foil, the faces between them, and the nodes at their corners, where psi stands. A face joins two nodes: the
 * current through it in the direction of +x or +y is psi(to) - psi(from), A. This is the dual of the finite volumes of the
 * simulation (`src/simulation/cell`), so that both solve the same equations.
 */
export interface ConductanceLattice {
  readonly grid: Grid;
  /** The pitch that was asked for, m. */
  readonly pitch: number;
  /** Index of the foil's pixel for every pixel of the grid, -1 outside. */
  readonly pixelOf: Int32Array;
  /** Pixel of the grid for every pixel of the foil. */
  readonly pixels: Int32Array;
  /** Nodes whose four pixels belong to the foil: where the departure is unknown. */
  readonly nodes: {
    readonly count: number;
    /** m */
    readonly x: Float64Array;
    readonly y: Float64Array;
    /** Largest difference of the indices of two neighbours. */
    readonly band: number;
    /** Of every corner of the grid, `[iy][ix]`, (ny + 1) x (nx + 1); -1 on the outline and outside. */
    readonly of: Int32Array;
  };
  readonly faces: {
    readonly count: number;
    /** The foil's pixels on both sides. */
    readonly low: Int32Array;
    readonly high: Int32Array;
    /** Nodes at its ends, -1 on the outline. */
    readonly from: Int32Array;
    readonly to: Int32Array;
    /** The corners of the grid at its ends. */
    readonly cornerFrom: Int32Array;
    readonly cornerTo: Int32Array;
    /** Distance of the two pixels' centres over the width of the face. */
    readonly shape: Float64Array;
    /** The number of faces across x; they come first. */
    readonly acrossX: number;
  };
}

/** @param pitch m; the outline's bounding box is a whole number of pixels */
export function conductanceLattice(cell: Cell, pitch: number): ConductanceLattice {
  const grid = mapGrid(cell, pitch);
  const { nx, ny, x0, y0, dx, dy } = grid;
  // Along the shorter side first: neighbours are never far from each other.
  const wide = nx > ny;
  const pixelOf = new Int32Array(nx * ny).fill(-1);
  const pixels: number[] = [];
  for (let k = 0; k < (wide ? nx : ny); k++) {
    for (let l = 0; l < (wide ? ny : nx); l++) {
      const [ix, iy] = wide ? [k, l] : [l, k];
      if (!contains(cell.outline, x0 + ix * dx, y0 + iy * dy)) continue;
      pixelOf[iy * nx + ix] = pixels.length;
      pixels.push(iy * nx + ix);
    }
  }
  const at = (ix: number, iy: number) => (ix < 0 || iy < 0 || ix >= nx || iy >= ny ? -1 : pixelOf[iy * nx + ix]);
  const of = new Int32Array((nx + 1) * (ny + 1)).fill(-1);
  const [xs, ys]: number[][] = [[], []];
  for (let k = 1; k < (wide ? nx : ny); k++) {
    for (let l = 1; l < (wide ? ny : nx); l++) {
      const [ix, iy] = wide ? [k, l] : [l, k];
      if (at(ix - 1, iy - 1) < 0 || at(ix, iy - 1) < 0 || at(ix - 1, iy) < 0 || at(ix, iy) < 0) continue;
      of[iy * (nx + 1) + ix] = xs.length;
      xs.push(x0 + (ix - 0.5) * dx);
      ys.push(y0 + (iy - 0.5) * dy);
    }
  }
  const parts = { low: [], high: [], cornerFrom: [], cornerTo: [], shape: [] } as Record<string, number[]>;
  const add = (low: number, high: number, cornerFrom: number, cornerTo: number, shape: number) => {
    if (low < 0 || high < 0) return;
    parts.low.push(low);
    parts.high.push(high);
    parts.cornerFrom.push(cornerFrom);
    parts.cornerTo.push(cornerTo);
    parts.shape.push(shape);
  };
  const corner = (ix: number, iy: number) => iy * (nx + 1) + ix;
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix + 1 < nx; ix++) {
      add(at(ix, iy), at(ix + 1, iy), corner(ix + 1, iy), corner(ix + 1, iy + 1), dx / dy);
    }
  }
  const acrossX = parts.low.length;
  for (let iy = 0; iy + 1 < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      add(at(ix, iy), at(ix, iy + 1), corner(ix + 1, iy + 1), corner(ix, iy + 1), dy / dx);
    }
  }
  const from = Int32Array.from(parts.cornerFrom, c => of[c]);
  const to = Int32Array.from(parts.cornerTo, c => of[c]);
  let band = 1;
  for (let f = 0; f < from.length; f++) {
    if (from[f] >= 0 && to[f] >= 0) band = Math.max(band, Math.abs(from[f] - to[f]));
  }
  return {
    grid,
    pitch,
    pixelOf,
    pixels: Int32Array.from(pixels),
    nodes: { count: xs.length, x: Float64Array.from(xs), y: Float64Array.from(ys), band, of },
    faces: {
      count: from.length,
      low: Int32Array.from(parts.low),
      high: Int32Array.from(parts.high),
      from,
      to,
      cornerFrom: Int32Array.from(parts.cornerFrom),
      cornerTo: Int32Array.from(parts.cornerTo),
      shape: Float64Array.from(parts.shape),
      acrossX,
    },
  };
}
