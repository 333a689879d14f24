import type { CurrentMap } from '../../src/currentMap.js';
import type { Grid } from '../../src/grid.js';
import { addScaled } from '../../src/linearAlgebra/vectors.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import { interpolationAt } from './interiorLattice.js';
import type { BoundedModel } from './model.js';
import { pixelCurrent } from './pixelCurrent.js';
import type { TabColumns } from './tabColumns.js';

/** Pixels over the outline's bounding box, about `pitch` wide. */
export function mapGrid(cell: Cell, pitch: number): Grid {
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  const nx = Math.max(1, Math.round((x1 - x0) / pitch));
  const ny = Math.max(1, Math.round((y1 - y0) / pitch));
  const [dx, dy] = [(x1 - x0) / nx, (y1 - y0) / ny];
  return { nx, ny, x0: x0 + dx / 2, y0: y0 + dy / 2, dx, dy };
}

/** Current in each sheet, in parts of the stated total; they add up to 1 unless the total is fitted. */
export function amounts(model: BoundedModel, kept: Float64Array): number[] {
  const sheets = model.departures.length;
  const first = sheets * model.interior.count;
  const out = new Array<number>(sheets).fill(1 / sheets);
  model.patterns.forEach(({ shift, current }, p) => {
    if (current) for (let k = 0; k < sheets; k++) out[k] += kept[first + p] / sheets;
    if (shift === undefined) return;
    out[shift] += kept[first + p];
    out[sheets - 1] -= kept[first + p];
  });
  return out;
}

interface Harmonic {
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  readonly psi: Float64Array;
}

/** The maps of the harmonic part: of the base and of every tab column, on the grid's pixels; NaN outside. */
export class HarmonicMaps {
  readonly base: Harmonic;
  readonly columns: readonly Harmonic[];

  constructor(
    tabs: TabColumns,
    readonly grid: Grid,
  ) {
    const x = Float64Array.from({ length: grid.nx }, (_, i) => grid.x0 + i * grid.dx);
    const y = Float64Array.from({ length: grid.ny }, (_, i) => grid.y0 + i * grid.dy);
    const current = pixelCurrent(tabs.fine, x, y, Math.min(grid.dx, grid.dy));
    const of = (psi: Float64Array): Harmonic => ({ ...current(psi), psi: psiAt(tabs, psi, x, y) });
    this.base = of(tabs.base);
    this.columns = tabs.columns.map(({ psi }) => of(psi));
  }

  /** The harmonic part of one sheet, that takes `amount` of the stated current. */
  sheet(model: BoundedModel, kept: Float64Array, sheet: number, amount: number): Harmonic {
    const first = model.departures.length * model.interior.count;
    const scaled = (values: Float64Array) => values.map(v => v * amount);
    const out = { kx: scaled(this.base.kx), ky: scaled(this.base.ky), psi: scaled(this.base.psi) };
    model.patterns.forEach(({ tab }, p) => {
      if (tab?.sheet !== sheet) return;
      for (const map of ['kx', 'ky', 'psi'] as const) {
        addScaled(out[map], kept[first + p], this.columns[tab.column][map]);
      }
    });
    return out;
  }
}

/** Bilinear interpolation of psi on the fine lattice at pixel centres. */
function psiAt({ lattice }: TabColumns, psi: Float64Array, x: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(x.length * y.length);
  for (let iy = 0, i = 0; iy < y.length; iy++) {
    for (let ix = 0; ix < x.length; ix++, i++) {
      const u = (x[ix] - lattice.x0) / lattice.pitch;
      const v = (y[iy] - lattice.y0) / lattice.pitch;
      const [a, b] = [Math.floor(u), Math.floor(v)];
      const [s, t] = [u - a, v - b];
      const at = b * lattice.nx + a;
      out[i] =
        (1 - t) * ((1 - s) * psi[at] + s * psi[at + 1]) +
        t * ((1 - s) * psi[at + lattice.nx] + s * psi[at + lattice.nx + 1]);
    }
  }
  return out;
}

/** Nodes of the departure's lattice that act on a pixel. */
const NEAR = 16;

/** With which weights the nodes of the departure's lattice act on the pixels of a map, {@link NEAR} places for each. */
export interface PixelWeights {
  /** How many of a pixel's places are used. */
  readonly counts: Uint8Array;
  readonly index: Int32Array;
  readonly value: Float64Array;
  readonly slopeX: Float64Array;
  readonly slopeY: Float64Array;
}

export function pixelWeights({ interior }: BoundedModel, grid: Grid): PixelWeights {
  const size = grid.nx * grid.ny;
  const counts = new Uint8Array(size);
  const index = new Int32Array(NEAR * size);
  const array = () => new Float64Array(NEAR * size);
  const [value, slopeX, slopeY] = [array(), array(), array()];
  for (let i = 0; i < size; i++) {
    const part = <T extends Int32Array | Float64Array>(all: T) => all.subarray(NEAR * i, NEAR * (i + 1)) as T;
    counts[i] = interpolationAt(
      interior,
      grid.x0 + (i % grid.nx) * grid.dx,
      grid.y0 + Math.floor(i / grid.nx) * grid.dy,
      part(index),
      part(value),
      part(slopeX),
      part(slopeY),
    );
  }
  return { counts, index, value, slopeX, slopeY };
}

