import type { FieldScan } from '../fieldScan.js';
import type { SusceptibilityResult } from '../susceptibilityMap.js';
import type { CellDrawing } from './cellDrawing.js';
import { fieldSamplePanels, residualPanels } from './fieldFigures.js';
import { formatNumber } from './format.js';
import { type InversionFigureOptions, type InversionPanel, LARGE, SMALL } from './inversionPanel.js';
import { type LambdaCurve, lambdaPanel, lambdaPanels } from './lambdaFigures.js';
import { figure } from './layout.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';

/** What is drawn of a susceptibility beside its maps. */
export interface SusceptibilityFigureOptions {
  readonly curve?: LambdaCurve;
  readonly cells?: readonly CellDrawing[];
  /** The readings, drawn where they were taken. */
  readonly scan?: FieldScan;
}

const PPM = 1e6;

/** chi in ppm; the mean of the map below the title. */
export function chiPanel(result: SusceptibilityResult, options: SusceptibilityFigureOptions, size: PanelSize): Panel {
  const { grid, chi } = result.map;
  const values = chi.map(v => PPM * v);
  const known = values.filter(v => !Number.isNaN(v));
  const signed = known.some(v => v < 0) && known.some(v => v > 0);
  return mapPanel({
    ...size,
    ...(options.cells === undefined ? {} : { cells: options.cells }),
    grid,
    values,
    unit: 'ppm',
    kind: signed ? 'signed' : 'magnitude',
    ...(signed
      ? {}
      : {
          limits: {
            min: known.reduce((a, b) => Math.min(a, b), Infinity),
            max: known.reduce((a, b) => Math.max(a, b), 0),
          },
        }),
    title: ['Susceptibility ', { italic: 'χ' }],
    subtitle: `mean ${formatNumber(known.reduce((sum, v) => sum + v, 0) / (known.length || 1), 4)} ppm`,
  });
}

/** The figures of a report: map, error, resolution, remanence, readings, residual, lambda. */
export function susceptibilityFigures(
  result: SusceptibilityResult,
  options: SusceptibilityFigureOptions = {},
): ReportFigure[] {
  const { map, remanence } = result;
  const inline = (panel: Panel) => figure([panel], { columns: 1, background: 'none' });
  const cells = options.cells === undefined ? {} : { cells: options.cells };
  const small = { ...SMALL, ...cells, grid: map.grid, kind: 'magnitude' } as const;
  const group = 'Susceptibility';
  const out: ReportFigure[] = [
    {
      svg: inline(chiPanel(result, options, LARGE)),
      narrow: inline(chiPanel(result, options, SMALL)),
      wide: true,
      group,
      caption: [
        'Volume susceptibility ',
        { italic: 'χ' },
        ' (SI), the mean through the thickness. Hatched: outside the map.',
      ],
    },
  ];
  if (map.chiErrors !== undefined) {
    const values = map.chiErrors.map(v => PPM * v);
    const panel = mapPanel({
      ...small,
      values,
      unit: 'ppm',
      colours: 'magma',
      title: ['Error of ', { italic: 'χ' }],
      subtitle: 'one standard deviation',
    });
    out.push({
      svg: inline(panel),
      group,
      caption: 'Standard deviation of the susceptibility, offsets and drift included.',
    });
  }
  if (map.resolution !== undefined) {
    const panel = mapPanel({
      ...small,
      values: map.resolution,
      unit: 'm',
      colours: 'cividis',
      title: 'Resolution',
      subtitle: 'full width at half maximum',
    });
    out.push({
      svg: inline(panel),
      group,
      caption: 'Full width at half maximum of the point spread: finer structure is blurred into it.',
    });
  }
  if (remanence !== undefined) {
    const panel = mapPanel({
      ...small,
      kind: 'signed',
      values: remanence.magnetisation,
      unit: 'A/m',
      title: 'Remanent magnetisation',
      subtitle: `along (${remanence.direction.map(v => formatNumber(v, 2)).join(', ')})`,
    });
    out.push({
      svg: inline(panel),
      group,
      caption: 'What does not change with the applied field, as a magnetisation along one direction.',
    });
  }
  const others = measured(result, options);
  return [...out, ...others.map(({ panel, caption, heading }) => ({ svg: inline(panel), caption, group: heading }))];
}

/** The figure for a publication: map, its error, the residual of the last component, the choice of lambda. */
export function susceptibilityFigure(result: SusceptibilityResult, options: SusceptibilityFigureOptions = {}): string {
  const size: PanelSize = { maxWidth: 300, maxHeight: 250 };
  const { map, residual } = result;
  const cells = options.cells === undefined ? {} : { cells: options.cells };
  const error =
    map.chiErrors === undefined
      ? []
      : [
          mapPanel({
            ...size,
            ...cells,
            grid: map.grid,
            kind: 'magnitude',
            values: map.chiErrors.map(v => PPM * v),
            unit: 'ppm',
            colours: 'magma',
            title: ['Error of ', { italic: 'χ' }],
            subtitle: 'one standard deviation',
          }),
        ];
  const names = Object.keys(residual?.components ?? {}).length;
  const left =
    residual === undefined ? [] : residualPanels(residual, panelOptions(options), size).slice(names - 1, names);
  const panels = [
    chiPanel(result, options, size),
    ...error,
    ...left.map(({ panel }) => panel),
    ...(options.curve === undefined ? [] : [lambdaPanel(options.curve, size)]),
  ];
  return figure(panels, { columns: 2, letters: panels.length > 1 });
}

function measured({ residual }: SusceptibilityResult, options: SusceptibilityFigureOptions) {
  const shown = panelOptions(options);
  const under = (heading: string, panels: readonly InversionPanel[]) =>
    panels.map(({ panel, caption }) => ({ panel, caption, heading }));
  return [
    ...under('Measured field', options.scan === undefined ? [] : fieldSamplePanels(options.scan, shown, SMALL)),
    ...under('What the model leaves unexplained', residual === undefined ? [] : residualPanels(residual, shown, SMALL)),
    ...under('Choice of the regularisation', options.curve === undefined ? [] : lambdaPanels(options.curve, SMALL)),
  ];
}

function panelOptions({ cells }: SusceptibilityFigureOptions): InversionFigureOptions {
  return cells === undefined ? {} : { cells };
}
