import { describe, expect, it } from 'vitest';
import { cellModel } from '../../../src/simulation/cell/buildModel.js';
import { netStreamFunction } from '../../../src/simulation/cell/netStreamFunction.js';
import { netSheetCurrent } from '../../../src/simulation/cell/sheetCurrent.js';
import { steadyState } from '../../../src/simulation/cell/steadyState.js';
import { altered, notchedCell, referenceCell } from './support.js';

describe('the stream function of the net current', () => {
  it('has K = (d psi/dy, -d psi/dx), also round a hole in both foils', () => {
    const hole = (x: number, y: number) => (Math.hypot(x - 0.06, y - 0.05) < 0.012 ? 0 : 1);
    const model = altered(cellModel(notchedCell(0.012), { pitch: 1e-3 }), {
      positive: hole,
      negative: hole,
      reaction: hole,
    });
    const state = steadyState(model, 1);
    const psi = netStreamFunction(state);
    const { kx, ky } = netSheetCurrent(state);
    const { nx, dx, dy } = model.grid;
    // The mean of two corners' differences over three pixels is K's mean over them, weighted 1, 2, 1.
    const smooth = (k: Float64Array, i: number, step: number) => (k[i - step] + 2 * k[i] + k[i + step]) / 4;
    let compared = 0;
    let worst = 0;
    for (let i = nx + 1; i < psi.length - nx - 1; i++) {
      const around = [i - nx - 1, i - nx, i - nx + 1, i - 1, i, i + 1, i + nx - 1, i + nx, i + nx + 1];
      if (around.some(j => Number.isNaN(psi[j]) || i % nx === 0 || i % nx === nx - 1)) continue;
      compared++;
      worst = Math.max(worst, Math.abs((psi[i + nx] - psi[i - nx]) / (2 * dy) - smooth(kx, i, nx)));
      worst = Math.max(worst, Math.abs(-(psi[i + 1] - psi[i - 1]) / (2 * dx) - smooth(ky, i, 1)));
    }
    expect(compared).toBeGreaterThan(8000);
    // Exact but for what differs between the faces of a pixel along the current, of second order.
    expect(worst).toBeLessThan(0.02 * Math.max(...kx.map(Math.abs)));
    expect(psi.filter(Number.isNaN).length).toBe(
      model.inside.length - kx.filter((_, i) => model.positive[i] > 0 || model.negative[i] > 0).length,
    );
  });

  it('rises by the current from one side of the cell to the other', () => {
    const state = steadyState(cellModel(referenceCell('counter', 1e-3), { pitch: 2e-3 }), 3);
    const psi = netStreamFunction(state);
    const { kx, ky } = netSheetCurrent(state);
    const { nx, dx, ny } = state.model.grid;
    const row = (ny / 2) * nx;
    // 3 A flow down, all but half a pixel at either side.
    const sides = (-dx * (ky[row] + ky[row + nx - 1])) / 2;
    expect(psi[row + nx - 1] - psi[row] + sides).toBeCloseTo(3, 9);
    expect(Math.abs(kx[row])).toBeLessThan(1e-2 * Math.abs(ky[row]));
  });
});
