import type { Grid } from '../grid.js';
import type { Cell } from '../model/cell.js';
import { cellDrawing } from './cellDrawing.js';
import { formatQuantity } from './format.js';
import { SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { mapPanel } from './mapFigure.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';

/** A map of the smallest hole that is found in one foil. */
export interface PlannedHoles {
  readonly foil: 'positive' | 'negative';
  readonly grid: Grid;
  /** m; Infinity where no hole is found, NaN outside the cell. */
  readonly radius: Float64Array;
  readonly median: number;
}

/** Beyond this quantile, in medians at least, radii have one colour: at the corners no current flows, and they have no end. */
const QUANTILE = 0.95;

const CAPTION =
  'Radius of the smallest hole that the scan would find, in each foil of the uppermost electrode pair. Hatched: none, or outside the cell. Radii beyond the end of the scale have its colour.';

function holePanels(cell: Cell, holes: readonly PlannedHoles[]): Panel[] {
  const finite = Float64Array.from(holes.flatMap(({ radius }) => [...radius].filter(Number.isFinite))).sort();
  const most = finite[Math.floor(QUANTILE * (finite.length - 1))] ?? 1;
  return holes.map(({ foil, grid, radius, median }) =>
    mapPanel({
      ...SMALL,
      grid,
      values: radius.map(r => (Number.isFinite(r) ? r : Number.NaN)),
      unit: 'm',
      kind: 'magnitude',
      limits: { min: 0, max: most },
      title: `Smallest hole, ${foil} foil`,
      subtitle: Number.isFinite(median)
        ? `radius ${formatQuantity(median, 'm', 2)} in the median`
        : 'none in most places',
      cells: [cellDrawing(cell)],
    }),
  );
}

/** The maps of a plan side by side. */
export function planFigure(cell: Cell, holes: readonly PlannedHoles[]): string {
  return figure(holePanels(cell, holes), { columns: 2, letters: true, caption: CAPTION });
}

/** The maps of a plan for its report. */
export function planFigures(cell: Cell, holes: readonly PlannedHoles[]): ReportFigure[] {
  return holePanels(cell, holes).map(panel => ({
    svg: figure([panel], { columns: 1, background: 'none' }),
    caption: CAPTION,
    group: 'Smallest hole that would be found',
  }));
}
