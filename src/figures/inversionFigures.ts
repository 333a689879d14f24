import type { InversionResult } from '../result.js';
import { currentPanel, currentPanels, sheetName } from './currentFigures.js';
import { fieldPanels, residualPanels } from './fieldFigures.js';
import { type InversionFigureOptions, type InversionPanel, SMALL } from './inversionPanel.js';
import { lambdaPanel, lambdaPanels } from './lambdaFigures.js';
import { figure } from './layout.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';

const HEADINGS: Readonly<Record<InversionPanel['group'], string>> = {
  current: 'Current',
  field: 'Measured field',
  residual: 'What the model leaves unexplained',
  regularisation: 'Choice of the regularisation',
};

/** Everything there is to see of a result, in the order in which it is read: current, field, residual, lambda. */
export function inversionPanels(result: InversionResult, options: InversionFigureOptions = {}): InversionPanel[] {
  const { sheets, field, residual } = result;
  return [
    ...sheets.flatMap(sheet => currentPanels(sheet, sheets.length > 1, options)),
    ...(field === undefined ? [] : fieldPanels(field, options, SMALL)),
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
 * The figure of a result for a publication, two panels wide: the measured field (its component normal to the sheet when
 * there is one), the current of each sheet, the residual of that component and the choice of lambda, lettered a, b, ...
 */
export function inversionFigure(
  result: InversionResult,
  options: InversionFigureOptions & { readonly caption?: string } = {},
): string {
  const { sheets, field, residual } = result;
  const size: PanelSize = { maxWidth: 300, maxHeight: 250 };
  const panels: Panel[] = [
    ...(field === undefined ? [] : fieldPanels(field, options, size).slice(-1)).map(p => p.panel),
    ...sheets.map(sheet => currentPanel(sheet, sheetName(sheet, sheets.length > 1), options, size)),
    ...(residual === undefined ? [] : residualPanels(residual, options, size).slice(-1)).map(p => p.panel),
    ...(options.curve === undefined ? [] : [lambdaPanel(options.curve, size)]),
  ];
  return figure(panels, {
    columns: 2,
    letters: panels.length > 1,
    ...(options.caption === undefined ? {} : { caption: options.caption }),
  });
}
