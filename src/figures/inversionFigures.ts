import type { InversionResult } from '../result.js';
import { conductancePanel, conductancePanels } from './conductanceFigures.js';
import { currentPanel, currentPanels, sheetName } from './currentFigures.js';
import { departurePanel, departurePanels } from './departureFigures.js';
import { fieldPanels, fieldSamplePanels, residualPanels } from './fieldFigures.js';
import { heightPanels } from './heightFigures.js';
import { type InversionFigureOptions, type InversionPanel, SMALL } from './inversionPanel.js';
import { lambdaPanel, lambdaPanels } from './lambdaFigures.js';
import { figure } from './layout.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import { phasePanels } from './phaseFigures.js';
import { relaxationPanels } from './relaxationFigures.js';
import type { ReportFigure } from './report.js';

const HEADINGS: Readonly<Record<InversionPanel['group'], string>> = {
  conductance: 'Conductance of the foil',
  current: 'Current',
  departure: 'Departure from the healthy cell',
  field: 'Measured field',
  residual: 'What the model leaves unexplained',
  regularisation: 'Choice of the regularisation',
};

/** Everything there is to see of a result, in the order in which it is read: current, departure, field, residual, lambda. */
export function inversionPanels(result: InversionResult, options: InversionFigureOptions = {}): InversionPanel[] {
  const { sheets, healthy, quadrature, field, residual } = result;
  return [
    ...(result.conductance ?? []).flatMap(map => conductancePanels(map, sheets.length > 1, options)),
    ...sheets.flatMap(sheet => currentPanels(sheet, sheets.length > 1, options)),
    ...(quadrature === undefined
      ? []
      : sheets.flatMap((sheet, k) => phasePanels(sheet, quadrature[k], result.phase ?? 0, sheets.length > 1, options))),
    ...heightPanels(sheets, options),
    ...(healthy === undefined
      ? []
      : sheets.flatMap((sheet, k) => departurePanels(sheet, healthy[k], sheets.length > 1, options))),
    ...relaxationPanels(result.relaxation, options),
    ...measuredPanels(field, options, SMALL),
    ...(residual === undefined ? [] : residualPanels(residual, options, SMALL)),
    ...(options.curve === undefined ? [] : lambdaPanels(options.curve, SMALL)),
  ];
}

/** The figures of a report, one per panel, so that they find their place on a phone as on paper. */
export function inversionFigures(result: InversionResult, options: InversionFigureOptions = {}): ReportFigure[] {
  const inline = (panel: Panel) => figure([panel], { columns: 1, background: 'none' });
  return inversionPanels(result, options).map(({ group, panel, narrow, caption }) => ({
    svg: inline(panel),
    caption,
    group: HEADINGS[group],
    ...(narrow === undefined ? {} : { narrow: inline(narrow), wide: true }),
  }));
}

/**
 * The figure of a result for a publication, two panels wide and lettered a, b, ...: the measured field (its component
 * normal to the sheet when there is one), the current of each sheet, the residual of that component and the choice of
 * lambda. Where the healthy cell is known, each sheet stands first, beside its departure from it.
 */
export function inversionFigure(
  result: InversionResult,
  options: InversionFigureOptions & { readonly caption?: string } = {},
): string {
  const { sheets, healthy, quadrature, field, residual } = result;
  const size: PanelSize = { maxWidth: 300, maxHeight: 250 };
  const measured = normalComponent(measuredPanels(field, options, size), field?.components ?? options.scan?.components);
  const left = normalComponent(
    residual === undefined ? [] : residualPanels(residual, options, size),
    residual?.components,
  );
  const names = sheets.map(sheet => sheetName(sheet, sheets.length > 1));
  const currents = sheets.map((sheet, k) => currentPanel(sheet, names[k], options, size));
  const sheetPanels =
    healthy === undefined
      ? [...measured, ...currents]
      : [
          ...currents.flatMap((panel, k) => [panel, departurePanel(sheets[k], healthy[k], names[k], options, size)]),
          ...measured,
        ];
  const panels: Panel[] = [
    ...(result.conductance ?? []).map((map, k) => conductancePanel(map, names[k], options, size)),
    ...sheetPanels,
    ...(quadrature === undefined
      ? []
      : phasePanels(sheets[0], quadrature[0], result.phase ?? 0, false, options)
          .slice(0, 2)
          .map(p => p.panel)),
    ...relaxationPanels(result.relaxation, options).map(p => p.panel),
    ...left,
    ...(options.curve === undefined ? [] : [lambdaPanel(options.curve, size)]),
  ];
  return figure(panels, {
    columns: 2,
    letters: panels.length > 1,
    ...(options.caption === undefined ? {} : { caption: options.caption }),
  });
}

/** The last component, Bz where it was measured, of the first measuring plane; the planes stand one behind the other. */
function normalComponent(panels: readonly InversionPanel[], components: object | undefined): Panel[] {
  const count = Object.keys(components ?? {}).length;
  return panels.slice(count - 1, count).map(({ panel }) => panel);
}

/** The readings: as a map where the result holds one, else where they were taken. */
function measuredPanels(
  field: InversionResult['field'],
  options: InversionFigureOptions,
  size: PanelSize,
): InversionPanel[] {
  if (field !== undefined) return fieldPanels(field, options, size);
  return options.scan === undefined ? [] : fieldSamplePanels(options.scan, options, size);
}
