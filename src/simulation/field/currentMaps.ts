import type { CurrentMap } from '../../currentMap.js';
import type { Grid } from '../../grid.js';
import type { Cell } from '../../model/cell.js';
import { boundingBox } from '../../model/outline.js';
import type { CellState } from '../cell/cellModel.js';
import { netStreamFunction } from '../cell/netStreamFunction.js';
import { netFlow, type StackCurrents } from './stackCurrents.js';
import type { StackState } from './stackState.js';

/**
 * The sheet currents of a stack as maps, one per sheet of the cell in the order of `sheets_mm`, laid out as those of an
 * inversion: pixel centres over the outline's bounding box, NaN outside the outline. K of a pixel is the mean over it of
 * both foils of all pairs that are counted to the sheet; the constant of psi is arbitrary.
 */
export function currentMaps(state: StackState, currents: StackCurrents): CurrentMap[] {
  const { cell, pairs } = state.stack;
  const { grid, inside } = currents;
  const crop = cropOf(grid, cell);
  const known = new Map<CellState, Float64Array>();
  const psiOf = (pair: CellState) => {
    if (!known.has(pair)) known.set(pair, netStreamFunction(pair));
    return known.get(pair)!;
  };
  return Array.from(cell.sheets, (z, sheet) => {
    const net = netFlow(currents, sheet);
    const kx = net.alongX.map((v, i) => (inside[i] === 1 ? v / grid.dy : Number.NaN));
    const ky = net.alongY.map((v, i) => (inside[i] === 1 ? v / grid.dx : Number.NaN));
    const psi = Float64Array.from(inside, v => (v === 1 ? 0 : Number.NaN));
    pairs.forEach((pair, k) => {
      if (pair.sheet !== sheet) return;
      const own = psiOf(state.states[k]);
      for (let i = 0; i < psi.length; i++) psi[i] += pair.weight * own[i];
    });
    const of = (values: Float64Array) => cropped(values, grid, crop);
    return { grid: crop.grid, z, psi: of(psi), kx: of(kx), ky: of(ky) };
  });
}

interface Crop {
  readonly grid: Grid;
  readonly left: number;
  readonly below: number;
}

/** The pixels over the outline's bounding box, of which there is a whole number. */
function cropOf(grid: Grid, { outline }: Pick<Cell, 'outline'>): Crop {
  const box = boundingBox(outline);
  const left = Math.round((box.x0 - grid.x0) / grid.dx + 0.5);
  const below = Math.round((box.y0 - grid.y0) / grid.dy + 0.5);
  const nx = Math.round((box.x1 - box.x0) / grid.dx);
  const ny = Math.round((box.y1 - box.y0) / grid.dy);
  return { grid: { ...grid, nx, ny, x0: grid.x0 + left * grid.dx, y0: grid.y0 + below * grid.dy }, left, below };
}

function cropped(values: Float64Array, grid: Grid, { grid: { nx, ny }, left, below }: Crop): Float64Array {
  const out = new Float64Array(nx * ny);
  for (let iy = 0; iy < ny; iy++) {
    const from = (iy + below) * grid.nx + left;
    out.set(values.subarray(from, from + nx), iy * nx);
  }
  return out;
}
