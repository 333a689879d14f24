import type { CellState } from './cellModel.js';
import { facesWithTabs } from './sheetCurrent.js';

/**
 * Stream function of the net current of both foils at pixel centres, A, with K = (d psi/dy, -d psi/dx); NaN where there is
 * no foil. Currents through the faces are added up from corner to corner of pixels, within the foils; a pixel's centre
 * has the mean of its four corners. The constant makes psi start at 0 in the first pixel of each piece of foil.
 */
export function netStreamFunction(state: CellState): Float64Array {
  const { grid, positive, negative } = state.model;
  const { nx, ny } = grid;
  const [p, n] = [facesWithTabs(state, 'positive'), facesWithTabs(state, 'negative')];
  const foil = (i: number) => positive[i] > 0 || negative[i] > 0;
  const corners = new Float64Array((nx + 1) * (ny + 1)).fill(Number.NaN);
  const out = new Float64Array(nx * ny).fill(Number.NaN);
  const stack = new Int32Array(nx * ny);
  for (let seed = 0; seed < nx * ny; seed++) {
    if (!foil(seed) || !Number.isNaN(out[seed])) continue;
    let top = 0;
    stack[top++] = seed;
    const first = seed + Math.floor(seed / nx);
    // A corner that another piece of foil has reached already keeps its value, and this piece follows it.
    if (Number.isNaN(corners[first])) corners[first] = 0;
    out[seed] = 0;
    while (top > 0) {
      const i = stack[--top];
      const iy = Math.floor(i / nx);
      const ix = i - iy * nx;
      const lowerLeft = iy * (nx + 1) + ix;
      const upperLeft = lowerLeft + nx + 1;
      const west = iy * (nx + 1) + ix;
      const alongWest = p.x[west] + n.x[west];
      const alongEast = p.x[west + 1] + n.x[west + 1];
      const south = p.y[i] + n.y[i];
      const north = p.y[i + nx] + n.y[i + nx];
      // Going up a side, psi grows by what flows through it to the right; going right, it falls by what flows up.
      for (let round = 0; round < 2; round++) {
        link(corners, lowerLeft, upperLeft, alongWest);
        link(corners, upperLeft, upperLeft + 1, -north);
        link(corners, lowerLeft, lowerLeft + 1, -south);
        link(corners, lowerLeft + 1, upperLeft + 1, alongEast);
      }
      out[i] = (corners[lowerLeft] + corners[lowerLeft + 1] + corners[upperLeft] + corners[upperLeft + 1]) / 4;
      const neighbours = [ix > 0 ? i - 1 : -1, ix + 1 < nx ? i + 1 : -1, i - nx, iy + 1 < ny ? i + nx : -1];
      for (const j of neighbours) {
        if (j < 0 || !foil(j) || !Number.isNaN(out[j])) continue;
        out[j] = 0;
        stack[top++] = j;
      }
    }
  }
  return out;
}

/** Fills whichever of the two corners is not known yet: psi(b) = psi(a) + step. */
function link(corners: Float64Array, a: number, b: number, step: number): void {
  if (Number.isNaN(corners[b])) corners[b] = corners[a] + step;
  else if (Number.isNaN(corners[a])) corners[a] = corners[b] - step;
}
