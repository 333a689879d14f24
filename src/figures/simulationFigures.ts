import type { CurrentMap } from '../currentMap.js';
import { type FieldScan, measuredComponents } from '../fieldScan.js';
import { currentPanels, sheetName } from './currentFigures.js';
import { departurePanel } from './departureFigures.js';
import { cellsOf, fieldSymbol, type InversionFigureOptions, SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { measuringPlanes, pickSamples } from './measuringPlanes.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';
import { samplePanel } from './sampleFigure.js';
import type { RichText } from './text.js';

/** What a simulation has to show. */
export interface SimulationPictures {
  readonly scan: FieldScan;
  /** The true current; absent for a pack. */
  readonly sheets?: readonly CurrentMap[];
  /** The same without defects, where there are any. */
  readonly healthy?: readonly CurrentMap[];
}

interface Picture {
  readonly group: string;
  readonly panel: Panel;
  readonly caption: RichText;
}

/** Current, departure by the defects, and the readings, each a panel. */
function pictures({ scan, sheets = [], healthy }: SimulationPictures, options: InversionFigureOptions): Picture[] {
  const several = sheets.length > 1;
  const currents = sheets.flatMap(sheet =>
    currentPanels(sheet, several, options).map(({ panel, narrow, caption }) => ({
      group: 'Simulated current',
      panel: narrow ?? panel,
      caption,
    })),
  );
  const departures = (healthy ?? []).map((whole, k) => ({
    group: 'What the defects change',
    panel: departurePanel(sheets[k], whole, sheetName(sheets[k], several), options, SMALL),
    caption:
      'Sheet current density with the defects minus that of the healthy cell; arrows point along the difference.',
  }));
  const unit = scan.relativeUnit ?? 'T';
  const readings = measuringPlanes(scan.z).flatMap(({ name: plane, samples }) =>
    measuredComponents(scan).map(name => ({
      group: 'Simulated readings',
      panel: samplePanel({
        ...SMALL,
        x: pickSamples(scan.x, samples),
        y: pickSamples(scan.y, samples),
        values: pickSamples(scan.components[name]!.values, samples),
        unit,
        title: [...fieldSymbol(name), `, simulated${plane}`],
        kind: 'signed',
        ...cellsOf(options),
      }),
      caption: ['Simulated readings of ', ...fieldSymbol(name), `${plane}, noise included.`] as RichText,
    })),
  );
  return [...currents, ...departures, ...readings];
}

/** One figure, lettered, three panels wide; the wide maps of a pack one below the other. */
export function simulationFigure(given: SimulationPictures, options: InversionFigureOptions = {}): string {
  const panels = pictures(given, options).map(({ panel }) => panel);
  return figure(panels, { columns: given.sheets === undefined ? 1 : 3, letters: panels.length > 1 });
}

/** The figures of a report, one per panel. */
export function simulationFigures(given: SimulationPictures, options: InversionFigureOptions = {}): ReportFigure[] {
  return pictures(given, options).map(({ group, panel, caption }) => ({
    svg: figure([panel], { columns: 1, background: 'none' }),
    caption,
    group,
  }));
}
