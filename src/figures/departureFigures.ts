import { type CurrentMap, magnitude } from '../currentMap.js';
import { currentUnit, largest, sheetName } from './currentFigures.js';
import { cellsOf, type InversionFigureOptions, type InversionPanel, LARGE, SMALL } from './inversionPanel.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';

/** |K - K_healthy| with arrows along K - K_healthy, the current that flows otherwise than it should. */
export function departurePanel(
  sheet: CurrentMap,
  healthy: CurrentMap,
  where: string,
  options: InversionFigureOptions,
  size: PanelSize,
): Panel {
  const kx = sheet.kx.map((v, i) => v - healthy.kx[i]);
  const ky = sheet.ky.map((v, i) => v - healthy.ky[i]);
  const values = kx.map((v, i) => Math.hypot(v, ky[i]));
  return mapPanel({
    ...size,
    ...cellsOf(options),
    arrows: { kx, ky, spacing: size === LARGE ? 24 : 19 },
    grid: sheet.grid,
    values,
    unit: currentUnit(sheet),
    kind: 'magnitude',
    colours: 'inferno',
    title: `Departure from the healthy cell${where}`,
    subtitle: largest(values),
  });
}

/** The panels that compare one sheet with a healthy cell's: the departure, in standard errors where they are known. */
export function departurePanels(
  sheet: CurrentMap,
  healthy: CurrentMap,
  several: boolean,
  options: InversionFigureOptions,
): InversionPanel[] {
  const where = sheetName(sheet, several);
  const common = { ...SMALL, ...cellsOf(options), grid: sheet.grid, kind: 'magnitude' } as const;
  const out: InversionPanel[] = [
    {
      group: 'departure',
      panel: departurePanel(sheet, healthy, where, options, LARGE),
      narrow: departurePanel(sheet, healthy, where, options, SMALL),
      caption: [
        'Measured minus healthy sheet current density, |',
        { italic: 'K' },
        ' − ',
        { italic: 'K' },
        { sub: 'healthy' },
        `|${where}. Arrows point along the difference: around a hole they run in two eddies, past its flanks with the ` +
          'current and through it against the current.',
      ],
    },
  ];
  const { kxErrors, kyErrors } = sheet;
  if (kxErrors !== undefined && kyErrors !== undefined) {
    const values = sheet.kx.map((kx, i) => {
      const error = Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2);
      return Math.hypot(kx - healthy.kx[i], sheet.ky[i] - healthy.ky[i]) / error;
    });
    out.push({
      group: 'departure',
      panel: mapPanel({
        ...common,
        values,
        unit: 'σ',
        colours: 'viridis',
        title: `Departure in standard errors${where}`,
      }),
      caption:
        'The departure over its own standard error. Chance alone makes values up to about four or five somewhere.',
    });
  }
  out.push({
    group: 'departure',
    panel: mapPanel({
      ...common,
      values: magnitude(healthy),
      arrows: { kx: healthy.kx, ky: healthy.ky },
      unit: currentUnit(healthy),
      title: `Healthy cell${where}`,
      subtitle: largest(magnitude(healthy)),
    }),
    caption: 'What a healthy cell of this outline, with these tabs, would show with the same current.',
  });
  return out;
}
