import type { ConductanceMap } from '../conductanceMap.js';
import type { CurrentMap } from '../currentMap.js';
import { sheetName } from './currentFigures.js';
import { cellsOf, type InversionFigureOptions, type InversionPanel, LARGE, SMALL } from './inversionPanel.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';

/** The colours end here at least, so that a healthy foil is not shown as noise. */
const LEAST_TOP = 1.25;
const MOST_TOP = 2;

/** The relative conductance of the foil, 0 to 1.25 or more. */
export function conductancePanel(
  map: ConductanceMap,
  where: string,
  options: InversionFigureOptions,
  size: PanelSize,
): Panel {
  const top = map.relative.reduce((most, v) => (Number.isNaN(v) ? most : Math.max(v, most)), LEAST_TOP);
  return mapPanel({
    ...size,
    ...cellsOf(options),
    grid: map.grid,
    values: map.relative,
    unit: '',
    kind: 'magnitude',
    limits: { min: 0, max: Math.min(MOST_TOP, top) },
    title: `Relative conductance${where}`,
  });
}

/** The conductance as the main picture, and its standard deviation. */
export function conductancePanels(
  map: ConductanceMap,
  several: boolean,
  options: InversionFigureOptions,
): InversionPanel[] {
  const where = sheetName({ z: map.z } as CurrentMap, several);
  return [
    {
      group: 'conductance',
      panel: conductancePanel(map, where, options, LARGE),
      narrow: conductancePanel(map, where, options, SMALL),
      caption:
        `Sheet conductance of the damaged foil relative to its median${where}. ` +
        'Only ratios can be seen: a foil that is thinner everywhere looks like a whole one.',
    },
    {
      group: 'conductance',
      panel: mapPanel({
        ...SMALL,
        ...cellsOf(options),
        grid: map.grid,
        values: map.errors,
        unit: '',
        kind: 'magnitude',
        colours: 'inferno',
        title: `Standard deviation${where}`,
      }),
      caption: `Standard deviation of the relative conductance${where}, for edges where they are found.`,
    },
  ];
}
