import type { Cell, Polarity, Tab } from '../../../src/model/cell.js';
import { type Point, polygonOutline, rectangleOutline } from '../../../src/model/outline.js';
import type { CellModel, CellState } from '../../../src/simulation/cell/cellModel.js';
import { facesWithTabs } from '../../../src/simulation/cell/sheetCurrent.js';

/** Sheet conductances of the reference foils, S: 10 um of aluminium and of copper. */
export const POSITIVE = 378;
export const NEGATIVE = 596;

/** ohm cm^2 in ohm m^2. */
export const OHM_CM2 = 1e-4;

export function tab(polarity: Polarity, start: Point, end: Point, share: number, length?: number): Tab {
  return { name: polarity, polarity, start, end, share, ...(length === undefined ? {} : { length }) };
}

/** A cell with reference foils. */
export function cellOf(outline: Cell['outline'], tabs: readonly Tab[], areaResistance = 10 * OHM_CM2): Cell {
  return {
    name: 'test',
    outline,
    thickness: 8e-3,
    sheets: new Float64Array([0]),
    current: 1,
    tabs,
    leads: [],
    electrical: {
      pairs: 1,
      positiveFoil: { thickness: 1e-5, conductivity: 3.78e7 },
      negativeFoil: { thickness: 1e-5, conductivity: 5.96e7 },
      areaResistance,
    },
    masked: [],
    magneticParts: [],
  };
}

/** The reference cell of 140 x 200 mm with both tabs at the top, or the negative one at the bottom. */
export function referenceCell(side: 'same' | 'counter', areaResistance: number): Cell {
  const tabs =
    side === 'same'
      ? [tab('positive', [0.057, 0.2], [0.013, 0.2], 1), tab('negative', [0.127, 0.2], [0.083, 0.2], -1)]
      : [tab('positive', [0.092, 0.2], [0.048, 0.2], 1), tab('negative', [0.048, 0], [0.092, 0], -1)];
  return cellOf(rectangleOutline(0.14, 0.2), tabs, areaResistance);
}

/** Both tabs as wide as the top edge: everything depends on y alone. */
export function wideTabs(width: number, height: number, areaResistance: number): Cell {
  const ends = [
    [width, height],
    [0, height],
  ] as const;
  return cellOf(
    rectangleOutline(width, height),
    [tab('positive', ...ends, 1), tab('negative', ...ends, -1)],
    areaResistance,
  );
}

/** The notched outline with tabs left and right. */
export function notchedCell(length?: number): Cell {
  const outline = polygonOutline([
    [0, 0],
    [0.1, 0],
    [0.1, 0.1],
    [0.03, 0.1],
    [0.03, 0.07],
    [0, 0.07],
  ]);
  return cellOf(outline, [
    tab('positive', [0, 0.06], [0, 0.03], 1, length),
    tab('negative', [0.1, 0.03], [0.1, 0.06], -1, length),
  ]);
}

/** The model with its maps multiplied by functions of the place, m; the neck of a tab stays as it is. */
export function altered(
  model: CellModel,
  factors: Partial<
    Record<'positive' | 'negative' | 'reaction' | 'short' | 'openCircuit', (x: number, y: number) => number>
  >,
): CellModel {
  const { grid, inside } = model;
  const map = (values: Float64Array, f: ((x: number, y: number) => number) | undefined, add: boolean) =>
    f === undefined
      ? values
      : values.map((value, i) => {
          if (!inside[i]) return value;
          const factor = f(grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy);
          return add ? value + factor : value * factor;
        });
  return {
    ...model,
    positive: map(model.positive, factors.positive, false),
    negative: map(model.negative, factors.negative, false),
    reaction: map(model.reaction, factors.reaction, false),
    short: map(model.short, factors.short, true),
    openCircuit: map(model.openCircuit, factors.openCircuit, true),
  };
}

/** The largest current, A, that a pixel of either foil gains or loses unaccounted for. */
export function imbalance(state: CellState): number {
  const { grid } = state.model;
  let worst = 0;
  for (const [polarity, sign] of [
    ['positive', 1],
    ['negative', -1],
  ] as const) {
    const faces = facesWithTabs(state, polarity);
    const foil = state.model[polarity];
    for (let iy = 0, i = 0; iy < grid.ny; iy++) {
      for (let ix = 0; ix < grid.nx; ix++, i++) {
        if (foil[i] === 0 && !state.model.inside[i]) continue;
        const west = iy * (grid.nx + 1) + ix;
        const out = faces.x[west + 1] - faces.x[west] + faces.y[i + grid.nx] - faces.y[i];
        const through = state.model.inside[i]
          ? grid.dx * grid.dy * (state.reactionCurrent[i] + state.shortCurrent[i])
          : 0;
        worst = Math.max(worst, Math.abs(out + sign * through));
      }
    }
  }
  return worst;
}
