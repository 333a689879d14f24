import { currentHeight } from '../currentHeight.js';
import type { CurrentMap } from '../currentMap.js';
import { cellsOf, type InversionFigureOptions, type InversionPanel, SMALL } from './inversionPanel.js';
import { mapPanel } from './mapFigure.js';

/** The height at which the current of several sheets flows; none for a single sheet. */
export function heightPanels(sheets: readonly CurrentMap[], options: InversionFigureOptions): InversionPanel[] {
  if (sheets.length < 2) return [];
  return [
    {
      group: 'current',
      panel: mapPanel({
        ...SMALL,
        ...cellsOf(options),
        grid: sheets[0].grid,
        values: currentHeight(sheets),
        unit: 'm',
        kind: 'signed',
        title: 'Height of the current',
      }),
      caption:
        "Mean height of the sheets, weighted by the part of each one's current that runs along the whole; " +
        'without a value where hardly any current flows.',
    },
  ];
}
