import type { Grid } from '../../src/grid.js';
import { type PixelLattice, pixelLattice } from './cubicConvolution.js';
import type { HarmonicMaps } from './maps.js';
import type { BoundedModel } from './model.js';
import { NearPosterior } from './nearPosterior.js';

/**
 * Standard errors of K and the width of the point spread at every pixel of one sheet.
 *
 * Kx and Ky are linear in the kept unknowns, so their variance is that of the posterior covariance C. The influence
 * R = 1 - C P of a node says which part of its own value it would show; a map that shows all wave numbers below k and none
 * above has R = dx dy k^2 / 4 pi and a point spread 2 J1(kr)/(kr), whose full width at half maximum is 4.43 / k.
 * @param influence diagonal of R at the nodes of this sheet
 */
export function sheetErrors(
  model: BoundedModel,
  covariance: Float64Array,
  influence: Float64Array,
  harmonic: HarmonicMaps,
  sheet: number,
  lattice = pixelLattice(model.interior, harmonic.grid),
): { kxErrors: Float64Array; kyErrors: Float64Array; resolution: Float64Array } {
  const { grid } = harmonic;
  const { kx, ky, shown } = pixelErrors(model, covariance, influence, harmonic, sheet, lattice);
  const area = model.interior.dx * model.interior.dy;
  const widest = Math.hypot(grid.nx * grid.dx, grid.ny * grid.dy);
  const smooth = (errors: Float64Array) =>
    overCells(errors, grid, model.interior.dx / grid.dx, model.interior.dy / grid.dy);
  return {
    kxErrors: smooth(kx),
    kyErrors: smooth(ky),
    resolution: shown.map(part => Math.min(widest, 4.43 * Math.sqrt(area / (4 * Math.PI * Math.max(1e-6, part))))),
  };
}

/** Standard errors of Kx and Ky, A/m, and the influence at every pixel; NaN outside. What the pixels of a cell of the lattice share is made once. */
export function pixelErrors(
  model: BoundedModel,
  covariance: Float64Array,
  influence: Float64Array,
  harmonic: HarmonicMaps,
  sheet: number,
  lattice: PixelLattice,
): { readonly kx: Float64Array; readonly ky: Float64Array; readonly shown: Float64Array } {
  const { x, y } = lattice;
  const { nx, ny } = harmonic.grid;
  const [kx, ky, shown] = [0, 1, 2].map(() => new Float64Array(nx * ny).fill(Number.NaN));
  const near = new NearPosterior(model, covariance, influence, harmonic, sheet, lattice);
  const inside = harmonic.base.kx;
  for (const rows of runs(y.first)) {
    for (const columns of runs(x.first)) {
      if (!someInside(inside, nx, rows, columns)) continue;
      near.atCell(x.first[columns.from], y.first[rows.from]);
      for (let ix = columns.from; ix < columns.to; ix++) {
        near.atColumn(ix);
        for (let iy = rows.from; iy < rows.to; iy++) {
          const i = iy * nx + ix;
          if (Number.isNaN(inside[i])) continue;
          kx[i] = Math.sqrt(Math.max(0, near.varianceOfKx(i, iy)));
          ky[i] = Math.sqrt(Math.max(0, near.varianceOfKy(i, iy)));
          shown[i] = near.influenceAt(ix, iy);
        }
      }
    }
  }
  return { kx, ky, shown };
}

interface Run {
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** Where the same number stands several times, one after the other. */
function runs(numbers: Int32Array): Run[] {
  const out: Run[] = [];
  for (let from = 0; from < numbers.length; ) {
    let to = from + 1;
    while (to < numbers.length && numbers[to] === numbers[from]) to++;
    out.push({ from, to });
    from = to;
  }
  return out;
}

function someInside(inside: Float64Array, nx: number, rows: Run, columns: Run): boolean {
  for (let iy = rows.from; iy < rows.to; iy++) {
    for (let ix = columns.from; ix < columns.to; ix++) if (!Number.isNaN(inside[iy * nx + ix])) return true;
  }
  return false;
}

/**
 * Mean over a cell of the departure's lattice around every pixel, NaN left out. On the nodes and between them interpolated
 * functions have different variances, which is of the lattice and says nothing of the cell.
 * @param wx width of a cell in pixels @param wy height
 */
function overCells(values: Float64Array, { nx, ny }: Grid, wx: number, wy: number): Float64Array {
  const out = values.slice();
  const sums = { values: new Float64Array(Math.max(nx, ny) + 1), known: new Float64Array(Math.max(nx, ny) + 1) };
  for (let iy = 0; iy < ny; iy++) meansAlong(out, iy * nx, nx, 1, wx, sums);
  for (let ix = 0; ix < nx; ix++) meansAlong(out, ix, ny, nx, wy, sums);
  return out;
}

/** Means over intervals of so many pixels about each pixel of a line, in place. @param sums room for those of all pixels before */
function meansAlong(
  data: Float64Array,
  first: number,
  n: number,
  stride: number,
  width: number,
  sums: { readonly values: Float64Array; readonly known: Float64Array },
): void {
  const { values, known } = sums;
  for (let i = 0, at = first; i < n; i++, at += stride) {
    const some = !Number.isNaN(data[at]);
    values[i + 1] = values[i] + (some ? data[at] : 0);
    known[i + 1] = known[i] + (some ? 1 : 0);
  }
  for (let i = 0, at = first; i < n; i++, at += stride) {
    if (Number.isNaN(data[at])) continue;
    const from = Math.max(0, i + 0.5 - width / 2);
    const to = Math.min(n, i + 0.5 + width / 2);
    data[at] = (between(values, to) - between(values, from)) / (between(known, to) - between(known, from));
  }
}

/** The sums up to a place between two pixels, at most their number. */
function between(sums: Float64Array, place: number): number {
  const i = Math.floor(place);
  const part = place - i;
  return part === 0 ? sums[i] : sums[i] + part * (sums[i + 1] - sums[i]);
}