/** One map per sheet: harmonic part plus departure. @param weights of the harmonic maps' grid, where there will be several */
export function sheetMaps(
  model: BoundedModel,
  kept: Float64Array,
  harmonic: HarmonicMaps,
  weights = pixelWeights(model, harmonic.grid),
): { map: CurrentMap; healthy: CurrentMap }[] {
  const { grid } = harmonic;
  const nodes = model.interior.count;
  const amount = amounts(model, kept);
  return model.departures.map(({ z }, sheet) => {
    const healthy = harmonic.sheet(model, kept, sheet, amount[sheet]);
    const map = { kx: healthy.kx.slice(), ky: healthy.ky.slice(), psi: healthy.psi.slice() };
    addDeparture(map, kept.subarray(sheet * nodes, (sheet + 1) * nodes), weights);
    for (let i = 0; i < map.psi.length; i++) {
      if (Number.isNaN(healthy.kx[i])) map.psi[i] = healthy.psi[i] = Number.NaN;
    }
    return { map: { grid, z, ...map }, healthy: { grid, z, ...healthy } };
  });
}

/** Adds what the departure does at the pixels. @param departure psi on the nodes, A */
function addDeparture(map: Harmonic, departure: Float64Array, weights: PixelWeights): void {
  const { counts, index, value, slopeX, slopeY } = weights;
  const { psi, kx, ky } = map;
  for (let i = 0; i < counts.length; i++) {
    let [own, alongX, alongY] = [0, 0, 0];
    for (let k = NEAR * i; k < NEAR * i + counts[i]; k++) {
      const v = departure[index[k]];
      own += value[k] * v;
      alongX += slopeX[k] * v;
      alongY += slopeY[k] * v;
    }
    psi[i] += own;
    kx[i] += alongY;
    ky[i] -= alongX;
  }
}

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
): { kxErrors: Float64Array; kyErrors: Float64Array; resolution: Float64Array } {
  const { grid } = harmonic;
  const nodes = model.interior.count;
  const n = model.kept;
  const first = model.departures.length * nodes;
  const patterns = model.patterns
    .map(({ tab }, p) => ({ at: first + p, tab }))
    .filter(({ tab }) => tab?.sheet === sheet);
  const most = 16 + patterns.length;
  const index = new Int32Array(most);
  const [value, slopeX, slopeY] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  const size = grid.nx * grid.ny;
  const [kxErrors, kyErrors, resolution] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const area = model.interior.dx * model.interior.dy;
  const widest = Math.hypot(grid.nx * grid.dx, grid.ny * grid.dy);
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      if (Number.isNaN(harmonic.base.kx[i])) {
        kxErrors[i] = kyErrors[i] = resolution[i] = Number.NaN;
        continue;
      }
      let m = interpolationAt(
        model.interior,
        grid.x0 + ix * grid.dx,
        grid.y0 + iy * grid.dy,
        index,
        value,
        slopeX,
        slopeY,
      );
      let part = 0;
      let weight = 0;
      for (let k = 0; k < m; k++) {
        if (value[k] > 0) {
          part += value[k] * influence[index[k]];
          weight += value[k];
        }
        index[k] += sheet * nodes;
        slopeX[k] *= -1;
      }
      for (const { at, tab } of patterns) {
        index[m] = at;
        slopeY[m] = harmonic.columns[tab!.column].kx[i];
        slopeX[m] = harmonic.columns[tab!.column].ky[i];
        m++;
      }
      let [vx, vy] = [0, 0];
      for (let a = 0; a < m; a++) {
        const row = index[a] * n;
        let [sx, sy] = [0, 0];
        for (let b = 0; b < m; b++) {
          const c = covariance[row + index[b]];
          sx += slopeY[b] * c;
          sy += slopeX[b] * c;
        }
        vx += slopeY[a] * sx;
        vy += slopeX[a] * sy;
      }
      kxErrors[i] = Math.sqrt(Math.max(0, vx));
      kyErrors[i] = Math.sqrt(Math.max(0, vy));
      const shown = weight > 0 ? Math.max(1e-6, part / weight) : 1e-6;
      resolution[i] = Math.min(widest, 4.43 * Math.sqrt(area / (4 * Math.PI * shown)));
    }
  }
  const smooth = (errors: Float64Array) =>
    overCells(errors, grid, model.interior.dx / grid.dx, model.interior.dy / grid.dy);
  return { kxErrors: smooth(kxErrors), kyErrors: smooth(kyErrors), resolution };
}

/**
 * Mean over a cell of the departure's lattice around every pixel, NaN left out. On the nodes and between them interpolated
 * functions have different variances, which is of the lattice and says nothing of the cell.
 * @param wx width of a cell in pixels @param wy height
 */
function overCells(values: Float64Array, { nx, ny }: Grid, wx: number, wy: number): Float64Array {
  const along = (data: Float64Array, n: number, stride: number, width: number) => {
    const reach = Math.floor((width + 1) / 2);
    return data.map((own, i) => {
      if (Number.isNaN(own)) return own;
      const at = Math.floor(i / stride) % n;
      let [sum, weight] = [0, 0];
      for (let k = Math.max(-reach, -at); k <= Math.min(reach, n - 1 - at); k++) {
        const v = data[i + k * stride];
        // Part of pixel k that lies within half a width.
        const part = Math.min(1, Math.max(0, width / 2 + 0.5 - Math.abs(k)));
        if (Number.isNaN(v)) continue;
        sum += part * v;
        weight += part;
      }
      return sum / weight;
    });
  };
  return along(along(values, nx, 1, wx), ny, nx, wy);
}
