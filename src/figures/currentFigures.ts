import { type CurrentMap, magnitude } from '../currentMap.js';
import { contourLevels } from './contours.js';
import { formatNumber, formatQuantity } from './format.js';
import {
  cellsOf,
  heightText,
  type InversionFigureOptions,
  type InversionPanel,
  LARGE,
  SMALL,
} from './inversionPanel.js';
import { type MapPanelOptions, mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import { STREAMLINES, streamlinesLegible } from './streamlines.js';
import type { RichText } from './text.js';

/** |K| of a sheet with the direction of the current drawn over it. `where` names the sheet when there are several. */
export function currentPanel(
  sheet: CurrentMap,
  where: string,
  options: InversionFigureOptions,
  size: PanelSize,
): Panel {
  const { grid, psi, kx, ky } = sheet;
  const values = magnitude(sheet);
  const spacing = size === LARGE ? 24 : 19;
  const lines: Pick<MapPanelOptions, 'arrows' | 'stream'> =
    directionOf(sheet, options) === 'arrows' ? { arrows: { kx, ky, spacing } } : { stream: { psi } };
  return mapPanel({
    ...size,
    ...lines,
    ...cellsOf(options),
    grid,
    values,
    unit: currentUnit(sheet),
    kind: 'magnitude',
    title: `Sheet current density${where}`,
    subtitle: sheet.relativeUnit === undefined ? largest(values) : 'in relative units',
  });
}

/** The panels of one sheet: current, its error and its resolution where they are known. */
export function currentPanels(sheet: CurrentMap, several: boolean, asked: InversionFigureOptions): InversionPanel[] {
  // Decided once: to see whether streamlines can be read takes as long as to draw them.
  const options = { ...asked, direction: directionOf(sheet, asked) };
  const where = sheetName(sheet, several);
  const common = { ...SMALL, ...cellsOf(options), grid: sheet.grid, kind: 'magnitude' } as const;
  const out: InversionPanel[] = [
    {
      group: 'current',
      panel: currentPanel(sheet, where, options, LARGE),
      narrow: currentPanel(sheet, where, options, SMALL),
      caption: currentCaption(sheet, where, options),
    },
  ];
  if (sheet.kxErrors !== undefined && sheet.kyErrors !== undefined) {
    const { kxErrors, kyErrors } = sheet;
    out.push({
      group: 'current',
      panel: mapPanel({
        ...common,
        values: kxErrors.map((v, i) => Math.hypot(v, kyErrors[i])),
        unit: currentUnit(sheet),
        colours: 'magma',
        title: `Error of the current density${where}`,
        subtitle: 'one standard deviation',
      }),
      caption: [
        'Standard deviation of the sheet current density, √(',
        { italic: 'σ' },
        '²(',
        { italic: 'K' },
        { sub: 'x' },
        ') + ',
        { italic: 'σ' },
        '²(',
        { italic: 'K' },
        { sub: 'y' },
        ')).',
      ],
    });
  }
  if (sheet.resolution !== undefined) {
    out.push({
      group: 'current',
      panel: mapPanel({
        ...common,
        values: sheet.resolution,
        unit: 'm',
        colours: 'cividis',
        title: `Resolution${where}`,
        subtitle: 'full width at half maximum',
      }),
      caption: 'Full width at half maximum of the point spread function: finer structure than this is not resolved.',
    });
  }
  return out;
}

/** ', z = 1.2 mm' where there are several sheets to tell apart. */
export function sheetName(sheet: CurrentMap, several: boolean): string {
  return several ? `, z = ${heightText(sheet.z)}` : '';
}

function directionOf(sheet: CurrentMap, { direction }: InversionFigureOptions): 'streamlines' | 'arrows' {
  return direction ?? (streamlinesLegible(sheet.grid, sheet.psi, magnitude(sheet)) ? 'streamlines' : 'arrows');
}

function currentCaption(sheet: CurrentMap, where: string, options: InversionFigureOptions): RichText {
  const start = ['Magnitude |', { italic: 'K' }, `| of the sheet current density${where}. `];
  const tabs = options.cells?.some(cell => cell.tabs.length > 0)
    ? ' Current enters at the orange tabs and leaves at the blue ones.'
    : '';
  const end = `${tabs}${sheet.psi.some(Number.isNaN) ? ' Hatched: outside the map.' : ''}`;
  if (directionOf(sheet, options) === 'arrows') {
    return [...start, `Arrows point along the current; their length grows with the square root of its density.${end}`];
  }
  const { step } = contourLevels(sheet.psi, STREAMLINES);
  const absolute = step < 0.01 ? formatQuantity(step, 'A') : `${formatNumber(step)}\u00a0A`;
  const between = sheet.relativeUnit === undefined ? absolute : 'the same current';
  return [...start, `The lines run with the current; between two neighbouring lines flows ${between}.${end}`];
}

export function currentUnit({ relativeUnit }: CurrentMap): string {
  return relativeUnit === undefined ? 'A/m' : 'relative';
}

export function largest(values: Float64Array): string {
  const max = values.reduce((m, v) => (Number.isNaN(v) ? m : Math.max(m, v)), 0);
  return `largest ${formatQuantity(max, 'A/m')}`;
}
