import type { CurrentMap } from '../../src/currentMap.js';
import type { Grid } from '../../src/grid.js';
import { addScaled } from '../../src/linearAlgebra/vectors.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import { type PixelLattice, pixelLattice } from './cubicConvolution.js';
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

/** One map per sheet: harmonic part plus departure. @param lattice of the model on the harmonic maps' grid, where there will be several */
export function sheetMaps(
  model: BoundedModel,
  kept: Float64Array,
  harmonic: HarmonicMaps,
  lattice = pixelLattice(model.interior, harmonic.grid),
): { map: CurrentMap; healthy: CurrentMap }[] {
  const { grid } = harmonic;
  const nodes = model.interior.count;
  const amount = amounts(model, kept);
  return model.departures.map(({ z }, sheet) => {
    const healthy = harmonic.sheet(model, kept, sheet, amount[sheet]);
    const map = { kx: healthy.kx.slice(), ky: healthy.ky.slice(), psi: healthy.psi.slice() };
    addDeparture(map, kept.subarray(sheet * nodes, (sheet + 1) * nodes), lattice);
    for (let i = 0; i < map.psi.length; i++) {
      if (Number.isNaN(healthy.kx[i])) map.psi[i] = healthy.psi[i] = Number.NaN;
    }
    return { map: { grid, z, ...map }, healthy: { grid, z, ...healthy } };
  });
}

/** Adds what the departure does at the pixels. @param departure psi on the nodes, A */
function addDeparture(map: Harmonic, departure: Float64Array, { nodes, width, x, y }: PixelLattice): void {
  const nx = x.first.length;
  const values = Float64Array.from(nodes, node => (node === 0 ? 0 : Math.sign(node) * departure[Math.abs(node) - 1]));
  // psi and d psi/dx on the lattice's rows.
  const [psi, slope] = [x.value, x.slope].map(weights => {
    const out = new Float64Array((values.length / width) * nx);
    for (let row = 0; row < values.length / width; row++) {
      alongRow(
        values.subarray(row * width, (row + 1) * width),
        x.first,
        weights,
        out.subarray(row * nx, (row + 1) * nx),
      );
    }
    return out;
  });
  for (let iy = 0; iy < y.first.length; iy++) {
    for (let b = 0; b < 4; b++) {
      const from = (y.first[iy] + b) * nx;
      const [value, steep] = [y.value[4 * iy + b], y.slope[4 * iy + b]];
      const row = <T extends Float64Array>(all: T, at: number) => all.subarray(at, at + nx);
      addScaled(row(map.psi, iy * nx), value, row(psi, from));
      addScaled(row(map.kx, iy * nx), steep, row(psi, from));
      addScaled(row(map.ky, iy * nx), -value, row(slope, from));
    }
  }
}

/** Sums over four values of a row for every pixel along it. */
function alongRow(values: Float64Array, first: Int32Array, weights: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const at = first[i];
    const w = 4 * i;
    out[i] =
      weights[w] * values[at] +
      weights[w + 1] * values[at + 1] +
      weights[w + 2] * values[at + 2] +
      weights[w + 3] * values[at + 3];
  }
}
