import type { Comparison } from '../comparison/comparison.js';
import {
  type ComparisonFigureOptions,
  type ComparisonPanel,
  currentRow,
  fieldRows,
  gridDrawing,
  sampleDrawing,
} from './comparisonPanels.js';
import { currentParts, histogramPanels } from './comparisonParts.js';
import { SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import type { PanelSize } from './mapFrame.js';
import { measuringPlanes } from './measuringPlanes.js';
import type { ReportFigure } from './report.js';

/** A and B on one scale and their difference, each sheet or component in a row; then the histograms: one SVG document. */
export function comparisonFigure(comparison: Comparison, options: ComparisonFigureOptions = {}): string {
  const panels = comparisonPanels(comparison, options, { maxWidth: 230, maxHeight: 220 }).map(({ panel }) => panel);
  return figure(panels, {
    columns: 3,
    letters: true,
    ...(options.caption === undefined ? {} : { caption: options.caption }),
  });
}

/** The same as figures of a report, one per panel. */
export function comparisonFigures(comparison: Comparison, options: ComparisonFigureOptions = {}): ReportFigure[] {
  const headings = {
    maps: 'A, B and their difference',
    current: 'What reverses with the current',
    histograms: 'Histograms',
  };
  return comparisonPanels(comparison, options, SMALL).map(({ group, panel, caption }) => ({
    svg: figure([panel], { columns: 1, background: 'none' }),
    caption,
    group: headings[group],
    // The page has the maps, where there are grids.
    ...(group === 'maps' ? {} : { keep: true }),
  }));
}

function comparisonPanels(
  comparison: Comparison,
  options: ComparisonFigureOptions,
  size: PanelSize,
): ComparisonPanel[] {
  const { layers, pairs, kind, by } = comparison;
  const maps =
    kind === 'results'
      ? layers.flatMap(layer => currentRow(layer, layers.length > 1, comparison, options, size))
      : by === 'grid'
        ? layers.flatMap(layer => fieldRows(gridDrawing(layer, layers.length > 1), comparison, options, size))
        : measuringPlanes(pairs.z).flatMap(plane => fieldRows(sampleDrawing(pairs, plane), comparison, options, size));
  const parts = comparison.relation?.reversed ? currentParts(comparison, size) : [];
  return [...maps, ...parts, ...histogramPanels(comparison, size)];
}
