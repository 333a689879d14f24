import type { Polarity } from '../../model/cell.js';
import type { CellState, Faces } from './cellModel.js';

/** A sheet current at pixel centres, A/m, row-major; 0 outside the foil. */
export interface SheetCurrent {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
}

/**
 * The current of one foil through all faces of pixels, those of the rim included where a tab's current comes through
 * them, A, in the direction of +x and +y: what enters a pixel through its faces leaves it through the electrodes. Where a
 * slanted edge makes steps, a pixel takes the tab's current through its sides in the ratio of the normal's components; a
 * side that has foil behind it takes none.
 */
export function facesWithTabs(state: CellState, polarity: Polarity): Faces {
  const { model, current } = state;
  const { nx, ny } = model.grid;
  const inner = polarity === 'positive' ? state.positiveFaces : state.negativeFaces;
  const foil = polarity === 'positive' ? model.positive : model.negative;
  const out = { x: inner.x.slice(), y: inner.y.slice() };
  const empty = (ix: number, iy: number) => ix < 0 || iy < 0 || ix >= nx || iy >= ny || foil[iy * nx + ix] === 0;
  for (const tab of model.tabs) {
    if (tab.polarity !== polarity) continue;
    const [stepX, stepY] = [Math.sign(tab.normal[0]), Math.sign(tab.normal[1])];
    for (let j = 0; j < tab.pixels.length; j++) {
      const iy = Math.floor(tab.pixels[j] / nx);
      const ix = tab.pixels[j] - iy * nx;
      const amount = current * tab.share * tab.part[j];
      const wx = Math.abs(tab.normal[0]) > 1e-9 && empty(ix + stepX, iy) ? Math.abs(tab.normal[0]) : 0;
      const wy = Math.abs(tab.normal[1]) > 1e-9 && empty(ix, iy + stepY) ? Math.abs(tab.normal[1]) : 0;
      if (wx + wy === 0) continue;
      // What comes in flows against the normal.
      if (wx > 0) out.x[iy * (nx + 1) + ix + (stepX > 0 ? 1 : 0)] -= (stepX * amount * wx) / (wx + wy);
      if (wy > 0) out.y[(iy + (stepY > 0 ? 1 : 0)) * nx + ix] -= (stepY * amount * wy) / (wx + wy);
    }
  }
  return out;
}

/** Sheet current density of one foil at pixel centres: the mean of the two faces along each direction. */
export function sheetCurrent(state: CellState, polarity: Polarity): SheetCurrent {
  const { nx, ny, dx, dy } = state.model.grid;
  const faces = facesWithTabs(state, polarity);
  const foil = polarity === 'positive' ? state.model.positive : state.model.negative;
  const kx = new Float64Array(nx * ny);
  const ky = new Float64Array(nx * ny);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      // What comes in through a face of the outline has no foil before it.
      if (foil[i] === 0) continue;
      const west = iy * (nx + 1) + ix;
      kx[i] = (faces.x[west] + faces.x[west + 1]) / (2 * dy);
      ky[i] = (faces.y[i] + faces.y[i + nx]) / (2 * dx);
    }
  }
  return { kx, ky };
}

/** The net sheet current of both foils, which is what is seen from afar. */
export function netSheetCurrent(state: CellState): SheetCurrent {
  const positive = sheetCurrent(state, 'positive');
  const negative = sheetCurrent(state, 'negative');
  const sum = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + b[i]);
  return { kx: sum(positive.kx, negative.kx), ky: sum(positive.ky, negative.ky) };
}
