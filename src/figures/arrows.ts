import type { Grid } from '../grid.js';
import type { Box } from './raster.js';
import { num } from './text.js';

export interface ArrowField {
  /** Components along x and y, on the grid of the map. */
  readonly kx: Float64Array;
  readonly ky: Float64Array;
}

export interface ArrowOptions {
  /** Distance of neighbouring arrows, px. */
  readonly spacing?: number;
}

const SHORTEST = 2.2;

/**
 * Arrows of a vector map: each stands for a square of about `spacing` px and shows the *mean* vector there (not the
 * value of one pixel, which would alias noise and fine structure). Its length grows with the square root of the magnitude,
 * so that the direction can be read where little flows, too; the longest just fill their square. Squares that are less than half covered by values get none. White with a thin dark edge, so
 * that they are seen on any colour.
 */
export function arrowField(grid: Grid, field: ArrowField, box: Box, options: ArrowOptions = {}): string {
  const spacing = options.spacing ?? 19;
  const columns = Math.max(1, Math.min(grid.nx, Math.round(box.width / spacing)));
  const rows = Math.max(1, Math.min(grid.ny, Math.round(box.height / spacing)));
  const cellWidth = box.width / columns;
  const cellHeight = box.height / rows;
  const vectors = cellMeans(grid, field, columns, rows);
  const lengths = vectors.map(v => Math.hypot(v.kx, v.ky)).sort((a, b) => a - b);
  // The few largest vectors (beside a narrow tab) must not shrink all others to dots.
  const reference = lengths[Math.floor(0.97 * (lengths.length - 1))] ?? 0;
  if (!(reference > 0)) return '';
  const full = 0.95 * Math.min(cellWidth, cellHeight);
  let faint = '';
  let strong = '';
  for (const { column, row, kx, ky } of vectors) {
    const size = Math.hypot(kx, ky);
    const length = full * Math.min(1.1, Math.sqrt(size / reference));
    if (length < SHORTEST) continue;
    const x = box.x + (column + 0.5) * cellWidth;
    const y = box.y + box.height - (row + 0.5) * cellHeight;
    // On the screen y grows downwards.
    const shape = arrowShape(x, y, kx / size, -ky / size, length);
    if (length < 0.3 * full) faint += shape;
    else strong += shape;
  }
  const group = (d: string, opacity: number) =>
    d === ''
      ? ''
      : `<path d="${d}" fill="#fff" stroke="#000" stroke-opacity="0.55" stroke-width="0.55" stroke-linejoin="round" opacity="${opacity}"/>`;
  return group(faint, 0.7) + group(strong, 1);
}

interface CellVector {
  readonly column: number;
  readonly row: number;
  readonly kx: number;
  readonly ky: number;
}

function cellMeans(grid: Grid, { kx, ky }: ArrowField, columns: number, rows: number): CellVector[] {
  const { nx, ny } = grid;
  const n = columns * rows;
  const sumX = new Float64Array(n);
  const sumY = new Float64Array(n);
  const valid = new Int32Array(n);
  const total = new Int32Array(n);
  for (let iy = 0; iy < ny; iy++) {
    const row = Math.floor((iy * rows) / ny);
    for (let ix = 0; ix < nx; ix++) {
      const cell = row * columns + Math.floor((ix * columns) / nx);
      const i = iy * nx + ix;
      total[cell]++;
      if (!Number.isFinite(kx[i]) || !Number.isFinite(ky[i])) continue;
      valid[cell]++;
      sumX[cell] += kx[i];
      sumY[cell] += ky[i];
    }
  }
  const out: CellVector[] = [];
  for (let cell = 0; cell < n; cell++) {
    if (valid[cell] === 0 || 2 * valid[cell] < total[cell]) continue;
    out.push({
      column: cell % columns,
      row: Math.floor(cell / columns),
      kx: sumX[cell] / valid[cell],
      ky: sumY[cell] / valid[cell],
    });
  }
  return out;
}

// A closed outline about the middle (x, y): shaft, then a head whose size follows the length up to a limit.
function arrowShape(x: number, y: number, ux: number, uy: number, length: number): string {
  const head = Math.min(6, 0.55 * length);
  const headHalf = 0.45 * head;
  const shaftHalf = Math.min(0.8, 0.16 * head + 0.15);
  const neck = length / 2 - head;
  const outline: readonly (readonly [number, number])[] = [
    [-length / 2, -shaftHalf],
    [neck, -shaftHalf],
    [neck, -headHalf],
    [length / 2, 0],
    [neck, headHalf],
    [neck, shaftHalf],
    [-length / 2, shaftHalf],
  ];
  return `M${outline.map(([along, across]) => `${num(x + along * ux - across * uy)} ${num(y + along * uy + across * ux)}`).join('L')}Z`;
}
