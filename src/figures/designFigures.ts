import type { Cell } from '../model/cell.js';
import type { CellState } from '../simulation/cell/cellModel.js';
import { reactionSpread, spreadOf } from '../simulation/cell/figuresOfMerit.js';
import { netStreamFunction } from '../simulation/cell/netStreamFunction.js';
import { netSheetCurrent, sheetCurrent } from '../simulation/cell/sheetCurrent.js';
import { cellDrawing } from './cellDrawing.js';
import type { Limits } from './colour.js';
import { formatQuantity } from './format.js';
import { SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { colourLimits } from './limits.js';
import { mapPanel } from './mapFigure.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';
import type { RichText } from './text.js';

/** A design and what was simulated of one of its electrode pairs. */
export interface SimulatedDesign {
  readonly cell: Cell;
  readonly state: CellState;
}

/** Up to so many designs stand side by side, one quantity per row; more have a row each. */
const SIDE_BY_SIDE = 4;

interface Quantity {
  readonly heading: string;
  /** For the line below a panel's title. */
  readonly short: string;
  readonly caption: RichText;
  readonly unit: string;
  /** The range of a map in words. */
  readonly range: (values: Float64Array, state: CellState) => string;
  readonly stream: boolean;
  values(state: CellState): Float64Array;
  limits(all: Float64Array): Limits;
}

const magnitude = (state: CellState, foil: 'net' | 'positive' | 'negative'): Float64Array => {
  const { positive, negative } = state.model;
  const { kx, ky } = foil === 'net' ? netSheetCurrent(state) : sheetCurrent(state, foil);
  const there = (i: number) => (foil !== 'negative' && positive[i] > 0) || (foil !== 'positive' && negative[i] > 0);
  return kx.map((value, i) => (there(i) ? Math.hypot(value, ky[i]) : Number.NaN));
};

const largest = (values: Float64Array) =>
  `largest ${formatQuantity(
    values.reduce((most, v) => (v > most ? v : most), 0),
    'A/m',
  )}`;

const sheet = (name: 'net' | 'positive' | 'negative', heading: string, caption: RichText): Quantity => ({
  heading,
  short: name === 'net' ? 'both foils' : `${name} foil`,
  caption,
  unit: 'A/m',
  range: largest,
  stream: name === 'net',
  values: state => magnitude(state, name),
  limits: all => colourLimits(all, 'magnitude'),
});

const QUANTITIES: readonly Quantity[] = [
  {
    heading: 'Current through the electrodes',
    short: 'electrodes',
    caption: 'Current density through the electrodes over its mean, on one scale of colours for all designs.',
    unit: '',
    range: (_, state) => {
      const { minOverMean, maxOverMean } = reactionSpread(state);
      return `${minOverMean.toFixed(3)} to ${maxOverMean.toFixed(3)} of the mean`;
    },
    stream: false,
    values: ({ model, reactionCurrent }) => {
      const { mean } = spreadOf(reactionCurrent, model.inside);
      return reactionCurrent.map(value => value / mean);
    },
    limits: all => {
      const [min, max] = extremes(all);
      return max > min ? { min, max } : { min: min - 0.5, max: max + 0.5 };
    },
  },
  sheet('net', 'Net sheet current', [
    'Magnitude |',
    { italic: 'K' },
    '| of the sheet current of both foils together, which is what the field shows. Between two neighbouring lines flows the same current.',
  ]),
  sheet('positive', 'Sheet current of the positive foil', [
    'Magnitude |',
    { italic: 'K' },
    '| in the positive foil, the necks of its tabs included.',
  ]),
  sheet('negative', 'Sheet current of the negative foil', [
    'Magnitude |',
    { italic: 'K' },
    '| in the negative foil, the necks of its tabs included.',
  ]),
];

/** A quantity of all designs, on one scale of colours. */
export interface DesignMaps {
  readonly heading: string;
  /** For a list beside the design's name. */
  readonly short: string;
  readonly unit: string;
  readonly limits: Limits;
  /** One per design, on its own grid; NaN where there is nothing. */
  readonly maps: readonly Float64Array[];
}

/** Current through the electrodes over its mean, then |K| of both foils together and of each, A/m. */
export function designMaps(designs: readonly SimulatedDesign[]): DesignMaps[] {
  return QUANTITIES.map(quantity => mapsOf(quantity, designs));
}

function mapsOf(quantity: Quantity, designs: readonly SimulatedDesign[]): DesignMaps {
  const maps = designs.map(({ state }) => quantity.values(state));
  const all = new Float64Array(maps.reduce((sum, map) => sum + map.length, 0));
  maps.reduce((at, map) => {
    all.set(map, at);
    return at + map.length;
  }, 0);
  const { heading, short, unit } = quantity;
  return { heading, short, unit, limits: quantity.limits(all), maps };
}

/** Panels of all designs, `[quantity][design]`; each quantity has one scale of colours. */
function designPanels(designs: readonly SimulatedDesign[]): Panel[][] {
  return QUANTITIES.map(quantity => {
    const { maps, limits } = mapsOf(quantity, designs);
    return designs.map(({ cell, state }, d) =>
      mapPanel({
        ...SMALL,
        grid: state.model.grid,
        values: maps[d],
        unit: quantity.unit,
        kind: 'magnitude',
        title: cell.name,
        subtitle: `${quantity.short}: ${quantity.range(maps[d], state)}`,
        limits,
        cells: [cellDrawing({ ...cell, current: state.current })],
        ...(quantity.stream ? { stream: { psi: netStreamFunction(state), count: 16 } } : {}),
      }),
    );
  });
}

/** The figure of a comparison: designs side by side, one quantity below the other. */
export function designFigure(designs: readonly SimulatedDesign[], caption?: string): string {
  const rows = designPanels(designs);
  const aside = designs.length <= SIDE_BY_SIDE;
  const panels = aside ? rows.flat() : designs.flatMap((_, d) => rows.map(row => row[d]));
  return figure(panels, {
    columns: designs.length === 1 ? 2 : aside ? designs.length : rows.length,
    letters: panels.length > 1,
    ...(caption === undefined ? {} : { caption }),
  });
}

/** The figures of a report, one per design and quantity. */
export function designFigures(designs: readonly SimulatedDesign[]): ReportFigure[] {
  return designPanels(designs).flatMap((row, q) =>
    row.map(panel => ({
      svg: figure([panel], { columns: 1, background: 'none' }),
      caption: QUANTITIES[q].caption,
      group: QUANTITIES[q].heading,
    })),
  );
}

function extremes(values: Float64Array): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
