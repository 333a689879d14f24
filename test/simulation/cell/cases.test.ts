import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../src/formats/npy.js';
import type { Cell } from '../../../src/model/cell.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import type { CellModel, CellState } from '../../../src/simulation/cell/cellModel.js';
import { netSheetCurrent } from '../../../src/simulation/cell/sheetCurrent.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { altered } from './support.js';

const CASES = new URL('../../../../shared/cases/', import.meta.url);

/** A case on the 1 mm pixels of its truth, `[sheet][component][y][x]`. */
interface CaseTruth {
  readonly cell: Cell;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly mask: Float64Array;
  readonly k: Float64Array;
  readonly healthy: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  readonly share: readonly number[];
}

function truthOf(name: string): CaseTruth {
  const folder = new URL(`${name}/`, CASES);
  const array = (file: string) => {
    const { data } = readNpy(readFileSync(new URL(`truth/${file}.npy`, folder))) as { data: ArrayLike<number> };
    return Float64Array.from(data, Number);
  };
  return {
    cell: parseCell(readFileSync(new URL('cell.yaml', folder), 'utf8'), 'cell.yaml'),
    x: array('x_m'),
    y: array('y_m'),
    mask: array('mask'),
    k: array('K_A_per_m'),
    healthy: array('K_healthy_A_per_m'),
    positive: array('conductance_positive'),
    negative: array('conductance_negative'),
    share: JSON.parse(readFileSync(new URL('truth/case.json', folder), 'utf8')).sheet_share,
  };
}

/** The pixel of the truth at a place. */
function at({ x, y }: CaseTruth, u: number, v: number): number {
  return Math.floor(v / (y[1] - y[0])) * x.length + Math.floor(u / (x[1] - x[0]));
}

/** Relative L2 difference of a state from a map of K, the state's pixels of 0.5 mm averaged over the truth's. */
function difference(state: CellState, truth: CaseTruth, map: Float64Array, sheet = 0): number {
  const { grid, inside } = state.model;
  const n = truth.mask.length;
  const net = netSheetCurrent(state);
  const mean = new Float64Array(2 * n);
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      if (!inside[i]) continue;
      const t = at(truth, grid.x0 + ix * grid.dx, grid.y0 + iy * grid.dy);
      mean[t] += net.kx[i] / 4;
      mean[n + t] += net.ky[i] / 4;
    }
  }
  let [squares, whole] = [0, 0];
  for (let c = 0; c < 2; c++) {
    for (let t = 0; t < n; t++) {
      if (!truth.mask[t]) continue;
      const exact = map[(2 * sheet + c) * n + t];
      squares += (mean[c * n + t] - exact) ** 2;
      whole += exact ** 2;
    }
  }
  return Math.sqrt(squares / whole);
}

/** Lengths of tabs that `cell.yaml` leaves out: told in `case.json` for the first, the others found from the healthy map. */
const LENGTHS: Record<string, number | undefined> = {
  'same-side-tabs': 0.015,
  'notched-outline': 0.012,
  'steep-leads': 0.015,
};

const PITCH = 5e-4;

function healthyModel(name: string, truth: CaseTruth): CellModel {
  const length = LENGTHS[name];
  const tabs = length === undefined ? truth.cell.tabs : truth.cell.tabs.map(tab => ({ ...tab, length }));
  return cellModel({ ...truth.cell, tabs }, { pitch: PITCH });
}

/** What is wrong, m; the maps of conductance show it on 1 mm, the simulation behind them had 0.5 mm. */
const disc = (x: number, y: number, r: number, left: number) => (u: number, v: number) =>
  Math.hypot(u - x, v - y) < r ? left : 1;
const DAMAGE = {
  'same-side-tabs': { positive: disc(0.035, 0.09, 0.014, 0.1) },
  'counter-tabs': {
    positive: (u: number, v: number) => (u > 0.05 && u < 0.09 && v > 0.08 && v < 0.0825 ? 1e-4 : 1),
  },
  'notched-outline': { negative: disc(0.07, 0.055, 0.01, 0.05) },
  'steep-leads': { positive: disc(0.03, 0.075, 0.011, 0.1) },
  'two-sheets': { positive: disc(0.028, 0.072, 0.013, 0.03) },
} as const;

describe.skipIf(!existsSync(CASES))('the simulated cases, whose program shares nothing with this one', () => {
  it.each(Object.keys(DAMAGE) as (keyof typeof DAMAGE)[])('%s', name => {
    const truth = truthOf(name);
    const { cell, share, mask } = truth;
    const model = healthyModel(name, truth);
    const damaged = altered(model, DAMAGE[name]);
    // The damage is the one of the maps.
    const n = mask.length;
    for (const [foil, whole, map] of [
      [damaged.positive, 378, truth.positive],
      [damaged.negative, 596, truth.negative],
    ] as const) {
      const mean = new Float64Array(n);
      const { grid } = model;
      for (let i = 0; i < foil.length; i++) {
        if (!model.inside[i]) continue;
        const [u, v] = [grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy];
        mean[at(truth, u, v)] += foil[i] / whole / 4;
      }
      for (let t = 0; t < n; t++) if (mask[t]) expect(Math.abs(mean[t] - map[t])).toBeLessThan(1e-6);
    }
    // The truth is stored in single precision. Where there are two sheets, the second is healthy.
    expect(difference(steadyState(model, cell.current!), truth, truth.healthy)).toBeLessThan(1e-7);
    expect(difference(steadyState(damaged, share[0] * cell.current!), truth, truth.k)).toBeLessThan(1e-7);
    if (share.length === 1) return;
    expect(difference(steadyState(model, share[1] * cell.current!), truth, truth.k, 1)).toBeLessThan(1e-7);
  });
});
